#include "cli/app/session.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kSecretLimit = 1u << 20;

struct Sink {
    std::string format;
    std::string path; // empty: standard output
};

Sink sink_of(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {text, ""};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

// What goes to people, who keep it in logs: no token in it can be used.
std::string told(std::string_view text) { return escape_text(redact_text(text)); }

bool truthy(const std::optional<std::string>& variable) { return variable && !variable->empty(); }

Error no_such_format(const std::string& wanted, const std::vector<std::string_view>& formats) {
    const std::string_view near = nearest(wanted, formats);
    return {.fault = Fault::usage,
            .message = "this command has no format \"" + escape_text(wanted, 40) + "\"",
            .hint = near.empty() ? fmt::format("it has {}", fmt::join(formats, ", "))
                                 : fmt::format("did you mean {}?", near)};
}

bool wants_color(const World& world, const CommonOptions& common) {
    const std::string when = common.color.value_or("auto");
    if (when != "auto") return when == "always";
    if (common.output || truthy(world.environment("NO_COLOR"))) return false;
    const auto forced = world.environment("CLICOLOR_FORCE");
    if (truthy(forced) && *forced != "0") return true;
    return world.environment("TERM") != "dumb" && world.is_terminal(Stream::out);
}

bool has_policy(const fs::path& directory) {
    std::error_code ignored;
    return fs::exists(directory / "policy.yaml", ignored) || fs::exists(directory / "policy.json", ignored);
}

void drop_newline(SecretBytes& secret) {
    std::size_t size = secret.size();
    if (size > 0 && secret.expose()[size - 1] == '\n') --size;
    if (size > 0 && size < secret.size() && secret.expose()[size - 1] == '\r') --size;
    secret.truncate(size);
}

} // namespace

void declare_common(Declaration& d, CommonOptions& o, std::span<const std::string_view> formats) {
    std::string known;
    for (const std::string_view format : formats) {
        known += (known.empty() ? "" : ", ") + std::string(format);
    }
    if (known.empty()) known = "text, json, or what else the command has";
    const std::size_t first = d.options.size();
    d.value("--policy", "DIR", o.policy, "the policy's directory (default: the nearest one)", Completes::directory);
    d.value("--time", "TIME", o.time, "judge as of then: RFC 3339, or seconds since 1970");
    d.list("--format", "FMT[:PATH]", o.formats, known + "; with PATH, into that file");
    d.value("--output,-o", "PATH", o.output, "write the report there instead of to standard output", Completes::file);
    d.choice("--color", "WHEN", {"auto", "always", "never"}, o.color, "colour in text");
    d.flag("--quiet,-q", o.quiet, "no warnings");
    d.flag("--verbose,-v", o.verbose, "say what is read and done, on standard error");
    for (std::size_t i = first; i < d.options.size(); ++i) d.options[i].common = true;
}

std::optional<std::string> find_policy_at(const std::string& named) {
    for (const fs::path& candidate : {fs::path(named), fs::path(named) / "jwtdomain"}) {
        if (has_policy(candidate)) return candidate.string();
    }
    std::error_code ignored;
    const fs::path file(named);
    if ((file.filename() != "policy.yaml" && file.filename() != "policy.json") || !fs::exists(file, ignored))
        return std::nullopt;
    const std::string parent = file.parent_path().string();
    return parent.empty() ? "." : parent;
}

Session::Session(World& world, const CommonOptions& common, std::string_view command)
    : world_(world), common_(common), command_(command), now_(world.now()) {}

