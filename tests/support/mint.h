// Makes tokens for tests, also the broken ones that no issuer would make.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/signature.h"

namespace jwtdomain::test {

inline constexpr Time kNow = 1'700'000'000;

inline std::string sign(Signer& signer, std::string_view header, std::string_view claims) {
    std::string input = base64url_encode(header) + "." + base64url_encode(claims);
    return input + "." + base64url_encode(signer.sign(input).value());
}

// A domain "prod" with one ES256 key under kid "k1", the path that guards it, and what signs for it.
struct Prod {
    PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    Signer signer = Signer::make(key, Algorithm::ES256).value();
    std::string header = R"({"alg":"ES256","kid":"k1","typ":"at+jwt"})";
    std::string claims =
        R"({"iss":"https://auth.prod.example","aud":"https://api.prod.example","sub":"alice","jti":"1",)"
        R"("domain":"prod","scope":"read","iat":1700000000,"exp":1700000300})";

    std::string token() { return sign(signer, header, claims); }
    std::string with_header(std::string_view h) { return sign(signer, h, claims); }
    std::string with_claims(std::string_view c) { return sign(signer, header, c); }
    // The good claims with one text replaced, which must be there.
    std::string changed(const std::string& from, const std::string& to) {
        std::string text = claims;
        text.replace(text.find(from), from.size(), to);
        return with_claims(text);
    }

    accept::Path path() const {
        accept::Path p;
        p.name = "prod";
        p.signing.algorithms = {Algorithm::ES256};
        p.signing.keys.push_back(
            {.key = key.public_key(), .algorithms = {Algorithm::ES256}, .kid = "k1", .owner = "prod"});
        p.type.allowed = {"at+jwt"};
        p.issuer.allowed.exact = {"https://auth.prod.example"};
        p.audience.any_of.exact = {"https://api.prod.example"};
        p.audience.subset_of = {"https://api.prod.example", "account"};
        p.time = {.longest_life = 600, .longest_remaining = {}, .leeway = 30, .path_ends = {}};
        accept::ClaimRule domain;
        domain.path = {"domain"};
        domain.test = accept::ClaimTest::in;
        domain.values.exact = {"prod"};
        domain.role = accept::ClaimRule::Role::domain;
        accept::ClaimRule subject;
        subject.path = {"sub"};
        subject.role = accept::ClaimRule::Role::required;
        p.claims = {domain, subject};
        return p;
    }
};

} // namespace jwtdomain::test
