#include <algorithm>
#include <filesystem>

#include "cli/app/command.h"
#include "cli/audit/options.h"
#include "cli/ci/plan.h"
#include "cli/gateway/export.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

struct Options {
    ExportOptions gateway;
    CiOptions ci;

    bool of_gateways() const {
        return gateway.domain || gateway.resource || gateway.keys_url || gateway.key_directory || gateway.write_keys ||
               !gateway.allow_loss.empty();
    }
    bool of_ci() const {
        return !ci.words.empty() || ci.type || !ci.targets.empty() || !ci.tokens.empty() || !ci.keys.empty() ||
               ci.fail_on;
    }
};

std::vector<std::string> target_names() {
    std::vector<std::string> out = gateway::exporter_names();
    for (std::string& name : ci_names()) out.push_back(std::move(name));
    return out;
}

void declare(Declaration& d, Options& options) {
    ExportOptions& o = options.gateway;
    CiOptions& ci = options.ci;
    d.arguments_list("DOMAIN=PATH", ci.words, "for CI: the configuration that guards the domain, to be audited too",
                     Completes::directory);
    d.choice("--to", "TARGET", target_names(), o.to, "what the configuration, or the job, is for");
    d.value("--domain,-d", "NAME", o.domain, "the domain whose tokens it is to accept (default: the only one)",
            Completes::domain);
    d.value("--resource", "URI", o.resource, "what it guards (default: all resources of the domain)");
    d.list("--allow-loss", "FIELD", o.allow_loss, "go on though the target cannot enforce this; several with commas");
    d.value("--keys-url", "URL", o.keys_url, "where the target fetches the key set (default: as the policy says)");
    d.value("--key-dir", "DIR", o.key_directory, "where key files lie on the machine of the target");
    d.value("--write-keys", "DIR", o.write_keys, "write the key files that it names there", Completes::directory);
    d.choice("--type", "TYPE", gateway::importer_names(), ci.type, "for CI: whose configurations these are");
    d.list("--target", "DOMAIN=TARGET", ci.targets, "for CI: what is probed (default: the resources of the policy)");
    d.list("--token", "DOMAIN=SOURCE", ci.tokens,
           "for CI: where the probe gets a good token: env:NAME, @FILE, cmd:PROGRAM");
    d.list("--key", "DOMAIN=SOURCE", ci.keys, "for CI: where it gets a private key: env:NAME, @FILE");
    d.choice("--fail-on", "SEVERITY", severity_names(), ci.fail_on,
             "for CI: the audit fails on findings from this severity up (default: high)");
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

Exit run_gateway(Session& session, ExportOptions options) {
    const auto fields = fields_of(options.allow_loss);
    if (!fields) return session.report(fields.error());
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

Exit run_ci(Session& session, const CiOptions& options, const std::string& to) {
    const auto plan = make_ci_plan(session, options);
    if (!plan) return session.report(plan.error());
    const std::string text = write_ci(*plan, to);
    return session.emit(Exit::yes, {{"text", [&] { return text; }}, {"json", [&] { return ci_json(*plan, to); }}});
}

Exit run(Session& session, const Options& given) {
    if (!given.gateway.to)
        return session.report({.fault = Fault::usage,
                               .message = "for what?",
                               .hint = "--to TARGET; there are: " + join(target_names(), ", ")});
    const std::string& to = *given.gateway.to;
    if (is_ci(to) ? given.of_gateways() : given.of_ci())
        return session.report(
            {.fault = Fault::usage,
             .message = is_ci(to) ? "--to " + to + " takes DOMAIN=PATH, --type, --target, --token, --key and --fail-on"
                                  : "DOMAIN=PATH, --type, --target, --token, --key and --fail-on are for CI",
             .hint = "--to " + join(ci_names(), ", --to ") + " are for CI"});
    return is_ci(to) ? run_ci(session, given.ci, to) : run_gateway(session, given.gateway);
}

} // namespace

extern const Command kExport{
    .name = "export",
    .group = "Isolation",
    .summary = "Write a gateway's configuration that enforces the policy, or a CI job",
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
        "padded base64, crit).\n\n"
        "`script` (POSIX sh), `github-actions` and `gitlab-ci` are jobs for CI: they audit the policy, audit it with "
        "the "
        "configurations of DOMAIN=PATH, and probe what runs, each though another has failed, and keep what was found "
        "as "
        "SARIF, JUnit and what the service shows. Paths are those of the working directory, which is to be the root of "
        "the repository. No secret stands in them: the probe gets keys and tokens as `--key` and `--token` say; "
        "without "
        "either, of each domain what is in the environment as JWTDOMAIN_KEY_NAME or JWTDOMAIN_TOKEN_NAME, NAME in "
        "capital letters.",
    .formats = {"text", "json"},
    .examples = {{"What of prod can Envoy not enforce?", "jwtdomain export --to envoy --domain prod", Exit::undecided},
                 {"A script for CI, and for here: audits, and a probe",
                  "jwtdomain export --to script --target prod=cmd:false -o ci.sh && sh ci.sh", Exit::undecided},
                 {"As a workflow of GitHub", "jwtdomain export --to github-actions -o jwtdomain.yml"}},
    .prepare = prepare<Options, declare, run>,
};

} // namespace jwtdomain::cli
