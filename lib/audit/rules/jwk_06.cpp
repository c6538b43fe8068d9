#include <set>

#include "jwtdomain/accept/keys.h"
#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr std::string_view kTenant = "{tenantid}"; // stands for every tenant in Entra's keys

// The key's own template, written as a glob.
bool is_template(const accept::Pattern& pattern, std::string_view of_key) {
    const std::size_t at = of_key.find(kTenant);
    if (pattern.match != accept::Match::glob || at == std::string_view::npos) return false;
    return pattern.text == std::string(of_key.substr(0, at)) + "*" + std::string(of_key.substr(at + kTenant.size()));
}

// Does the path take a token of an issuer that is not the key's?
bool takes_others(const accept::IssuerRule& rule, std::string_view of_key) {
    if (rule.allowed.any || rule.absent_ok) return true;
    for (const accept::Pattern& pattern : rule.allowed.patterns) {
        if (!is_template(pattern, of_key)) return true;
    }
    for (const std::string& issuer : rule.allowed.exact) {
        if (!accept::is_issuer_of_key(issuer, of_key)) return true;
    }
    return false;
}

} // namespace

void jwk_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::unordered_map<std::string, std::set<std::string>> issuers; // of keys, by identity, as the sets say
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            const auto& issuer = estate.keys[d].keys[k].metadata.issuer;
            if (!issuer) continue;
            for (const std::string& id : estate.keys[d].identities[k].own) issuers[id].insert(*issuer);
        }
    }
    if (issuers.empty()) return;
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
        std::set<std::string> told;
        for (std::size_t k = 0; k < identities.size(); ++k) {
            if (path.signing.keys[k].issuer) continue; // the path asks for it
            for (const std::string& id : identities[k].own) {
                const auto found = issuers.find(id);
                if (found == issuers.end()) continue;
                for (const std::string& issuer : found->second) {
                    if (takes_others(path.issuer, issuer)) told.insert(issuer);
                }
            }
        }
        const Service& target = estate.services[service];
        for (const std::string& issuer : told) {
            RuleFinding finding{.rule = "JWK-06", .domains = {target.domain}, .services = {service}};
            finding.where = place_of("JWK-06", path);
            finding.subject = path.name + " " + issuer;
            finding.message = "the path " + path.name + " of " + target.name + " has a key for tokens of " + issuer +
                              " only, and takes tokens of other issuers by it";
            finding.severity = weigh(input, {}, {service}, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
        }
    });
}

} // namespace jwtdomain::audit::rules
