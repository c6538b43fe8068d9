// Envoy's jwt_authn in the normal form: each thing that its documentation and source say of a field, and each that is
// not known.
#include <doctest/doctest.h>
#include <string>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

const std::string kProviders = R"(providers:
  a:
    issuer: https://a.example
    audiences: [x, y]
    remote_jwks: {http_uri: {uri: https://a.example/jwks, cluster: a, timeout: 1s}}
  b:
    local_jwks: {inline_string: '{"keys":[]}'}
)";

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("envoy", "envoy.yaml", text); }

// What one rule for every request comes to.
DeclaredVerifier rule(const std::string& requires_, const std::string& providers = kProviders) {
    const auto all = read(providers + "rules:\n  - match: {prefix: /}\n    " + requires_ + "\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().domain == "prod");
    CHECK(all.front().imported);
    return all.front();
}

DeclaredPath path(const std::string& provider) {
    const DeclaredVerifier verifier =
        rule("requires: {provider_name: p}", "providers:\n  p:\n    local_jwks: {filename: k.json}\n" + provider);
    REQUIRE(verifier.accepts.size() == 1);
    return verifier.accepts.front();
}

std::vector<std::string> names(const DeclaredVerifier& verifier) {
    std::vector<std::string> out;
    for (const DeclaredPath& each : verifier.accepts) out.push_back(each.name);
    return out;
}

} // namespace

TEST_CASE("gateway/envoy: what is not said is not looked at") {
    const DeclaredPath bare = path("");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.audience.any);
    CHECK(bare.type.any);
    CHECK(bare.time.expiry == accept::Presence::optional);
    CHECK(bare.time.not_before);
    CHECK(bare.time.leeway == 60);
    CHECK(!bare.algorithms);
    CHECK(bare.kid == accept::KidRule::hint);
    CHECK(bare.keys.front().location.value == "k.json");
    CHECK(bare.dialect.ignores_crit);
    CHECK(bare.dropped.empty());
}

TEST_CASE("gateway/envoy: each field of a provider") {
    const DeclaredPath full = path("    issuer: https://i.example\n    audiences: [https://x.example/]\n"
                                   "    require_expiration: true\n    clock_skew_seconds: 5\n"
                                   "    subjects: {prefix: 'spiffe://'}\n    forward: true\n");
    CHECK(full.issuer.allowed.exact == std::vector<std::string>{"https://i.example"});
    CHECK(!full.issuer.absent_ok);
    CHECK(full.audience.any_of.exact == std::vector<std::string>{"https://x.example/"});
    CHECK(full.audience.comparison == accept::AudienceComparison::without_scheme_and_slash);
    CHECK(!full.audience.absent_ok);
    CHECK(full.time.expiry == accept::Presence::required);
    CHECK(full.time.leeway == 5);
    REQUIRE(full.claims.size() == 1);
    CHECK(full.claims.front().path == std::vector<std::string>{"sub"});
    CHECK(full.claims.front().values.contains("spiffe://x"));

    const DeclaredPath longest = path("    max_lifetime: 3600s\n"); // takes precedence over require_expiration
    CHECK(longest.time.expiry == accept::Presence::required);
    CHECK(longest.time.longest_remaining == 3600);
    CHECK(path("    max_lifetime: {seconds: 60}\n").time.longest_remaining == 60);
    const DeclaredPath unknown = path("    subjects: {safe_regex: {regex: a}}\n");
    CHECK(unknown.claims.empty());
    CHECK(unknown.dropped.size() == 1);
    // protobuf's own spelling of names in JSON
    const DeclaredVerifier camel =
        rule("requires: {providerName: p}",
             "providers:\n  p:\n    localJwks: {inlineString: '{}'}\n    requireExpiration: true\n");
    REQUIRE(camel.accepts.size() == 1);
    CHECK(camel.accepts.front().time.expiry == accept::Presence::required);
    CHECK(camel.accepts.front().keys.front().location.kind == policy::KeyLocation::Kind::text);
}

TEST_CASE("gateway/envoy: what is put in later is never taken for what it says") {
    for (const char* later : {"'{{ .Values.x }}'", "'${X}'", "'https://$(X)/'", "!Sub x"}) {
        CAPTURE(later);
        const DeclaredPath by_issuer = path("    issuer: " + std::string(later) + "\n    audiences: [x]\n");
        CHECK(by_issuer.issuer.allowed.any);
        CHECK(by_issuer.dropped == std::vector<std::string>{"issuer: what is asked for is put in later"});
        CHECK(!by_issuer.audience.any);
        const DeclaredPath by_audience = path("    issuer: i\n    audiences: [x, " + std::string(later) + "]\n");
        CHECK(by_audience.audience.any);
        CHECK(by_audience.dropped == std::vector<std::string>{"audiences: what is asked for is put in later"});
        CHECK(!by_audience.issuer.allowed.any);
        for (const char* source :
             {"remote_jwks: {http_uri: {uri: ", "local_jwks: {inline_string: ", "local_jwks: {filename: "}) {
            const std::string ends = source[0] == 'r' ? "}}" : "}";
            const DeclaredVerifier verifier =
                rule("requires: {provider_name: p}", "providers:\n  p:\n    " + (source + (later + ends)) + "\n");
            REQUIRE(verifier.accepts.size() == 1);
            const policy::KeyLocation& keys = verifier.accepts.front().keys.front().location;
            CHECK(keys.kind == policy::KeyLocation::Kind::file); // which nobody has
            CHECK(keys.value.find("{{") == std::string::npos);
            CHECK(keys.value.find('$') == std::string::npos);
        }
    }
}

