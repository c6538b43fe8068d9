#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/inspect/report.h"

namespace jwtdomain::cli {
namespace {

using nlohmann::ordered_json;

// JSON as JSON; as text if it holds what cannot be kept (a number beyond the range of double).
ordered_json value_of(const std::string& json) {
    ordered_json value = json_value(json);
    return value.is_null() && json != "null" ? ordered_json(json) : value;
}

ordered_json part_of(const inspect::Part& part) {
    ordered_json out;
    out["complete"] = part.whole;
    out["size"] = part.size;
    out["json"] = part.json.empty() ? ordered_json() : value_of(part.json);
    if (!part.text.empty()) out["text"] = part.text;
    return out;
}

void set(ordered_json& out, const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
}

ordered_json key_of(const inspect::WantedKey& key) {
    ordered_json out = ordered_json::object();
    set(out, "alg", key.algorithm);
    set(out, "kid", key.kid);
    set(out, "x5t", key.x5t);
    set(out, "x5t#S256", key.x5t_s256);
    set(out, "header_jwk_thumbprint", key.jwk_thumbprint);
    set(out, "bound_jkt", key.bound_jkt);
    set(out, "bound_x5t#S256", key.bound_x5t);
    return out;
}

ordered_json anomalies_of(const std::vector<Finding>& findings) {
    ordered_json out = ordered_json::array();
    for (const Finding& finding : findings) {
        ordered_json anomaly;
        anomaly["code"] = info(finding.reason).code;
        anomaly["message"] = info(finding.reason).sentence;
        if (!finding.detail.empty()) anomaly["detail"] = finding.detail;
        out.push_back(std::move(anomaly));
    }
    return out;
}

ordered_json disclosed_of(const Disclosed& disclosed) {
    ordered_json out;
    out["hash"] = disclosed.hash;
    out["undisclosed"] = disclosed.undisclosed;
    out["disclosures"] = ordered_json::array();
    for (const Disclosure& d : disclosed.disclosures) {
        ordered_json one;
        one["digest"] = d.digest;
        one["referenced"] = d.referenced;
        set(one, "place", d.place);
        set(one, "name", d.name);
        if (d.readable) one["value"] = value_of(d.value);
        set(one, "defect", d.defect);
        out["disclosures"].push_back(std::move(one));
    }
    return out;
}

ordered_json token_of(const inspect::Token& token) {
    ordered_json out;
    out["form"] = name_of(token.form);
    out["kind"] = token.kind;
    out["issuer_kind"] = token.issuer_kind;
    out["size"] = token.size;
    set(out, "fingerprint", token.fingerprint);
    out["key"] = key_of(token.key);
    if (token.issued) out["issued"] = format_time(*token.issued);
    if (token.starts) out["not_before"] = format_time(*token.starts);
    if (token.expires) out["expires"] = format_time(*token.expires);
    out["anomalies"] = anomalies_of(token.findings);
    if (token.header.present) out["header"] = part_of(token.header);
    out["payload"] = name_of(token.payload);
    if (token.claims.present && token.payload != inspect::Payload::token) out["claims"] = part_of(token.claims);
    out["signature_size"] = token.signature_size;
    for (const inspect::Signature& s : token.signatures) {
        ordered_json one;
        if (s.header.present) one["protected"] = part_of(s.header);
        if (s.unprotected.present) one["header"] = part_of(s.unprotected);
        one["size"] = s.size;
        out["signatures"].push_back(std::move(one));
    }
    if (token.disclosed) out["sd_jwt"] = disclosed_of(*token.disclosed);
    if (token.key_binding_covers) out["sd_jwt"]["key_binding_covers"] = *token.key_binding_covers;
    for (const inspect::Token& binding : token.key_binding) out["sd_jwt"]["key_binding"] = token_of(binding);
    for (const inspect::Token& inner : token.inner) out["inner"] = token_of(inner);
    return out;
}

} // namespace

std::string to_json(const InspectReport& r) {
    ordered_json out;
    out["version"] = 1;
    out["command"] = "inspect";
    out["verified"] = false;
    out["time"] = format_time(r.now);
    out["seen"] = ordered_json::array();
    for (const Seen& seen : r.seen) {
        ordered_json one;
        one["what"] = name_of(seen.wrapping);
        set(one, "detail", seen.detail);
        out["seen"].push_back(std::move(one));
    }
    out["more_tokens"] = r.more;
    out["policy_read"] = r.policy_read;
    out["domains"] = ordered_json::array();
    for (const DomainMatch& match : r.domains) {
        ordered_json one;
        one["name"] = match.name;
        one["by_issuer"] = match.issuer;
        one["by_domain_claim"] = match.claim;
        one["by_audience"] = match.audience;
        if (match.has_kid) one["has_wanted_kid"] = *match.has_kid;
        out["domains"].push_back(std::move(one));
    }
    out["token"] = token_of(r.token);
    return json_text(out);
}

} // namespace jwtdomain::cli
