#include <doctest/doctest.h>

#include "jwtdomain/policy/confusable.h"
#include "jwtdomain/policy/plan.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;

namespace {

Policy loaded(const test::Files& files) {
    auto policy = load("p", test::reader_of(files));
    if (!policy) FAIL(describe(policy.error()) << " " << policy.error().hint);
    return std::move(*policy);
}

test::Files with(const Plan& plan, test::Files files = {}) {
    for (const auto& file : plan.files) files["p/" + file.path] = file.text;
    return files;
}

PlanInput input(const std::vector<std::string>& names) {
    PlanInput in;
    for (const auto& name : names) in.domains.push_back({name, {}, {}, {}});
    return in;
}

std::string foreign(const std::string& name, const std::string& issuer, const std::string& audience) {
    return "domain: " + name + "\nforeign: true\nissuer: \"" + issuer + "\"\naudiences: [\"" + audience + "\"]\n";
}

// The rule that refuses a domain beside a domain `prod` with this issuer and audience.
std::string rule(const std::string& theirs, const std::string& ours, bool shared = false,
                 const std::string& audience = "b") {
    const Policy existing =
        loaded({{"p/policy.yaml", "version: 1\n"}, {"p/domains/prod.yaml", foreign("prod", theirs, "a")}});
    PlanInput in;
    in.domains = {{"staging", foreign("staging", ours, audience), {}, {}}};
    in.existing = &existing;
    in.shared.issuer = shared;
    const auto made = plan(in);
    if (made) return "accepted";
    CHECK(made.error().fault == Fault::conflict);
    CHECK(!made.error().hint.empty());
    return made.error().rule;
}

} // namespace

TEST_CASE("policy/plan: new domains load, apart from each other") {
    const auto made = plan(input({"staging", "prod", "prod/tenant-a"})).value();
    REQUIRE(made.files.size() == 4);
    CHECK(made.files[0].path == "policy.yaml");
    CHECK(made.files[3].path == "domains/prod/tenant-a.yaml");
    const Policy policy = loaded(with(made));
    CHECK(policy.domains.size() == 3);
    CHECK(policy.find("staging")->issuer == "https://auth.staging.example.com");
    CHECK(policy.find("staging")->audiences == std::vector<std::string>{"https://api.staging.example.com"});
    CHECK(policy.find("staging")->keys.value == "jwks/staging.json");
    CHECK(policy.find("prod/tenant-a")->issuer == "https://auth.tenant-a.prod.example.com");
    CHECK(policy.find("prod/tenant-a")->parent == "prod");
    CHECK(policy.find("prod")->lifetime == 600);
    CHECK(!policy.find("prod")->foreign);
}

TEST_CASE("policy/plan: a domain is added to a policy without touching another file") {
    const auto first = plan(input({"staging"})).value();
    const Policy existing = loaded(with(first));
    PlanInput in = input({"prod"});
    in.existing = &existing;
    in.domains[0].algorithm = "EdDSA";
    const auto second = plan(in).value();
    REQUIRE(second.files.size() == 1);
    CHECK(second.files[0].path == "domains/prod.yaml");
    const Policy both = loaded(with(second, with(first)));
    CHECK(both.find("prod")->algorithms == std::vector{Algorithm::Ed25519, Algorithm::Ed448});

    PlanInput again = input({"staging"});
    again.existing = &existing;
    const auto refused = plan(again);
    REQUIRE(!refused);
    CHECK(refused.error().message == "there is a domain 'staging' already");
    CHECK(refused.error().hint.find("p/domains/staging.yaml") != std::string::npos);
    CHECK(plan(input({"a", "a"})).error().fault == Fault::conflict);
    CHECK(plan(input({"A"})).error().fault == Fault::usage);
    CHECK(plan(input({})).error().fault == Fault::usage);
}

TEST_CASE("policy/plan: a policy that would not read the new file is said") {
    const Policy existing = loaded({{"p/policy.yaml", "version: 1\ninclude: [zones/*.yaml]\n"}});
    PlanInput in = input({"prod"});
    in.existing = &existing;
    CHECK(plan(in).error().message == "the policy does not read domains/prod.yaml");
}

