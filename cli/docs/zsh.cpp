// The completion for zsh.
#include <fmt/format.h>

#include "cli/app/help.h"
#include "cli/docs/values.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kEngine = R"sh(
# The domains of the policy that the command line means. Without one there are none.
_jwtdomain_domains() {
  local -a policy names
  (( ${+opt_args[--policy]} )) && policy=(--policy "${(Q)opt_args[--policy]}")
  names=(${(f)"$(_call_program domains jwtdomain __complete domains ${(q)policy} 2>/dev/null)"})
  compadd -a names
}

_jwtdomain_token() {
  compset -P @ && _files || _message 'token, @FILE or -'
}

_jwtdomain "$@"
)sh";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : plain_help(text)) {
        if (c == '[' || c == ']' || c == ':') out += '\\';
        out += c;
    }
    return out;
}

std::string action(const Values& values) {
    switch (values.kind) {
    case Values::Kind::none: return " ";
    case Values::Kind::words: return "(" + escaped(join(values.words, " ")) + ")";
    case Values::Kind::file: return "_files";
    case Values::Kind::directory: return "_files -/";
    case Values::Kind::domain: return "_jwtdomain_domains";
    case Values::Kind::token: return "_jwtdomain_token";
    }
    return {};
}

std::string option_line(const Command& command, const OptionSpec& option) {
    const std::vector<std::string> names = option_names(option);
    const bool many = std::holds_alternative<std::vector<std::string>*>(option.target);
    const std::string exclusive = many ? "*" : "(" + join(names, " ") + ")";
    std::string lines;
    for (const std::string& name : names) {
        const bool takes = !option.value.empty();
        const std::string_view after = !takes ? "" : name.size() == 2 ? "+" : "=";
        lines += fmt::format("    '{}{}{}[{}]", exclusive, name, after, escaped(option.help));
        if (takes) lines += fmt::format(":{}:{}", escaped(option.value), action(values_of(command, option)));
        lines += "'\n";
    }
    return lines;
}

std::string argument_line(const ArgumentSpec& argument, std::size_t position) {
    const bool many = std::holds_alternative<std::vector<std::string>*>(argument.target);
    return "    '" + (many ? "*" : std::to_string(position)) + "::" + escaped(argument.name) + ":" +
           action(values_of(argument)) + "'\n";
}

std::string function_of(const DeclaredCommand& command) {
    std::string out = "_jwtdomain-" + std::string(command.command.name) + "() {\n  local -a specs=(\n";
    for (const OptionSpec& option : command.declaration.options) out += option_line(command.command, option);
    out += "    '(- *)'{-h,--help}'[say in short what the command takes]'\n";
    std::size_t position = 0;
    for (const ArgumentSpec& argument : command.declaration.arguments) out += argument_line(argument, ++position);
    return out + "  )\n  _arguments -s -S $specs\n}\n\n";
}

} // namespace

std::string zsh_completion() {
    const std::vector<DeclaredCommand> all = declared_commands();
    std::string functions, list, common;
    for (const DeclaredCommand& command : all) {
        functions += function_of(command);
        list += "    '" + std::string(command.command.name) + ":" + escaped(command.command.summary) + "'\n";
    }
    list += "    'help:Say in short what a command takes'\n";
    for (const OptionSpec& option : all.front().declaration.options) {
        if (option.common) common += option_line(all.front().command, option);
    }
    functions += "_jwtdomain-help() {\n  local -a _jwtdomain_commands\n  _jwtdomain_list\n"
                 "  _arguments '1: :{_describe -t commands command _jwtdomain_commands}'\n}\n\n";
    return "#compdef jwtdomain\n# Generated from the declarations of the commands: ./dev docs\n\n" + functions +
           "_jwtdomain_list() {\n  _jwtdomain_commands=(\n" + list + "  )\n}\n\n" +
           "_jwtdomain() {\n  local curcontext=$curcontext state line\n  local -A opt_args\n  local -a "
           "_jwtdomain_commands specs=(\n" +
           common +
           "    '(- *)'{-h,--help}'[list all commands]'\n    '(- *)'{-V,--version}'[say which version this is]'\n"
           "    '1: :->command'\n    '*:: :->rest'\n  )\n"
           "  _arguments -s -S -C -A '-*' $specs && return\n  case $state in\n"
           "  command) _jwtdomain_list && _describe -t commands command _jwtdomain_commands ;;\n"
           "  rest)\n    curcontext=\"${curcontext%:*:*}:jwtdomain-$words[1]:\"\n"
           "    (( $+functions[_jwtdomain-$words[1]] )) && _jwtdomain-$words[1] ;;\n  esac\n}\n" +
           std::string(kEngine);
}

} // namespace jwtdomain::cli
