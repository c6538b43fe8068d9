#include <array>
#include <map>
#include <set>

#include "jwtdomain/audit/rules/sample.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr std::array<std::string_view, 2> kConfirmations{"jkt",
                                                         "x5t#S256"}; // RFC 9449 section 6.1, RFC 8705 section 3.1

struct Seen {
    std::set<std::size_t> domains;
    std::set<std::string> labels;
};

} // namespace

// A client that proves possession with one key everywhere can be made to prove it to the wrong one.
void key_08(const RuleInput& input, std::vector<RuleFinding>& out) {
    const TokenDomains domains(input.estate);
    std::map<std::string, Seen> keys; // "jkt VALUE" -> the domains whose tokens are bound to it
    for (const SampleToken& sample : input.tokens) {
        UnverifiedToken token;
        token.parse(sample.text);
        if (!token.usable() || !token.has_claims()) continue;
        const auto domain = domains.find(token.claims());
        const auto confirmation = token.claims().find("cnf");
        if (!domain || !confirmation) continue;
        for (const std::string_view name : kConfirmations) {
            const auto value = confirmation->find(name);
            if (!value || !value->is(json::Kind::string)) continue;
            Seen& seen = keys[std::string(name) + " " + std::string(value->text())];
            seen.domains.insert(*domain);
            seen.labels.insert(sample.label);
        }
    }
    for (const auto& [key, seen] : keys) {
        if (seen.domains.size() < 2) continue;
        RuleFinding finding{.rule = "KEY-08", .domains = {seen.domains.begin(), seen.domains.end()}};
        finding.severity = Severity::medium;
        finding.where = input.estate.domain(finding.domains.back()).where;
        finding.subject = key;
        std::string labels;
        for (const std::string& label : seen.labels) labels += (labels.empty() ? "" : ", ") + label;
        finding.message = "tokens of several domains are bound to one client key (cnf ";
        finding.message.append(key).append("): ").append(labels);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
