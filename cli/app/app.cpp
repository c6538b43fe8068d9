#include "cli/app/app.h"

#include <algorithm>
#include <exception>

#include "cli/app/command.h"
#include "cli/app/help.h"
#include "cli/app/parse.h"
#include "cli/app/session.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/base/version.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

bool has(const std::vector<std::string>& list, std::string_view a, std::string_view b) {
    const auto end = std::find(list.begin(), list.end(), "--");
    return std::any_of(list.begin(), end, [&](const std::string& s) { return s == a || s == b; });
}

// Common options may stand before the command; they are moved behind it.
std::vector<std::string> command_first(const std::vector<std::string>& arguments) {
    Declaration common;
    CommonOptions unused;
    declare_common(common, unused);
    std::size_t i = 0;
    while (i < arguments.size() && arguments[i].size() > 1 && arguments[i].front() == '-') {
        const auto takes_next = [&](const OptionSpec& option) {
            const auto names = option_names(option);
            return !option.value.empty() && std::find(names.begin(), names.end(), arguments[i]) != names.end();
        };
        i += std::any_of(common.options.begin(), common.options.end(), takes_next) ? 2 : 1;
    }
    if (i == 0 || i >= arguments.size()) return arguments;
    std::vector<std::string> ordered{arguments[i]};
    ordered.insert(ordered.end(), arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(i));
    ordered.insert(ordered.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
    return ordered;
}

int print_and_exit(World& world, std::string_view text) {
    Session session(world, {}, "");
    session.print(text);
    return static_cast<int>(session.finish(Exit::yes));
}

int unknown_command(World& world, const std::string& name) {
    std::vector<std::string_view> names;
    for (const Command* command : commands()) {
        if (!command->hidden()) names.push_back(command->name);
    }
    const std::string_view near = nearest(name, names);
    std::string text = "jwtdomain: error: there is no command \"" + escape_text(redact_text(name), 60) + "\"\n  ";
    if (!near.empty())
        text += "did you mean `jwtdomain " + std::string(near) + "`? ";
    else if (std::count(name.begin(), name.end(), '.') == 2)
        text += "this looks like a token: `jwtdomain inspect TOKEN`. ";
    world.write_error(text + "`jwtdomain --help` lists all commands\n");
    return static_cast<int>(Exit::usage);
}

int run_command(const Command& command, const std::vector<std::string>& arguments, World& world) {
    Declaration declaration;
    CommonOptions common;
    const auto action = command.prepare(declaration);
    declare_common(declaration, common, command.formats);
    if (has(arguments, "--help", "-h")) return print_and_exit(world, command_help(command, declaration));
    const Status parsed = parse(declaration, std::string(command.name), arguments);
    Session session(world, common, command.name);
    if (!parsed) return static_cast<int>(session.report(parsed.error()));
    if (const Status begun = session.begin(command.formats); !begun)
        return static_cast<int>(session.report(begun.error()));
    return static_cast<int>(session.finish(action(session)));
}

} // namespace

int run(const std::vector<std::string>& given, World& world) {
    try {
        const std::vector<std::string> arguments = command_first(given);
        if (arguments.empty()) {
            world.write_error(program_help());
            return static_cast<int>(Exit::usage);
        }
        const std::string& name = arguments.front();
        if (name == "--help" || name == "-h") return print_and_exit(world, program_help());
        if (name == "--version" || name == "-V")
            return print_and_exit(world, "jwtdomain " + std::string(version()) + "\n");
        const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
        if (name == "help") {
            if (rest.empty()) return print_and_exit(world, program_help());
            const Command* const command = find_command(rest.front());
            return command ? run_command(*command, {"--help"}, world) : unknown_command(world, rest.front());
        }
        const Command* const command = find_command(name);
        return command ? run_command(*command, rest, world) : unknown_command(world, name);
    } catch (const std::exception& error) {
        world.write_error("jwtdomain: internal error: " + escape_text(error.what()) +
                          "\n  please report it, with the command that you typed\n");
        return static_cast<int>(Exit::internal);
    }
}

} // namespace jwtdomain::cli
