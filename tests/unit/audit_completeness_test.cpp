// Does each service take a token of its own domain?
#include <algorithm>

#include "audit_estate.h"
#include "jwtdomain/audit/certificate.h"

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

TEST_CASE("audit/completeness: what refuses its own tokens is not called isolated, nor certified") {
    AuditEstate estate;
    const auto look = [&] {
        std::pair<Verdict, std::vector<std::string>> out;
        estate.prove_and([&](const Estate& made, const Findings& findings) {
            out.first = verdict_of(made, findings, Attacker::insider);
            const auto certificate = certify(made, findings, Attacker::insider, {});
            if (!certificate) FAIL(describe(certificate.error()));
            for (const CertifiedService& service : certificate->services) out.second.push_back(service.domain);
            for (std::size_t s = 0; s < made.services.size(); ++s) {
                const bool certified = std::find(out.second.begin(), out.second.end(),
                                                 made.name(made.services[s].domain)) != out.second.end();
                CHECK((verdict_of_service(made, findings, s, Attacker::insider) == Verdict::isolated) == certified);
            }
        });
        return out;
    };
    using Names = std::vector<std::string>;
    CHECK(look() == std::pair(Verdict::isolated, Names{"prod", "staging"}));
    estate.path()["audience"] = "[https://nobody.example]";
    CHECK(look() == std::pair(Verdict::not_proven, Names{"prod"}));
    // What there is for the tokens of a trust edge alone is not broken.
    estate.path()["audience"] = "[https://api.staging.example]";
    estate.path()["keys"] = "jwks/prod.json";
    estate.path()["issuer"] = "https://auth.prod.example";
    estate.path()["claims"] = "{domain: prod}";
    estate.domains["prod"]["issue"] =
        "{audiences: [https://api.prod.example, https://api.staging.example], scopes: [a]}";
    CHECK(look().first == Verdict::leaks);
    estate.further =
        "trust:\n  - {from: prod, to: staging, audience: https://api.staging.example, scopes: [a], reason: r, "
        "owner: o, expires: 2024-01-01}\n";
    estate.path()["audience"] = "{any_of: [https://api.staging.example], subset_of: [https://api.staging.example]}";
    estate.path()["claims"] = "{domain: prod, scope: {all_in: [a], shape: words}}";
    CHECK(look().first == Verdict::isolated);
}