TEST_CASE("policy/plan: URLs come from the base URL") {
    CHECK(derive_url("https://example.com", "auth", "staging").value() == "https://auth.staging.example.com");
    CHECK(derive_url("https://example.com/", "api", "a/b_c").value() == "https://api.b-c.a.example.com");
    CHECK(derive_url("https://example.com:8443/x/", "auth", "p").value() == "https://auth.p.example.com:8443/x");
    CHECK(derive_url("http://localhost:8080", "auth", "p").value() == "http://auth.p.localhost:8080");
    for (const char* bad : {"example.com", "http://example.com", "https://", "https://a@b", "https://a?b", "ftp://x",
                            "https:///x", "https://[::1]"}) {
        CHECK_MESSAGE(!derive_url(bad, "auth", "p"), bad);
    }
}

TEST_CASE("policy/plan: one issuer for two domains is refused unless it is asked for (ISS-08)") {
    CHECK(rule("https://idp.example", "https://idp.example") == "ISS-08");
    CHECK(rule("https://idp.example", "https://idp.example", true) == "accepted");
    CHECK(rule("https://idp.example", "https://idp.example", true, "a") == "AUD-03");
    CHECK(rule("https://prod.idp.example", "https://stg.idp.example") == "accepted");
}

TEST_CASE("policy/plan: issuers that look alike are refused (ISS-07)") {
    for (const char* twin : {"https://idp.example/", "https://IDP.example", "https://idp.example:443",
                             "http://idp.example", "https://idp.example:443/", "https://%69dp.example",
                             "https://idp.example/.", "https://idp.example.", "https://idp.ex\xd0\xb0mple",
                             "https://\xce\xb9"
                             "dp.example",
                             "https://xn--dp-z9b.example", "https://idp.examp1e", "https://idp.exa\xe2\x80\x8bmple",
                             "https://idp\xe3\x80\x82"
                             "example",
                             "https://idp.exarnple",
                             "https://\xef\xbd\x89"
                             "dp.example"}) {
        CHECK_MESSAGE(rule("https://idp.example", twin) == "ISS-07", std::string(twin));
        CHECK_MESSAGE(rule("https://idp.example", twin, true) == "ISS-07", std::string(twin)); // sharing is no excuse
    }
    CHECK(rule("https://idp.example/realms/A", "https://idp.example/realms/a") == "ISS-07");
    CHECK(rule("https://idp.example/realms/a%2fb", "https://idp.example/realms/a%2Fb") == "ISS-07");
    for (const char* other : {"https://idp2.example", "https://idp.example:8443", "https://idp.example/a",
                              "https://idp.example.org", "https://a.idp.example"}) {
        CHECK_MESSAGE(rule("https://idp.example", other) == "accepted", other);
    }
    CHECK(rule("https://idp.example/realms/tenant-1", "https://idp.example/realms/tenant-10") == "accepted");
}

TEST_CASE("policy/plan: audiences that are equal or look alike are refused (AUD-03)") {
    CHECK(rule("https://a.example", "https://b.example", false, "a") == "AUD-03");
    CHECK(rule("https://a.example", "https://b.example", false, "A") == "AUD-03");
    CHECK(rule("https://a.example", "https://b.example", false, "\xd0\xb0") == "AUD-03");
    CHECK(rule("https://a.example", "https://b.example", false, "a/") == "AUD-03");
    CHECK(rule("https://a.example", "https://b.example", false, "ab") == "accepted");
    const Policy existing =
        loaded({{"p/policy.yaml", "version: 1\n"},
                {"p/domains/prod.yaml", foreign("prod", "https://p", "a") + "neutral_audiences: [account]\n"}});
    PlanInput in;
    in.existing = &existing;
    in.domains = {{"b", foreign("b", "https://b", "account"), {}, {}}};
    CHECK(plan(in).error().rule == "AUD-03");
    in.domains = {{"b", foreign("b", "https://b", "b") + "neutral_audiences: [a]\n", {}, {}}};
    CHECK(plan(in).error().rule == "AUD-03");
    in.domains = {{"b", foreign("b", "https://b", "b") + "neutral_audiences: [account]\n", {}, {}}};
    CHECK(plan(in).has_value());
}

