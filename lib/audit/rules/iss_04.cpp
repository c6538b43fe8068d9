#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

// Keys of several domains in one path: kid chooses among them, and nothing ties the key to the issuer. A key that the
// path's own domain publishes too is its own (and KEY-01).
void iss_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Index index(estate);
    for_each_faulty_path(input, "ISS-04", out,
                         [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
                             Domains owners;
                             const auto identities = estate.path_keys.find(&path);
                             if (identities == estate.path_keys.end()) return std::nullopt;
                             for (std::size_t k = 0; k < identities->second.used.size(); ++k) {
                                 if (path.signing.keys[k].issuer) continue; // tied to its issuer
                                 Domains holders;
                                 for (const std::string& id : identities->second.used[k].own) {
                                     const auto found = index.key_owners.find(id);
                                     if (found == index.key_owners.end()) continue;
                                     for (const std::size_t domain : found->second) insert(holders, domain);
                                 }
                                 if (holders.empty()) continue;
                                 bool ours = false;
                                 for (const std::size_t domain : holders) ours = ours || domain == own;
                                 insert(owners, ours ? own : holders.front());
                             }
                             if (owners.size() < 2) return std::nullopt;
                             Domains others;
                             for (const std::size_t domain : owners) {
                                 if (domain != own) others.push_back(domain);
                             }
                             return PathFault{.what = "chooses by kid alone among keys of " + listed(estate, owners),
                                              .severity = Severity::high,
                                              .others = others};
                         });
}

} // namespace jwtdomain::audit::rules
