#include <map>
#include <set>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::audit::rules {
namespace {

std::string_view name_of(Family family) {
    switch (family) {
    case Family::ecdsa: return "ECDSA";
    case Family::eddsa: return "EdDSA";
    case Family::rsa_pkcs1: return "RSASSA-PKCS1-v1_5";
    case Family::rsa_pss: return "RSASSA-PSS";
    case Family::hmac: return "HMAC";
    }
    return {};
}

std::string text_of(const std::set<Family>& families) {
    std::string out;
    for (const Family family : families) out += (out.empty() ? "" : " and ") + std::string(name_of(family));
    return out;
}

std::optional<Family> family_of(const Jwk& key) {
    if (!key.metadata.algorithm) return std::nullopt;
    const auto algorithm = algorithm_on_key(*key.metadata.algorithm, type_of(key.key));
    return algorithm ? std::optional(info(*algorithm).family) : std::nullopt;
}

// One key in a set twice, under algorithms of two families.
void look_at_set(const RuleInput& input, std::size_t domain, std::vector<RuleFinding>& out) {
    struct Use {
        std::set<Family> families;
        const Jwk* key = nullptr;
    };
    std::map<std::string, Use> uses; // by identity
    const DomainKeys& keys = input.estate.keys[domain];
    for (std::size_t k = 0; k < keys.keys.size(); ++k) {
        const auto family = family_of(keys.keys[k]);
        if (!family || type_of(keys.keys[k].key) == KeyType::hmac) continue;
        for (const std::string& id : keys.identities[k].own) {
            uses[id].families.insert(*family);
            uses[id].key = &keys.keys[k];
        }
    }
    for (const auto& [id, use] : uses) {
        if (use.families.size() < 2) continue;
        RuleFinding finding{.rule = "KEY-10", .severity = Severity::high, .domains = {domain}};
        finding.where = input.estate.domain(domain).where;
        finding.subject = thumbprint_or_kid(*use.key);
        finding.message =
            label_of(use.key->key) + " is in the set of " + input.estate.name(domain) + " for " + text_of(use.families);
        out.push_back(std::move(finding));
    }
}

} // namespace

void key_10(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) look_at_set(input, d, out);
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        for (const accept::KeyUse& use : path.signing.keys) {
            std::set<Family> families;
            for (const Algorithm algorithm : use.algorithms) families.insert(info(algorithm).family);
            if (families.size() < 2) continue;
            const Service& target = estate.services[service];
            RuleFinding finding{.rule = "KEY-10", .severity = Severity::high, .domains = {target.domain}};
            finding.services = {service};
            finding.where = path.where;
            finding.subject = path.name + " " + label_of(use.key);
            finding.message = "the path " + path.name + " of " + target.name + " takes " + label_of(use.key) + " for " +
                              text_of(families);
            out.push_back(std::move(finding));
        }
    });
}

} // namespace jwtdomain::audit::rules
