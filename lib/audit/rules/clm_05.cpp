#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/language.h"
#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr std::string_view kGitHub = "https://token.actions.githubusercontent.com";
// Issuers that give anybody a token, for whatever audience is asked for.
constexpr std::array<std::string_view, 6> kPublicIssuers{kGitHub,
                                                         "https://gitlab.com",
                                                         "https://accounts.google.com",
                                                         "https://app.terraform.io",
                                                         "https://agent.buildkite.com",
                                                         "https://api.pulumi.com/oidc"};
// Claims that say whose workload it is.
constexpr std::array<std::string_view, 18> kOwnerClaims{"sub",
                                                        "repository",
                                                        "repository_id",
                                                        "repository_owner",
                                                        "repository_owner_id",
                                                        "job_workflow_ref",
                                                        "namespace_id",
                                                        "namespace_path",
                                                        "project_id",
                                                        "project_path",
                                                        "email",
                                                        "hd",
                                                        "organization_id",
                                                        "organization_slug",
                                                        "pipeline_slug",
                                                        "azp",
                                                        "terraform_organization_id",
                                                        "terraform_organization_name"};
constexpr std::string_view kNobody = "jwtdomain-nobody"; // an owner that no pattern means

bool has_word_with(const accept::Strings& language, const std::string& prefix) {
    accept::Strings begins;
    begins.patterns.push_back({.match = accept::Match::prefix, .text = prefix});
    const accept::Strings* const both[] = {&language, &begins};
    return common_word(both).overlap == Overlap::some;
}

bool names_values(const accept::ClaimRule& rule) {
    return !rule.absent_ok && !rule.values.any && !rule.values.empty() && rule.test != accept::ClaimTest::absent;
}

bool pins_owner(const accept::ClaimRule& rule) {
    if (rule.path.size() != 1 || !names_values(rule)) return false;
    const std::string& claim = rule.path.front();
    if (std::find(kOwnerClaims.begin(), kOwnerClaims.end(), claim) == kOwnerClaims.end()) return false;
    const std::string nobody(kNobody);
    if (has_word_with(rule.values, nobody)) return false;
    return claim != "sub" || (!has_word_with(rule.values, "repo:" + nobody + "/") &&
                              !has_word_with(rule.values, "project_path:" + nobody + "/"));
}

// GitHub: "repo:OWNER/REPOSITORY:..."; does the subject leave the repository open, and nothing else names it?
bool spans_repositories(const accept::Path& path) {
    const accept::Strings* subject = nullptr;
    for (const accept::ClaimRule& rule : path.claims) {
        if (rule.path.size() != 1 || !names_values(rule)) continue;
        const std::string& claim = rule.path.front();
        if (claim == "repository" || claim == "repository_id" || claim == "job_workflow_ref") return false;
        if (claim == "sub") subject = &rule.values;
    }
    if (!subject) return false;
    const accept::Strings* const one[] = {subject};
    const CommonWord word = common_word(one);
    const std::size_t slash = word.word.find('/');
    if (word.overlap != Overlap::some || slash == std::string::npos) return false;
    return has_word_with(*subject, word.word.substr(0, slash + 1) + std::string(kNobody));
}

} // namespace

void clm_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "CLM-05", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        // Named, not merely let in by a pattern: then the keys are that issuer's, too.
        const auto& named = path.issuer.allowed.exact;
        const auto taken = std::find_if(kPublicIssuers.begin(), kPublicIssuers.end(), [&](std::string_view issuer) {
            return std::find(named.begin(), named.end(), issuer) != named.end();
        });
        if (taken == kPublicIssuers.end()) return std::nullopt;
        if (std::none_of(path.claims.begin(), path.claims.end(), pins_owner))
            return PathFault{.what = "takes tokens that anybody can get from " + std::string(*taken),
                             .severity = Severity::critical,
                             .weighed = false};
        if (*taken != kGitHub || !spans_repositories(path)) return std::nullopt;
        return PathFault{
            .what = "takes the tokens of every repository of an owner", .severity = Severity::high, .weighed = false};
    });
}

} // namespace jwtdomain::audit::rules
