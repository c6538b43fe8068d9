#include <algorithm>
#include <numeric>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::rules {
namespace {

struct Secret {
    std::size_t domain;
    std::string kid;
    std::vector<std::string> audiences; // that a path takes it for
};

// Secrets that are one under some reading are in one group.
class Groups {
public:
    void add(std::size_t domain, const std::optional<std::string>& kid, const KeyIdentity& identity,
             std::vector<std::string> audiences = {}) {
        const std::size_t number = secrets.size();
        secrets.push_back({domain, kid.value_or(""), std::move(audiences)});
        parents_.push_back(number);
        for (const auto* ids : {&identity.own, &identity.others}) {
            for (const std::string& id : *ids) join(number, first_.emplace(id, number).first->second);
        }
    }
    std::size_t root(std::size_t number) {
        while (parents_[number] != number) number = parents_[number] = parents_[parents_[number]];
        return number;
    }
    std::vector<Secret> secrets;

private:
    void join(std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        parents_[std::max(a, b)] = std::min(a, b);
    }
    std::vector<std::size_t> parents_;
    std::unordered_map<std::string, std::size_t> first_; // reading -> the first secret that has it
};

Groups groups_of(const Estate& estate) {
    Groups groups;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            const Jwk& key = estate.keys[d].keys[k];
            if (type_of(key.key) == KeyType::hmac) groups.add(d, key.metadata.kid, estate.keys[d].identities[k]);
        }
    }
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            const accept::KeyUse& use = path.signing.keys[k];
            if (type_of(use.key) != KeyType::hmac) continue;
            groups.add(estate.services[service].domain, use.kid, identities[k], path.audience.any_of.exact);
        }
    });
    return groups;
}

// One domain's: who takes tokens for one audience makes them for the other.
std::optional<RuleFinding> for_several_audiences(const RuleInput& input, const Secret& secret,
                                                 std::vector<std::string> audiences) {
    sort_once(audiences);
    if (audiences.size() < 2) return std::nullopt;
    RuleFinding finding{.rule = "KEY-02", .severity = Severity::medium, .domains = {secret.domain}};
    finding.where = input.estate.domain(secret.domain).where;
    finding.subject = "audiences, kid " + secret.kid;
    finding.message = "one HMAC secret of " + input.estate.name(secret.domain) + " is used for several audiences, " +
                      audiences[0] + " and " + audiences[1];
    return finding;
}

} // namespace

// A secret verifies and signs, so that each of two domains that have it mints for the other. No trust edge excuses it.
void key_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    Groups groups = groups_of(input.estate);
    std::vector<std::vector<std::size_t>> domains(groups.secrets.size());
    std::vector<std::vector<std::string>> audiences(groups.secrets.size());
    for (std::size_t i = 0; i < groups.secrets.size(); ++i) {
        const Secret& secret = groups.secrets[i];
        domains[groups.root(i)].push_back(secret.domain);
        std::vector<std::string>& all = audiences[groups.root(i)];
        all.insert(all.end(), secret.audiences.begin(), secret.audiences.end());
    }
    for (std::size_t i = 0; i < domains.size(); ++i) {
        sort_once(domains[i]);
        if (domains[i].size() < 2) {
            if (auto finding = for_several_audiences(input, groups.secrets[i], std::move(audiences[i])))
                out.push_back(std::move(*finding));
            continue;
        }
        RuleFinding finding{.rule = "KEY-02", .domains = std::move(domains[i])};
        finding.where = input.estate.domain(finding.domains.back()).where;
        finding.subject = "kid " + groups.secrets[i].kid;
        finding.message = "one HMAC secret is used by " + names_text(input.estate, finding.domains);
        finding.severity = weigh_between(input, finding.domains, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
