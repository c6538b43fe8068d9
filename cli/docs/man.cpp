// The man pages, in mdoc(7).
#include <algorithm>
#include <array>

#include "cli/app/help.h"
#include "cli/docs/document.h"
#include "cli/docs/mdoc.h"
#include "cli/explain/topics.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kDate = "November 23, 2026"; // of the last release

struct Described {
    std::string_view name, text;
};

constexpr auto kFormats = std::to_array<Described>({
    {"text", "For people: the verdict in the first line, 80 columns."},
    {"json",
     "For programs: one JSON object with `version` and `command`. Within a version members are added, never changed."},
    {"jsonl", "One JSON object a line, in the order of the input."},
    {"sarif", "SARIF 2.1.0."},
    {"junit", "JUnit XML."},
    {"github", "Annotations of GitHub workflows."},
    {"gitlab-codequality", "GitLab Code Quality."},
    {"gitlab-sast", "GitLab SAST."},
    {"markdown", "Markdown."},
    {"html", "One HTML page without scripts."},
    {"csv", "Comma-separated values (RFC 4180)."},
    {"pem", "PEM (RFC 7468): PKCS #8 of a private key, SubjectPublicKeyInfo of a public one."},
    {"der", "The same, as octets."},
    {"jwk", "A JSON Web Key (RFC 7517)."},
    {"jwks", "A JSON Web Key Set (RFC 7517)."},
    {"pkcs1", "PEM with the older form of RSA keys (RFC 8017)."},
    {"sec1", "PEM with the older form of private keys on elliptic curves (RFC 5915)."},
    // What the command prints is itself JSON.
    {"jwks json", "A JSON Web Key Set (RFC 7517)."},
    {"schema json", "A JSON Schema (draft 2020-12)."},
});

constexpr auto kEnvironment = std::to_array<Described>({
    {"JWTDOMAIN_POLICY", "The directory of the policy, where `--policy` is not given."},
    {"XDG_STATE_HOME",
     "Private keys are kept in the directory `jwtdomain` in it. Without it that is `~/.local/state/jwtdomain`."},
    {"NO_COLOR", "If set and not empty, text has no colour."},
    {"CLICOLOR_FORCE", "If set, and neither empty nor `0`, text has colour even where it does not go to a terminal."},
    {"TERM", "If it is `dumb`, text has no colour."},
});

constexpr auto kFiles = std::to_array<Described>({
    {"jwtdomain/policy.yaml",
     "The policy, found from the working directory upwards, but not beyond the root of a git work tree."},
    {"jwtdomain/domains/", "The domains of the policy, a file each."},
    {"jwtdomain/jwks/", "Their public keys."},
    {"~/.local/state/jwtdomain/", "Private keys. Never commit them."},
});

Mdoc begin(std::string_view name, std::string_view summary) {
    std::string title(name), description(summary);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (description.size() > 1 && description[0] >= 'A' && description[0] <= 'Z')
        description[0] = static_cast<char>(description[0] + 32);
    Mdoc out;
    out.macro("\\\"", "Generated from the declarations of the commands: ./dev docs");
    out.macro("Dd", kDate).macro("Dt", title + " 1").macro("Os");
    out.macro("Sh", "NAME").macro("Nm", name).macro("Nd", mdoc_word(description));
    return out;
}

template <class Table> void described(Mdoc& out, std::string_view macro, const Table& table) {
    out.macro("Bl", "-tag -width Ds");
    for (const Described& entry : table) {
        out.macro("It", std::string(macro) + " " + mdoc_word(entry.name));
        out.text(entry.text);
    }
    out.macro("El");
}

// "Fl d , Fl -domain Ar NAME"
std::string option_item(const OptionSpec& option) {
    std::vector<std::string> names = option_names(option);
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return (a.size() == 2) > (b.size() == 2); });
    std::string item;
    for (const std::string& name : names) item += (item.empty() ? "Fl " : " , Fl ") + mdoc_word(name.substr(1));
    if (!option.value.empty()) item += " Ar " + mdoc_word(option.value);
    return item;
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
    return text;
}

// As a sentence, but for a text that begins with a value: "text or json", "jsonl: one token a line".
std::string with_capital(std::string text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const bool value = end > 0 && (text[end - 1] == ',' || text[end - 1] == ':' || text.compare(end, 4, " or ") == 0);
    return value ? text : capital(std::move(text));
}