TEST_CASE("gateway/envoy: each kind of requirement") {
    using Names = std::vector<std::string>;
    CHECK(names(rule("requires: {provider_name: a}")) == Names{"a"});
    const DeclaredVerifier audiences = rule("requires: {provider_and_audiences: {provider_name: a, audiences: [z]}}");
    CHECK(audiences.accepts.front().audience.any_of.exact == Names{"z"});
    const DeclaredVerifier none = rule("requires: {provider_and_audiences: {provider_name: a}}");
    CHECK(none.accepts.front().audience.any_of.exact == Names{"x", "y"}); // those of the provider
    CHECK(names(rule("requires: {requires_any: {requirements: [{provider_name: a}, {provider_name: b}]}}")) ==
          Names{"a", "b"});
    // allow_missing looks at a token's issuer alone, and takes the provider's own audiences.
    const DeclaredVerifier missing = rule("requires: {requires_any: {requirements: [{provider_and_audiences: "
                                          "{provider_name: a, audiences: [z]}}, {allow_missing: {}}]}}");
    CHECK(names(missing) == Names{"a", "a", "b"});
    CHECK(missing.accepts[1].audience.any_of.exact == Names{"x", "y"});
    const DeclaredVerifier both =
        rule("requires: {requires_all: {requirements: [{provider_name: a}, {provider_name: b}]}}");
    CHECK(names(both) == Names{"a", "b"});
    CHECK(both.accepts.front().dropped.size() == 1); // another token is needed
    for (const char* open :
         {"requires: {}", "requires: {allow_missing_or_failed: {}}", "requires: {extract_only_without_validation: {}}",
          "requirement_name: open",
          "requires: {requires_any: {requirements: [{provider_name: a}, {allow_missing_or_failed: {}}]}}"}) {
        CAPTURE(open);
        const auto all =
            read(kProviders + "requirement_map: {open: {}}\nrules:\n  - match: {prefix: /}\n    " + open + "\n");
        CHECK(all.front().guard == Entry::Guard::open);
    }
    CHECK(read(kProviders + "rules:\n  - match: {prefix: /}\n").front().guard == Entry::Guard::open);
}

TEST_CASE("gateway/envoy: what is not known is opaque, and never narrower") {
    for (const char* unknown : {"requires: {provider_name: nobody}", "requires: {by_magic: {}}",
                                "requires: {provider_name: a, allow_missing: {}}", "asks: {}"}) {
        CAPTURE(unknown);
        CHECK(rule(unknown).guard == Entry::Guard::opaque);
    }
    CHECK(rule("requires: {provider_name: p}", "providers:\n  p: {local_jwks: {filename: k}, takes_more: true}\n")
              .guard == Entry::Guard::opaque);
    const auto field = read(kProviders + "rules: []\ntakes_more: true\n");
    REQUIRE(field.size() == 1);
    CHECK(field.front().guard == Entry::Guard::opaque);
    CHECK(field.front().why.find("takes_more") != std::string::npos);
}

TEST_CASE("gateway/envoy: rules and providers that multiply are capped") {
    std::string text = "providers:\n", any;
    constexpr int kMany = 200;
    for (int i = 0; i < kMany; ++i) {
        text += "  p" + std::to_string(i) + ": {local_jwks: {filename: k}}\n";
        any += "{allow_missing: {}}, ";
    }
    const auto all =
        read(text + "rules:\n  - match: {prefix: /}\n    requires: {requires_any: {requirements: [" + any + "]}}\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/envoy: a request that no rule matches passes") {
    const auto some = read(kProviders + "rules:\n  - match: {prefix: /api}\n    requires: {provider_name: a}\n");
    REQUIRE(some.size() == 2);
    CHECK(some[0].name == "/api*");
    CHECK(some[1].guard == Entry::Guard::open);
    // A prefix of / under a further condition does not match all.
    CHECK(read(kProviders + "rules:\n  - match: {prefix: /, headers: [{name: x}]}\n    requires: {provider_name: a}\n")
              .size() == 2);
    CHECK(read(kProviders + "rules:\n  - match: {prefix: /}\n    requires: {provider_name: a}\n").size() == 1);
}

TEST_CASE("gateway/read: what nobody recognises, another type, and broken text") {
    const auto refusal = [](const std::string& text, std::string_view type = {}) {
        const auto import = gateway::read({.file = "x.yaml", .text = text}, type);
        return import ? std::string("read") : describe(import.error());
    };
    CHECK(refusal("a: 1").find("no configuration") != std::string::npos);
    CHECK(refusal("").find("no configuration") != std::string::npos);
    CHECK(refusal("a: [").find("x.yaml:") != std::string::npos);
    CHECK(refusal("a: 1", "envoi").find("\"envoi\"") != std::string::npos);
    CHECK(refusal("a: 1", "envoy").find("nothing of Envoy") != std::string::npos);
    CHECK(refusal(kProviders + "rules: []\n---\na: 1\n") == "read"); // one document of a stream
}
