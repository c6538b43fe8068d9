#include "jwtdomain/audit/blast_radius.h"

#include <algorithm>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/audit/check.h"

namespace jwtdomain::audit {
namespace {

bool about_signature(Reason reason) {
    return reason == Reason::signature_missing || reason == Reason::signature_length ||
           reason == Reason::signature_invalid;
}
bool about_beginning(Reason reason) { return reason == Reason::not_yet_valid || reason == Reason::iat_future; }

bool about_key(Reason reason) {
    return about_signature(reason) || reason == Reason::key_unknown || reason == Reason::key_missing ||
           reason == Reason::alg_key_mismatch;
}

// Others may take keys that are passed over here.
bool may_be_of_another_key(const accept::Path& path, const UnverifiedToken& token) {
    const auto kid = token.header().kid;
    return std::any_of(path.signing.passed_over.begin(), path.signing.passed_over.end(),
                       [&](const SkippedKey& key) { return !kid || key.kid.empty() || key.kid == *kid; });
}

template <class Test> bool only(const std::vector<Finding>& findings, Test test) {
    return !findings.empty() &&
           std::all_of(findings.begin(), findings.end(), [&](const Finding& f) { return test(f.reason); });
}

std::optional<Time> ends(const accept::Path& path, json::Value claims) {
    std::optional<Time> out = path.time.path_ends;
    const auto sooner = [&](Time time) { out = out ? std::min(*out, time) : time; };
    const accept::RegisteredClaims registered = accept::find_registered(claims, path.dialect.any_case);
    if (registered.exp && path.time.expiry != accept::Presence::unchecked) {
        if (const auto expires = accept::numeric_date(*registered.exp)) sooner(*expires + path.time.leeway);
    }
    return out;
}

std::string key_name(const accept::KeyUse* use) {
    if (!use) return {};
    if (use->kid) return *use->kid;
    const auto* key = std::get_if<PublicKey>(&use->key);
    return key ? key->thumbprint() : "an HMAC secret";
}

constexpr const char* kUnsaid = "it cannot be said";

Undecided not_known(const Estate& estate, std::size_t service) {
    const std::string& why = estate.services[service].why;
    return {service, why.empty() ? kUnsaid : why};
}

// Tokens of no form that an issuer gives them: the engine refuses them, and verifiers differ.
bool about_form(Reason reason) {
    switch (reason) {
    case Reason::header_duplicate_name:
    case Reason::header_invalid_utf8:
    case Reason::crit_malformed:
    case Reason::zip_present:
    case Reason::kid_malformed:
    case Reason::typ_malformed:
    case Reason::claims_not_json:
    case Reason::claims_not_object:
    case Reason::claims_duplicate_name:
    case Reason::claims_invalid_utf8:
    case Reason::claims_too_deep:
    case Reason::iss_malformed:
    case Reason::aud_malformed:
    case Reason::domain_malformed:
    case Reason::exp_malformed:
    case Reason::exp_negative:
    case Reason::nbf_malformed:
    case Reason::iat_malformed:
    case Reason::claim_malformed:
    case Reason::scope_malformed: return true;
    default: return false;
    }
}

// A text with a NUL in it ends there to verifiers in C, and some compare names as they are escaped.
bool is_read_in_several_ways(json::Value claims) {
    const std::string_view text = claims.raw();
    if (text.find("\\u0000") != std::string_view::npos) return true;
    for (const json::Member& member : claims) {
        const std::size_t at = member.name_offset - claims.offset() + 1; // after the quotation mark
        if (text.substr(at, member.name.size()) != member.name) return true;
    }
    return false;
}

struct Answer {
    std::optional<Opening> opening;
    bool later = false, undecided = false, revoked = false;
    std::string form; // that is read in several ways; empty: it is not for that that it is refused
};

// A token whose signature was cut off still has two parts: an empty third makes its claims readable.
std::string with_three_parts(std::string_view token) {
    std::string text(token);
    if (std::count(text.begin(), text.end(), '.') == 1) text += '.';
    return text;
}

Answer ask(accept::PathEngine& engine, std::string_view token, const accept::Context& context) {
    Answer out;
    const accept::Path& path = engine.path();
    UnverifiedToken parsed;
    std::string unsigned_one; // which `parsed` may refer to
    if (!parsed.parse(token, engine.reading()) && parsed.has_claims()) {
        // Its signature was cut, or grew, and cannot be decoded any more.
        unsigned_one = std::string(parsed.signing_input()) + ".";
        parsed.parse(unsigned_one, engine.reading());
    }
    const accept::Outcome outcome = engine.evaluate(parsed, context);
    const bool whole = outcome.verified.has_value();
    if (whole || (only(outcome.findings, about_signature) && parsed.has_claims())) {
        // A signature that is there, as long as it should be, and wrong, is no signature at all.
        const bool wrong = !whole && outcome.findings.front().reason == Reason::signature_invalid;
        if (wrong) {
            out.undecided = may_be_of_another_key(path, parsed);
            return out;
        }
        Opening opening{.path = &path, .verified = whole, .until = ends(path, parsed.claims())};
        opening.use = whole ? outcome.verified->key() : nullptr;
        opening.key = whole ? key_name(outcome.verified->key()) : std::string(parsed.header().kid.value_or(""));
        out.opening = std::move(opening);
        return out;
    }
    const auto has = [&](Reason reason) {
        return std::any_of(outcome.findings.begin(), outcome.findings.end(),
                           [&](const Finding& f) { return f.reason == reason; });
    };
    out.revoked = outcome.findings.size() == 1 && has(Reason::revoked);
    out.later = only(outcome.findings, [](Reason r) { return about_beginning(r) || about_signature(r); });
    out.undecided = only(outcome.findings, [](Reason r) { return r == Reason::keys_unavailable; }) ||
                    (only(outcome.findings, about_key) && may_be_of_another_key(path, parsed));
    const auto of_form = [](const Finding& finding) { return about_form(finding.reason); };
    const auto first = std::find_if(outcome.findings.begin(), outcome.findings.end(), of_form);
    if (first != outcome.findings.end() && only(outcome.findings, about_form))
        out.form = info(first->reason).code;
    else if (parsed.has_claims() && is_read_in_several_ways(parsed.claims()) &&
             only(outcome.findings, [](Reason reason) { return info(reason).stage == Stage::claims; }))
        out.form = "a NUL, or an escaped name";
    return out;
}

} // namespace

accept::PathEngine& Engines::of(const accept::Path& path) { return made_.try_emplace(&path, path).first->second; }

BlastRadius blast_radius(const Estate& estate, std::string_view text, const accept::Context& context,
                         std::optional<std::size_t> domain, Engines* engines) {
    Engines own;
    accept::CheckedSignatures checked;
    const std::string token = with_three_parts(text);
    accept::Context asked = context;
    if (!asked.checked) asked.checked = &checked;
    if (!estate.policy_only) asked.revocations = nullptr; // our own verifier reads that list, and gateways do not
    BlastRadius out;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const Service& service = estate.services[s];
        if (domain && service.domain != *domain) continue;
        if (!is_known(service.state)) {
            out.undecided.push_back(not_known(estate, s));
            continue;
        }
        bool accepted = false, later = false, undecided = false;
        std::string form;
        for (const accept::Path& path : service.entry->paths) {
            Answer answer = ask((engines ? *engines : own).of(path), token, asked);
            out.revoked = out.revoked || answer.revoked;
            later = later || answer.later;
            undecided = undecided || answer.undecided || (!path.exact() && answer.opening);
            // A configuration was read as its program would; what we say of our own verifiers is what they do.
            if (form.empty() && service.evidence != Evidence::policy) form = std::move(answer.form);
            if (!answer.opening) continue;
            answer.opening->service = s;
            // Of several paths the one that takes it longest.
            if (!accepted) {
                out.openings.push_back(std::move(*answer.opening));
            } else if (auto& until = out.openings.back().until;
                       until && (!answer.opening->until || *answer.opening->until > *until)) {
                out.openings.back() = std::move(*answer.opening);
            }
            accepted = true;
        }
        if (accepted) continue;
        if (later)
            out.later.push_back(s);
        else if (undecided)
            out.undecided.push_back({s, kUnsaid});
        else if (!form.empty())
            out.undecided.push_back({s, "verifiers differ about tokens of such a form (" + form + ")"});
    }
    return out;
}

