#include <algorithm>

#include "jwtdomain/accept/header_keys.h"
#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/known_keys.h"
#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::KeySource;
using accept::KeyUse;

constexpr std::string_view kAttackerPlace = "attacker"; // in the place of a claim that says where keys are

std::string label(const KeyUse& use) {
    std::string text;
    if (use.kid)
        text = *use.kid;
    else if (const auto* key = std::get_if<PublicKey>(&use.key))
        text = key->thumbprint();
    else
        text = "a secret";
    return text + " (" + std::string(name_of(type_of(use.key))) + ")";
}

std::string keys_text(const std::vector<KeyUse>& keys) {
    std::vector<std::string> labels;
    labels.reserve(keys.size());
    for (const KeyUse& use : keys) labels.push_back(label(use));
    return text_of(labels);
}

// The first algorithm of the use under which the two are one key: of HMAC secrets it depends on the hash.
std::optional<Algorithm> common_algorithm(const VerificationKey& theirs, const KeyUse& use) {
    const auto* a = std::get_if<HmacKey>(&theirs);
    const auto* b = std::get_if<HmacKey>(&use.key);
    if (!a || !b) return use.algorithms.front();
    for (const Algorithm algorithm : use.algorithms) {
        if (a->identity_under(algorithm) == b->identity_under(algorithm)) return algorithm;
    }
    return std::nullopt;
}

void sign_with(const Problem& problem, std::size_t key, Algorithm algorithm) {
    TokenShape& token = problem.out.token;
    token.key = key;
    token.algorithm = algorithm;
    if (problem.path.signing.kid != accept::KidRule::ignored) token.kid = problem.path.signing.keys[key].kid;
}

bool controls_a_source(const Problem& problem) {
    const policy::Domain& domain = problem.estate.domain(problem.tokens.holder);
    const auto& origins = problem.path.signing.origins;
    return std::any_of(origins.begin(), origins.end(),
                       [&](const accept::KeyOrigin& origin) { return controls(domain, origin); });
}

// The token says where its key is.
void sign_with_its_own(const Problem& problem) {
    problem.out.token.key = TokenShape::kNewKey;
    for (const accept::KeyOrigin& origin : problem.path.signing.origins) {
        if (origin.named_by.empty() || origin.named_by == "iss" || accept::is_of_header(origin.named_by)) continue;
        problem.out.token.claims.push_back(
            {.path = policy::parse_claim_path(origin.named_by).value_or(std::vector<std::string>{origin.named_by}),
             .values = {std::string(kAttackerPlace)}});
    }
}

// Is its secret half published, or widely known? Perhaps: only in another reading of one of the two.
SameKey published(const Estate& estate, const KeyIdentity& identity) {
    const auto any_of = [](const std::vector<std::string>& ids, const std::unordered_set<std::string>& known) {
        return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return known.count(id) != 0; });
    };
    if (any_of(identity.own, estate.published_secrets) || find_known_key({.own = identity.own, .others = {}}))
        return SameKey::yes;
    const bool perhaps = any_of(identity.own, estate.published_readings) ||
                         any_of(identity.others, estate.published_secrets) ||
                         any_of(identity.others, estate.published_readings) ||
                         find_known_key({.own = identity.others, .others = {}}) != nullptr;
    return perhaps ? SameKey::perhaps : SameKey::no;
}

// Can anybody sign with this key: is its secret half published, or to be guessed? Perhaps: also because it is short.
SameKey to_be_had_by_anybody(const Estate& estate, const VerificationKey& key, Algorithm algorithm,
                             const KeyIdentity& identity) {
    const SameKey found = published(estate, identity);
    const auto* pub = std::get_if<PublicKey>(&key);
    if (found == SameKey::yes || (pub && is_guessable(pub->identity()))) return SameKey::yes;
    const auto* secret = std::get_if<HmacKey>(&key);
    const auto weakness = secret ? weak_secret(secret->secret().expose(), algorithm) : std::nullopt;
    if (weakness == SecretWeakness::words || weakness == SecretWeakness::repetition) return SameKey::yes;
    return weakness ? SameKey::perhaps : found;
}

