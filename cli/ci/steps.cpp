#include <algorithm>

#include <fmt/format.h>

#include "cli/ci/writers.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

// A job has keys or tokens of some domains, others not: what is not there is not named, and the probe says so.
void add_credentials(std::vector<std::string>& out, const CiPlan& plan) {
    out.emplace_back("set --");
    for (const CiCredential& each : plan.credentials) {
        const auto option = [&](const char* name, const char* of) {
            return fmt::format("    set -- \"$@\" --{} {}", name,
                               sh_word(fmt::format("{}=env:JWTDOMAIN_{}_{}", each.domain, of, each.suffix)));
        };
        out.push_back(fmt::format("if [ -n \"${{JWTDOMAIN_KEY_{}:-}}\" ]; then", each.suffix));
        out.push_back(option("key", "KEY"));
        out.push_back(fmt::format("elif [ -n \"${{JWTDOMAIN_TOKEN_{}:-}}\" ]; then", each.suffix));
        out.push_back(option("token", "TOKEN"));
        out.emplace_back("fi");
    }
}

} // namespace

std::string sh_word(const std::string& word) {
    if (!word.empty() && word.find_first_not_of(kSafe) == std::string::npos) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

std::vector<CiStep> steps_of(const CiPlan& plan) {
    const std::vector<std::string> audit{"audit", "--policy", plan.policy, "--fail-on", plan.fail_on};
    std::vector<std::string> guards = plan.configurations;
    if (plan.type) guards.insert(guards.end(), {"--type", *plan.type});
    std::vector<CiStep> out;
    out.push_back({"policy", "Audit the policy", audit});
    if (!plan.configurations.empty()) {
        out.push_back({"configuration", "Audit what guards the domains", audit});
        out.back().words.insert(out.back().words.end(), guards.begin(), guards.end());
    }
    if (plan.probes) {
        out.push_back({"probe", "Probe what runs", {"probe", "--policy", plan.policy}, true});
        std::vector<std::string>& words = out.back().words;
        words.insert(words.end(), guards.begin(), guards.end());
        for (const std::string& target : plan.targets) words.insert(words.end(), {"--target", target});
        words.insert(words.end(), plan.handed.begin(), plan.handed.end());
    }
    return out;
}

std::vector<std::string> lines_of(const CiPlan& plan, const CiStep& step, const CiShell& shell) {
    std::vector<std::string> out;
    const bool sets = step.probes && !plan.credentials.empty();
    if (sets) add_credentials(out, plan);
    std::string line = fmt::format("{}{}", shell.before, shell.program);
    const auto next = [&](const std::string& text) {
        out.push_back(line + " \\");
        line = "    " + text;
    };
    for (std::size_t i = 0; i < step.words.size(); ++i) {
        const std::string& word = step.words[i];
        const bool option = word.starts_with("--") && i + 1 < step.words.size();
        const std::string text = option ? word + " " + sh_word(step.words[++i]) : sh_word(word);
        if (i == 0 || word == "--policy" || word == "--fail-on")
            line += " " + text;
        else
            next(text);
    }
    if (sets) line += " \"$@\"";
    std::string formats = fmt::format("--format {}", shell.shown);
    for (const CiFormat& file : shell.files) {
        next(formats);
        formats = fmt::format("--format {}:{}/{}.{}", file.name, shell.directory, step.name, file.ending);
    }
    next(formats);
    out.push_back(line);
    return out;
}

std::string indented(const std::vector<std::string>& lines, std::size_t spaces) {
    std::string out;
    for (const std::string& line : lines) out += (line.empty() ? "" : std::string(spaces, ' ') + line) + "\n";
    return out;
}

} // namespace jwtdomain::cli