std::string option_text(const OptionSpec& option) {
    std::string text = with_capital(option.help) + ".";
    if (!option.choices.empty()) {
        text += " One of";
        for (std::size_t i = 0; i < option.choices.size(); ++i) {
            text += (i == 0 ? " " : i + 1 == option.choices.size() ? " and " : ", ") + ("`" + option.choices[i] + "`");
        }
        text += ".";
    }
    if (std::holds_alternative<std::vector<std::string>*>(option.target)) text += " It can be repeated.";
    return text;
}

void options(Mdoc& out, const Declaration& declaration, bool common) {
    out.macro("Bl", "-tag -width Ds");
    for (const OptionSpec& option : declaration.options) {
        if (option.common != common) continue;
        out.macro("It", option_item(option));
        out.text(option_text(option));
    }
    if (common) {
        out.macro("It", "Fl h , Fl \\-help").text("Say in short what the command takes.");
    }
    out.macro("El");
}

void exit_status(Mdoc& out) {
    out.macro("Sh", "EXIT STATUS").macro("Bl", "-tag -width 128+n -compact");
    for (const ExitInfo& entry : statuses_by_number()) {
        out.macro("It", std::to_string(static_cast<int>(entry.status)));
        out.text(capital(std::string(entry.meaning)) + ".");
    }
    out.macro("It", "128+n").text("Ended by the signal n.");
    out.macro("El");
    out.macro("Pp").text(
        "Where several hold, the first of 70, 2, 1, 3, 4, 5 is the one. The format of the report never changes it.");
}

void surroundings(Mdoc& out) {
    out.macro("Sh", "ENVIRONMENT");
    described(out, "Ev", kEnvironment);
    out.macro("Sh", "FILES");
    described(out, "Pa", kFiles);
}

void examples(Mdoc& out, const std::vector<Example>& list) {
    if (list.empty()) return;
    out.macro("Sh", "EXAMPLES");
    for (const Example& example : list) {
        if (&example != &list.front()) out.macro("Pp");
        std::string comment = capital(std::string(example.comment));
        if (example.exit != Exit::yes)
            comment +=
                (comment.empty() ? "exit status " : "; exit status ") + std::to_string(static_cast<int>(example.exit));
        const bool closed = !comment.empty() && (comment.back() == '?' || comment.back() == '.');
        out.text(comment + (closed ? "" : ":"));
        out.literal(example.command);
    }
}

void see_also(Mdoc& out, const std::vector<std::string>& names) {
    out.macro("Sh", "SEE ALSO");
    for (const std::string& name : names) out.macro("Xr", name + " 1" + (&name == &names.back() ? "" : " ,"));
}

std::string_view text_of_format(std::string_view command, std::string_view format) {
    const std::string special = std::string(command) + " " + std::string(format);
    std::string_view text = "Without a description.";
    for (const Described& entry : kFormats) {
        if (entry.name == format || entry.name == special) text = entry.text;
    }
    return text;
}

void formats(Mdoc& out, const Command& command) {
    if (command.formats.empty()) return;
    out.macro("Sh", "FORMATS");
    out.text("`--format` names the format of the report; the first of these is the default. With `--format "
             "json:report.json` it goes into "
             "a file, so that several formats can be written at once.");
    out.macro("Bl", "-tag -width Ds");
    for (const std::string_view format : command.formats) {
        out.macro("It", "Cm " + mdoc_word(format));
        out.text(text_of_format(command.name, format));
    }
    out.macro("El");
}

} // namespace