std::string may_be_taken(const SkippedKey& key) {
    return "the key " + (key.kid.empty() ? "number " + std::to_string(key.index + 1) : key.kid) +
           " of its set is not used here, and others may take it (" + key.why + ")";
}

void check_outsider(const Problem& problem) {
    const accept::Signing& signing = problem.path.signing;
    const auto& identities = problem.keys.used;
    std::string perhaps;
    for (std::size_t i = 0; i < signing.keys.size(); ++i) {
        if (signing.keys[i].issuer != problem.key_issuer) continue;
        const KeyUse& use = signing.keys[i];
        const SameKey same = to_be_had_by_anybody(problem.estate, use.key, use.algorithms.front(), identities[i]);
        if (same == SameKey::yes) return sign_with(problem, i, use.algorithms.front());
        if (same == SameKey::perhaps && perhaps.empty())
            perhaps = "the private half of " + label(use) + " may be published, or guessed";
    }
    const std::vector<KeyIdentity>& others = problem.keys.passed_over;
    for (std::size_t i = 0; i < others.size() && perhaps.empty(); ++i) {
        const SkippedKey& key = signing.passed_over[i];
        if (key.secret || is_guessable(key.identity) || published(problem.estate, others[i]) != SameKey::no)
            perhaps = may_be_taken(key) + "; its private half may be published, or guessed";
    }
    if (!perhaps.empty()) return problem.doubt(Field::signing, perhaps);
    if (!problem.estate.unread_secret.empty() && !signing.keys.empty())
        return problem.doubt(Field::signing,
                             "a private key that cannot be read is published in " + problem.estate.unread_secret);
    if (signing.source == KeySource::unresolved) return problem.doubt(Field::signing, signing.why);
    problem.separate(Field::signing, "no private key", keys_text(signing.keys));
}

void check_keys_of(const Problem& problem, const DomainKeys& theirs, const std::string& name) {
    const accept::Signing& signing = problem.path.signing;
    const auto& identities = problem.keys.used;
    std::string perhaps;
    for (std::size_t i = 0; i < signing.keys.size(); ++i) {
        const KeyUse& use = signing.keys[i];
        if (use.issuer != problem.key_issuer) continue;
        for (std::size_t k = 0; k < theirs.keys.size(); ++k) {
            const SameKey same = same_key(theirs.identities[k], identities[i]);
            if (same == SameKey::no) continue;
            const auto algorithm = same == SameKey::yes ? common_algorithm(theirs.keys[k].key, use) : std::nullopt;
            if (algorithm) return sign_with(problem, i, *algorithm);
            if (perhaps.empty())
                perhaps = "the key " + label(use) + " may be a key of " + name + ", written in another way";
        }
    }
    for (std::size_t i = 0; i < signing.keys.size() && perhaps.empty(); ++i) {
        if (signing.keys[i].issuer != problem.key_issuer) continue;
        for (const DomainKeys::Further& further : theirs.further) {
            if (same_key(further.identity, identities[i]) == SameKey::no) continue;
            perhaps = "the key " + label(signing.keys[i]) + " may be a key of " + name + ": " + further.why;
        }
    }
    const std::vector<KeyIdentity>& others = problem.keys.passed_over;
    for (std::size_t i = 0; i < others.size() && perhaps.empty(); ++i) {
        const auto is_theirs = [&](const KeyIdentity& key) { return same_key(key, others[i]) != SameKey::no; };
        const auto further = [&](const DomainKeys::Further& key) { return is_theirs(key.identity); };
        if (std::any_of(theirs.identities.begin(), theirs.identities.end(), is_theirs) ||
            std::any_of(theirs.further.begin(), theirs.further.end(), further))
            perhaps = may_be_taken(signing.passed_over[i]) + "; it may be a key of " + name;
    }
    if (!perhaps.empty()) return problem.doubt(Field::signing, perhaps);
    if (!theirs.unresolved.empty())
        return problem.doubt(Field::signing, "the keys of " + name + " are not known: " + theirs.unresolved);
    if (!theirs.unread.empty())
        return problem.doubt(Field::signing, "a key of " + name + " is not known: " + theirs.unread);
    if (signing.source == KeySource::unresolved) return problem.doubt(Field::signing, signing.why);
    std::vector<std::string> labels;
    for (const Jwk& key : theirs.keys)
        labels.push_back(label({.key = key.key, .algorithms = {}, .kid = key.metadata.kid, .owner = {}}));
    problem.separate(Field::signing, text_of(labels), keys_text(signing.keys));
}

} // namespace

