// Issuing for prod, whose tokens are then verified; and what tokens say.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>

#include "jwtdomain/base/base64url.h"
#include "tests/support/two_domains.h"

namespace jwtdomain::test {

inline const std::string kProfile = R"(issue:
  scopes: [orders:read, orders:write]
  claims: {role: [reader, writer], level: any}
  other_claims: false
clients:
  web: {type: public}
  ci: {type: confidential, scopes: [orders:read]}
  gone: {type: public, disabled: true}
)";

struct Issuing : TwoDomains {
    explicit Issuing(const std::string& prod = kProfile) {
        put_domain("prod", prod);
        make_keys();
    }
    std::vector<std::string> line(const std::vector<std::string>& more) const {
        std::vector<std::string> out{"issue", "--domain", "prod", "--subject", "alice"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }
    Outcome issue(const std::vector<std::string>& more = {}) { return world.run(line(more)); }
    std::string token(const std::vector<std::string>& more = {}) {
        std::string text = must(line(more));
        REQUIRE(text.back() == '\n');
        text.pop_back();
        return text;
    }
    int verify(const std::string& domain, const std::string& token) {
        return world.run({"verify", "--domain", domain, token}).status;
    }
    // An error that says what is allowed, and no token.
    void refused(const std::vector<std::string>& more, const std::string& says, int status = 2) {
        const Outcome outcome = issue(more);
        CAPTURE(outcome.err);
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find(says) != std::string::npos);
    }
};

inline nlohmann::ordered_json part(const std::string& token, std::size_t index) {
    std::istringstream parts(token);
    std::string text, octets;
    for (std::size_t i = 0; i <= index; ++i) std::getline(parts, text, '.');
    REQUIRE(base64url_decode(text, octets) == Base64Defect::none);
    return nlohmann::ordered_json::parse(octets);
}
inline nlohmann::ordered_json header_of(const std::string& token) { return part(token, 0); }
inline nlohmann::ordered_json claims_of(const std::string& token) { return part(token, 1); }

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string each; std::getline(in, each);) out.push_back(each);
    return out;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

} // namespace jwtdomain::test
