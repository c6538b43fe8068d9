#include <map>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// RFC 7517 section 4.5: different keys of one set should have different kids, but for alternatives of other types.
void jwk_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        const DomainKeys& keys = estate.keys[d];
        std::unordered_map<std::string, std::vector<std::size_t>> named;
        for (std::size_t k = 0; k < keys.keys.size(); ++k) {
            const auto& kid = keys.keys[k].metadata.kid;
            if (kid) named[*kid].push_back(k);
        }
        for (const auto& [kid, list] : named) {
            std::map<KeyType, std::size_t> firsts; // of each type
            bool alike = false;                    // two of one type
            for (const std::size_t k : list) {
                const std::size_t first = firsts.emplace(type_of(keys.keys[k].key), k).first->second;
                alike = alike || same_key(keys.identities[first], keys.identities[k]) != SameKey::yes;
            }
            if (!alike && firsts.size() < 2) continue; // one key, listed twice
            RuleFinding finding{
                .rule = "JWK-01", .severity = alike ? Severity::medium : Severity::info, .domains = {d}};
            finding.where = estate.domain(d).where;
            finding.subject = kid;
            finding.message = "the set of " + estate.name(d) + " has " + std::to_string(list.size()) +
                              " keys of the kid \"" + kid + "\"" + (alike ? "" : ", each of another type");
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
