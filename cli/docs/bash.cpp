// The completion for bash. It needs nothing but bash itself.
#include <fmt/format.h>

#include "cli/app/help.h"
#include "cli/docs/values.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kHead = R"sh(# Generated from the declarations of the commands: ./dev docs
# shellcheck shell=bash

)sh";

constexpr std::string_view kEngine = R"sh(
# Candidates for $1, of the kind $2, into COMPREPLY.
_jwtdomain_candidates() {
    local current=$1 kind=$2
    case $kind in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames 2>/dev/null ;;
    directory) mapfile -t COMPREPLY < <(compgen -d -- "$current") && compopt -o filenames 2>/dev/null ;;
    token) [[ $current != @* ]] || mapfile -t COMPREPLY < <(compgen -P @ -f -- "${current#@}") ;;
    domain) mapfile -t COMPREPLY < <(compgen -W "$(_jwtdomain_domains)" -- "$current") ;;
    words:*) mapfile -t COMPREPLY < <(compgen -W "${kind#words:}" -- "$current") ;;
    esac
}

# The domains of the policy that the command line means. Without one there are none.
_jwtdomain_domains() {
    local i policy=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} != --policy ]] || policy=(--policy "${COMP_WORDS[i + 1]}")
    done
    "${COMP_WORDS[0]}" __complete domains "${policy[@]}" 2>/dev/null
}

_jwtdomain() {
    local words=() cword=0 i word
    # bash splits words at '=' and ':' as well: put them together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && { [[ $word == [=:]* ]] || [[ ${COMP_WORDS[i - 1]} == [=:] ]]; }; then
            words[cword]+=$word
        else
            ((i == 0)) || ((cword += 1))
            words[cword]=$word
        fi
    done
    local current=${words[cword]} command='' option='' kind prefix=''
    COMPREPLY=()
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        option=''
        if [[ $word == -?* && $word != *=* ]] && _jwtdomain_value "${command:-*}" "$word" >/dev/null; then
            option=$word
            ((i += 1))
        elif [[ $word != -* && -z $command ]]; then
            command=$word
        fi
    done
    # $i went past the end if the last whole word takes the current one as its value.
    ((i > cword)) || option=''
    if [[ -z $option && $current == --*=* ]]; then
        option=${current%%=*}
        prefix=$option=
        current=${current#*=}
    fi
    if [[ -n $option ]]; then
        kind=$(_jwtdomain_value "${command:-*}" "$option") || return 0
        _jwtdomain_candidates "$current" "$kind"
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_jwtdomain_options "$command")" -- "$current")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$_jwtdomain_commands" -- "$current")
    else
        _jwtdomain_candidates "$current" "$(_jwtdomain_argument "$command")"
    fi
    # Readline replaces only what stands behind the last '=' or ':'.
    if [[ $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"${current%"${current##*:}"}"}; done
    elif [[ -n $prefix && $COMP_WORDBREAKS != *=* ]]; then
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=$prefix${COMPREPLY[i]}; done
    fi
    return 0
}

complete -F _jwtdomain jwtdomain
)sh";

std::string kind_text(const Values& values) {
    switch (values.kind) {
    case Values::Kind::none: return "none";
    case Values::Kind::words: return "words:" + join(values.words, " ");
    case Values::Kind::file: return "file";
    case Values::Kind::directory: return "directory";
    case Values::Kind::domain: return "domain";
    case Values::Kind::token: return "token";
    }
    return {};
}

std::string all_options(const DeclaredCommand& command) {
    std::string out;
    for (const OptionSpec& option : command.declaration.options) out += join(option_names(option), " ") + " ";
    return out + "--help -h";
}

std::string value_cases(const DeclaredCommand& command) {
    std::string out;
    const std::string name(command.command.name);
    for (const OptionSpec& option : command.declaration.options) {
        if (option.value.empty()) continue;
        std::string pattern;
        for (const std::string& spelling : option_names(option)) {
            pattern += fmt::format("{}{}:{}", pattern.empty() ? "" : " | ", name, spelling);
        }
        out += "    " + pattern + ") echo '" + kind_text(values_of(command.command, option)) + "' ;;\n";
    }
    return out;
}

} // namespace

std::string bash_completion() {
    const std::vector<DeclaredCommand> all = declared_commands();
    std::vector<std::string> names;
    std::string options, values, arguments, before;
    for (const DeclaredCommand& command : all) {
        const std::string name(command.command.name);
        names.push_back(name);
        options += "    " + name + ") echo '" + all_options(command) + "' ;;\n";
        values += value_cases(command);
        if (!command.declaration.arguments.empty()) {
            arguments +=
                "    " + name + ") echo '" + kind_text(values_of(command.declaration.arguments.front())) + "' ;;\n";
        }
    }
    // Before the command only the common options can stand.
    std::string common;
    for (const OptionSpec& option : all.front().declaration.options) {
        if (!option.common) continue;
        common += join(option_names(option), " ") + " ";
        if (option.value.empty()) continue;
        std::string pattern;
        for (const std::string& spelling : option_names(option))
            pattern += (pattern.empty() ? "" : " | ") + ("'*:" + spelling + "'");
        before += "    " + pattern + ") echo '" + kind_text(values_of(all.front().command, option)) + "' ;;\n";
    }
    names.emplace_back("help");
    arguments += "    help) echo \"words:$_jwtdomain_commands\" ;;\n";
    return std::string(kHead) + "_jwtdomain_commands='" + join(names, " ") + "'\n\n" +
           "_jwtdomain_options() { # COMMAND\n    case $1 in\n" + options + "    *) echo '" + common +
           "--help -h --version -V' ;;\n    esac\n}\n\n" +
           "# What the value of an option is; false if it takes none.\n_jwtdomain_value() { # COMMAND OPTION\n    case "
           "$1:$2 in\n" +
           values + before + "    *) return 1 ;;\n    esac\n}\n\n" +
           "_jwtdomain_argument() { # COMMAND\n    case $1 in\n" + arguments + "    *) echo none ;;\n    esac\n}\n" +
           std::string(kEngine);
}

} // namespace jwtdomain::cli
