#include <doctest/doctest.h>

#include "../support/mint.h"
#include "jwtdomain/policy/verifier_set.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;

namespace {

// Two domains, of which staging also takes tokens of prod, and a third one that shares prod's issuer.
struct Domains {
    jwtdomain::test::Prod prod;
    Policy policy;

    Domains() {
        const policy::test::Files files{
            {"p/policy.yaml", "version: 1\ndefaults: {algorithms: [ES256], types: any}\n"},
            {"p/domains/a.yaml", text("prod", "https://auth.prod.example", "https://api.prod.example")},
            {"p/domains/b.yaml", text("other", "https://auth.other.example", "https://api.other.example")},
            {"p/domains/c.yaml", text("twin", "https://auth.prod.example", "https://api.twin.example")}};
        auto loaded = load("p", policy::test::reader_of(files));
        if (!loaded) FAIL(describe(loaded.error()) << " " << loaded.error().hint);
        policy = std::move(*loaded);
    }

    static std::string text(const std::string& name, const std::string& issuer, const std::string& audience) {
        return "domain: " + name + "\nissuer: " + issuer + "\naudiences: [" + audience + "]\njwks: k.json\n";
    }

    std::size_t index(const std::string& name) const {
        return static_cast<std::size_t>(policy.find(name) - policy.domains.data());
    }
};

struct Setup : Domains {
    int reads = 0;
    VerifierSet set{policy, [this](const KeyLocation&) -> Result<JwkSet> {
                        ++reads;
                        JwkMetadata metadata;
                        metadata.kid = "k1";
                        return JwkSet{{Jwk{.key = prod.key.public_key(), .metadata = metadata}}, {}};
                    }};
    DomainJudge judge{set};
    accept::Context context{.now = jwtdomain::test::kNow, .revocations = nullptr};
};

bool finds(const accept::Decision& decision, Reason reason) {
    return std::any_of(decision.findings.begin(), decision.findings.end(),
                       [&](const Finding& f) { return f.reason == reason; });
}

} // namespace

TEST_CASE("policy/judge: what one token is asked does not change the answers of another order") {
    Setup s;
    const std::string good = s.prod.token();
    s.judge.reset(good, s.context);
    CHECK(s.judge.accepting() == std::vector{s.index("prod")});
    CHECK(s.judge.claimed() == s.index("prod"));
    CHECK(s.judge.decide(s.index("prod")).accepted());
    CHECK_FALSE(s.judge.decide(s.index("other")).accepted());
    CHECK(finds(s.judge.decide(s.index("twin")), Reason::aud_mismatch));

    s.judge.reset(good, s.context);
    CHECK(finds(s.judge.decide(s.index("twin")), Reason::aud_mismatch));
    CHECK(s.judge.decide(s.index("prod")).accepted());
    CHECK(s.judge.accepting() == std::vector{s.index("prod")});
}

TEST_CASE("policy/judge: a decision is of the token and the time that were given last, whatever the address") {
    Setup s;
    std::string text = s.prod.token();
    s.judge.reset(text, s.context);
    CHECK(s.judge.decide(s.index("prod")).accepted());
    // The same octets at another time.
    s.judge.reset(text, {.now = s.context.now + 3600, .revocations = nullptr});
    CHECK(finds(s.judge.decide(s.index("prod")), Reason::expired));
    CHECK(s.judge.accepting().empty());
    // Other octets at the same address: one character of the signature.
    char& last = text[text.size() - 10];
    last = last == 'A' ? 'B' : 'A';
    s.judge.reset(text, s.context);
    CHECK(finds(s.judge.decide(s.index("prod")), Reason::signature_invalid));
    CHECK(s.judge.accepting().empty());
    CHECK(s.judge.claimed() == s.index("prod"));
}

TEST_CASE("policy/judge: a request is decided on its own") {
    Setup s;
    const std::string good = s.prod.token();
    s.judge.reset(good, s.context);
    accept::ClaimRule admin;
    admin.path = {"scope"};
    admin.shape = accept::ClaimShape::words;
    admin.test = accept::ClaimTest::has_all;
    admin.values.exact = {"admin"};
    admin.role = accept::ClaimRule::Role::scope;
    const accept::Request request{.resource = {}, .method = {}, .further = {admin}};
    const accept::Decision& general = s.judge.decide(s.index("prod"));
    CHECK(finds(s.judge.decide(s.index("prod"), request), Reason::scope_missing));
    CHECK(general.accepted());
    CHECK(s.judge.decide(s.index("prod"), {}).accepted());
    CHECK(s.judge.accepting() == std::vector{s.index("prod")});
}
