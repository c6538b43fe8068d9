#include "jwtdomain/audit/rules/sample.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr std::int64_t kMostIterations = 1'200'000; // twice what is recommended for PBKDF2 with HMAC-SHA-256

std::string excess_of(json::Value header) {
    if (const auto p2c = header.find("p2c")) {
        const auto count = p2c->integer();
        if (!count || *count > kMostIterations)
            return "asks for " + std::string(p2c->raw()) + " iterations (p2c), over 1200000";
    }
    if (header.find("zip")) return "is compressed (zip), so that its size says nothing of what it unpacks to";
    return {};
}

} // namespace

void alg_10(const RuleInput& input, std::vector<RuleFinding>& out) {
    const TokenDomains domains(input.estate);
    for (const SampleToken& sample : input.tokens) {
        const SampleHeader header(sample);
        if (!header.usable()) continue;
        const std::string excess = excess_of(header.json());
        if (excess.empty()) continue;
        RuleFinding finding = finding_of("ALG-10", domains, sample, Severity::high);
        finding.message = sample.label + " " + excess;
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
