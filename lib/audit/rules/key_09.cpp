#include <algorithm>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/crypto/certificate.h"

namespace jwtdomain::audit::rules {
namespace {

struct Retired {
    Time since;
    const char* by;
};

// The earlier of what the key and its certificate say, if it is past.
std::optional<Retired> retirement_of(const Jwk& key, Time now) {
    std::optional<Retired> out;
    if (key.metadata.expires && *key.metadata.expires < now) out = {*key.metadata.expires, "its exp"};
    const auto leaf = key.x5c.empty() ? std::nullopt : certificate_expiry(key.x5c.front());
    if (leaf && *leaf < now && (!out || *leaf < out->since)) out = {*leaf, "the certificate in its x5c"};
    return out;
}

// By the age that its domain allows: it signs since then, and nothing says when it will stop.
std::optional<Retired> overdue(const Jwk& key, const policy::Domain& domain, Time now) {
    const auto since = key.metadata.not_before ? key.metadata.not_before : key.metadata.issued_at;
    if (!domain.rotation.every || !since || key.metadata.expires) return std::nullopt;
    const Time end = *since + *domain.rotation.every;
    return end < now ? std::optional(Retired{end, "`rotation.every` of its domain"}) : std::nullopt;
}

} // namespace

// A key that should be gone is harmless in a set; it is a defect where something still takes it.
void key_09(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Users users = users_of(estate);
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            const Jwk& key = estate.keys[d].keys[k];
            auto retired = retirement_of(key, estate.now);
            if (!retired) retired = overdue(key, estate.domain(d), estate.now);
            if (!retired) continue;
            RuleFinding finding{.rule = "KEY-09", .domains = {d}};
            finding.services = services_with(users, estate.keys[d].identities[k]);
            if (finding.services.empty()) continue;
            finding.where = estate.domain(d).where;
            finding.subject = thumbprint_or_kid(key);
            finding.message = label_of(key.key) + " (" + kid_text(key.metadata.kid) + ") of " + estate.name(d) +
                              " ended on " + format_time(retired->since) + " by " + retired->by +
                              ", and is still taken by " + estate.services[finding.services.front()].name;
            if (finding.services.size() > 1)
                finding.message += " and " + std::to_string(finding.services.size() - 1) + " more";
            finding.severity = Severity::high;
            out.push_back(std::move(finding));
        }
    }
}

} // namespace jwtdomain::audit::rules
