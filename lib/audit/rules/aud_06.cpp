#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"
#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {
namespace {

// Whom another comparison than octet by octet mistakes for one another.
std::string folded(const std::string& audience, accept::AudienceComparison comparison) {
    std::string text = audience;
    if (comparison == accept::AudienceComparison::without_scheme_and_slash) {
        for (const std::string_view scheme : {"https://", "http://"}) {
            if (text.compare(0, scheme.size(), scheme) != 0) continue;
            text.erase(0, scheme.size());
            break;
        }
    }
    if (!text.empty() && text.back() == '/') text.pop_back();
    return text;
}

class Folds {
public:
    explicit Folds(const Index& index) : index_(index) {}

    // Domains with an audience that the comparison takes for this one, though it is written in another way.
    Domains of(const std::string& audience, accept::AudienceComparison comparison) {
        auto& map = maps_[comparison];
        if (map.empty()) {
            for (const auto& [known, domains] : index_.audiences)
                map[folded(std::string(known), comparison)].emplace_back(known);
        }
        Domains out;
        for (const std::string& other : map[folded(audience, comparison)]) {
            if (other == audience) continue;
            for (const std::size_t domain : index_.audiences.at(other)) insert(out, domain);
        }
        return out;
    }

private:
    const Index& index_;
    std::map<accept::AudienceComparison, std::map<std::string, std::vector<std::string>>> maps_;
};

void look_at_tokens(const RuleInput& input, const Index& index, std::vector<RuleFinding>& out) {
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        const auto value = token.claims().find("aud");
        if (!value) return;
        std::string what;
        if (value->is(json::Kind::array)) {
            for (const json::Member& member : *value) {
                if (!member.value.is(json::Kind::string)) what = "has something in aud that is not a string";
            }
        } else if (!value->is(json::Kind::string)) {
            what = "has an aud that is neither a string nor a list";
        } else if (value->text().find_first_of(" ,") != std::string_view::npos) {
            what = "has several audiences in one string";
        }
        if (what.empty()) return;
        RuleFinding finding = token_finding("AUD-06", sample, token, domains_of(index, token), what);
        finding.severity = Severity::medium;
        out.push_back(std::move(finding));
    });
}

} // namespace

void aud_06(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Index index(estate);
    Folds folds(index);
    for_each_faulty_path(
        input, "AUD-06", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const accept::AudienceRule& rule = path.audience;
            if (rule.any || rule.must_be_absent) return std::nullopt;
            if (!rule.any_of.any && !rule.any_of.patterns.empty() && !rule.subset_of) {
                std::vector<std::string> meant = estate.domain(own).audiences;
                meant.insert(meant.end(), rule.any_of.exact.begin(), rule.any_of.exact.end());
                if (const auto extra = word_beyond(rule.any_of, meant))
                    return PathFault{.what = "takes audiences by a pattern, so that \"" + *extra + "\" passes",
                                     .severity = Severity::medium};
            }
            if (rule.comparison == accept::AudienceComparison::exact) return std::nullopt;
            Domains others;
            for (const std::string& audience : rule.any_of.exact) {
                for (const std::size_t domain : folds.of(audience, rule.comparison)) {
                    if (domain != own) insert(others, domain);
                }
            }
            if (others.empty()) return std::nullopt;
            return PathFault{.what = "compares aud so loosely that those of " + listed(estate, others) + " pass",
                             .severity = Severity::high,
                             .others = others};
        });
    if (!input.tokens.empty()) look_at_tokens(input, index, out);
}

} // namespace jwtdomain::audit::rules