std::string man_page(const DeclaredCommand& declared) {
    const Command& command = declared.command;
    const std::string name = "jwtdomain-" + std::string(command.name);
    Mdoc out = begin(name, command.summary);
    out.macro("Sh", "SYNOPSIS").macro("Nm", "jwtdomain " + std::string(command.name)).macro("Op", "Ar OPTIONS");
    for (const ArgumentSpec& argument : declared.declaration.arguments) {
        const bool many = std::holds_alternative<std::vector<std::string>*>(argument.target);
        out.macro("Op", "Ar " + mdoc_word(argument.name) + (many ? " ..." : ""));
    }
    out.macro("Sh", "DESCRIPTION")
        .text(command.description.empty() ? std::string(command.summary) + "." : std::string(command.description));
    if (!declared.declaration.arguments.empty()) {
        out.macro("Pp").text("The arguments are as follows:").macro("Bl", "-tag -width Ds");
        for (const ArgumentSpec& argument : declared.declaration.arguments) {
            out.macro("It", "Ar " + mdoc_word(argument.name)).text(with_capital(argument.help) + ".");
        }
        out.macro("El");
    }
    out.macro("Sh", "OPTIONS");
    const auto& all = declared.declaration.options;
    if (std::any_of(all.begin(), all.end(), [](const OptionSpec& option) { return !option.common; })) {
        options(out, declared.declaration, false);
        out.macro("Pp");
    }
    out.text("Options that all commands have:");
    options(out, declared.declaration, true);
    formats(out, command);
    surroundings(out);
    exit_status(out);
    examples(out, command.examples);
    std::vector<std::string> related{"jwtdomain"};
    for (const Command* other : commands()) {
        const bool near = other->group == command.group || other->name == "explain";
        if (other != &command && near && !other->hidden()) related.push_back("jwtdomain-" + std::string(other->name));
    }
    std::sort(related.begin(), related.end());
    see_also(out, related);
    return out.take();
}

std::vector<Example> program_examples() {
    return {{"Two domains, each with an issuer, an audience and a key of its own",
             "jwtdomain init --domain staging --domain prod"},
            {"A token of staging", "jwtdomain issue --domain staging --subject alice >staging.jwt"},
            {"It is accepted at home", "jwtdomain verify --domain staging @staging.jwt"},
            {"It is refused next door, with every reason", "jwtdomain verify --domain prod @staging.jwt", Exit::no},
            {"What one of the reasons means", "jwtdomain explain iss-mismatch"}};
}

std::string program_man_page() {
    Mdoc out = begin("jwtdomain", "prove, mint and verify domain-bound JSON Web Tokens");
    out.macro("Sh", "SYNOPSIS").macro("Nm", "jwtdomain").macro("Ar", "COMMAND").macro("Op", "Ar OPTIONS");
    out.macro("Sh", "DESCRIPTION");
    out.text("Can a token minted for one domain be used in another? A domain is a security zone: an environment, a "
             "tenant, a region, or one "
             "inside another (`prod/tenant-a`). What each domain's issuer, audiences, keys and resources are is "
             "declared in a policy, a "
             "directory that is committed; `jwtdomain explain policy` describes it.\n\n"
             "A token is given as an argument, as `@FILE`, or on standard input (`-`, and by itself where standard "
             "input is a pipe). White "
             "space around it and a leading `Bearer` are dropped. Secrets are never given on the command line but by "
             "their place: "
             "`prompt`, `env:NAME`, `file:PATH`, `fd:N` or `stdin`.\n\n"
             "Reports go to standard output, with the verdict in the first line; diagnostics go to standard error. "
             "Nothing uses the network "
             "unless an option or the policy asks for it.");
    out.macro("Sh", "COMMANDS");
    std::string_view group;
    for (const Command* command : commands()) {
        if (command->hidden()) continue;
        if (command->group != group) {
            if (!group.empty()) out.macro("El");
            group = command->group;
            out.macro("Ss", mdoc_word(group)).macro("Bl", "-tag -width Ds");
        }
        out.macro("It", "Cm " + mdoc_word(command->name)).text(std::string(command->summary) + ".");
    }
    if (!group.empty()) out.macro("El");
    out.macro("Sh", "OPTIONS").text("Options that all commands have:");
    Declaration common;
    CommonOptions unused;
    declare_common(common, unused);
    options(out, common, true);
    out.macro("Pp").text("Without a command:").macro("Bl", "-tag -width Ds");
    out.macro("It", "Fl V , Fl \\-version").text("Say which version this is.").macro("El");
    surroundings(out);
    exit_status(out);
    examples(out, program_examples());
    std::vector<std::string> pages;
    for (const Command* command : commands()) {
        if (!command->hidden()) pages.push_back("jwtdomain-" + std::string(command->name));
    }
    std::sort(pages.begin(), pages.end());
    see_also(out, pages);
    return out.take();
}

} // namespace jwtdomain::cli
