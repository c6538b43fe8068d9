#include "cli/audit/proof.h"

#include <fmt/format.h>

#include "cli/app/fetched_json.h"
#include "cli/app/json_text.h"
#include "cli/app/paths.h"
#include "cli/app/text.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostFile = audit::kMostCertificate * 4 / 3 + 4096; // in base64, with what stands around it
constexpr std::size_t kShown = 20;

// The certificate's text, and what is known of who signed it.
Result<std::string> unsealed(Session& session, const std::string& text, const std::optional<std::string>& keys,
                             ProofReport& report) {
    if (!looks_sealed(text)) {
        if (keys) {
            report.signature = Signature::bad;
            report.refusals.emplace_back("it is not signed, and --key asks for a signature");
        }
        return text;
    }
    auto envelope = open_envelope(text, report.file, kMostFile);
    if (!envelope) return tl::unexpected(envelope.error());
    if (envelope->type != kProofType)
        return fail({.fault = Fault::invalid,
                     .message = "what is signed is no certificate of isolation, but " + envelope->type,
                     .where = {report.file, 0, 0},
                     .hint = {}});
    const auto signature = signature_of(session, *envelope, keys);
    if (!signature) return tl::unexpected(signature.error());
    report.signature = *signature;
    if (report.signature == Signature::bad)
        report.refusals.push_back("its signature is not valid, or not of a key in " + *keys);
    return std::move(envelope->payload);
}

std::string_view person(audit::Attacker attacker) {
    switch (attacker) {
    case audit::Attacker::outsider: return "an outsider";
    case audit::Attacker::replay: return "a user";
    case audit::Attacker::insider: return "an insider";
    case audit::Attacker::stolen_key: return "the thief of a key";
    case audit::Attacker::hostile_issuer: return "the hostile issuer";
    }
    return {};
}

std::string sentence_of(const ProofReport& report, const audit::CertifiedService& service) {
    const audit::Certificate& certificate = report.certificate;
    std::string whose = "of another domain";
    if (!service.except.empty()) whose += fmt::format(" ({} excepted)", fmt::join(service.except, ", "));
    const std::string path = service.paths == 1 ? "its path" : fmt::format("its {} paths", service.paths);
    return fmt::format("no token that {} {} can get is accepted by {}", person(certificate.against), whose, path);
}

std::string_view word_of(Signature signature) {
    return signature == Signature::unchecked ? "not checked: give --key" : code_of(signature);
}

} // namespace

Status check_public(const audit::Estate& estate) {
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const Jwk& key : estate.keys[d].keys) {
            if (std::holds_alternative<HmacKey>(key.key) || key.had_private_members)
                return fail(Fault::invalid,
                            "the key set of " + estate.name(d) + " holds a secret, which others would be shown",
                            "publish public keys only: jwtdomain jwks --key FILE");
        }
    }
    for (const auto& [path, identities] : estate.path_keys) {
        for (const accept::KeyUse& use : path->signing.keys) {
            if (std::holds_alternative<HmacKey>(use.key))
                return fail(Fault::invalid,
                            "a verifier (" + path->name + ") holds a secret, which others would be shown",
                            "let it use public keys");
        }
    }
    if (estate.sets_hold_secrets)
        return fail(Fault::invalid,
                    "a key set that is read holds a private key or a secret, which others would be shown",
                    "replace the key, and publish public ones only: jwtdomain jwks --key FILE");
    return {};
}

std::vector<audit::Input> inputs_of(Session& session, const ReadLog& log, const std::string& directory) {
    std::vector<audit::Input> out;
    for (const auto& [path, content] : log) out.push_back({path_from(directory, path), fingerprint(content)});
    for (FetchedLine& line : fetched_lines(session, 0))
        out.push_back({std::move(line.url), std::move(line.sha256), line.confirmed});
    return out;
}

