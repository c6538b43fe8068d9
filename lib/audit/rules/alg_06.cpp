#include <unordered_set>

#include "jwtdomain/audit/rules/sample.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

// What in a kid would do harm where a path, a query or a URL is made of it; nullptr if nothing.
const char* danger_in(std::string_view kid) {
    for (const char c : kid) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "a control character";
    }
    if (kid.find("..") != std::string_view::npos) return "\"..\"";
    if (kid.find("://") != std::string_view::npos) return "a URL";
    if (kid.find_first_of("'\"`;") != std::string_view::npos) return "a quote or semicolon";
    if (kid.find('\\') != std::string_view::npos) return "a backslash";
    return nullptr;
}

} // namespace

void alg_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::unordered_set<std::string> published;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        std::unordered_set<std::string> told;
        for (const Jwk& key : estate.keys[d].keys) {
            if (!key.metadata.kid) continue;
            published.insert(*key.metadata.kid);
            const char* const danger = danger_in(*key.metadata.kid);
            if (!danger || !told.insert(*key.metadata.kid).second) continue;
            RuleFinding finding{.rule = "ALG-06", .severity = Severity::high, .domains = {d}};
            finding.where = estate.domain(d).where;
            finding.subject = *key.metadata.kid;
            finding.message =
                "the kid \"" + *key.metadata.kid + "\" in the set of " + estate.name(d) + " holds " + danger;
            out.push_back(std::move(finding));
        }
    }
    const TokenDomains domains(estate);
    for (const SampleToken& sample : input.tokens) {
        const SampleHeader header(sample);
        if (!header.usable() || !header.header().kid) continue;
        const std::string kid(*header.header().kid);
        const char* danger = danger_in(kid);
        // A slash is opaque in a name that is published, and looked up octet by octet.
        if (!danger && kid.find('/') != std::string::npos && published.count(kid) == 0) danger = "\"/\"";
        if (!danger) continue;
        RuleFinding finding = finding_of("ALG-06", domains, sample, Severity::high);
        finding.message = "the kid \"" + kid + "\" of " + sample.label + " holds " + danger;
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
