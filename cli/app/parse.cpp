#include "cli/app/parse.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/app/help.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

void add_option(CLI::App& app, const OptionSpec& spec) {
    CLI::Option* option = nullptr;
    if (auto* const* flag = std::get_if<bool*>(&spec.target)) {
        app.add_flag(spec.names, **flag);
        return;
    }
    if (auto* const* one = std::get_if<std::optional<std::string>*>(&spec.target)) {
        std::optional<std::string>* const target = *one;
        option =
            app.add_option_function<std::string>(spec.names, [target](const std::string& text) { *target = text; });
        option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    } else {
        std::vector<std::string>* const target = std::get<std::vector<std::string>*>(spec.target);
        option = app.add_option(spec.names, *target)
                     ->allow_extra_args(false)
                     ->expected(1)
                     ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    if (!spec.choices.empty()) {
        option->check([choices = spec.choices](const std::string& value) -> std::string {
            if (std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
            return "there is no \"" + value + "\": " + did_you_mean(value, choices) + "there are " +
                   join(choices, ", ");
        });
    }
}

void add_argument(CLI::App& app, const ArgumentSpec& spec) {
    if (auto* const* one = std::get_if<std::optional<std::string>*>(&spec.target)) {
        std::optional<std::string>* const target = *one;
        app.add_option_function<std::string>(spec.name, [target](const std::string& text) { *target = text; });
    } else {
        app.add_option(spec.name, *std::get<std::vector<std::string>*>(spec.target));
    }
}

std::string quoted(const std::string& text) { return "\"" + escape_text(text, 60) + "\""; }

tl::unexpected<Error> unexpected_argument(const Declaration& declaration, const std::string& command,
                                          const std::string& text) {
    const std::string help = "`jwtdomain " + command + " --help` lists what it takes";
    if (text.rfind('-', 0) != 0 || text == "-") return fail(Fault::usage, "unexpected argument " + quoted(text), help);
    std::vector<std::string> names{"--help"};
    for (const OptionSpec& spec : declaration.options) {
        for (const std::string& name : option_names(spec)) names.push_back(name);
    }
    const std::string name = text.substr(0, text.find('='));
    return fail(Fault::usage, "unknown option " + quoted(name), did_you_mean(name, names) + help);
}

} // namespace

Status parse(const Declaration& declaration, const std::string& command, const std::vector<std::string>& arguments) {
    try {
        CLI::App app;
        app.set_help_flag();
        app.allow_extras();
        for (const OptionSpec& spec : declaration.options) add_option(app, spec);
        for (const ArgumentSpec& spec : declaration.arguments) add_argument(app, spec);
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
        std::vector<std::string> extras = app.remaining();
        // The mark after which everything is an argument is left over too.
        if (const auto mark = std::find(extras.begin(), extras.end(), "--"); mark != extras.end()) extras.erase(mark);
        if (!extras.empty()) return unexpected_argument(declaration, command, extras.front());
        return {};
    } catch (const CLI::ArgumentMismatch& error) {
        std::string message = error.what();
        if (message.find("At Most 1") != std::string::npos || message.find("at most 1") != std::string::npos) {
            message = message.substr(0, message.find(':')) + " is given more than once";
        }
        return fail(Fault::usage, escape_text(message), "`jwtdomain " + command + " --help` lists what it takes");
    } catch (const CLI::Error& error) {
        return fail(Fault::usage, escape_text(error.what()), "`jwtdomain " + command + " --help` lists what it takes");
    }
}

} // namespace jwtdomain::cli
