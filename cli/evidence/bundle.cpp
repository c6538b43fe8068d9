#include "cli/evidence/bundle.h"

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/app/paths.h"
#include "cli/app/policy.h"
#include "cli/audit/accepted.h"
#include "cli/audit/options.h"
#include "cli/audit/proof.h"
#include "cli/evidence/manifest.h"
#include "jwtdomain/net/snapshot.h"

namespace jwtdomain::cli {
namespace {

// As they were read, so that they are what the verdict was made from.
Status copy_inputs(const ReadLog& log, const std::string& directory, Bundle& bundle) {
    for (const auto& [file, content] : log) {
        const std::string path = path_from(directory, file);
        if (path.rfind("../", 0) == 0 || path.front() == '/')
            return fail(Fault::invalid, path + " lies outside of the policy's directory, and cannot be kept with it",
                        "move it below " + directory);
        bundle.files.emplace(std::string(kInputs) + path, content);
    }
    return {};
}

} // namespace

Result<Bundle> make_bundle(Session& session, const BundleRequest& request) {
    ReadLog log;
    const policy::Reader reader = policy_reader(&log);
    const auto policy = policy::load(request.directory, reader);
    if (!policy) return tl::unexpected(policy.error());
    if (policy->domains.empty())
        return fail(Fault::no_input, "the policy has no domain", "add one: jwtdomain init --domain NAME");
    const audit::Estate estate = audit::make_estate(*policy, key_reader(session, *policy, reader), request.as_of);
    if (auto open = check_public(estate); !open) return tl::unexpected(open.error());
    EphemeralKeys keys;
    const audit::Findings findings = audit::prove(estate, keys);
    const auto rules = audit::check_rules({.estate = estate, .findings = findings});
    const auto certificate =
        audit::certify(estate, findings, request.options.against, inputs_of(session, log, request.directory));
    if (!certificate && certificate.error().fault == Fault::internal) return tl::unexpected(certificate.error());
    auto accepted = load_accepted(*policy, request.baseline, request.as_of, reader);
    if (!accepted) return tl::unexpected(accepted.error());
    Bundle bundle{.report = make_report(estate, findings, rules, keys, request.options, request.directory),
                  .files = {}};
    bundle.report.fetched = fetched_lines(session, request.as_of);
    accept(bundle.report, std::move(*accepted));
    if (request.baseline) bundle.files.emplace(kBaseline, std::move(log.extract(*request.baseline).mapped()));
    if (auto copied = copy_inputs(log, request.directory, bundle); !copied) return tl::unexpected(copied.error());
    if (!session.documents().answers().empty())
        bundle.files.emplace(kSnapshot, net::write_snapshot(session.documents().answers()));
    if (certificate) bundle.files.emplace(kCertificate, certificate->text);
    bundle.files.emplace(kManifest, manifest_of(estate, bundle.report, inputs_of(session, log, request.directory),
                                                certificate.has_value()));
    bundle.files.emplace("audit.json", to_json(bundle.report));
    bundle.files.emplace("matrix.csv", matrix_csv(bundle.report));
    bundle.files.emplace("findings.csv", findings_csv(bundle.report));
    bundle.files.emplace("index.html", to_html(bundle.report));
    return bundle;
}

Result<ManifestHead> read_manifest(std::string_view text, const std::string& file) {
    const auto refuse = [&] {
        return fail({.fault = Fault::invalid,
                     .message = "this is no evidence, or of a version that is not known",
                     .where = {file, 0, 0},
                     .hint = "make some: jwtdomain evidence make DIR"});
    };
    const auto json = strict_json_value(text);
    if (!json.is_object() || json.value("format", "") != "jwtdomain evidence" || json.value("version", 0) != 1)
        return refuse();
    ManifestHead out;
    const auto options = json.value("options", nlohmann::ordered_json::object());
    if (!options.is_object()) return refuse();
    const auto word = [](const nlohmann::ordered_json& object, const char* name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const auto against = audit::find_attacker(word(options, "against"));
    const auto require = find_evidence(word(options, "require"));
    const auto fail_on = find_severity(word(options, "fail_on"));
    const auto as_of = parse_time(word(json, "time"));
    if (!against || !require || !fail_on || !as_of) return refuse();
    out.options = {.against = *against, .require = *require, .min_depth = {}, .fail_on = *fail_on};
    if (const auto depth = options.find("min_depth"); depth != options.end() && depth->is_number_unsigned())
        out.options.min_depth = depth->get<unsigned>();
    out.as_of = *as_of;
    out.verdict = word(json, "verdict");
    return out;
}

} // namespace jwtdomain::cli
