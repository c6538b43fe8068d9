#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

// Names of environments: every service there answers to them.
constexpr std::array<std::string_view, 17> kWide{"*",    "default",    "dev",     "development", "live",  "preprod",
                                                 "prod", "production", "qa",      "sandbox",     "stage", "staging",
                                                 "stg",  "test",       "testing", "uat",         "any"};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// Of "prod/tenant-a": the whole, and the tenant.
bool is_tenant(const std::string& audience, const std::string& domain) {
    const std::size_t last = domain.rfind('/');
    return last != std::string::npos && (audience == domain || audience == domain.substr(last + 1));
}

std::string why_wide(const std::string& audience, const policy::Domain& domain) {
    if (audience.empty()) return "is empty";
    if (std::find(kWide.begin(), kWide.end(), lower(audience)) != kWide.end()) return "names a whole environment";
    if (is_tenant(audience, domain.name)) return "names a whole tenant";
    // A cluster's API server is audience and issuer in one; others that mint for us are not their own service.
    if (!domain.foreign && audience == domain.issuer) return "is the issuer itself";
    return {};
}

} // namespace

void aud_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = estate.domain(d);
        for (const std::string& audience : domain.audiences) {
            const std::string why = why_wide(audience, domain);
            if (why.empty()) continue;
            RuleFinding finding{.rule = "AUD-05", .severity = Severity::medium, .domains = {d}, .where = domain.where};
            finding.subject = audience;
            finding.message = "the audience \"";
            finding.message.append(audience).append("\" of ").append(domain.name).append(" ").append(why);
            out.push_back(std::move(finding));
        }
    }
    if (estate.policy_only) return;
    for_each_faulty_path(
        input, "AUD-05", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const policy::Domain& domain = estate.domain(own);
            for (const std::string& audience : path.audience.any_of.exact) {
                const auto& known = domain.audiences; // said already
                if (std::find(known.begin(), known.end(), audience) != known.end()) continue;
                const std::string why = why_wide(audience, domain);
                if (why.empty()) continue;
                std::string what = "takes the audience \"";
                what.append(audience).append("\", which ").append(why);
                return PathFault{
                    .what = std::move(what), .severity = Severity::medium, .subject = audience, .weighed = false};
            }
            return std::nullopt;
        });
}

} // namespace jwtdomain::audit::rules
