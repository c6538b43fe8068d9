#include "cli/docs/document.h"

namespace jwtdomain::cli {

DeclaredCommand::DeclaredCommand(const Command& declared)
    : command(declared), common_(std::make_shared<CommonOptions>()) {
    action_ = command.prepare(declaration);
    declare_common(declaration, *common_, command.formats);
}

std::vector<DeclaredCommand> declared_commands() {
    std::vector<DeclaredCommand> list;
    for (const Command* command : commands()) {
        if (!command->hidden()) list.emplace_back(*command);
    }
    return list;
}

std::vector<Document> documents() {
    std::vector<Document> list;
    list.push_back({"man/jwtdomain.1", program_man_page()});
    for (const DeclaredCommand& command : declared_commands()) {
        list.push_back({"man/jwtdomain-" + std::string(command.command.name) + ".1", man_page(command)});
    }
    list.push_back({"completions/jwtdomain.bash", bash_completion()});
    list.push_back({"completions/_jwtdomain", zsh_completion()});
    list.push_back({"completions/jwtdomain.fish", fish_completion()});
    return list;
}

} // namespace jwtdomain::cli
