// The rules about what guards a resource as a whole: nothing, or a cache that others fill.
#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/rules/run: RUN-02 two domains share what was verified") {
    AuditEstate estate;
    estate.paths["prod"]["dialect"] = estate.path()["dialect"] = "{cache: one}";
    CHECK(estate.rules().find("RUN-02") != std::string::npos);
    CHECK(estate.only("RUN-02").severity == Severity::critical);
    CHECK(estate.only("RUN-02").domains.size() == 2);
    estate.path()["dialect"] = "{cache: another}";
    CHECK(estate.rules() == "");
    estate.paths["prod"].erase("dialect");
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/run: RUN-04 nothing guards it") {
    AuditEstate open;
    // Beside the one that is guarded there is one that takes every request.
    policy::Policy policy = open.policy();
    policy::DeclaredVerifier internal;
    internal.domain = "prod";
    internal.name = "internal";
    internal.guard = accept::Entry::Guard::open;
    internal.why = "no rule matches /internal";
    policy.verifiers.push_back(internal);
    const Estate proved = open.estate(policy);
    EphemeralKeys keys;
    const Findings findings = prove(proved, keys);
    const auto found = check_rules({.estate = proved, .findings = findings});
    REQUIRE(found.size() == 1);
    CHECK(found.front().rule == "RUN-04");
    CHECK(found.front().severity == Severity::critical);
    CHECK(found.front().attacker == Attacker::outsider);
    CHECK(found.front().message.find("no rule matches /internal") != std::string::npos);
    internal.guard = accept::Entry::Guard::opaque; // which nobody calls open
    policy.verifiers.back() = internal;
    const Estate opaque = open.estate(policy);
    CHECK(check_rules({.estate = opaque, .findings = prove(opaque, keys)}).empty());
}
