#include "jwtdomain/audit/witness_case.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/mint.h"

namespace jwtdomain::audit {
namespace {

using Json = nlohmann::ordered_json;
using SignedBy = WitnessCase::SignedBy;

constexpr std::array<std::string_view, 3> kSignedBy{"nobody", "shared-key", "added-key"};
constexpr std::string_view kAttackerKid = "attacker";

std::string thumbprint_of(const accept::KeyUse& use) {
    const auto* key = std::get_if<PublicKey>(&use.key);
    return key ? key->thumbprint() : std::string();
}

std::optional<std::string> kid_of(const std::string& header) {
    json::Document document;
    if (document.parse(header)) return std::nullopt;
    const auto kid = document.root().find("kid");
    return kid && kid->is(json::Kind::string) ? std::optional<std::string>(kid->text()) : std::nullopt;
}

// The key of the path that the case is signed with; of HMAC secrets, which have no thumbprint to keep, the one of that
// kid, else the first.
std::size_t find_key(const accept::Signing& signing, const WitnessCase& witness) {
    const auto kid = witness.thumbprint.empty() ? kid_of(witness.header) : std::nullopt;
    std::size_t first = signing.keys.size();
    for (std::size_t i = 0; i < signing.keys.size(); ++i) {
        if (thumbprint_of(signing.keys[i]) != witness.thumbprint) continue;
        if (!kid || signing.keys[i].kid == kid) return i;
        first = std::min(first, i);
    }
    return first;
}

// The same claims, as long-lived as they were, from now on.
std::string claims_at(const std::string& claims, Time now) {
    Json json = Json::parse(claims, nullptr, false);
    if (!json.is_object()) return claims;
    const auto number = [&](const char* name) -> std::optional<Time> {
        return json.contains(name) && json[name].is_number_integer() ? std::optional<Time>(json[name].get<Time>())
                                                                     : std::nullopt;
    };
    const auto issued = number("iat"), expires = number("exp");
    if (expires) json["exp"] = now + (issued ? *expires - *issued : 60);
    if (issued) json["iat"] = now;
    if (number("nbf")) json["nbf"] = now;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Algorithm> algorithm_of(const std::string& header, KeyType type) {
    json::Document document;
    if (document.parse(header)) return std::nullopt;
    const auto name = document.root().find("alg");
    return name ? algorithm_on_key(name->text(), type) : std::nullopt;
}

// Keys of the path that the source holds now, beside the one of the case: names and keys change, and what is shared
// stays so.
std::vector<std::size_t> keys_to_try(const Estate& estate, const accept::Path& path, const WitnessCase& witness) {
    const accept::Signing& signing = path.signing;
    if (witness.signed_by != SignedBy::shared_key) return {signing.keys.size()};
    std::vector<std::size_t> out{find_key(signing, witness)};
    const auto& domains = estate.policy->domains;
    const auto source = std::find_if(domains.begin(), domains.end(),
                                     [&](const policy::Domain& domain) { return domain.name == witness.source; });
    if (source == domains.end()) return out;
    const std::vector<KeyIdentity>& held = estate.keys[static_cast<std::size_t>(source - domains.begin())].identities;
    const std::vector<KeyIdentity>& taken = estate.path_keys.at(&path).used;
    for (std::size_t k = 0; k < signing.keys.size(); ++k) {
        const auto same = [&](const KeyIdentity& key) { return same_key(key, taken[k]) == SameKey::yes; };
        if (k != out.front() && std::any_of(held.begin(), held.end(), same)) out.push_back(k);
    }
    return out;
}

// The header with the name of that key, and an algorithm that fits it.
std::string header_for(const std::string& header, const accept::KeyUse& use) {
    Json json = Json::parse(header, nullptr, false);
    if (!json.is_object()) return header;
    if (json.contains("kid") && use.kid) json["kid"] = *use.kid;
    const auto written = algorithm_of(header, type_of(use.key));
    const bool fits =
        written && std::find(use.algorithms.begin(), use.algorithms.end(), *written) != use.algorithms.end();
    if (!fits && !use.algorithms.empty()) json["alg"] = std::string(info(use.algorithms.front()).name);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The token of the case for one path, which gets a new key in the place of the one at `index`.
Result<std::string> token_for(accept::Path& path, const WitnessCase& witness, std::size_t index, Time now,
                              EphemeralKeys& keys) {
    accept::Signing& signing = path.signing;
    const bool there = index < signing.keys.size();
    const std::string header = there ? header_for(witness.header, signing.keys[index]) : witness.header;
    const std::string input = make_signing_input(header, claims_at(witness.claims, now));
    if (witness.signed_by == SignedBy::nobody) return input + ".";
    KeyType type = there ? type_of(signing.keys[index].key) : KeyType::p256;
    if (!there) { // not there, or to be added: any key that fits the algorithm
        for (const AlgorithmInfo& each : algorithms()) {
            if (algorithm_of(header, each.key) == each.algorithm) type = each.key;
        }
    }
    auto key = keys.of(type);
    if (!key) return tl::unexpected(key.error());
    const auto algorithm = algorithm_of(header, type);
    if (!algorithm) return fail(Fault::invalid, "its header names no algorithm");
    if (there) {
        signing.keys[index].key = verification_half(*key);
    } else if (witness.signed_by == SignedBy::added_key) {
        signing.source = accept::KeySource::keys;
        signing.keys.push_back({.key = verification_half(*key),
                                .algorithms = {*algorithm},
                                .kid = std::string(kAttackerKid),
                                .owner = {}});
    }
    return sign_compact(*key, *algorithm, input);
}

// Could the attacker still put a key into a source of the path?
bool still_controls(const Estate& estate, const accept::Path& path, const WitnessCase& witness) {
    if (path.signing.source == accept::KeySource::of_token) return true;
    const policy::Domain* const source = estate.policy->find(witness.source);
    return source && std::any_of(path.signing.origins.begin(), path.signing.origins.end(),
                                 [&](const auto& origin) { return controls(*source, origin); });
}

// Adds to the reasons, if it is not.
bool is_taken(const accept::Path& path, const std::string& token, Time now, Replay& out) {
    accept::PathEngine engine(path);
    UnverifiedToken parsed;
    parsed.parse(token, engine.reading());
    const accept::Outcome outcome = engine.evaluate(parsed, {.now = now});
    for (const Finding& finding : outcome.findings) {
        const std::string code(info(finding.reason).code);
        if (out.why.find(code) == std::string::npos) out.why += (out.why.empty() ? "" : ", ") + code;
    }
    if (!outcome.findings.empty() && outcome.findings.front().reason == Reason::keys_unavailable)
        out.outcome = Replay::Outcome::undecided;
    return outcome.verified.has_value();
}

} // namespace

WitnessCase case_of(const Estate& estate, const Crossing& crossing) {
    const Service& service = estate.services[crossing.service];
    WitnessCase out{.source = estate.name(crossing.source),
                    .domain = estate.name(service.domain),
                    .service = service.name,
                    .attacker = crossing.attacker,
                    .signed_by = SignedBy::shared_key,
                    .thumbprint = {},
                    .header = crossing.witness->header,
                    .claims = crossing.witness->claims};
    const TokenShape& shape = crossing.check.token;
    if (!shape.is_signed)
        out.signed_by = SignedBy::nobody;
    else if (shape.key == TokenShape::kNewKey)
        out.signed_by = SignedBy::added_key;
    else
        out.thumbprint = thumbprint_of(crossing.path->signing.keys[shape.key]);
    return out;
}

std::string write_case(const WitnessCase& witness) {
    Json out;
    out["version"] = 1;
    out["kind"] = "jwtdomain-witness";
    out["source"] = witness.source;
    out["domain"] = witness.domain;
    out["service"] = witness.service;
    out["attacker"] = name_of(witness.attacker);
    out["signed_by"] = kSignedBy[static_cast<std::size_t>(witness.signed_by)];
    if (!witness.thumbprint.empty()) out["thumbprint"] = witness.thumbprint;
    out["header"] = Json::parse(witness.header, nullptr, false);
    out["claims"] = Json::parse(witness.claims, nullptr, false);
    return out.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

Result<WitnessCase> parse_case(std::string_view text, const std::string& file) {
    const auto refuse = [&](std::string message) {
        return fail(Error{.fault = Fault::invalid, .message = std::move(message), .where = {.file = file}});
    };
    json::Document document;
    if (const json::Problem problem = document.parse(text))
        return refuse("not a witness: no JSON at octet " + std::to_string(problem.offset));
    const json::Value root = document.root();
    const auto member = [&](std::string_view name) {
        const auto value = root.is(json::Kind::object) ? root.find(name) : std::nullopt;
        return value ? std::string(value->is(json::Kind::object) ? value->raw() : value->text()) : std::string();
    };
    if (member("kind") != "jwtdomain-witness" || member("version") != "1")
        return refuse("not a witness that `jwtdomain audit --save-witnesses` has written");
    WitnessCase out{.source = member("source"), .domain = member("domain"), .service = member("service")};
    out.thumbprint = member("thumbprint");
    out.header = member("header");
    out.claims = member("claims");
    const auto attacker = find_attacker(member("attacker"));
    const auto* const how = std::find(kSignedBy.begin(), kSignedBy.end(), member("signed_by"));
    if (!attacker || how == kSignedBy.end() || out.service.empty() || out.header.empty() || out.claims.empty())
        return refuse("a witness with a member missing, or with an unknown attacker");
    out.attacker = *attacker;
    out.signed_by = static_cast<SignedBy>(how - kSignedBy.begin());
    return out;
}

Replay replay(const Estate& estate, const WitnessCase& witness, EphemeralKeys& keys) {
    const auto found = std::find_if(estate.services.begin(), estate.services.end(), [&](const Service& service) {
        return service.name == witness.service && estate.name(service.domain) == witness.domain;
    });
    if (found == estate.services.end())
        return {Replay::Outcome::undecided,
                "there is no service " + witness.service + " of " + witness.domain + " any more"};
    if (found->state == Service::State::open) return {Replay::Outcome::crosses, "it takes every request"};
    if (found->state != Service::State::guarded) return {Replay::Outcome::undecided, found->why};
    Replay out;
    for (const accept::Path& guarding : found->entry->paths) {
        if (witness.signed_by == SignedBy::added_key && !still_controls(estate, guarding, witness)) continue;
        for (const std::size_t index : keys_to_try(estate, guarding, witness)) {
            accept::Path path = guarding;
            const auto token = token_for(path, witness, index, estate.now, keys);
            if (!token) return {Replay::Outcome::undecided, describe(token.error())};
            if (is_taken(path, *token, estate.now, out)) return {Replay::Outcome::crosses, guarding.name};
        }
    }
    return out;
}

} // namespace jwtdomain::audit