Result<ProofReport> check_proof(Session& session, const ProofCheck& asked) {
    ProofReport report;
    report.file = asked.file;
    const auto text = store::read_file(asked.file, kMostFile);
    if (!text) return tl::unexpected(text.error());
    const auto payload = unsealed(session, *text, asked.keys, report);
    if (!payload) return tl::unexpected(payload.error());
    if (asked.snapshot) {
        if (const Status used = use_snapshot(session, *asked.snapshot); !used) return tl::unexpected(used.error());
        report.kept = true;
    }
    auto certificate = audit::read_certificate(*payload, asked.file);
    if (!certificate) return tl::unexpected(certificate.error());
    report.certificate = std::move(*certificate);
    ReadLog log;
    const policy::Reader files = policy_reader(&log);
    const auto policy = load_guarded_policy(session, files);
    if (!policy) return tl::unexpected(policy.error());
    const audit::Estate estate =
        audit::make_estate(*policy, key_reader(session, *policy, files), report.certificate.as_of);
    const auto differences =
        audit::refusals(report.certificate, estate, inputs_of(session, log, policy->directory), session.now());
    if (!differences) return tl::unexpected(differences.error());
    report.fetched = fetched_lines(session, report.certificate.as_of);
    report.wants_fetched = !session.documents().answers().empty();
    report.refusals.insert(report.refusals.end(), differences->begin(), differences->end());
    return report;
}

std::string to_text(const ProofReport& report, bool color) {
    TextReport out(color);
    const audit::Certificate& certificate = report.certificate;
    const std::size_t services = certificate.services.size();
    if (report.valid())
        out.headline(Tone::good, "VALID",
                     fmt::format("{} service{} of {} domains isolated, against {}", services, services == 1 ? "" : "s",
                                 certificate.domains, name_of(certificate.against)));
    else
        out.headline(Tone::bad, "REFUSED", report.refusals.front());
    out.path("file", report.file);
    out.field("as of", format_time(certificate.as_of));
    if (certificate.expires) out.field("ends", format_time(*certificate.expires) + ", with a trust edge");
    out.field("signature", word_of(report.signature));
    for (const FetchedLine& line : report.fetched)
        out.field("fetched", line.url + ", as of " + format_time(line.confirmed));
    if (!report.valid()) {
        out.blank();
        for (const std::string& refusal : report.refusals) out.entry(Tone::bad, "differs", refusal);
        if (report.wants_fetched && !report.kept)
            out.blank().line("What is fetched was taken as it was fetched last: --snapshot FILE takes what was kept.");
        return out.take();
    }
    out.blank();
    for (std::size_t i = 0; i < services && i < kShown; ++i) {
        const audit::CertifiedService& service = certificate.services[i];
        const std::string name = service.name == service.domain ? service.name : service.name + " of " + service.domain;
        out.entry(Tone::good, "ISOLATED", name + ": " + sentence_of(report, service));
    }
    if (services > kShown) out.line(fmt::format("and {} more", services - kShown));
    out.blank();
    out.line("It was worked out again from the policy, under the assumptions that `audit` prints.");
    return out.take();
}

std::string to_json(const ProofReport& report) {
    const audit::Certificate& certificate = report.certificate;
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "proof check";
    out["valid"] = report.valid();
    out["file"] = report.file;
    out["against"] = name_of(certificate.against);
    out["as_of"] = format_time(certificate.as_of);
    out["expires"] =
        certificate.expires ? nlohmann::ordered_json(format_time(*certificate.expires)) : nlohmann::ordered_json();
    out["signature"] = code_of(report.signature);
    if (!report.fetched.empty()) out["fetched"] = json_of(report.fetched);
    out["refusals"] = report.refusals;
    out["services"] = nlohmann::ordered_json::array();
    for (const audit::CertifiedService& service : certificate.services)
        out["services"].push_back({{"domain", service.domain},
                                   {"service", service.name},
                                   {"paths", service.paths},
                                   {"except", service.except}});
    return json_text(out);
}

} // namespace jwtdomain::cli
