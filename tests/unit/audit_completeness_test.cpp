// Does each service take a token of its own domain?
#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;
using Answer = OwnTokens::Answer;

namespace {

Answer of_staging(const AuditEstate& estate) { return estate.own().at(1).answer; }

} // namespace

TEST_CASE("audit/completeness: a service takes its own domain's tokens, or is told with what stands in the way") {
    AuditEstate estate;
    CHECK(estate.own().at(0).answer == Answer::taken);
    CHECK(of_staging(estate) == Answer::taken);
    estate.path()["audience"] = "[https://other.staging.example]";
    REQUIRE(of_staging(estate) == Answer::refused);
    CHECK(estate.own()[1].why ==
          "aud is https://api.staging.example, and it asks for one of https://other.staging.example");
    CHECK(estate.own().at(0).answer == Answer::taken);
    estate.domains["staging"]["issue"] = "{audiences: [https://api.staging.example, https://other.staging.example]}";
    CHECK(of_staging(estate) == Answer::taken); // one may ask for it
    estate.path()["claims"] = "{domain: staging, scope: {has_all: [orders:write], shape: words}}";
    CHECK(of_staging(estate) == Answer::taken);
    estate.domains["staging"]["issue"] = "{audiences: [https://other.staging.example], scopes: [orders:read]}";
    CHECK(of_staging(estate) == Answer::refused);
}

TEST_CASE("audit/completeness: what is revoked, open or not known") {
    AuditEstate revoked;
    revoked.files["jwks/staging.json"] = R"({"keys":[]})";
    CHECK(of_staging(revoked) == Answer::not_asked);
    AuditEstate unread;
    unread.path()["keys"] = "https://keys.example/staging.json";
    CHECK(of_staging(unread) == Answer::unknown);
    AuditEstate over; // nothing is certain of it
    over.path()["dropped"] = "[\"a check of the user agent\"]";
    CHECK(of_staging(over) == Answer::unknown);
    AuditEstate others; // that a stranger gets in does not help
    others.path()["keys"] = "jwks/prod.json";
    CHECK(of_staging(others) == Answer::refused);
    others.verifier = "    unknown_issuer: anonymous\n";
    CHECK(of_staging(others) == Answer::refused);
    AuditEstate policy_only;
    policy_only.paths.clear();
    CHECK(of_staging(policy_only) == Answer::taken);
}
