// The completion for fish.
#include <fmt/format.h>
#include <set>

#include "cli/app/help.h"
#include "cli/docs/values.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kHead = R"sh(# Generated from the declarations of the commands: ./dev docs

# The command on the line, if there is one yet.
function __jwtdomain_command
    set -l words (commandline -opc)
    set -l skip no
    for word in $words[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $__jwtdomain_valued
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __jwtdomain_is
    test (__jwtdomain_command; or echo) = $argv[1]
end

# The domains of the policy that the command line means. Without one there are none.
function __jwtdomain_domains
    set -l words (commandline -opc)
    set -l policy
    if set -l at (contains -i -- --policy $words); and test (count $words) -gt $at
        set policy --policy $words[(math $at + 1)]
    end
    $words[1] __complete domains $policy 2>/dev/null
end

function __jwtdomain_token
    set -l word (commandline -ct)
    string match -q -- '@*' $word; and __fish_complete_path (string sub -s 2 -- $word) | string replace -r '^' @
end

complete -c jwtdomain -f
)sh";

std::string quoted(std::string_view text) { return "'" + plain_help(text) + "'"; }

std::string values_text(const Values& values) {
    switch (values.kind) {
    case Values::Kind::none: return " -x";
    case Values::Kind::words: return " -x -a " + quoted(join(values.words, " "));
    case Values::Kind::file: return " -r -F";
    case Values::Kind::directory: return " -x -a '(__fish_complete_directories)'";
    case Values::Kind::domain: return " -x -a '(__jwtdomain_domains)'";
    case Values::Kind::token: return " -x -a '(__jwtdomain_token)'";
    }
    return {};
}

std::string option_line(const Command& command, const OptionSpec& option, const std::string& condition) {
    std::string names;
    for (const std::string& name : option_names(option))
        names += name.size() == 2 ? " -s " + name.substr(1) : " -l " + name.substr(2);
    std::string line = "complete -c jwtdomain -n " + condition + names;
    if (!option.value.empty()) line += values_text(values_of(command, option));
    return line + " -d " + quoted(option.help) + "\n";
}

} // namespace

std::string fish_completion() {
    const std::vector<DeclaredCommand> all = declared_commands();
    const std::string none = "'not __jwtdomain_command'";
    std::set<std::string> valued;
    std::string commands, options;
    std::vector<std::string> names;
    for (const DeclaredCommand& command : all) {
        const std::string name(command.command.name), condition = "'__jwtdomain_is " + name + "'";
        names.push_back(name);
        commands +=
            fmt::format("complete -c jwtdomain -n {} -a {} -d {}\n", none, name, quoted(command.command.summary));
        options += "\n";
        for (const OptionSpec& option : command.declaration.options) {
            options += option_line(command.command, option, condition);
            if (!option.value.empty() && option.common) {
                for (const std::string& spelling : option_names(option)) valued.insert(spelling);
            }
        }
        for (const ArgumentSpec& argument : command.declaration.arguments) {
            const Values values = values_of(argument);
            if (values.kind != Values::Kind::none)
                options += "complete -c jwtdomain -n " + condition + values_text(values) + "\n";
        }
    }
    std::string common = "\n";
    for (const OptionSpec& option : all.front().declaration.options) {
        if (option.common) common += option_line(all.front().command, option, none);
    }
    commands += "complete -c jwtdomain -n " + none + " -a help -d 'Say in short what a command takes'\n";
    common += "complete -c jwtdomain -n " + none + " -s V -l version -d 'say which version this is'\n";
    options += "\ncomplete -c jwtdomain -n '__jwtdomain_is help' -x -a '" + join(names, " ") + "'\n";
    options += "complete -c jwtdomain -s h -l help -d 'say in short what the command takes'\n";
    return "set -g __jwtdomain_valued " + join({valued.begin(), valued.end()}, " ") + "\n" + std::string(kHead) +
           commands + common + options;
}

} // namespace jwtdomain::cli
