#include "jwtdomain/audit/canonical.h"

#include "jwtdomain/jwt/token.h"

namespace jwtdomain::audit::canonical {
namespace {

using accept::AudienceComparison;
using accept::ClaimShape;
using accept::ClaimTest;
using accept::KeySource;
using accept::KidRule;
using accept::Match;
using accept::Presence;

const char* name_of(Match match) {
    switch (match) {
    case Match::equal: return "equal";
    case Match::prefix: return "prefix";
    case Match::suffix: return "suffix";
    case Match::contains: return "contains";
    case Match::glob: return "glob";
    case Match::regex: return "regex";
    }
    return "";
}

const char* name_of(KeySource source) {
    switch (source) {
    case KeySource::keys: return "keys";
    case KeySource::unresolved: return "unresolved";
    case KeySource::of_token: return "of-token";
    case KeySource::none: return "none";
    }
    return "";
}

const char* name_of(KidRule rule) {
    switch (rule) {
    case KidRule::must_match: return "must-match";
    case KidRule::hint: return "hint";
    case KidRule::ignored: return "ignored";
    }
    return "";
}

const char* name_of(AudienceComparison comparison) {
    switch (comparison) {
    case AudienceComparison::exact: return "exact";
    case AudienceComparison::without_scheme_and_slash: return "without-scheme-and-slash";
    case AudienceComparison::without_slash: return "without-slash";
    }
    return "";
}

const char* name_of(Presence presence) {
    switch (presence) {
    case Presence::required: return "required";
    case Presence::optional: return "optional";
    case Presence::unchecked: return "unchecked";
    }
    return "";
}

const char* name_of(ClaimShape shape) {
    switch (shape) {
    case ClaimShape::scalar: return "scalar";
    case ClaimShape::list: return "list";
    case ClaimShape::words: return "words";
    }
    return "";
}

const char* name_of(ClaimTest test) {
    switch (test) {
    case ClaimTest::present: return "present";
    case ClaimTest::absent: return "absent";
    case ClaimTest::in: return "in";
    case ClaimTest::has_any: return "has-any";
    case ClaimTest::has_all: return "has-all";
    case ClaimTest::all_in: return "all-in";
    }
    return "";
}

const char* name_of(json::Duplicates duplicates) {
    switch (duplicates) {
    case json::Duplicates::reject: return "reject";
    case json::Duplicates::first: return "first";
    case json::Duplicates::last: return "last";
    }
    return "";
}

template <class Value> Json or_null(const std::optional<Value>& value) { return value ? Json(*value) : Json(); }

Json names_of(const std::vector<Algorithm>& algorithms) {
    Json out = Json::array();
    for (const Algorithm algorithm : algorithms) out.push_back(info(algorithm).name);
    return out;
}

void put_key(Json& out, const VerificationKey& key) {
    out["type"] = jwtdomain::name_of(type_of(key));
    if (const auto* open = std::get_if<PublicKey>(&key)) out["thumbprint"] = open->thumbprint();
}

Json json_of(const accept::KeyUse& use) {
    Json out;
    put_key(out, use.key);
    out["algorithms"] = names_of(use.algorithms);
    out["kid"] = or_null(use.kid);
    out["owner"] = use.owner;
    out["aliases"] = Json::array();
    for (const std::string& alias : use.aliases) out["aliases"].push_back(fingerprint(alias));
    out["issuer"] = or_null(use.issuer);
    return out;
}

Json json_of(const accept::Signing& signing) {
    Json out;
    out["source"] = name_of(signing.source);
    out["keys"] = Json::array();
    for (const accept::KeyUse& use : signing.keys) out["keys"].push_back(json_of(use));
    out["algorithms"] = signing.algorithms ? names_of(*signing.algorithms) : Json();
    out["kid"] = name_of(signing.kid);
    out["origins"] = Json::array();
    for (const accept::KeyOrigin& origin : signing.origins)
        out["origins"].push_back({{"location", origin.location},
                                  {"owner", origin.owner},
                                  {"by_issuer", origin.by_issuer},
                                  {"named_by", origin.named_by},
                                  {"metadata_issuer", or_null(origin.metadata_issuer)}});
    return out;
}

Json json_of(const accept::TypeRule& rule) {
    return {{"any", rule.any}, {"allowed", rule.allowed}, {"absent_ok", rule.absent_ok}};
}

Json json_of(const accept::IssuerRule& rule) {
    return {{"allowed", canonical::json_of(rule.allowed)}, {"except", rule.except}, {"absent_ok", rule.absent_ok}};
}

Json json_of(const accept::AudienceRule& rule) {
    return {{"any", rule.any},
            {"must_be_absent", rule.must_be_absent},
            {"any_of", canonical::json_of(rule.any_of)},
            {"all_of", rule.all_of},
            {"subset_of", or_null(rule.subset_of)},
            {"absent_ok", rule.absent_ok},
            {"empty_ok", rule.empty_ok},
            {"string_only", rule.string_only},
            {"comparison", name_of(rule.comparison)},
            {"fallback_claims", rule.fallback_claims}};
}

Json json_of(const accept::TimeRule& rule) {
    return {{"expiry", name_of(rule.expiry)},
            {"negative_expiry_ok", rule.negative_expiry_ok},
            {"zero_expiry_absent", rule.zero_expiry_absent},
            {"malformed_absent", rule.malformed_absent},
            {"not_before", rule.not_before},
            {"issued_at", rule.issued_at},
            {"longest_life", or_null(rule.longest_life)},
            {"longest_remaining", or_null(rule.longest_remaining)},
            {"leeway", rule.leeway},
            {"path_ends", or_null(rule.path_ends)}};
}

Json json_of(const accept::ClaimRule& rule) {
    return {{"path", rule.path},
            {"shape", name_of(rule.shape)},
            {"test", name_of(rule.test)},
            {"values", canonical::json_of(rule.values)},
            {"absent_ok", rule.absent_ok}};
}

Json json_of(const accept::Dialect& dialect) {
    return {{"duplicates", name_of(dialect.duplicates)}, {"any_case", dialect.any_case},
            {"lenient_base64", dialect.lenient_base64},  {"issuer_array_ok", dialect.issuer_array_ok},
            {"ignores_crit", dialect.ignores_crit},      {"ignores_alg", dialect.ignores_alg},
            {"accepts_none", dialect.accepts_none},      {"accepts_encrypted", dialect.accepts_encrypted},
            {"accepts_json", dialect.accepts_json},      {"cache", dialect.cache}};
}

} // namespace

Json json_of(const accept::Strings& strings) {
    Json patterns = Json::array();
    for (const accept::Pattern& pattern : strings.patterns)
        patterns.push_back({{"match", name_of(pattern.match)}, {"text", pattern.text}});
    return {{"any", strings.any}, {"exact", strings.exact}, {"patterns", patterns}};
}

Json json_of(const accept::Path& path) {
    Json claims = Json::array();
    for (const accept::ClaimRule& rule : path.claims) claims.push_back(json_of(rule));
    return {{"name", path.name},
            {"signing", json_of(path.signing)},
            {"typ", json_of(path.type)},
            {"iss", json_of(path.issuer)},
            {"aud", json_of(path.audience)},
            {"time", json_of(path.time)},
            {"claims", claims},
            {"principal", path.principal},
            {"anonymous", path.anonymous},
            {"signature_only", path.signature_only},
            {"dialect", json_of(path.dialect)},
            {"dropped", path.dropped}};
}

Json json_of(const Mintable& tokens, const Estate& estate) {
    Json claims = Json::array();
    for (const ClaimBound& bound : tokens.claims)
        claims.push_back({{"path", bound.path},
                          {"values", json_of(bound.values)},
                          {"absent_ok", bound.absent_ok},
                          {"fixed", bound.fixed},
                          {"minted", bound.minted}});
    return {{"holder", estate.name(tokens.holder)},
            {"issuer", estate.name(tokens.issuer)},
            {"attacker", audit::name_of(tokens.attacker)},
            {"exchanges", tokens.route},
            {"free", tokens.free},
            {"described", tokens.described},
            {"typed", tokens.typed},
            {"typ", json_of(tokens.type)},
            {"iss", json_of(tokens.iss)},
            {"aud", json_of(tokens.audiences)},
            {"audience_absent_ok", tokens.audience_absent_ok},
            {"claims", claims},
            {"other_claims", tokens.other_claims},
            {"scope_claim", tokens.scope_claim}};
}

Json json_of(const Jwk& key) {
    Json out;
    put_key(out, key.key);
    out["kid"] = or_null(key.metadata.kid);
    return out;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

} // namespace jwtdomain::audit::canonical
