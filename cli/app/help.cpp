#include "cli/app/help.h"

#include <algorithm>

#include "cli/app/layout.h"
#include "cli/app/session.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kColumn = 28; // where help texts of options begin

std::string option_line(const OptionSpec& option) {
    std::string left = "  ";
    const std::vector<std::string> names = option_names(option);
    // The short name first, as people read it.
    std::vector<std::string> ordered(names.rbegin(), names.rend());
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& a, const auto& b) { return (a.size() == 2) > (b.size() == 2); });
    std::string list;
    for (const std::string& name : ordered) {
        if (name.size() > 2 && name != names.front()) continue; // long aliases stay out of the help
        list += (list.empty() ? "" : ", ") + name;
    }
    left += list;
    if (!option.value.empty()) left += " " + option.value;
    std::string help = option.help;
    if (!option.choices.empty()) {
        help += " (";
        for (std::size_t i = 0; i < option.choices.size(); ++i) help += (i > 0 ? ", " : "") + option.choices[i];
        help += ")";
    }
    if (std::holds_alternative<std::vector<std::string>*>(option.target)) help += "; repeatable";
    if (left.size() + 2 > kColumn)
        return left + "\n" + std::string(kColumn, ' ') + wrap(help, kColumn, {.width = kWidth - kColumn}) + "\n";
    left.resize(kColumn, ' ');
    return left + wrap(help, kColumn, {.width = kWidth - kColumn}) + "\n";
}

} // namespace

std::vector<std::string> option_names(const OptionSpec& option) {
    std::vector<std::string> names;
    std::size_t from = 0;
    while (from <= option.names.size()) {
        const std::size_t comma = std::min(option.names.find(',', from), option.names.size());
        names.push_back(option.names.substr(from, comma - from));
        from = comma + 1;
    }
    return names;
}

std::string synopsis(const Command& command, const Declaration& declaration) {
    std::string line = "jwtdomain " + std::string(command.name) + " [OPTIONS]";
    for (const ArgumentSpec& argument : declaration.arguments) {
        const bool many = std::holds_alternative<std::vector<std::string>*>(argument.target);
        line += " [" + argument.name + (many ? "...]" : "]");
    }
    return line;
}

std::string command_help(const Command& command, const Declaration& declaration) {
    std::string out = std::string(command.summary) + "\n\nUsage: " + synopsis(command, declaration) + "\n";
    if (!declaration.arguments.empty()) {
        out += "\nArguments:\n";
        for (const ArgumentSpec& argument : declaration.arguments) {
            std::string left = "  " + argument.name;
            left.resize(std::max(kColumn, left.size() + 2), ' ');
            out += left + wrap(argument.help, kColumn, {.width = kWidth - kColumn}) + "\n";
        }
    }
    for (const bool common : {false, true}) {
        std::string block;
        for (const OptionSpec& option : declaration.options) {
            if (option.common == common) block += option_line(option);
        }
        if (!block.empty()) out += std::string(common ? "\nCommon options:\n" : "\nOptions:\n") + block;
    }
    if (!command.examples.empty()) {
        out += "\nExamples:\n";
        for (const Example& example : command.examples) {
            out += "  # " + std::string(example.comment) + "\n  " + std::string(example.command) + "\n";
        }
    }
    return out + "\nMore: man jwtdomain-" + std::string(command.name) + "\n";
}

std::string program_help() {
    std::string out = "Can a token minted for one domain be used in another?\n\nUsage: jwtdomain COMMAND [OPTIONS]\n";
    std::string_view group;
    for (const Command* command : commands()) {
        if (command->hidden()) continue;
        if (command->group != group) {
            group = command->group;
            out += "\n" + std::string(group) + ":\n";
        }
        std::string left = "  " + std::string(command->name);
        left.resize(14, ' ');
        out += left + wrap(command->summary, 14, {.width = kWidth - 14}) + "\n";
    }
    return out + "\n`jwtdomain COMMAND --help` says what a command takes, `jwtdomain explain` what a\n"
                 "reason, a rule or an exit status means. New here? Type `jwtdomain demo`.\n";
}

} // namespace jwtdomain::cli
