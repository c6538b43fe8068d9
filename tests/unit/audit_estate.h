// Two domains that are clean, prod and staging, each with a verifier of its own; what a test changes of it, and the
// rules that then fire.
#pragma once

#include <doctest/doctest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../support/mint.h"
#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/base/base64url.h"
#include "policy_memory.h"

namespace jwtdomain::audit::test {

// The JWK of a P-256 key; `further` are members with a comma before them.
inline std::string p256(const std::string& kid, const std::string& x, const std::string& y,
                        const std::string& further = {}) {
    return R"({"kty":"EC","crv":"P-256","alg":"ES256","kid":")" + kid + R"(","x":")" + x + R"(","y":")" + y + '"' +
           further + "}";
}
inline std::string prod_key(const std::string& kid = "prod-1", const std::string& further = {}) {
    return p256(kid, "pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q", "AZuq_s8m0knNB_w6bMaqtdellXebTIl5lZRPQWgpvhU",
                further);
}
inline std::string staging_key(const std::string& kid = "staging-1", const std::string& further = {}) {
    return p256(kid, "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc", "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ",
                further);
}
inline std::string third_key(const std::string& kid, const std::string& further = {}) {
    return p256(kid, "gPizhxYntlrrMygshMOIFzPa612Nyn4sOdqtHf9KvI0", "DHgnCJplruGdBzpZdZHTxzI7aT_y1K5x5V6-9nHShvg",
                further);
}
// RSA moduli: the first two share a prime.
inline constexpr const char* kModuli[] = {
    "15Wfle_ijDCLOc5QxnASyACPq2xntWG4jFcl15f2oK9AmS71zlsPYNSq5emjpZ62JNohRYZlpI0PVoMyr5_Fm7alqf1yt9Om4jID"
    "AKIJ_z0M-oxyh9srH6cdfrODBITBQp5iwQSZd5B3LfLMQuo5kNfNIUHl1dyQm7rV7UJR_vhsEOiOqybN7xUQUanbunsxDQPxUAF7"
    "6uGHNN1ZapVPCXRmTvkm3LVBUhBqcIrVyM983CzCXCV8AMR__wGA5xDNTVSfQ9_dkBJmb0BS0zF8lM2N2mYbJ6_mSE66s4Qzdyt6"
    "xZYCeQrTrlTFhEKH8gjRGA1WSJo3aVArx1VwIRUedw",
    "5uReazjLQ398r8pbZRvm-hWys8ZdA94ulEl047xmxQKev9sEoAHcR5tR3_x7DCcT40vjgBDez1Y8Eb5k16D2Vw8b39c8rWpbnpxK"
    "W48YRLHhDQAMlVlKhUrJRgp41uB1ZeQbwN_nnLoaoFYXeL2FnFzWpoRtRDR1GgaEBQl-Qn7t0X_7yL4dVZVIMpPPYGwkjXsuMta_"
    "yecJTPT9HfJ1vzcv_VuqorUDxNuIqK6-8XkQL5tv1Ub85_I9-hU58s8gSK4-8IuVENutq8zmOs6lN7s_RUUuVItErnXuKQsTU9a_"
    "TCsWsmZsjLnV3ArgnWccuSGJKWUU7tycmxhumg6UTQ",
    "u6q-Qr-zOibRDWUneXNRRrLi3hEiJzhY8uzhcmTKXpZbNqnsPmDtCka-WVBMTHi_zOzXjSglQhmwUL1Gv-mmlQCL39d471PFzUi-"
    "ud2j2-UWaIbxyvlRS6Is6iqGeflI-a4b2qdsLUffYg9kpbTvNqgmGO9j3OkzFOFSF-_ZR0qLX6a-Sw2rg-6qCvnQqEBj5OswKjAW"
    "vymHIN-NHREFeQV6bWeOkxoQ1ZsX2YlPj0Rm3TndEPJYX1Nh177Q8fEf0HEIbPOAVP6983rLRXwRUsuZrNidRWpgV06mfX2Vhf4j"
    "HBk08wgVCHT1lPnUfQdE4N3xVypsg_uzinIWlYxASQ"};
inline std::string rsa(const std::string& kid, std::size_t modulus, const std::string& further = {}) {
    return R"({"kty":"RSA","kid":")" + kid + R"(","e":"AQAB","n":")" + kModuli[modulus] + '"' + further + "}";
}
inline std::string oct(const std::string& kid, std::string_view secret) {
    return R"({"kty":"oct","kid":")" + kid + R"(","k":")" + base64url_encode(secret) + R"("})";
}
inline std::string key_set(const std::vector<std::string>& keys) {
    std::string text;
    for (const std::string& key : keys) text += (text.empty() ? "" : ",") + key;
    return R"({"keys":[)" + text + "]}";
}
// Nobody makes up such a secret.
inline const std::string kRandom("\x9f\x02\xc4\x71\x3b\xe8\x55\xaa\x10\x6d\xf3\x29\x84\xbe\x07\x5c"
                                 "\xd1\x93\x48\x2e\xf7\x60\x1b\xa5\xc9\x34\x7e\x0d\x96\xe2\x5f\x81");

