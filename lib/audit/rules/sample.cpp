#include "jwtdomain/audit/rules/sample.h"

#include <algorithm>

namespace jwtdomain::audit::rules {
namespace {

// What parses as a token with this header and nothing else.
std::string header_only(const std::string& text) { return text.substr(0, text.find('.')) + ".."; }

} // namespace

SampleHeader::SampleHeader(const SampleToken& sample) : text_(header_only(sample.text)), usable_(token_.parse(text_)) {}

TokenDomains::TokenDomains(const Estate& estate) {
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = estate.domain(d);
        if (!domain.issuer.empty()) by_issuer_[domain.issuer].push_back(d);
        for (const std::string& audience : domain.audiences) by_audience_[audience].push_back(d);
    }
}

std::optional<std::size_t> TokenDomains::find(json::Value claims) const {
    const auto issuer = claims.find("iss");
    if (!issuer || !issuer->is(json::Kind::string)) return std::nullopt;
    const auto found = by_issuer_.find(std::string(issuer->text()));
    if (found == by_issuer_.end()) return std::nullopt;
    if (found->second.size() == 1) return found->second.front();
    const auto audience = claims.find("aud");
    if (!audience) return std::nullopt;
    const auto named = [&](std::string_view value) -> std::optional<std::size_t> {
        const auto owners = by_audience_.find(std::string(value));
        if (owners == by_audience_.end()) return std::nullopt;
        for (const std::size_t owner : owners->second) {
            if (std::binary_search(found->second.begin(), found->second.end(), owner)) return owner;
        }
        return std::nullopt;
    };
    if (audience->is(json::Kind::string)) return named(audience->text());
    for (const json::Member& value : *audience) {
        if (const auto owner = named(value.value.text())) return owner;
    }
    return std::nullopt;
}

RuleFinding finding_of(std::string_view rule, const TokenDomains& domains, const SampleToken& sample,
                       Severity severity) {
    RuleFinding finding{.rule = rule, .severity = severity, .domains = {}};
    UnverifiedToken token;
    token.parse(sample.text);
    if (token.usable() && token.has_claims()) {
        if (const auto domain = domains.find(token.claims())) finding.domains = {*domain};
    }
    finding.subject = sample.label;
    return finding;
}

} // namespace jwtdomain::audit::rules