BlastRadius blast_radius(const Estate& estate, const std::vector<KeyIdentity>& keys) {
    BlastRadius out;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const Service& service = estate.services[s];
        if (!is_known(service.state)) out.undecided.push_back(not_known(estate, s));
        if (service.state != Service::State::guarded) continue; // what is open needs no key
        std::optional<Opening> best;
        bool undecided = false;
        for (const accept::Path& path : service.entry->paths) {
            undecided = undecided || path.signing.source == accept::KeySource::unresolved;
            const auto look = [&](const KeyIdentity& taken, bool used, std::string name) {
                SameKey same = SameKey::no;
                for (const KeyIdentity& key : keys) same = std::max(same, same_key(key, taken));
                if (same == SameKey::no || check_satisfiable(estate, path).separated()) return;
                if (best && best->verified) return;
                best = Opening{.service = s,
                               .path = &path,
                               .verified = used && same == SameKey::yes,
                               .key = std::move(name),
                               .until = path.time.path_ends};
            };
            const PathKeys& held = estate.path_keys.at(&path);
            for (std::size_t k = 0; k < held.used.size(); ++k)
                look(held.used[k], true, key_name(&path.signing.keys[k]));
            for (std::size_t k = 0; k < held.passed_over.size(); ++k)
                look(held.passed_over[k], false, path.signing.passed_over[k].kid);
        }
        if (best)
            out.openings.push_back(std::move(*best));
        else if (undecided)
            out.undecided.push_back({s, kUnsaid});
    }
    return out;
}

} // namespace jwtdomain::audit