Status Session::begin(const std::vector<std::string_view>& formats) {
    if (common_.time) {
        const auto time = parse_time(*common_.time);
        if (!time) return tl::unexpected(time.error());
        now_ = *time;
    }
    std::size_t on_stdout = 0;
    for (const std::string& text : common_.formats) {
        const Sink sink = sink_of(text);
        if (std::find(formats.begin(), formats.end(), sink.format) == formats.end())
            return fail(no_such_format(sink.format, formats));
        if (sink.path.empty())
            ++on_stdout;
        else if (common_.output)
            return fail(Fault::usage, "--output and --format FMT:PATH both name a file", "give the file once");
    }
    if (on_stdout > 1)
        return fail(Fault::usage, "two formats cannot both go to standard output",
                    "give one of them a file: --format json:report.json");
    color_ = wants_color(world_, common_);
    return {};
}

Exit Session::emit(Exit status, const std::vector<Rendering>& renderings, bool confidential) {
    std::vector<std::string> wanted = common_.formats;
    if (wanted.empty()) wanted.emplace_back(renderings.front().format);
    for (const std::string& text : wanted) {
        Sink sink = sink_of(text);
        if (sink.path.empty() && common_.output && *common_.output != "-") sink.path = *common_.output;
        const auto rendering = std::find_if(renderings.begin(), renderings.end(),
                                            [&](const Rendering& r) { return r.format == sink.format; });
        if (rendering == renderings.end()) { // the command has it, and not for what it was told to do
            std::vector<std::string_view> formats;
            formats.reserve(renderings.size());
            for (const Rendering& each : renderings) formats.push_back(each.format);
            status = worse(status, report(no_such_format(sink.format, formats)));
            continue;
        }
        if (sink.path.empty()) {
            print(rendering->write());
        } else if (const Status written = (confidential ? store::write_private_file : store::write_file)(
                       sink.path, rendering->write(), store::Existing::replace);
                   !written) {
            status = worse(status, report(written.error()));
        }
    }
    return status;
}

void Session::print(std::string_view text) {
    if (output_) output_ = world_.write(text);
}

Exit Session::report(const Error& error) {
    std::string text = "jwtdomain" + (command_.empty() ? "" : " " + command_) + ": error: " + told(describe(error));
    if (!error.rule.empty()) text += " [" + error.rule + "]";
    text += "\n";
    if (!error.hint.empty()) text += "  " + told(error.hint) + "\n";
    world_.write_error(text);
    return exit_of(error.fault);
}

void Session::warn(std::string_view text) {
    if (!common_.quiet) world_.write_error("jwtdomain " + command_ + ": warning: " + told(text) + "\n");
}

void Session::note(std::string_view text) {
    if (common_.verbose) world_.write_error("jwtdomain " + command_ + ": " + told(text) + "\n");
}

Exit Session::finish(Exit status) {
    if (output_) return status;
    const Error error = output_.error();
    if (error.fault == Fault::retry) return static_cast<Exit>(128 + 13); // whoever read it has gone
    return worse(status, report(error));
}

Result<std::string> Session::read_argument(const std::optional<std::string>& argument, std::string_view what,
                                           std::size_t limit) {
    if (!argument) {
        if (world_.is_terminal(Stream::in)) {
            return fail(Fault::no_input, "no " + std::string(what) + " given",
                        "give it as an argument, as @FILE, or on standard input");
        }
        return read_input(limit);
    }
    if (*argument == "-") return read_input(limit);
    if (argument->size() > 1 && argument->front() == '@') return store::read_file(argument->substr(1), limit);
    return *argument;
}

Result<std::string> Session::read_input(std::size_t limit) {
    std::string text;
    char buffer[65536];
    for (;;) {
        const auto got = world_.read(buffer, sizeof buffer);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) return text;
        text.append(buffer, *got);
        if (text.size() > limit)
            return fail(Fault::limit, "standard input is longer than " + std::to_string(limit) + " octets");
    }
}

Result<std::string> Session::read_input_again(std::size_t limit) {
    if (!input_) input_ = read_input(limit);
    return *input_;
}

