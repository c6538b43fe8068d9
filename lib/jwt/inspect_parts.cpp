#include <algorithm>
#include <map>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/salvage.h"
#include "jwtdomain/jwt/spot.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::inspect::detail {
namespace {

// A token that is all of the payload, perhaps written as a JSON string; empty if there is none.
std::string token_in(std::string_view payload) {
    std::string text(trim_token(payload));
    json::Document document;
    if (!text.empty() && text.front() == '"' && !document.parse(text)) text = std::string(document.root().text());
    const auto spotted = spot_token(text);
    return spotted && spotted->begin == 0 && spotted->end == text.size() ? text : std::string();
}

std::string duplicate_in(json::Value value) {
    std::map<std::string_view, json::Value> seen;
    for (const json::Member& member : value) {
        if (std::string inner = duplicate_in(member.value); !inner.empty()) return inner;
        if (!value.is(json::Kind::object)) continue;
        const auto [first, fresh] = seen.emplace(member.name, member.value);
        if (fresh) continue;
        const auto shown = [](json::Value v) {
            return v.is(json::Kind::string) ? "\"" + std::string(v.text().substr(0, 80)) + "\""
                                            : std::string(v.raw().substr(0, 80));
        };
        return "\"" + std::string(member.name.substr(0, 80)) + "\" is " + shown(first->second) + " and " +
               shown(member.value);
    }
    return {};
}

// Which name a JSON object, in base64url, has twice, and with which values.
std::optional<std::string> duplicate_name(std::string_view part) {
    std::string octets;
    json::Document document;
    if (base64url_decode(part, octets) != Base64Defect::none || document.parse(octets, kLimits)) return std::nullopt;
    std::string found = duplicate_in(document.root());
    return found.empty() ? std::nullopt : std::optional(std::move(found));
}

} // namespace

void add(Token& token, Reason reason, std::string detail) { token.findings.push_back({reason, std::move(detail)}); }

void drop(Token& token, Reason reason) {
    const auto is_it = [&](const Finding& f) { return f.reason == reason; };
    token.findings.erase(std::remove_if(token.findings.begin(), token.findings.end(), is_it), token.findings.end());
}

void settle(Token& token) {
    const auto before = [](const Finding& a, const Finding& b) { return a.reason < b.reason; };
    std::stable_sort(token.findings.begin(), token.findings.end(), before);
    const auto same = [](const Finding& a, const Finding& b) { return a.reason == b.reason && a.detail == b.detail; };
    token.findings.erase(std::unique(token.findings.begin(), token.findings.end(), same), token.findings.end());
}

Part read_json(std::string_view octets) {
    Part part{.present = true, .size = octets.size(), .json = {}, .whole = false, .text = {}};
    Salvaged salvaged = salvage_object(octets);
    part.json = std::move(salvaged.json);
    part.whole = salvaged.whole;
    if (part.json.empty()) part.text = octets.substr(0, kShownText);
    return part;
}

Part read_part(std::string_view base64, std::string& octets) {
    if (base64url_decode(base64, octets) != Base64Defect::none && !base64_decode_lenient(base64, octets)) {
        const auto* const bad = std::find_if_not(base64.begin(), base64.end(), is_base64_character);
        std::string_view good = base64.substr(0, static_cast<std::size_t>(bad - base64.begin()));
        good = good.substr(0, good.find('='));
        if (good.size() % 4 == 1) good.remove_suffix(1);
        base64_decode_lenient(good, octets);
    }
    return read_json(octets);
}

void observe_shape(Token& token, std::string_view header, std::string_view payload, std::string_view signature) {
    const std::string text = std::string(header) + "." + std::string(payload) + "." + std::string(signature);
    UnverifiedToken strict;
    strict.parse(text);
    for (Finding finding : strict.defects()) {
        if (finding.reason == Reason::token_too_large) continue; // the caller says of what size the token is
        const bool in_header = finding.reason == Reason::header_duplicate_name;
        if (in_header || finding.reason == Reason::claims_duplicate_name) {
            finding.detail = duplicate_name(in_header ? header : payload).value_or(finding.detail);
        }
        token.findings.push_back(std::move(finding));
    }
    UnverifiedToken lenient;
    lenient.parse(text, {.duplicates = json::Duplicates::last, .lenient_base64 = true});
    const bool is_jwe = token.form == Form::jwe || token.form == Form::jwe_json;
    for (const Finding& finding : lenient.header().defects) {
        if (!is_jwe || finding.reason != Reason::zip_present) token.findings.push_back(finding);
    }
}

void read_payload(Token& token, std::string_view octets, const Options& options) {
    const std::string nested = token_in(octets);
    if (octets.empty()) {
        token.payload = Payload::empty;
    } else if (nested.empty()) {
        const bool is_object = !token.claims.json.empty() || trim_token(octets).substr(0, 1) == "{";
        token.payload = is_object ? Payload::claims : Payload::other;
    } else {
        token.payload = Payload::token;
        token.claims.text.clear();
        drop(token, Reason::claims_not_json);
        drop(token, Reason::claims_not_object);
        add(token, Reason::nested_token, options.depth > 0 ? "" : "it is nested too deep to be shown");
        if (options.depth == 0) return;
        Options deeper = options;
        --deeper.depth;
        token.inner.push_back(inspect_compact(nested, deeper));
    }
}

void observe_disclosures(Token& token) {
    const Disclosed& disclosed = *token.disclosed;
    std::size_t number = 0;
    for (const Disclosure& d : disclosed.disclosures) {
        std::string which = "disclosure " + std::to_string(++number);
        if (!d.name.empty()) which += " (\"" + d.name.substr(0, 100) + "\")";
        if (!d.defect.empty()) add(token, Reason::disclosure_malformed, which + ": " + d.defect);
        if (!d.referenced && d.readable && disclosed.hash_known) add(token, Reason::disclosure_unreferenced, which);
    }
    for (const std::string& defect : disclosed.defects) add(token, Reason::disclosure_malformed, defect);
    if (!disclosed.hash_known) {
        add(token, Reason::disclosure_malformed,
            "_sd_alg is \"" + disclosed.hash.substr(0, 100) + "\", which is no hash that we know");
    }
}

std::string algorithm_of(const Part& header) {
    json::Document document;
    if (header.json.empty() || document.parse(header.json, kLimits)) return {};
    const auto alg = document.root().find("alg");
    return alg ? std::string(alg->text()) : std::string();
}

void finish(Token& token, const Options& options) {
    json::Document header, claims;
    if (token.header.json.empty() || header.parse(token.header.json, kLimits)) header.parse("{}");
    if (token.payload == Payload::claims && !token.claims.json.empty() && !claims.parse(token.claims.json, kLimits)) {
        const json::Value root = claims.root();
        Kind kind = kind_of(header.root(), &root);
        token.kind = std::move(kind.text);
        token.issuer_kind = issuer_kind_of(root);
        observe_claims(token, root, token.claims.whole, kind.expects, options);
        if (options.findings) observe_secrets(token, root);
    } else {
        token.kind = kind_of(header.root(), nullptr).text;
    }
    const bool is_jwe = token.form == Form::jwe || token.form == Form::jwe_json;
    if (!options.findings) return token.findings.clear();
    if (!token.header.json.empty()) observe_header(token, header.root(), is_jwe);
    settle(token);
}

} // namespace jwtdomain::inspect::detail
