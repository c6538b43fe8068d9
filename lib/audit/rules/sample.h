// Internal: sample tokens, for the rules that look at them. Nothing of them is verified.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::audit::rules {

// The header alone, which is there also where the rest cannot be read: an unencoded payload, or five parts.
class SampleHeader {
public:
    explicit SampleHeader(const SampleToken& sample);
    bool usable() const { return usable_; }
    json::Value json() const { return token_.header_json(); }
    const Header& header() const { return token_.header(); }

private:
    std::string text_; // the token refers to it
    UnverifiedToken token_;
    bool usable_;
};

// Which domain tokens say that they are of: by issuer, or by audience where several have that issuer.
class TokenDomains {
public:
    explicit TokenDomains(const Estate& estate);
    std::optional<std::size_t> find(json::Value claims) const;

private:
    std::unordered_map<std::string, std::vector<std::size_t>> by_issuer_, by_audience_;
};

// A finding about one sample. It has the domain that the token says it is of, if there is one, but no place.
RuleFinding finding_of(std::string_view rule, const TokenDomains& domains, const SampleToken& sample,
                       Severity severity);

} // namespace jwtdomain::audit::rules
