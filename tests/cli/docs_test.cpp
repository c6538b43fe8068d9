// Help, man pages and completions, made from the declarations: complete, current, and fit to be read.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "../support/fake_world.h"
#include "cli/app/help.h"
#include "cli/docs/document.h"
#include "cli/docs/mdoc.h"

using namespace jwtdomain;
using namespace jwtdomain::cli;

namespace {

const std::filesystem::path kRoot = std::filesystem::path(TEST_DATA).parent_path().parent_path();

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The part of the completion for fish that is about one command.
std::string of_command(const std::string& fish, std::string_view name) {
    const std::string condition = "'__jwtdomain_is " + std::string(name) + "'";
    std::string lines;
    for (std::size_t at = 0; at < fish.size();) {
        const std::size_t end = std::min(fish.find('\n', at), fish.size());
        const std::string line = fish.substr(at, end - at);
        if (contains(line, condition)) lines += line + "\n";
        at = end + 1;
    }
    return lines;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const std::size_t begin = text.find(from);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find(to, begin) - begin);
}

} // namespace

TEST_CASE("docs/current: man pages and completions are those of ./dev docs") {
    std::set<std::string> written;
    for (const Document& document : documents()) {
        CAPTURE(document.path);
        written.insert(document.path);
        const bool current = content_of(kRoot / document.path) == document.content;
        CHECK_MESSAGE(current, "is out of date: run ./dev docs");
    }
    for (const char* directory : {"man", "completions"}) {
        for (const auto& entry : std::filesystem::directory_iterator(kRoot / directory)) {
            const std::string path = directory + ("/" + entry.path().filename().string());
            CHECK_MESSAGE(written.count(path) == 1, path << " is left over: no command has it");
        }
    }
}

TEST_CASE("docs/declarations: each command says what it is, with examples") {
    std::set<std::string_view> names;
    for (const DeclaredCommand& declared : declared_commands()) {
        const Command& command = declared.command;
        CAPTURE(command.name);
        CHECK(names.insert(command.name).second);
        CHECK(command.summary.size() <= 79);
        CHECK(command.summary.back() != '.');
        CHECK(command.description.size() >= 80);
        CHECK(std::count(command.description.begin(), command.description.end(), '`') % 2 == 0);
        CHECK(!command.examples.empty());
        for (const Example& example : command.examples) {
            CHECK(!example.comment.empty());
            CHECK(contains(std::string(example.command), "jwtdomain "));
            CHECK(example.command.find_first_of("\n\t") == std::string_view::npos);
            CHECK(example.command.size() <= 78); // with an indent of two it fits a terminal
        }
    }
}

TEST_CASE("docs/declarations: each option has one meaning and a help text") {
    const std::regex spelling("-[a-zA-Z]|--[a-z][a-z0-9-]+");
    for (const DeclaredCommand& declared : declared_commands()) {
        CAPTURE(declared.command.name);
        std::set<std::string> names{"--help", "-h"};
        for (const OptionSpec& option : declared.declaration.options) {
            CAPTURE(option.names);
            CHECK(!option.help.empty());
            CHECK(option.help.back() != '.');
            CHECK(option_names(option).front().rfind("--", 0) == 0);
            CHECK(option.value.empty() == std::holds_alternative<bool*>(option.target));
            for (const std::string& name : option_names(option)) {
                CHECK(std::regex_match(name, spelling));
                CHECK_MESSAGE(names.insert(name).second, name << " is declared twice");
            }
        }
    }
}

TEST_CASE("docs/help: 80 columns, and every option is in it") {
    const test::Outcome all = test::run_alone({"--help"});
    CHECK(all.status == 0);
    CHECK(test::widest_line(all.out) <= 80);
    for (const DeclaredCommand& declared : declared_commands()) {
        const std::string name(declared.command.name);
        CAPTURE(name);
        CHECK(contains(all.out, "\n  " + name + " "));
        const test::Outcome help = test::run_alone({name, "--help"});
        CHECK(help.status == 0);
        CHECK(help.err.empty());
        // A line to be typed is not broken, so it may be longer.
        CHECK(test::widest_line(help.out.substr(0, help.out.find("\nExamples:\n"))) <= 80);
        for (const OptionSpec& option : declared.declaration.options)
            CHECK(contains(help.out, option_names(option).front()));
        for (const ArgumentSpec& argument : declared.declaration.arguments)
            CHECK(contains(help.out, "\n  " + argument.name));
    }
}

