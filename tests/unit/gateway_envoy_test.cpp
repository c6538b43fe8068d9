// Envoy's jwt_authn in the normal form: each thing that its documentation and source say of a field, and each that is
// not known.
#include <algorithm>
#include <doctest/doctest.h>
#include <regex>
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

std::vector<DeclaredVerifier> read(const std::string& text, const gateway::Selection& selection = {}) {
    return test::imported("envoy", "envoy.yaml", text, selection);
}

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
    CHECK(bare.time.zero_expiry_absent);
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
    const DeclaredVerifier both =
        rule("requires: {requires_all: {requirements: [{provider_name: a}, {provider_name: b}]}}");
    CHECK(names(both) == Names{"a", "b"});
    CHECK(both.accepts.front().dropped.size() == 1); // another token is needed
    for (const char* open :
         {"requires: {}", "requires: {allow_missing_or_failed: {}}", "requires: {extract_only_without_validation: {}}",
          "requires: {allow_missing: {}}",
          "requires: {requires_any: {requirements: [{provider_name: a}, {allow_missing: {}}]}}",
          "requires: {requires_all: {requirements: [{requires_any: {requirements: [{provider_name: a}, "
          "{allow_missing_or_failed: {}}]}}]}}",
          "requires: {requires_all: {requirements: [{allow_missing_or_failed: {}}, {allow_missing: {}}]}}",
          "requirement_name: open",
          "requires: {requires_any: {requirements: [{provider_name: a}, {allow_missing_or_failed: {}}]}}"}) {
        CAPTURE(open);
        const auto all =
            read(kProviders + "requirement_map: {open: {}}\nrules:\n  - match: {prefix: /}\n    " + open + "\n");
        CHECK(all.front().guard == Entry::Guard::open);
    }
    CHECK(read(kProviders + "rules:\n  - match: {prefix: /}\n").front().guard == Entry::Guard::open);
}

TEST_CASE("gateway/envoy: claims of tokens that nobody verifies are passed on") {
    const std::string providers = "providers:\n  a:\n    issuer: i\n    forward_payload_header: x-payload\n"
                                  "    claim_to_headers: [{header_name: x-user, claim_name: sub}]\n"
                                  "    local_jwks: {inline_string: '{}'}\n";
    const std::string rules = "rules:\n  - match: {prefix: /}\n    requires: ";
    const auto reading = read(providers + rules + "{extract_only_without_validation: {}}\n").front();
    REQUIRE(reading.unsigned_inputs.size() == 2);
    CHECK(reading.unsigned_inputs[0].name == "all of them, in the header x-payload");
    CHECK(reading.unsigned_inputs[1].name == "sub, in the header x-user");
    CHECK(reading.unsigned_inputs[1].part == accept::UnsignedInput::Part::token);
    CHECK(reading.unsigned_inputs[1].must_equal.empty());
    CHECK(read(providers + rules + "{provider_name: a}\n").front().unsigned_inputs.empty());
    CHECK(read(providers + rules + "{allow_missing: {}}\n").front().unsigned_inputs.empty()); // nothing is passed on
}

namespace {

// A listener whose chain has these filters before the router, and whose one route has these settings.
std::string listener(const std::string& name, const std::string& filters,
                     const std::string& route = "route: {cluster: c}") {
    return "- name: " + name +
           "\n  filter_chains:\n  - filters:\n    - name: envoy.filters.network.http_connection_manager\n"
           "      typed_config:\n        stat_prefix: s\n        route_config:\n          virtual_hosts:\n"
           "          - {name: v, domains: ['*'], routes: [{match: {prefix: /}, " +
           route +
           "}]}\n"
           "        http_filters:\n" +
           filters + "        - {name: envoy.filters.http.router}\n";
}

const std::string kJwt = "typed_config: {'@type': type.googleapis.com/"
                         "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication, providers: {a: {issuer: i, "
                         "local_jwks: {filename: k}}}, rules: [{match: {prefix: /}, requires: {provider_name: a}}]}";

std::string filter(const std::string& name, const std::string& rest) {
    return "        - {name: " + name + ", " + rest + "}\n";
}

std::vector<DeclaredVerifier> listeners(const std::string& text) {
    return read("static_resources:\n  listeners:\n" + std::regex_replace("  " + text, std::regex("\n(?=.)"), "\n  "));
}

} // namespace