void check_signing(const Problem& problem) {
    const Mintable& tokens = problem.tokens;
    const accept::Dialect& dialect = problem.path.dialect;
    const bool unchecked = problem.path.signing.source == KeySource::none;
    const bool unsigned_ok = dialect.accepts_none || dialect.accepts_encrypted;
    if (unchecked || (tokens.attacker == Attacker::outsider && unsigned_ok)) {
        problem.out.token.is_signed = false;
        return;
    }
    if (problem.path.signing.source == KeySource::of_token) return sign_with_its_own(problem);
    if (tokens.attacker == Attacker::outsider && tokens.route.empty()) return check_outsider(problem);
    if (tokens.attacker == Attacker::hostile_issuer && tokens.route.empty() && controls_a_source(problem)) {
        problem.out.token.key = TokenShape::kNewKey;
        return;
    }
    check_keys_of(problem, problem.estate.keys[tokens.issuer], problem.estate.name(tokens.issuer));
}

} // namespace jwtdomain::audit::detail

namespace jwtdomain::audit {

SameKey is_public(const Estate& estate, const DomainKeys& keys) {
    SameKey out = SameKey::no;
    for (std::size_t k = 0; k < keys.keys.size(); ++k) {
        const Jwk& key = keys.keys[k];
        out = std::max(out, detail::to_be_had_by_anybody(estate, key.key, hmac_algorithm(key), keys.identities[k]));
    }
    const bool further = std::any_of(keys.further.begin(), keys.further.end(), [&](const DomainKeys::Further& key) {
        return detail::published(estate, key.identity) != SameKey::no;
    });
    const bool skipped = std::any_of(keys.skipped.begin(), keys.skipped.end(),
                                     [](const SkippedKey& key) { return key.secret || is_guessable(key.identity); });
    return further || skipped ? std::max(out, SameKey::perhaps) : out;
}

namespace {

bool is_below(const std::string& place, const std::string& issuer) {
    return place.starts_with(issuer) && (place.size() == issuer.size() || place[issuer.size()] == '/');
}

} // namespace

bool controls(const policy::Domain& domain, const accept::KeyOrigin& origin) {
    if (origin.owner == domain.name) return true;
    const std::string place = plain_place(origin.location), issuer = plain_place(domain.issuer);
    if (!domain.keys.value.empty() && place == plain_place(domain.keys.value)) return true;
    if (issuer.empty()) return false;
    return is_below(place, issuer) ||
           (origin.metadata_issuer && is_below(plain_place(*origin.metadata_issuer), issuer));
}

std::string plain_place(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    std::string out(url);
    const std::size_t scheme = out.find("://");
    if (scheme == std::string::npos) return out;
    std::size_t end = std::min(out.find('/', scheme + 3), out.size());
    out.replace(0, end, lower_case(out.substr(0, end)));
    const std::string_view port = out.starts_with("https:") ? ":443" : ":80";
    if (std::string_view(out).substr(0, end).ends_with(port)) out.erase(end - port.size(), port.size());
    return out;
}

std::vector<std::string> issuers_of(const accept::KeyOrigin& origin) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& place) {
        for (std::size_t end = 1; end <= place.size(); ++end) {
            if (end == place.size() || place[end] == '/') out.push_back(place.substr(0, end));
        }
    };
    add(plain_place(origin.location));
    if (origin.metadata_issuer) add(plain_place(*origin.metadata_issuer));
    return out;
}

} // namespace jwtdomain::audit
