#include "cli/app/program.h"

#include <algorithm>

#include <fmt/format.h>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/store/process.h"

namespace jwtdomain::cli {
namespace {

std::string name_of(const std::vector<std::string>& words) { return "the program " + escape_text(words.front(), 100); }

} // namespace

Result<std::vector<std::string>> split_command(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            inside = false;
            continue;
        }
        if (!inside) words.emplace_back();
        inside = true;
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        else if (c == '\\' && quote != '\'' && i + 1 < text.size())
            words.back() += text[++i];
        else
            words.back() += c;
    }
    if (quote != 0) return fail(Fault::usage, "a quote in the command is not closed");
    if (words.empty() || words.front().empty()) return fail(Fault::usage, "there is no program in the command");
    return words;
}

std::optional<std::string_view> command_in(std::string_view text) {
    constexpr std::string_view kKind = "cmd:";
    if (!text.starts_with(kKind)) return std::nullopt;
    return text.substr(kKind.size());
}

Result<std::string> run_program(const std::vector<std::string>& words, std::string_view input,
                                const ProgramLimits& limits) {
    auto ended = run_to_end(words, input, limits);
    if (!ended) return tl::unexpected(ended.error());
    if (ended->status != 0)
        return fail(Fault::invalid, fmt::format("{} failed with status {}", name_of(words), ended->status));
    return std::move(ended->output);
}

Result<Ended> run_to_end(const std::vector<std::string>& words, std::string_view input, const ProgramLimits& limits) {
    store::ProcessOptions options{.words = words, .without = {}};
    options.feed = [&input](char* to, std::size_t size) {
        const std::size_t count = input.copy(to, size);
        input.remove_prefix(count);
        return Result<std::size_t>(count);
    };
    options.milliseconds = limits.milliseconds;
    options.patience = limits.milliseconds / 1000 + 1; // which is up before
    options.hears = false;
    auto process = store::Process::start(std::move(options));
    if (!process) return tl::unexpected(process.error());
    std::string output;
    for (char buffer[4096];;) {
        const auto got = process->read(buffer, sizeof buffer);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
        output.append(buffer, *got);
        if (output.size() > limits.output)
            return fail(Fault::limit, fmt::format("{} wrote more than {} octets", name_of(words), limits.output));
    }
    const auto end = process->end();
    if (!end) return tl::unexpected(end.error());
    if (end->signal != 0)
        return fail(Fault::invalid, fmt::format("{} was ended by signal {}", name_of(words), end->signal));
    return Ended{end->status, std::move(output)};
}

} // namespace jwtdomain::cli
