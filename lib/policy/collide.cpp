#include "jwtdomain/policy/collide.h"

#include <algorithm>

#include <fmt/format.h>

#include "jwtdomain/policy/confusable.h"

namespace jwtdomain::policy::detail {

namespace {

tl::unexpected<Error> conflict(const char* rule, std::string message, std::string hint) {
    return fail(Error{.fault = Fault::conflict, .message = std::move(message), .hint = std::move(hint), .rule = rule});
}

// The audience of `other` that looks like this one.
std::string alike(const std::vector<std::string>& others, const std::string& audience) {
    const std::string skeleton = uri_skeleton(audience);
    for (const std::string& other : others) {
        if (uri_skeleton(other) == skeleton) return other;
    }
    return {};
}

} // namespace

void Collisions::know(const Domain& domain) {
    domains_.emplace(domain.name, &domain);
    names_[name_skeleton(domain.name)].push_back(&domain);
    if (!domain.issuer.empty()) issuers_[uri_skeleton(domain.issuer)].push_back(&domain);
    for (const std::string& audience : domain.audiences) audiences_[uri_skeleton(audience)].push_back(&domain);
    for (const std::string& audience : domain.neutral_audiences) neutral_[uri_skeleton(audience)].push_back(&domain);
}

void Collisions::know_key(const KeyOwner& key) { keys_.emplace(key.identity, key); }

Status Collisions::add(const Domain& domain, const std::vector<KeyOwner>& keys) {
    if (auto ok = check_name(domain); !ok) return ok;
    if (auto ok = check_issuer(domain); !ok) return ok;
    if (auto ok = check_audiences(domain, keys); !ok) return ok;
    if (auto ok = check_keys(domain, keys); !ok) return ok;
    know(domain);
    for (const KeyOwner& key : keys) know_key(key);
    return {};
}

Status Collisions::check_name(const Domain& domain) const {
    if (const auto same = domains_.find(domain.name); same != domains_.end()) {
        const Location& where = same->second->where;
        std::string hint =
            where.file.empty() ? "name it once" : "it stands in " + where.file + "; nothing is overwritten";
        return fail(Fault::conflict, fmt::format("there is a domain '{}' already", domain.name), std::move(hint));
    }
    const auto found = names_.find(name_skeleton(domain.name));
    if (found == names_.end()) return {};
    return conflict("CLM-01",
                    fmt::format("the domain name '{}' looks like '{}'", domain.name, found->second.front()->name),
                    "choose a name that nobody takes for the other");
}

Status Collisions::check_issuer(const Domain& domain) const {
    if (domain.issuer.empty()) return {};
    const auto found = issuers_.find(uri_skeleton(domain.issuer));
    if (found == issuers_.end()) return {};
    for (const Domain* other : found->second) {
        if (other->issuer != domain.issuer) {
            return conflict("ISS-07",
                            fmt::format("the issuer {} of '{}' looks like {}, the issuer of '{}'", domain.issuer,
                                        domain.name, other->issuer, other->name),
                            "two issuers must differ in more than case, slashes, ports or look-alike letters");
        }
        if (!shared_.issuer) {
            return conflict(
                "ISS-08",
                fmt::format("'{}' would have the same issuer as '{}': {}", domain.name, other->name, domain.issuer),
                "give it an issuer of its own, or say --shared-issuer: then only audiences and claims keep "
                "the two apart");
        }
    }
    return {};
}

// Whether issuer and keys keep two domains apart by themselves, so that they may share an audience where it is asked
// for.
bool Collisions::kept_apart(const Domain& domain, const Domain& other, const std::vector<KeyOwner>& keys) const {
    if (!domain.foreign || !other.foreign) return false; // for a domain of our own we choose the audience
    const auto checks_issuer = [](const Domain& d) { return !d.issuer.empty() && !d.issuer_optional; };
    if (!checks_issuer(domain) || !checks_issuer(other) || domain.issuer == other.issuer) return false;
    return std::none_of(keys.begin(), keys.end(), [&](const KeyOwner& key) { return keys_.count(key.identity) > 0; });
}

Status Collisions::check_audiences(const Domain& domain, const std::vector<KeyOwner>& keys) {
    enum class Meet { own_own, own_neutral, neutral_own }; // what it is here, and there
    const auto judge = [&](const std::string& audience, const Domain& other, Meet meet) -> Status {
        const bool neutral_there = meet == Meet::own_neutral;
        const std::string theirs = alike(neutral_there ? other.neutral_audiences : other.audiences, audience);
        const bool can_be_shared = meet == Meet::own_own && theirs == audience && kept_apart(domain, other, keys);
        if (can_be_shared && shared_.audience) {
            warnings_.push_back(
                fmt::format("the audience {} is also one of '{}': only their issuers and keys keep '{}' and it apart",
                            audience, other.name, domain.name));
            return {};
        }
        const std::string how = theirs == audience ? "is also" : fmt::format("looks like {},", theirs);
        return conflict("AUD-03",
                        fmt::format("the audience {} of '{}' {} {} '{}'", audience, domain.name, how,
                                    neutral_there ? "neutral in" : "an audience of", other.name),
                        can_be_shared ? "an audience names one domain: give each its own, or say --shared-audience: "
                                        "then only issuers and keys keep the two apart"
                                      : "an audience names one domain: give each its own");
    };
    const auto check = [&](const std::vector<std::string>& values, const Index& index, Meet meet) -> Status {
        for (const std::string& audience : values) {
            const auto found = index.find(uri_skeleton(audience));
            if (found == index.end()) continue;
            for (const Domain* other : found->second) {
                if (auto ok = judge(audience, *other, meet); !ok) return ok;
            }
        }
        return {};
    };
    if (auto ok = check(domain.audiences, audiences_, Meet::own_own); !ok) return ok;
    if (auto ok = check(domain.audiences, neutral_, Meet::own_neutral); !ok) return ok;
    return check(domain.neutral_audiences, audiences_, Meet::neutral_own);
}

Status Collisions::check_keys(const Domain& domain, const std::vector<KeyOwner>& keys) const {
    for (const KeyOwner& key : keys) {
        const auto found = keys_.find(key.identity);
        if (found == keys_.end() || found->second.domain == domain.name) continue;
        const auto owner = domains_.find(found->second.domain);
        const Domain* const other = owner == domains_.end() ? nullptr : owner->second;
        // A product that serves many (Entra) signs for all its tenants with the same keys.
        const bool one_product = other && domain.foreign && other->foreign;
        if (shared_.issuer && other && (other->issuer == domain.issuer || one_product)) continue;
        const std::string kid = key.kid.empty() ? "a key" : fmt::format("the key '{}'", key.kid);
        return conflict(
            "KEY-01", fmt::format("{} of '{}' is already a key of '{}'", kid, domain.name, found->second.domain),
            one_product ? "whoever holds it can sign for both; if that is one provider with many tenants, say "
                          "--shared-issuer"
                        : "whoever holds it can sign for both: give each domain keys of its own");
    }
    return {};
}

} // namespace jwtdomain::policy::detail
