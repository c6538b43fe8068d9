// Internal: the tokens that were given along, read as leniently as any verifier reads them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::audit::rules {

// Calls `visit(sample, token)` with every token that can be taken apart and has claims.
template <class Visit>
void for_each_token(const RuleInput& input, Visit visit, json::Duplicates duplicates = json::Duplicates::last) {
    for (const SampleToken& sample : input.tokens) {
        UnverifiedToken token;
        if (sample.read(token, duplicates)) visit(sample, token);
    }
}

// A claim that is a string.
std::optional<std::string> text_claim(const UnverifiedToken& token, std::string_view name);
// The values of aud that are strings.
std::vector<std::string> audiences_of(const UnverifiedToken& token);
// The domains whose issuer the token names.
Domains domains_of(const Index& index, const UnverifiedToken& token);

// "the token LABEL " and `what`; known by its signing input, never by its signature.
RuleFinding token_finding(std::string_view rule, const SampleToken& sample, const UnverifiedToken& token,
                          Domains domains, const std::string& what);

} // namespace jwtdomain::audit::rules
