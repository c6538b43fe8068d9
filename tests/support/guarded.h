// Two domains, and what guards prod: to hold the halves of the tool against each other. Where the issuer of staging
// mints a token, or a thief writes one, that what guards prod takes, audit must never say that prod is isolated.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "two_domains.h"

namespace jwtdomain::test {

using Words = std::vector<std::string>;

struct Guarded : TwoDomains {
    // Staging with further lines, and a guard of prod that beside its own tokens takes staging's key and asks for that
    // alone.
    Guarded(const std::string& staging, const std::string& asks) {
        put_domain("staging", staging);
        for (const char* name : {"staging", "prod"}) must({"keygen", "--domain", name});
        guard("keys: jwks/staging.json, issuer: any, audience: any, expiry: required, " + asks);
    }

    void guard(const std::string& path, const std::string& staging_keys = "jwks/staging.json") {
        put("policy.yaml", "version: 1\nverifiers:\n  - {domain: staging, accepts: [{keys: " + staging_keys +
                               ", issuer: https://auth.staging.example.com, audience: "
                               "[https://api.staging.example.com], expiry: required}]}\n"
                               "  - {domain: prod, name: gateway, accepts: [{" +
                               path +
                               "}, {name: own, keys: jwks/prod.json, issuer: https://auth.prod.example.com, audience: "
                               "[https://api.prod.example.com], expiry: required}]}\n");
    }

    Outcome issue(Words more) {
        more.insert(more.begin(), {"issue", "--domain", "staging", "--subject", "alice"});
        return world.run(more);
    }
    bool taken_by_prod(const std::string& token) {
        const auto json = nlohmann::json::parse(world.run({"triage", "--format", "json", token}).out);
        for (const auto& each : json["accepted_by"]) {
            if (each["domain"] == "prod" && each["verified"] == true) return true;
        }
        return false;
    }
    std::string verdict_on_prod(const Words& more = {}) {
        Words words{"audit", "--format", "json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto json = nlohmann::json::parse(world.run(words).out);
        for (const auto& service : json["services"]) {
            if (service["domain"] == "prod") return service["verdict"];
        }
        return "none";
    }
};

} // namespace jwtdomain::test