TEST_CASE("gateway/envoy: where the filter does not run, requests pass") {
    const auto plain = listeners(listener("l", filter("envoy.filters.http.jwt_authn", kJwt)));
    REQUIRE(plain.size() == 1);
    CHECK(plain.front().guard == Entry::Guard::paths);
    CHECK(plain.front().accepts.front().dropped.empty());

    const auto has_open = [](const std::vector<DeclaredVerifier>& all) {
        return std::any_of(all.begin(), all.end(), [](const auto& each) { return each.guard == Entry::Guard::open; });
    };
    CHECK(has_open(listeners(listener("l", filter("jwt", "disabled: true, " + kJwt)))));
    // Routes speak of a filter by the name that it has in its chain, or by the usual one.
    for (const char* name : {"jwt", "envoy.filters.http.jwt_authn"}) {
        for (const char* type :
             {"envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig", "envoy.config.route.v3.FilterConfig"}) {
            const std::string off = "route: {cluster: c}, typed_per_filter_config: {" + std::string(name) +
                                    ": {'@type': type.googleapis.com/" + type + ", disabled: true}}";
            CHECK(has_open(listeners(listener("l", filter("jwt", kJwt), off))));
        }
    }
    const std::string other = "route: {cluster: c}, typed_per_filter_config: {cors: {'@type': type.googleapis.com/"
                              "envoy.config.route.v3.FilterConfig, disabled: true}}";
    CHECK(!has_open(listeners(listener("l", filter("jwt", kJwt), other))));

    const std::string guarded = listener("l", filter("jwt", kJwt));
    const auto beside = listeners(guarded + listener("second", ""));
    REQUIRE(beside.size() == 2);
    CHECK(beside[1].name == "listener second");
    CHECK(beside[1].guard == Entry::Guard::open);
    CHECK(listeners(guarded + listener("second", "", "redirect: {https_redirect: true}")).size() == 1);
    CHECK(listeners(guarded + listener("second", filter("x", "config_discovery: {}")))[1].guard ==
          Entry::Guard::opaque);
}

TEST_CASE("gateway/envoy: what other filters decide is not known") {
    const std::string inner =
        "typed_config: {'@type': type.googleapis.com/"
        "envoy.extensions.common.matching.v3.ExtensionWithMatcher, extension_config: {name: jwt, " +
        kJwt + "}}";
    const auto wrapped = listeners(listener("l", filter("matched", inner)));
    REQUIRE(wrapped.size() == 1);
    CHECK(wrapped.front().guard == Entry::Guard::opaque);

    const std::string rbac = filter("envoy.filters.http.rbac", "typed_config: {'@type': type.googleapis.com/"
                                                               "envoy.extensions.filters.http.rbac.v3.RBAC}");
    const auto narrowed = listeners(listener("l", filter("jwt", kJwt) + rbac));
    REQUIRE(narrowed.size() == 1);
    CHECK(narrowed.front().accepts.front().dropped.size() == 1);
    const auto passed = listeners(listener("l", filter("jwt", "disabled: true, " + kJwt) + rbac));
    REQUIRE(passed.size() == 2);
    CHECK(passed[1].guard == Entry::Guard::opaque);
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
    std::string text = "providers:\n", any, rules = "rules:\n";
    constexpr int kMany = 200;
    for (int i = 0; i < kMany; ++i) {
        text += "  p" + std::to_string(i) + ": {local_jwks: {filename: k}}\n";
        any += "{provider_name: p" + std::to_string(i) + "}, ";
        rules += "  - {match: {prefix: /}, requirement_name: r}\n";
    }
    const auto all = read(text + "requirement_map: {r: {requires_any: {requirements: [" + any + "]}}}\n" + rules);
    REQUIRE(all.size() == kMany + 1);
    CHECK(all.front().guard == Entry::Guard::paths);
    CHECK(all.back().guard == Entry::Guard::opaque);
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

TEST_CASE("gateway/envoy: selected by host") {
    const auto listener = [](const std::string& name, const std::string& domains, const std::string& issuer) {
        return "  - name: " + name +
               "\n    filter_chains:\n    - filters:\n      - typed_config:\n          route_config:\n"
               "            virtual_hosts:\n            - domains: " +
               domains +
               "\n              routes: [{match: {prefix: /open}, typed_per_filter_config: {"
               "envoy.filters.http.jwt_authn: {disabled: true}}}]\n"
               "          http_filters:\n          - name: envoy.filters.http.jwt_authn\n"
               "            typed_config:\n"
               "              '@type': "
               "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication\n"
               "              providers: {p: {issuer: " +
               issuer +
               ", local_jwks: {filename: k.json}}}\n              rules: [{match: {prefix: /}, "
               "requires: {provider_name: p}}]\n";
    };
    const std::string text = "static_resources:\n  listeners:\n" +
                             listener("prod", "[api.example, '*.prod.example:443']", "https://prod.example") +
                             listener("test", "['test.*']", "https://test.example");
    const auto issuers = [&](const std::string& host) {
        std::string out;
        for (const DeclaredVerifier& each : read(text, {.name_space = {}, .host = host, .labels = {}})) {
            for (const DeclaredPath& path : each.accepts)
                out += path.issuer.allowed.any ? "any " : path.issuer.allowed.exact.front() + " ";
            if (each.accepts.empty()) out += "open ";
        }
        return out;
    };
    CHECK(issuers("api.example").find("https://test.example") == std::string::npos);
    CHECK(issuers("api.example").find("https://prod.example") != std::string::npos);
    CHECK(issuers("API.Example") == issuers("api.example"));
    CHECK(issuers("a.prod.example") == issuers("api.example"));
    CHECK(issuers("test.example").find("https://prod.example") == std::string::npos);
    CHECK(issuers("").size() > issuers("api.example").size());
    CHECK(!gateway::read({.file = "envoy.yaml", .text = text}, {},
                         {.name_space = {}, .host = "nobody.example", .labels = {}}));
}