TEST_CASE("policy/plan: foreign domains may share an audience, if issuers and keys keep them apart (AUD-03)") {
    const auto shared = [](const std::string& text, std::vector<KeyOwner> keys = {}) {
        const Policy existing = loaded({{"p/policy.yaml", "version: 1\n"},
                                        {"p/domains/us.yaml", foreign("us", "https://us.example", "api://default")},
                                        {"p/domains/ap.yaml", foreign("ap", "https://ap.example", "api://default")}});
        PlanInput in;
        in.existing = &existing;
        in.existing_keys = {{"us", "k1", ""}, {"ap", "k2", ""}};
        in.shared.audience = true;
        in.domains = {{"eu", text, std::move(keys), {}}};
        const auto planned = plan(in);
        return planned ? std::string("accepted") : planned.error().rule;
    };
    const std::string eu = foreign("eu", "https://eu.example", "api://default");
    CHECK(shared(eu) == "accepted");
    CHECK(shared(eu, {{"eu", "k3", ""}}) == "accepted");
    CHECK(shared(eu, {{"eu", "k2", ""}}) == "AUD-03");                               // a key in common
    CHECK(shared(foreign("eu", "https://eu.example", "API://default")) == "AUD-03"); // not equal, only alike
    CHECK(shared("domain: eu\nissuer: https://eu.example\naudiences: ['api://default']\n") == "AUD-03"); // our own
    CHECK(shared(foreign("eu", "https://eu.example", "eu") + "neutral_audiences: ['api://default']\n") == "AUD-03");
}

TEST_CASE("policy/plan: domain names that look alike are refused") {
    const std::vector<std::vector<std::string>> pairs{{"prod1", "prodl"}, {"prod0", "prodo"}, {"a.b", "a-b"},
                                                      {"a_b", "a-b"},     {"corn", "com"},    {"vv", "w"}};
    for (const auto& names : pairs) {
        const auto made = plan(input(names));
        REQUIRE_MESSAGE(!made, names[0]);
        CHECK(made.error().rule == "CLM-01");
    }
    CHECK(plan(input({"prod", "prod2", "prod-2", "prod/2"})).has_value());
}

TEST_CASE("policy/plan: a key of another domain is refused (KEY-01)") {
    const Policy existing =
        loaded({{"p/policy.yaml", "version: 1\n"}, {"p/domains/prod.yaml", foreign("prod", "https://p", "a")}});
    PlanInput in;
    in.existing = &existing;
    in.existing_keys = {{"prod", "point-1", "k1"}};
    in.domains = {{"b", foreign("b", "https://b", "b"), {{"b", "point-1", "k9"}}, {}}};
    const auto made = plan(in);
    REQUIRE(!made);
    CHECK(made.error().rule == "KEY-01");
    CHECK(made.error().message == "the key 'k9' of 'b' is already a key of 'prod'");
    CHECK(made.error().hint.find("--shared-issuer") != std::string::npos);
    in.shared.issuer = true; // one provider signs for its tenants with the same keys
    CHECK(plan(in).has_value());
    const Policy minted = loaded({{"p/policy.yaml", "version: 1\n"},
                                  {"p/domains/prod.yaml", "domain: prod\nissuer: https://p\naudiences: [a]\n"}});
    in.existing = &minted; // but never with the keys of a domain that we mint for
    CHECK(plan(in).error().rule == "KEY-01");
    in.existing = &existing;
    in.domains = {{"b", foreign("b", "https://p", "b"), {{"b", "point-1", "k9"}}, {}}};
    CHECK(plan(in).has_value());
    in.shared.issuer = false;
    in.domains = {{"b", foreign("b", "https://b", "b"), {{"b", "point-2", "k1"}}, {}},
                  {"c", foreign("c", "https://c", "c"), {{"c", "point-2", ""}}, {}}};
    CHECK(plan(in).error().message == "a key of 'c' is already a key of 'b'");
}

TEST_CASE("policy/plan: Punycode is decoded as RFC 3492 says") {
    CHECK(decode_punycode("bcher-kva") == "bücher");
    CHECK(decode_punycode("ihqwcrb4cv8a8dqg056pqjye") == "他们为什么不说中文"); // RFC 3492 section 7.1 (B)
    CHECK(decode_punycode("b1abfaaepdrnnbgefbadotcwatmq2g4l").size() ==
          2 * 28); // (J) has 28 Cyrillic letters, in lower case here
    CHECK(decode_punycode("MajiKoi5-783gue6qz075azm5e") == "MajiでKoiする5秒前"); // (P)
    CHECK(decode_punycode("99999999").empty());
    CHECK(decode_punycode("a-b!").empty());
    CHECK(decode_punycode(std::string(64, 'a')).empty());
}

TEST_CASE("policy/plan: skeletons are the same however often they are taken") {
    for (const char* uri : {"https://idp.example/", "HTTPS://x:443/%41?q#f", "https://vvv/rrn", "api",
                            "https://xn--bcher-kva.example/\xd0\xb0", "://", "a://", "\xff\xc3"}) {
        const std::string once = uri_skeleton(uri);
        CHECK_MESSAGE(uri_skeleton(once) == once, uri);
    }
}
