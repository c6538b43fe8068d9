#include "jwtdomain/gateway/order.h"

#include <algorithm>

#include "jwtdomain/base/join.h"

namespace jwtdomain::gateway {
namespace {

using policy::KeyLocation;

// The domain itself, and its resources; or that one.
Result<std::vector<accept::Entry>> entries_of(std::vector<accept::Entry> all, const std::string& resource) {
    if (resource.empty()) return all;
    std::vector<std::string> known;
    for (const accept::Entry& entry : all) {
        if (!entry.resource.empty() && (known.empty() || known.back() != entry.resource))
            known.push_back(entry.resource);
    }
    std::erase_if(all, [&](const accept::Entry& entry) { return entry.resource != resource; });
    if (!all.empty()) return all;
    return fail(Fault::not_found, "the domain has no resource " + resource,
                known.empty() ? "it declares none: leave --resource out" : "there are: " + join(known, ", "));
}

// Of tokens of the domain, as those who verify them may have them.
Result<std::vector<PublicJwk>> public_keys(const policy::Domain& domain, const JwkSet& set) {
    std::vector<PublicJwk> out;
    for (const Jwk& each : set.keys) {
        if (const auto* key = std::get_if<PublicKey>(&each.key)) out.push_back({*key, each.metadata});
    }
    if (out.size() < set.keys.size())
        return fail(Fault::unsupported, "the key set of " + domain.name + " holds a shared secret",
                    "let the domain sign with a private key: whoever verifies with a secret can mint tokens");
    if (out.empty())
        return fail(Fault::not_found, "the domain " + domain.name + " has no key yet",
                    "jwtdomain keygen --domain " + domain.name);
    return out;
}

} // namespace

Result<Order> make_order(const policy::Policy& policy, const policy::Domain& domain, const policy::KeyReader& reader,
                         const OrderOptions& options) {
    const auto set = reader(domain.keys);
    if (!set) return tl::unexpected(set.error());
    auto keys = public_keys(domain, *set);
    if (!keys) return tl::unexpected(keys.error());
    auto entries = entries_of(policy::lower(policy, domain, reader).entries, options.resource);
    if (!entries) return tl::unexpected(entries.error());
    const std::string declared_url = domain.keys.kind == KeyLocation::Kind::url ? domain.keys.value : "";
    return Order{.domain = domain.name,
                 .entries = std::move(*entries),
                 .keys_url = options.keys_url.empty() ? declared_url : options.keys_url,
                 .keys = std::move(*keys),
                 .key_directory = options.key_directory};
}

} // namespace jwtdomain::gateway
