#include "jwtdomain/policy/collide.h"

#include <algorithm>

#include "jwtdomain/policy/confusable.h"

namespace jwtdomain::policy::detail {

namespace {

std::string quoted(const std::string& text) { return "'" + text + "'"; }

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
    if (auto ok = check_audiences(domain); !ok) return ok;
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
        return fail(Fault::conflict, "there is a domain " + quoted(domain.name) + " already", std::move(hint));
    }
    const auto found = names_.find(name_skeleton(domain.name));
    if (found == names_.end()) return {};
    return conflict("CLM-01",
                    "the domain name " + quoted(domain.name) + " looks like " + quoted(found->second.front()->name),
                    "choose a name that nobody takes for the other");
}

Status Collisions::check_issuer(const Domain& domain) const {
    if (domain.issuer.empty()) return {};
    const auto found = issuers_.find(uri_skeleton(domain.issuer));
    if (found == issuers_.end()) return {};
    for (const Domain* other : found->second) {
        if (other->issuer != domain.issuer) {
            return conflict("ISS-07",
                            "the issuer " + domain.issuer + " of " + quoted(domain.name) + " looks like " +
                                other->issuer + ", the issuer of " + quoted(other->name),
                            "two issuers must differ in more than case, slashes, ports or look-alike letters");
        }
        if (!shared_issuer_) {
            return conflict("ISS-08",
                            quoted(domain.name) + " would have the same issuer as " + quoted(other->name) + ": " +
                                domain.issuer,
                            "give it an issuer of its own, or say --shared-issuer: then only audiences and claims keep "
                            "the two apart");
        }
    }
    return {};
}

Status Collisions::check_audiences(const Domain& domain) const {
    const auto check = [&](const std::vector<std::string>& values, const Index& index, bool neutral_there) -> Status {
        for (const std::string& audience : values) {
            const auto found = index.find(uri_skeleton(audience));
            if (found == index.end()) continue;
            const Domain& other = *found->second.front();
            const std::string theirs = alike(neutral_there ? other.neutral_audiences : other.audiences, audience);
            const std::string how = theirs == audience ? " is also " : " looks like " + theirs + ", ";
            const std::string what = neutral_there ? "neutral in " : "an audience of ";
            return conflict("AUD-03",
                            "the audience " + audience + " of " + quoted(domain.name) + how + what + quoted(other.name),
                            "an audience names one domain: give each its own");
        }
        return {};
    };
    if (auto ok = check(domain.audiences, audiences_, false); !ok) return ok;
    if (auto ok = check(domain.audiences, neutral_, true); !ok) return ok;
    return check(domain.neutral_audiences, audiences_, false);
}

Status Collisions::check_keys(const Domain& domain, const std::vector<KeyOwner>& keys) const {
    for (const KeyOwner& key : keys) {
        const auto found = keys_.find(key.identity);
        if (found == keys_.end() || found->second.domain == domain.name) continue;
        const auto owner = domains_.find(found->second.domain);
        const Domain* const other = owner == domains_.end() ? nullptr : owner->second;
        // A product that serves many (Entra) signs for all its tenants with the same keys.
        const bool one_product = other && domain.foreign && other->foreign;
        if (shared_issuer_ && other && (other->issuer == domain.issuer || one_product)) continue;
        const std::string kid = key.kid.empty() ? "a key" : "the key " + quoted(key.kid);
        return conflict(
            "KEY-01", kid + " of " + quoted(domain.name) + " is already a key of " + quoted(found->second.domain),
            one_product ? "whoever holds it can sign for both; if that is one provider with many tenants, say "
                          "--shared-issuer"
                        : "whoever holds it can sign for both: give each domain keys of its own");
    }
    return {};
}

} // namespace jwtdomain::policy::detail
