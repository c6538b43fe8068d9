// An estate of two domains and their verifiers, from texts in memory, and what the rules find in it.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "../support/mint.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/policy/load.h"
#include "policy_memory.h"

namespace jwtdomain::audit::test {

using Rules = std::set<std::string>;

struct SigningKey {
    PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    Signer signer = Signer::make(key, Algorithm::ES256).value();
};

// The key of a domain of these tests, made once a run.
inline SigningKey& key_of(const std::string& name) {
    static std::map<std::string, SigningKey> keys;
    return keys[name];
}

// "audience: any" for "audience: [...]": the line of that field is replaced, or added.
inline std::string with_line(const std::string& text, const std::string& indent, const std::string& line) {
    if (line.empty()) return text;
    const std::string field = indent + line.substr(0, line.find(':') + 1);
    const std::size_t at = text.find("\n" + field);
    if (at == std::string::npos) return text + indent + line + "\n";
    const std::size_t end = text.find('\n', at + 1);
    return text.substr(0, at + 1) + indent + line + text.substr(end);
}

struct Texts {
    std::vector<std::string> domain = {}; // lines of the domain staging, prod being clean
    std::vector<std::string> path = {};   // of the path that guards it
    std::string tail = {};                // of policy.yaml
    bool verifiers = true;
    std::vector<std::string> tokens = {};
};

inline std::string domain_text(const std::string& name) {
    return "\ndomain: " + name + "\nissuer: https://auth." + name + ".example\naudiences: [https://api." + name +
           ".example]\njwks: jwks/" + name + ".json\n";
}

inline std::string path_text(const std::string& name) {
    return "\n        name: the path\n        keys: jwks/" + name + ".json\n        issuer: https://auth." + name +
           ".example\n        audience: [https://api." + name +
           ".example]\n        types: [at+jwt]\n        algorithms: [ES256]\n        expiry: required\n" +
           "        longest_remaining: 10m\n        claims: {domain: " + name + "}\n";
}

inline std::string verifier_text(const std::string& name, std::string path) {
    // The first line of a list element begins with its dash.
    path.replace(path.find("        name"), 8, "      - ");
    return "  - domain: " + name + "\n    accepts:" + path;
}

inline std::vector<RuleFinding> findings_of(const Texts& texts) {
    std::string staging = domain_text("staging"), path = path_text("staging");
    for (const std::string& line : texts.domain) staging = with_line(staging, "", line);
    for (const std::string& line : texts.path) path = with_line(path, "        ", line);
    std::string policy = "version: 1\ninclude: [domains/*.yaml]\n";
    if (texts.verifiers)
        policy += "verifiers:\n" + verifier_text("prod", path_text("prod")) + verifier_text("staging", path);
    const policy::test::Files files{{"p/policy.yaml", policy + texts.tail},
                                    {"p/domains/prod.yaml", domain_text("prod")},
                                    {"p/domains/staging.yaml", staging}};
    const auto loaded = policy::load("p", policy::test::reader_of(files));
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    const auto keys = [](const policy::KeyLocation& where) -> Result<JwkSet> {
        const std::size_t slash = where.value.rfind('/') + 1;
        const std::string name = where.value.substr(slash, where.value.rfind('.') - slash);
        JwkMetadata metadata;
        metadata.kid = name + "-1";
        metadata.algorithm = "ES256";
        return parse_jwks(write_jwks({{key_of(name).key.public_key(), metadata}}));
    };
    const Estate estate = make_estate(*loaded, keys, jwtdomain::test::kNow);
    EphemeralKeys made;
    const Findings findings = prove(estate, made);
    std::vector<SampleToken> tokens;
    for (const std::string& token : texts.tokens) tokens.push_back({token, "sample"});
    return check_rules({.estate = estate, .findings = findings, .tokens = tokens});
}

inline Rules rules_of(const Texts& texts) {
    Rules out;
    for (const RuleFinding& finding : findings_of(texts)) out.insert(std::string(finding.rule));
    return out;
}

// Of the only finding of that rule.
inline Severity severity_of(const Texts& texts, const std::string& rule) {
    for (const RuleFinding& finding : findings_of(texts)) {
        if (finding.rule == rule) return finding.severity;
    }
    FAIL("there is no finding of ", rule);
    return {};
}

// A token that staging signs.
inline std::string token_of(const std::string& claims, const std::string& typ = "at+jwt") {
    return jwtdomain::test::sign(key_of("staging").signer, R"({"alg":"ES256","kid":"staging-1","typ":")" + typ + "\"}",
                                 claims);
}

inline std::string claims_with(const std::string& iss, const std::string& aud, const std::string& more = "") {
    return "{\"iss\":" + iss + ",\"aud\":" + aud +
           R"(,"sub":"alice","jti":"1","domain":"staging","iat":1700000000,"exp":1700000300)" + more + "}";
}

inline const std::string kIss = "\"https://auth.staging.example\"", kAud = "\"https://api.staging.example\"";

} // namespace jwtdomain::audit::test
