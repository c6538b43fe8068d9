#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {
namespace {

bool has_duplicates(const UnverifiedToken& strict) {
    for (const Finding& defect : strict.defects()) {
        if (defect.reason == Reason::header_duplicate_name || defect.reason == Reason::claims_duplicate_name)
            return true;
    }
    return false;
}

Domains owners(const Index& index, const UnverifiedToken& token) {
    Domains out = domains_of(index, token);
    for (const std::string& audience : audiences_of(token)) {
        const auto found = index.audiences.find(audience);
        if (found == index.audiences.end()) continue;
        for (const std::size_t domain : found->second) insert(out, domain);
    }
    return out;
}

void look_at_tokens(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Index index(input.estate);
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& last) {
        UnverifiedToken strict, first;
        strict.parse(sample.text);
        if (!has_duplicates(strict)) return;
        first.parse(sample.text, {.duplicates = json::Duplicates::first, .lenient_base64 = true});
        Domains domains = owners(index, last);
        bool differ = false;
        if (first.usable() && first.has_claims()) {
            const Domains others = owners(index, first);
            differ = others != domains;
            for (const std::size_t domain : others) insert(domains, domain);
        }
        RuleFinding finding =
            token_finding("PAR-01", sample, last, domains,
                          differ ? "says one name twice, and is of another domain to whoever reads the other one"
                                 : "says one name twice");
        finding.severity = differ ? Severity::critical : Severity::high;
        out.push_back(std::move(finding));
    });
}

} // namespace

void par_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    bool first = false, last = false;
    for_each_path(input.estate, [&](std::size_t, const accept::Path& path) {
        first = first || path.dialect.duplicates == json::Duplicates::first;
        last = last || path.dialect.duplicates == json::Duplicates::last;
    });
    for_each_faulty_path(input, "PAR-01", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (path.dialect.duplicates == json::Duplicates::reject) return std::nullopt;
        const bool keeps_first = path.dialect.duplicates == json::Duplicates::first;
        std::string what = keeps_first ? "keeps the first of two equal names" : "keeps the last of two equal names";
        // Then one token is two, depending on who reads it.
        const bool differ = first && last;
        if (differ) what += ", where another path keeps the other one";
        return PathFault{
            .what = std::move(what), .severity = differ ? Severity::high : Severity::medium, .weighed = false};
    });
    if (!input.tokens.empty()) look_at_tokens(input, out);
}

} // namespace jwtdomain::audit::rules
