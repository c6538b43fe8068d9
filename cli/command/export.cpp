#include <algorithm>
#include <filesystem>

#include "cli/app/command.h"
#include "cli/gateway/export.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, ExportOptions& o) {
    d.choice("--to", "TARGET", gateway::exporter_names(), o.to, "what the configuration is for");
    d.value("--domain,-d", "NAME", o.domain, "the domain whose tokens it is to accept (default: the only one)",
            Completes::domain);
    d.value("--resource", "URI", o.resource, "what it guards (default: all resources of the domain)");
    d.list("--allow-loss", "FIELD", o.allow_loss, "go on though the target cannot enforce this; several with commas");
    d.value("--keys-url", "URL", o.keys_url, "where the target fetches the key set (default: as the policy says)");
    d.value("--key-dir", "DIR", o.key_directory, "where key files lie on the machine of the target");
    d.value("--write-keys", "DIR", o.write_keys, "write the key files that it names there", Completes::directory);
}

std::vector<std::string> words_of(const std::string& list) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        out.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

Result<std::vector<std::string>> fields_of(const std::vector<std::string>& given) {
    const auto known = gateway::loss_words();
    std::vector<std::string> out;
    for (const std::string& list : given) {
        for (const std::string& word : words_of(list)) {
            if (std::find(known.begin(), known.end(), word) == known.end()) {
                const std::vector<std::string> words(known.begin(), known.end());
                return fail(Fault::usage, "--allow-loss \"" + word + "\" is nothing that can be lost",
                            did_you_mean(word, words) + "there are: " + join(words, ", "));
            }
            out.push_back(word);
        }
    }
    return out;
}

Status write_key_files(const std::string& directory, const std::vector<gateway::KeyFile>& files) {
    for (const gateway::KeyFile& file : files) {
        const std::string path = std::filesystem::path(directory) / file.name;
        if (const Status done = store::write_file(path, file.text, store::Existing::replace); !done)
            return fail(done.error());
    }
    return {};
}

Exit run(Session& session, const ExportOptions& given) {
    if (!given.to)
        return session.report({.fault = Fault::usage,
                               .message = "for what?",
                               .hint = "--to TARGET; there are: " + join(gateway::exporter_names(), ", ")});
    const auto fields = fields_of(given.allow_loss);
    if (!fields) return session.report(fields.error());
    ExportOptions options = given;
    options.allow_loss = *fields;
    const auto report = make_export(session, options);
    if (!report) return session.report(report.error());
    if (options.write_keys) {
        if (const Status done = write_key_files(*options.write_keys, report->made.key_files); !done)
            return session.report(done.error());
    }
    return session.emit(Exit::yes,
                        {{"text", [&] { return report->made.text; }}, {"json", [&] { return to_json(*report); }}});
}

} // namespace

extern const Command kExport{
    .name = "export",
    .group = "Isolation",
    .summary = "Write a gateway's configuration that enforces the policy",
    .description =
        "Writes the part of a gateway's configuration that verifies tokens: the keys, issuer, audience and whatever "
        "else of the policy the target can ask for. What it cannot enforce is a loss: the command fails and says "
        "which, "
        "unless `--allow-loss` names it; the comments of the configuration name it again.\n\n"
        "Before it is printed the configuration is read back, as `describe` would, and must take the domain's own "
        "tokens. If the target cannot (it knows no such algorithm, or refuses such a type), the command says what to "
        "change instead.\n\n"
        "What can be lost: `keys`, `algorithms`, `type`, `issuer`, `audience`, `further-audiences` (a token that is "
        "for "
        "others as well), `expiry`, `lifetime`, `not-before`, `issued-at`, `leeway`, `domain` (the domain claim), "
        "`scopes`, `claims`, `trust` (tokens that a trust edge lets in are refused), `reading` (names that stand "
        "twice, "
        "padded base64, crit).",
    .formats = {"text", "json"},
    .examples = {{"What of prod can Envoy not enforce?", "jwtdomain export --to envoy --domain prod", Exit::undecided}},
    .prepare = prepare<ExportOptions, declare, run>,
};

} // namespace jwtdomain::cli
