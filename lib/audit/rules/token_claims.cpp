#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {

std::optional<std::string> text_claim(const UnverifiedToken& token, std::string_view name) {
    const auto value = token.claims().find(name);
    if (!value || !value->is(json::Kind::string)) return std::nullopt;
    return std::string(value->text());
}

std::vector<std::string> audiences_of(const UnverifiedToken& token) {
    std::vector<std::string> out;
    const auto value = token.claims().find("aud");
    if (!value) return out;
    if (value->is(json::Kind::string)) out.emplace_back(value->text());
    if (!value->is(json::Kind::array)) return out;
    for (const json::Member& member : *value) {
        if (member.value.is(json::Kind::string)) out.emplace_back(member.value.text());
    }
    return out;
}

Domains domains_of(const Index& index, const UnverifiedToken& token) {
    const auto issuer = text_claim(token, "iss");
    if (!issuer) return {};
    const auto found = index.issuers.find(*issuer);
    return found == index.issuers.end() ? Domains{} : found->second;
}

RuleFinding token_finding(std::string_view rule, const SampleToken& sample, const UnverifiedToken& token,
                          Domains domains, const std::string& what) {
    RuleFinding finding{.rule = rule, .domains = std::move(domains)};
    finding.subject = jwtdomain::fingerprint(token.signing_input());
    finding.message = "the token " + sample.label + " " + what;
    return finding;
}

} // namespace jwtdomain::audit::rules
