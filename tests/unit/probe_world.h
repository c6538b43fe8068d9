// A domain, its good token, and what takes it: our own engine in the place of what runs.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "../support/mint.h"
#include "jwtdomain/accept/engine.h"
#include "jwtdomain/probe/kinds.h"
#include "jwtdomain/probe/run.h"

namespace jwtdomain::test::probing {

using namespace jwtdomain::probe;

inline constexpr const char* kIssuer = "https://auth.prod.example";
inline constexpr const char* kAudience = "https://api.prod.example";

inline EphemeralKeys& strangers() {
    static EphemeralKeys keys; // RSA takes its time
    return keys;
}

struct World {
    explicit World(KeyType type, Algorithm algorithm) : key(PrivateKey::generate(type).value()) {
        Signer signer = Signer::make(key, algorithm).value();
        const std::string header = R"({"alg":")" + std::string(info(algorithm).name) + R"(","kid":"k","typ":"at+jwt"})";
        const std::string claims = R"({"iss":")" + std::string(kIssuer) + R"(","aud":")" + kAudience +
                                   R"(","sub":"s","iat":)" + std::to_string(kNow) + R"(,"exp":)" +
                                   std::to_string(kNow + 60) + R"(,"jti":"j","domain":"prod","scope":"read"})";
        control = {.token = sign(signer, header, claims),
                   .key = key,
                   .public_key = key.public_key(),
                   .foreign_issuer = "https://auth.staging.example",
                   .foreign_audience = "https://api.staging.example",
                   .foreign_domain = "staging",
                   .foreign_kid = "other",
                   .domain_claim = "domain",
                   .scope_claim = "scope",
                   .now = kNow};
        path.signing.keys = {{.key = key.public_key(), .algorithms = {algorithm}, .kid = "k", .owner = "prod"}};
        path.type.allowed = {"at+jwt"};
        path.issuer.allowed.exact = {kIssuer};
        path.audience.any_of.exact = {kAudience};
        path.time.longest_life = 600;
        path.claims = {rule("domain", "prod"), rule("scope", "read")};
        for (const char* name : {"sub", "jti", "iat"})
            path.claims.push_back({.path = {name}, .test = accept::ClaimTest::present, .values = {}});
    }
    static accept::ClaimRule rule(const char* name, const char* value) {
        accept::ClaimRule out{.path = {name}, .test = accept::ClaimTest::in, .values = {}};
        out.values.exact = {value};
        return out;
    }
    static bool takes(const accept::Path& path, const std::string& text) {
        accept::PathEngine engine(path);
        UnverifiedToken token;
        token.parse(text, engine.reading());
        return engine.evaluate(token, {.now = kNow}).verified.has_value();
    }
    // Kinds that must be refused and are taken, by check.
    std::set<std::string> taken(const accept::Path& by) const {
        std::set<std::string> out;
        const Mutants mutants = Mutants::of(control, strangers()).value();
        for (const Kind& kind : kinds()) {
            const auto token = mutants.make(kind);
            if (token && kind.meaning == Meaning::must_be_refused && takes(by, *token)) out.emplace(kind.check);
        }
        return out;
    }
    PrivateKey key;
    Control control;
    accept::Path path;
};

// Answers as a function says.
class Fake final : public Door {
public:
    explicit Fake(std::function<Outcome(const std::string&)> answer) : answer_(std::move(answer)) {}
    Answer ask(const std::string& token, bool) override { return {answer_(token), "x"}; }

private:
    std::function<Outcome(const std::string&)> answer_;
};

inline std::size_t count(const Findings& findings, Conclusion conclusion) {
    std::size_t out = 0;
    for (const Sent& sent : findings.sent) out += sent.conclusion == conclusion;
    return out;
}

} // namespace jwtdomain::test::probing