Result<SecretBytes> Session::read_secret(const std::string& source, std::string_view what) {
    const std::size_t colon = source.find(':');
    const std::string kind = source.substr(0, colon);
    const std::string rest = colon == std::string::npos ? "" : source.substr(colon + 1);
    if (source == "prompt") return world_.ask_secret(std::string(what) + ": ");
    if (source == "stdin") {
        auto secret = world_.read_descriptor(0, kSecretLimit);
        if (secret) drop_newline(*secret);
        return secret;
    }
    if (kind == "env" && !rest.empty()) {
        const auto value = world_.environment(rest);
        if (!value) return fail(Fault::usage, "the environment has no variable " + escape_text(rest));
        return SecretBytes(*value);
    }
    if (kind == "fd" && !rest.empty()) {
        int descriptor = -1;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), descriptor);
        if (error != std::errc() || end != rest.data() + rest.size() || descriptor < 0)
            return fail(Fault::usage, "fd:N wants a number");
        auto secret = world_.read_descriptor(descriptor, kSecretLimit);
        if (secret) drop_newline(*secret);
        return secret;
    }
    if (kind == "file" && !rest.empty()) {
        auto secret = store::read_private_file(rest, kSecretLimit);
        if (secret) drop_newline(*secret);
        return secret;
    }
    return fail(Fault::usage, "a secret is not given in words on the command line",
                "say where it is: prompt, env:NAME, file:PATH, fd:N or stdin");
}

Result<std::string> Session::policy_directory() {
    std::error_code ignored;
    const auto named = [&](const std::string& given, const char* by) -> Result<std::string> {
        if (auto found = find_policy_at(given)) return std::move(*found);
        return fail(Fault::not_found, std::string(by) + " names " + given + ", where there is no policy.yaml",
                    "make one: jwtdomain init --domain staging --domain prod");
    };
    if (common_.policy) return named(*common_.policy, "--policy");
    if (const auto variable = world_.environment("JWTDOMAIN_POLICY"); truthy(variable))
        return named(*variable, "JWTDOMAIN_POLICY");
    fs::path directory = world_.directory();
    for (;;) {
        if (has_policy(directory / "jwtdomain")) return (directory / "jwtdomain").lexically_normal().string();
        if (directory.filename() == "jwtdomain" && has_policy(directory)) return directory.string();
        if (fs::exists(directory / ".git", ignored) || !directory.has_parent_path() ||
            directory == directory.parent_path())
            break;
        directory = directory.parent_path();
    }
    return fail(Fault::not_found, "there is no policy here (no jwtdomain/policy.yaml up to the root of the work tree)",
                "make one: jwtdomain init --domain staging --domain prod; or name one with --policy DIR");
}

// XDG Base Directory Specification: what the variable names if that is absolute, else its default.
std::optional<std::string> Session::own_directory(const char* variable, const char* below_home) const {
    if (const auto named = world_.environment(variable); truthy(named) && named->front() == '/')
        return *named + "/jwtdomain";
    if (const auto home = world_.environment("HOME"); truthy(home)) return *home + below_home + "/jwtdomain";
    return std::nullopt;
}

Result<std::string> Session::state_directory() {
    if (auto state = own_directory("XDG_STATE_HOME", "/.local/state")) return std::move(*state);
    return fail(Fault::usage, "neither XDG_STATE_HOME nor HOME is set, so there is no place for private keys");
}

void Session::set_documents(bool online, net::Access access) {
    const auto cache = own_directory("XDG_CACHE_HOME", "/.cache");
    documents_.emplace(net::DocumentOptions{
        .online = online, .directory = cache ? *cache + "/fetched" : "", .access = std::move(access), .clock = [this] {
            return world_.now();
        }});
}

void Session::set_documents(net::Answers kept) {
    net::DocumentOptions options;
    options.clock = [this] { return world_.now(); };
    options.kept = std::move(kept);
    documents_.emplace(std::move(options));
}

net::Documents& Session::documents() {
    if (!documents_) set_documents(false, {});
    return *documents_;
}

} // namespace jwtdomain::cli
