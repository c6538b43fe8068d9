#include "jwtdomain/audit/remedy.h"

#include <doctest/doctest.h>

#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using jwtdomain::audit::test::AuditEstate;

namespace {

// Of the first crossing into the service whose path is changed: what each would change, and whether it stops insiders.
std::string told(const AuditEstate& estate) {
    std::string out;
    estate.prove_and([&](const Estate& known, const Findings& findings) {
        REQUIRE(!findings.crossings.empty());
        const Crossing& crossing = findings.crossings.front();
        const std::vector<Remedy> all = remedies(known, crossing);
        const auto smallest = smallest_fix(all, crossing.attacker);
        for (std::size_t i = 0; i < all.size(); ++i)
            out += (smallest == i ? "* " : "- ") + all[i].before + " -> " + all[i].after + "\n";
    });
    return out;
}

AuditEstate leaking() {
    AuditEstate estate;
    estate.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    estate.path()["issuer"] = "any";
    estate.path()["audience"] = "any";
    estate.path().erase("claims");
    return estate;
}

} // namespace

TEST_CASE("audit/remedy: what is asked for already is no remedy, however it is written") {
    AuditEstate estate = leaking();
    const std::string as_it_is = told(estate);
    CHECK(as_it_is.find("types") == std::string::npos);
    estate.path()["types"] = "[application/AT+JWT]"; // the same to RFC 7515 section 4.1.9
    CHECK(told(estate) == as_it_is);
    estate.path()["types"] = "[at+jwt, JWT]";
    CHECK(told(estate).find("types: ") != std::string::npos);
    estate.path().erase("types");
    CHECK(told(estate).find("types: any -> types: ") != std::string::npos);
}

TEST_CASE("audit/remedy: one that stops the attacker is the smallest fix, and it does") {
    const AuditEstate estate = leaking();
    const std::string all = told(estate);
    REQUIRE(all.find("* ") != std::string::npos);
    CHECK(all.find("issuer: any -> issuer: https://auth.") != std::string::npos);
    AuditEstate fixed = leaking();
    fixed.path()["keys"] = "jwks/staging.json";
    fixed.prove_and([](const Estate&, const Findings& findings) { CHECK(findings.crossings.empty()); });
}

TEST_CASE("audit/remedy: its place is the line of what it changes") {
    const AuditEstate estate = leaking();
    estate.prove_and([&](const Estate& known, const Findings& findings) {
        std::uint32_t keys = 0;
        for (const Remedy& each : remedies(known, findings.crossings.front())) {
            CHECK(each.where.file == "p/policy.yaml");
            CHECK(each.where.line > 0);
            if (each.field == Field::signing) keys = static_cast<std::uint32_t>(each.where.line);
            if (each.field == Field::issuer && keys != 0) CHECK(static_cast<std::uint32_t>(each.where.line) != keys);
        }
    });
}
