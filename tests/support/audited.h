// An estate to be audited, whose every byte is fixed, so that reports can be golden: public keys that nobody has the
// private halves of, a fixed time, places relative to the working directory.
#pragma once

#include <string>
#include <vector>

#include "tests/support/two_domains.h"

namespace jwtdomain::test {

class Audited : public TwoDomains {
public:
    Audited() {
        put_key("prod", "pTceMW-Bsgx54GgM2tVjRACU9ND21qFzdV4FKLEt85Q", "AZuq_s8m0knNB_w6bMaqtdellXebTIl5lZRPQWgpvhU");
        put_key("staging", "pRtV0dmaQxvQvX2I3ZEsTxy7Eai1zfWl6qFdOjYOITc",
                "XjDmwT-NM5t83sRu-oYpPgVijf05JjrR80huAGX7tsQ");
    }

    void put_key(const std::string& name, const std::string& x, const std::string& y) const {
        put("jwks/" + name + ".json", R"({"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":")" + name +
                                          R"(-1","x":")" + x + R"(","y":")" + y + "\"}]}\n");
    }

    // Its verifier takes what the domain's own tokens have, and nothing else; `more` are further lines of the path.
    static std::string strict(const std::string& name, const std::string& more = "") {
        return "  - domain: " + name + "\n    name: " + name +
               "\n    accepts:\n      - name: main\n        keys: jwks/" + name +
               ".json\n        issuer: https://auth." + name + ".example.com\n        audience: [https://api." + name +
               ".example.com]\n        types: [at+jwt]\n        algorithms: [ES256]\n        expiry: required\n" +
               "        longest_life: 10m\n        claims: {domain: " + name + "}\n" + more;
    }
    // Takes staging's keys as well as prod's, from any issuer, for any audience.
    static std::string loose() {
        return "  - domain: prod\n    name: prod\n    accepts:\n      - name: main\n        keys: [jwks/prod.json, "
               "jwks/staging.json]\n"
               "        issuer: any\n        audience: any\n        types: [at+jwt]\n        algorithms: [ES256]\n"
               "        expiry: required\n";
    }
    void put_verifiers(const std::string& list) const { put("policy.yaml", "version: 1\nverifiers:\n" + list); }

    void leak() const { put_verifiers(loose() + strict("staging")); }
    void isolate() const { put_verifiers(strict("prod") + strict("staging")); }
    void unread() const { put_verifiers(strict("prod")); } // nothing is said of staging's

    Outcome audit(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"audit"});
        return world.run(more);
    }
    std::string report(const std::string& format) { return audit({"--format", format}).out; }
};

} // namespace jwtdomain::test
