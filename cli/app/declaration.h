// What a command takes, as data. Parsing, --help, man pages and completions all come from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jwtdomain::cli {

// What a value is, for completions.
enum class Completes { nothing, file, directory, domain, algorithm, reason, choice };

struct OptionSpec {
    using Target = std::variant<bool*, std::optional<std::string>*, std::vector<std::string>*>;
    std::string names; // "--domain,-d"; aliases after the first long name are accepted, too
    std::string value; // "NAME" in help; empty for a flag
    std::string help;  // a sentence without a full stop
    Target target;
    std::vector<std::string> choices; // if not empty, the only values
    Completes completes = Completes::nothing;
    bool common = false;
};

struct ArgumentSpec {
    std::string name; // "TOKEN"
    std::string help;
    std::variant<std::optional<std::string>*, std::vector<std::string>*> target;
    Completes completes = Completes::nothing;
    std::vector<std::string> choices;
};

class Declaration {
public:
    OptionSpec& flag(std::string names, bool& target, std::string help) {
        return add({std::move(names), "", std::move(help), &target, {}, Completes::nothing, false});
    }
    OptionSpec& value(std::string names, std::string value, std::optional<std::string>& target, std::string help,
                      Completes completes = Completes::nothing) {
        return add({std::move(names), std::move(value), std::move(help), &target, {}, completes, false});
    }
    OptionSpec& choice(std::string names, std::string value, std::vector<std::string> choices,
                       std::optional<std::string>& target, std::string help) {
        return add({std::move(names), std::move(value), std::move(help), &target, std::move(choices), Completes::choice,
                    false});
    }
    OptionSpec& list(std::string names, std::string value, std::vector<std::string>& target, std::string help,
                     Completes completes = Completes::nothing) {
        return add({std::move(names), std::move(value), std::move(help), &target, {}, completes, false});
    }
    ArgumentSpec& argument(std::string name, std::optional<std::string>& target, std::string help,
                           Completes completes = Completes::nothing) {
        arguments.push_back({std::move(name), std::move(help), &target, completes, {}});
        return arguments.back();
    }
    ArgumentSpec& arguments_list(std::string name, std::vector<std::string>& target, std::string help,
                                 Completes completes = Completes::nothing) {
        arguments.push_back({std::move(name), std::move(help), &target, completes, {}});
        return arguments.back();
    }

    std::vector<OptionSpec> options;
    std::vector<ArgumentSpec> arguments;

private:
    OptionSpec& add(OptionSpec spec) {
        options.push_back(std::move(spec));
        return options.back();
    }
};

} // namespace jwtdomain::cli