class AuditEstate {
public:
    using Fields = std::map<std::string, std::string>;
    std::map<std::string, std::string> files{{"jwks/prod.json", key_set({prod_key()})},
                                             {"jwks/staging.json", key_set({staging_key()})}}; // of keys
    std::map<std::string, Fields> domains{{"prod", domain_of("prod")}, {"staging", domain_of("staging")}};
    std::map<std::string, Fields> paths{{"prod", path_of("prod")}, {"staging", path_of("staging")}}; // of verifiers
    std::string further;                                                                             // of policy.yaml
    std::string verifier;      // further lines of staging's
    std::string prod_verifier; // and of prod's
    std::vector<SampleToken> tokens;
    Time now = jwtdomain::test::kNow;

    Fields& path() { return paths["staging"]; }
    // A third domain, which nothing guards; its keys are in `key_file`.
    void add_third(const std::string& key_file = "jwks/third.json") {
        files.emplace("jwks/third.json", key_set({third_key("third-1")}));
        domains["third"] = domain_of("third");
        domains["third"]["jwks"] = key_file;
    }

    void add_token(const std::string& header, const std::string& claims) {
        const std::string text = base64url_encode(header) + "." + base64url_encode(claims) + ".AAAA";
        tokens.push_back({text, "token " + std::to_string(tokens.size() + 1)});
    }
    static std::string claims(const std::string& name, const std::string& more = {}) {
        return R"({"iss":"https://auth.)" + name + R"(.example","aud":"https://api.)" + name +
               R"(.example","iat":1700000000,"exp":1700000300)" + more + "}";
    }

    policy::Policy policy() const {
        policy::test::Files texts{{"p/policy.yaml", policy_text()}};
        for (const auto& [name, fields] : domains) texts["p/domains/" + name + ".yaml"] = lines(fields, "");
        auto policy = policy::load("p", policy::test::reader_of(texts));
        if (!policy) FAIL(describe(policy.error()) << " " << policy.error().hint);
        return std::move(*policy);
    }
    Estate estate(const policy::Policy& policy) const { return estate(policy, now); }
    Estate estate(const policy::Policy& policy, Time as_of) const {
        const policy::KeyReader keys = [&](const policy::KeyLocation& location) -> Result<JwkSet> {
            const auto found = files.find(location.value);
            if (found == files.end()) return fail(Fault::not_found, "there is no " + location.value);
            return parse_jwks(found->second, location.value);
        };
        return make_estate(policy, keys, as_of);
    }

    template <class Look> void prove_and(Look look) const {
        const policy::Policy policy = this->policy();
        const Estate estate = this->estate(policy);
        EphemeralKeys ephemeral;
        look(estate, prove(estate, ephemeral));
    }
    std::vector<RuleFinding> findings() const {
        std::vector<RuleFinding> out;
        prove_and([&](const Estate& estate, const Findings& findings) {
            out = check_rules({.estate = estate, .findings = findings, .tokens = tokens});
        });
        return out;
    }
    // Whether the services take tokens of their own domains: prod's, then staging's.
    std::vector<OwnTokens> own() const {
        std::vector<OwnTokens> out;
        const policy::Policy policy = this->policy();
        const Estate estate = this->estate(policy);
        EphemeralKeys ephemeral;
        for (const Service& service : estate.services) out.push_back(own_tokens(estate, service, ephemeral));
        return out;
    }
    // "KEY-02 KEY-07": each rule once.
    std::string rules() const {
        std::set<std::string> ids;
        for (const RuleFinding& finding : findings()) ids.emplace(finding.rule);
        std::string out;
        for (const std::string& id : ids) out += (out.empty() ? "" : " ") + id;
        return out;
    }
    // The one finding of that rule.
    RuleFinding only(std::string_view rule) const {
        std::vector<RuleFinding> of_rule;
        for (RuleFinding& finding : findings()) {
            if (finding.rule == rule) of_rule.push_back(std::move(finding));
        }
        REQUIRE(of_rule.size() == 1);
        return of_rule.front();
    }

private:
    static Fields domain_of(const std::string& name) {
        return {{"domain", name},
                {"issuer", "https://auth." + name + ".example"},
                {"audiences", "[https://api." + name + ".example]"},
                {"jwks", "jwks/" + name + ".json"}};
    }
    static Fields path_of(const std::string& name) {
        return {{"keys", "jwks/" + name + ".json"},
                {"issuer", "https://auth." + name + ".example"},
                {"audience", "[https://api." + name + ".example]"},
                {"types", "[at+jwt]"},
                {"algorithms", "[ES256]"},
                {"expiry", "required"},
                {"longest_life", "10m"},
                {"claims", "{domain: " + name + "}"}};
    }
    static std::string lines(const Fields& fields, const std::string& indent) {
        std::string out;
        for (const auto& [name, value] : fields) out += indent + name + ": " + value + "\n";
        return out;
    }
    std::string policy_text() const {
        std::string verifiers;
        for (const auto& [name, fields] : paths) {
            std::string path = lines(fields, "        ");
            path.replace(6, 2, "- ");
            verifiers += "  - domain: " + name + "\n    name: guard-" + name + "\n" +
                         (name == "staging" ? verifier : prod_verifier) + "    accepts:\n" + path;
        }
        const std::string head = "version: 1\ninclude: [domains/*.yaml]\n" + further;
        return verifiers.empty() ? head : head + "verifiers:\n" + verifiers;
    }
};

} // namespace jwtdomain::audit::test
