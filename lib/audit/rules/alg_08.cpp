#include "jwtdomain/audit/rules/sample.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

// Nothing between the dots: a detached payload, which no JWT has.
bool is_detached(std::string_view text) { return text.find("..") != std::string_view::npos; }

} // namespace

void alg_08(const RuleInput& input, std::vector<RuleFinding>& out) {
    const TokenDomains domains(input.estate);
    for (const SampleToken& sample : input.tokens) {
        const SampleHeader header(sample);
        if (!header.usable() || is_detached(sample.text)) continue;
        const auto b64 = header.json().find("b64");
        if (!b64 || !b64->is(json::Kind::boolean) || b64->boolean()) continue;
        RuleFinding finding = finding_of("ALG-08", domains, sample, Severity::high);
        finding.message = sample.label + " has an unencoded payload (b64 is false)";
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
