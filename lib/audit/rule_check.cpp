#include "jwtdomain/audit/rule_check.h"

#include <algorithm>
#include <tuple>

#include "jwtdomain/jwt/token.h"

namespace jwtdomain::audit {
namespace {

void put(std::string& out, std::string_view field) {
    const auto size = static_cast<std::uint64_t>(field.size());
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
    out += field;
}

std::vector<std::size_t> services_of(const Estate& estate, const std::vector<std::size_t>& domains) {
    std::vector<std::size_t> out;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const auto& found = std::find(domains.begin(), domains.end(), estate.services[s].domain);
        if (found != domains.end()) out.push_back(s);
    }
    return out;
}

bool meet(const std::vector<std::size_t>& wanted, const std::vector<std::size_t>& sorted) {
    return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](std::size_t w) {
               return std::binary_search(sorted.begin(), sorted.end(), w);
           });
}

} // namespace

bool SampleToken::read(UnverifiedToken& token, json::Duplicates duplicates) const {
    return token.parse(text, {.duplicates = duplicates, .lenient_base64 = true}) && token.has_claims();
}

std::string fingerprint(const Estate& estate, const RuleFinding& finding) {
    std::string text;
    put(text, finding.rule);
    for (const std::size_t domain : finding.domains) put(text, estate.name(domain));
    put(text, "");
    for (const std::size_t service : finding.services) put(text, estate.services[service].name);
    put(text, "");
    put(text, finding.subject);
    return jwtdomain::fingerprint(text);
}

std::string fingerprint(const Estate& estate, const Crossing& crossing) {
    std::string text;
    put(text, crossing.status == Crossing::Status::confirmed ? "ISOLATION" : "NOT-PROVEN");
    put(text, name_of(crossing.attacker));
    put(text, crossing.path ? crossing.path->name : "");
    // Of an outsider no domain is the source, and they are listed for form's sake.
    if (crossing.attacker != Attacker::outsider) {
        for (const std::size_t source : crossing.sources) put(text, estate.name(source));
    }
    put(text, "");
    for (const std::size_t service : crossing.services) put(text, estate.services[service].name);
    return jwtdomain::fingerprint(text);
}

std::vector<RuleFinding> check_rules(const RuleInput& input) {
    std::vector<RuleFinding> out;
    for (const RuleEntry& entry : rule_checks()) entry.check(input, out);
    const auto key = [](const RuleFinding& f) {
        return std::tie(f.severity, f.rule, f.domains, f.services, f.subject, f.message);
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const RuleFinding& a, const RuleFinding& b) { return key(a) < key(b); });
    return out;
}

Severity weigh(const RuleInput& input, const std::vector<std::size_t>& sources,
               const std::vector<std::size_t>& services, Severity latent, std::optional<Attacker>& attacker) {
    attacker.reset();
    for (const Crossing& crossing : input.findings.crossings) {
        if (crossing.status != Crossing::Status::confirmed) continue;
        if (!meet(sources, crossing.sources) || !meet(services, crossing.services)) continue;
        if (!attacker || crossing.attacker < *attacker) attacker = crossing.attacker;
    }
    if (!attacker) return latent;
    return *attacker <= Attacker::insider ? Severity::critical : Severity::high;
}

Severity weigh_between(const RuleInput& input, const std::vector<std::size_t>& domains, Severity latent,
                       std::optional<Attacker>& attacker) {
    attacker.reset();
    const std::vector<std::size_t> services = services_of(input.estate, domains);
    return services.empty() ? latent : weigh(input, domains, services, latent, attacker);
}

} // namespace jwtdomain::audit
