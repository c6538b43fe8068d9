// Man pages and completions, generated from the declarations of the commands. They are committed; a test proves them
// current.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/command.h"
#include "cli/app/session.h"

namespace jwtdomain::cli {

// A command with everything that it declares, the common options last.
struct DeclaredCommand {
    explicit DeclaredCommand(const Command& declared);

    const Command& command;
    Declaration declaration;

private:
    std::shared_ptr<CommonOptions> common_;
    std::function<Exit(Session&)> action_; // holds what the declaration points to
};

// Those that people see: all of a group.
std::vector<DeclaredCommand> declared_commands();

struct Document {
    std::string path; // relative to the root of the sources
    std::string content;
};

// All of them.
std::vector<Document> documents();

std::string man_page(const DeclaredCommand& command);
std::string program_man_page();
std::vector<Example> program_examples(); // of that page
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

} // namespace jwtdomain::cli