TEST_CASE("docs/man: every option, argument, format, example and exit status is in the page") {
    for (const DeclaredCommand& declared : declared_commands()) {
        CAPTURE(declared.command.name);
        const std::string page = man_page(declared);
        for (const OptionSpec& option : declared.declaration.options) {
            for (const std::string& name : option_names(option)) {
                CAPTURE(name);
                const std::string as_macro = "Fl " + mdoc_word(name.substr(1));
                CHECK(std::regex_search(
                    page, std::regex(as_macro.find('\\') == std::string::npos ? as_macro + "( |\n)" : "Fl ")));
                CHECK(contains(page, as_macro));
            }
            for (const std::string& choice : option.choices) CHECK(contains(page, mdoc_word(choice)));
        }
        for (const ArgumentSpec& argument : declared.declaration.arguments)
            CHECK(contains(page, ".It Ar " + mdoc_word(argument.name)));
        for (const std::string_view format : declared.command.formats)
            CHECK(contains(page, ".It Cm " + mdoc_word(format)));
        CHECK_FALSE(contains(page, "Without a description."));
        for (const ExitInfo& status : exit_statuses())
            CHECK(contains(page, "\n.It " + std::to_string(static_cast<int>(status.status)) + "\n"));
        CHECK(contains(program_man_page(), ".It Cm " + mdoc_word(declared.command.name)));
    }
    CHECK_FALSE(contains(program_man_page(), "__complete"));
}

TEST_CASE("docs/completions: every command and option is in all three") {
    const std::string bash = bash_completion(), zsh = zsh_completion(), fish = fish_completion();
    for (const DeclaredCommand& declared : declared_commands()) {
        const std::string name(declared.command.name);
        CAPTURE(name);
        const std::string in_bash = between(bash, "\n    " + name + ") echo '", "' ;;") + " ";
        const std::string in_zsh = between(zsh, "\n_jwtdomain-" + name + "() {", "\n}\n");
        const std::string in_fish = of_command(fish, name);
        for (const OptionSpec& option : declared.declaration.options) {
            for (const std::string& spelling : option_names(option)) {
                CAPTURE(spelling);
                CHECK((contains(in_bash, " " + spelling + " ") || contains(in_bash, "'" + spelling + " ")));
                CHECK((contains(in_zsh, spelling + "[") || contains(in_zsh, spelling + "=[") ||
                       contains(in_zsh, spelling + "+[")));
                CHECK(contains(in_fish, spelling.size() == 2 ? " -s " + spelling.substr(1) + " "
                                                             : " -l " + spelling.substr(2) + " "));
            }
        }
        for (const std::string_view format : declared.command.formats)
            CHECK(contains(between(bash, name + ":--format)", ";;"), std::string(format)));
    }
    for (const std::string& text : {bash, zsh, fish}) CHECK_FALSE(contains(text, "'__complete"));
}

TEST_CASE("docs/mdoc: text is escaped, a sentence a line") {
    Mdoc out;
    out.text("One `--flag` here. Two: \\ ~ it's.\n\n.Not a macro");
    CHECK(out.take() == "One \\fB\\-\\-flag\\fR here.\nTwo: \\e \\(ti it's.\n.Pp\n\\&.Not a macro\n");
    out.literal("printf '%s' a-b\n.x");
    CHECK(out.take() == ".Bd -literal -offset indent\nprintf \\(aq%s\\(aq a\\-b\n\\&.x\n.Ed\n");
    CHECK(mdoc_word("a b") == "\"a b\"");
    CHECK(mdoc_word(".") == "\\&.");
    CHECK(mdoc_word("say \"x\"") == "\"say \\(dqx\\(dq\"");
}

TEST_CASE("docs/complete: the hidden command tells the domains of the policy, or nothing at all") {
    const test::Outcome none = test::run_alone({"__complete", "domains"});
    CHECK(none.status == 3);
    CHECK(none.out.empty());
    CHECK(none.err.empty());
    CHECK_FALSE(contains(test::run_alone({"--help"}).out, "__complete"));
    CHECK_FALSE(contains(test::run_alone({"_complete"}).err, "__complete"));
}
