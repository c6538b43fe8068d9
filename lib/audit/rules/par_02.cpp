#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {

void par_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "PAR-02", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (!path.dialect.lenient_base64) return std::nullopt;
        return PathFault{
            .what = "takes several spellings of one token", .severity = Severity::medium, .weighed = false};
    });
    if (input.tokens.empty()) return;
    const Index index(input.estate);
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        UnverifiedToken strict;
        strict.parse(sample.text);
        bool odd = false;
        for (const Finding& defect : strict.defects()) {
            odd = odd || defect.reason == Reason::encoding_padding || defect.reason == Reason::encoding_noncanonical;
        }
        if (!odd) return;
        RuleFinding finding = token_finding("PAR-02", sample, token, domains_of(index, token),
                                            "is not in canonical base64url, so that it has several spellings");
        finding.severity = Severity::medium;
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
