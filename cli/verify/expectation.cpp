#include "cli/verify/expectation.h"

#include <algorithm>

#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {

Result<Expectation> parse_expectation(const std::string& text) {
    if (text == "accept" || text == "accepted") return Expectation{};
    const std::string head = text.substr(0, text.find(':'));
    if (head != "reject" && head != "rejected") {
        return fail(Fault::usage, "--expect takes accept, reject or reject:CODE");
    }
    Expectation expected{.accept = false, .reason = {}};
    if (head.size() == text.size()) return expected;
    const std::string code = text.substr(head.size() + 1);
    expected.reason = find_reason(code);
    if (!expected.reason) {
        std::vector<std::string_view> codes;
        for (const ReasonInfo& entry : reasons()) codes.push_back(entry.code);
        const std::string_view near = nearest(code, codes);
        return fail(Fault::usage, "there is no reason code \"" + code + "\"",
                    near.empty() ? "`jwtdomain explain` lists them" : "did you mean " + std::string(near) + "?");
    }
    return expected;
}

bool meets(const Expectation& expected, bool accepted, const std::vector<Finding>& findings) {
    if (expected.accept != accepted) return false;
    if (!expected.reason) return true;
    return std::any_of(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.reason == *expected.reason; });
}

} // namespace jwtdomain::cli
