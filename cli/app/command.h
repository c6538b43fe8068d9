// A command: a name, what it takes, what it does. To add one: a file in cli/command/ that defines a Command, and a line
// in the table of cli/app/commands.cpp.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cli/app/declaration.h"
#include "cli/app/exit_status.h"

namespace jwtdomain::cli {

class Session;

struct Example {
    std::string_view comment;
    std::string_view command; // as typed in a shell; executed by the tests
    Exit exit = Exit::yes;
};

struct Command {
    std::string_view name;
    std::string_view group;       // heading in `jwtdomain --help`; empty: hidden
    std::string_view summary;     // one line
    std::string_view description; // paragraphs for the man page, separated by empty lines; `code` in backquotes
    std::vector<std::string_view> formats; // of its report, the default first; empty: no report
    std::vector<Example> examples;
    // Declares the options into fresh storage, and gives what to run once they are filled in.
    std::function<Exit(Session&)> (*prepare)(Declaration&);
    bool hidden() const { return group.empty(); }
};

// Joins the three parts of a command, each of which a test can take alone: its options, their declaration, and run.
template <class Options, void (*declare)(Declaration&, Options&), Exit (*run)(Session&, const Options&)>
std::function<Exit(Session&)> prepare(Declaration& declaration) {
    auto options = std::make_shared<Options>();
    declare(declaration, *options);
    return [options](Session& session) { return run(session, *options); };
}

std::span<const Command* const> commands(); // in the order of --help
const Command* find_command(std::string_view name);

} // namespace jwtdomain::cli
