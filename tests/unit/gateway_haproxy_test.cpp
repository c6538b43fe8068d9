// HAProxy's rules in the normal form: each idiom, each trap that was found by running it, and what is not known.
#include <doctest/doctest.h>
#include <string>

#include "../support/imported.h"
#include "jwtdomain/gateway/haproxy_rules.h"

using namespace jwtdomain;
using accept::Entry;
using accept::Presence;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using Names = std::vector<std::string>;

namespace {

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("haproxy", "haproxy.cfg", text); }

const std::string kDefaults = "defaults\n  mode http\n  timeout client 5s\n";
const std::string kVariables = "  http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')\n"
                               "  http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')\n"
                               "  http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')\n"
                               "  http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')\n"
                               "  http-request set-var(txn.now) date()\n";
const std::string kSigned =
    "  http-request deny unless { http_auth_bearer,jwt_verify(\"RS256\",\"/k.pem\") -m int 1 }\n";
const std::string kExpiry = "  http-request deny unless { var(txn.exp) -m found }\n"
                            "  http-request deny if { var(txn.exp),sub(txn.now) -m int lt 0 }\n";

std::string api(const std::string& rules) {
    return kDefaults + "frontend api\n  bind :443\n" + rules +
           "  default_backend app\nbackend app\n  server a 10.0.0.1:80\n";
}

DeclaredVerifier one(const std::string& rules) {
    const auto all = read(api(rules));
    REQUIRE(all.size() == 1);
    CHECK(all.front().domain == "prod");
    CHECK(all.front().imported);
    return all.front();
}

// The first path of rules that ask for a signature.
DeclaredPath path(const std::string& rules) {
    const DeclaredVerifier all = one(kVariables + kSigned + rules);
    REQUIRE(!all.accepts.empty());
    return all.accepts.front();
}

DeclaredPath claim(const std::string& test) {
    return path("  http-request deny unless { http_auth_bearer,jwt_payload_query" + test + " }\n");
}

Entry::Guard guard(const std::string& rules) { return one(rules).guard; }

} // namespace

TEST_CASE("gateway/haproxy: the idiom of the documentation is exact") {
    const DeclaredVerifier all =
        one(kVariables +
            "  http-request deny unless { var(txn.alg) -m str RS256 }\n"
            "  http-request deny unless { var(txn.iss) -m str https://i.example }\n"
            "  http-request deny unless { var(txn.aud) -m str api }\n"
            "  http-request deny unless { http_auth_bearer,jwt_verify(txn.alg,\"/k.pem\") 1 }\n" +
            kExpiry);
    CHECK(all.name == "frontend api, backend app");
    REQUIRE(all.accepts.size() == 2);
    const DeclaredPath& exact = all.accepts.front();
    CHECK(exact.dropped.empty());
    CHECK(exact.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!exact.issuer.absent_ok);
    CHECK(exact.audience.any_of.exact == Names{"api"});
    CHECK(exact.audience.string_only); // -m str sees no list
    CHECK(exact.algorithms == std::vector{Algorithm::RS256});
    CHECK(exact.keys.size() == 1);
    CHECK(exact.keys.front().location.value == "/k.pem");
    CHECK(exact.kid == accept::KidRule::ignored);
    CHECK(exact.time.expiry == Presence::required);
    CHECK(exact.time.negative_expiry_ok); // exp - now saturates
    CHECK(exact.time.leeway == 1);
    CHECK(!exact.time.not_before);
    CHECK(exact.dialect.duplicates == json::Duplicates::first);
    CHECK(exact.dialect.ignores_crit);
    CHECK(!exact.dialect.accepts_none);
    CHECK(!exact.dialect.issuer_array_ok);
    // exp as text is a number to it, too.
    CHECK(all.accepts[1].time.expiry == Presence::unchecked);
    CHECK(all.accepts[1].claims.front().path == Names{"exp"});
    CHECK(all.accepts[1].dropped.size() == 1);
}

TEST_CASE("gateway/haproxy: what is not written is not looked at") {
    const DeclaredPath bare = path("");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.dialect.issuer_array_ok);
    CHECK(bare.audience.any);
    CHECK(bare.time.expiry == Presence::unchecked);
    CHECK(bare.type.any);
    CHECK(bare.dropped.empty());
    // a literal algorithm: PEM and no secret
    CHECK(bare.algorithms == std::vector{Algorithm::RS256});
    CHECK(bare.keys.size() == 1);
}

TEST_CASE("gateway/haproxy: the algorithm that the token names") {
    const DeclaredVerifier all =
        one(kVariables + "  http-request deny unless { http_auth_bearer,jwt_verify(txn.alg,\"/k.pem\") 1 }\n");
    const DeclaredPath& any = all.accepts.front();
    CHECK(any.dialect.accepts_none);
    REQUIRE(any.keys.size() == 2);
    CHECK(any.keys[0].location.value == "/k.pem");
    CHECK(any.keys[1].location.kind == policy::KeyLocation::Kind::text); // the path is the secret of HMAC
    CHECK(any.keys[1].location.value.find("L2sucGVt") != std::string::npos);
    CHECK(any.algorithms->size() == 12);
    // held against a list
    const DeclaredPath two =
        one(kVariables + "  http-request deny unless { var(txn.alg) -m str RS256 RS512 }\n"
                         "  http-request deny unless { http_auth_bearer,jwt_verify(txn.alg,\"/k.pem\") 1 }\n")
            .accepts.front();
    CHECK(two.algorithms == std::vector{Algorithm::RS256, Algorithm::RS512});
    CHECK(!two.dialect.accepts_none);
    CHECK(two.keys.size() == 1);
    const DeclaredPath none =
        one("  http-request deny unless { http_auth_bearer,jwt_verify(none,x) 1 }\n").accepts.front();
    CHECK(none.signature_unchecked);
    const DeclaredPath secret =
        one("  http-request deny unless { http_auth_bearer,jwt_verify(HS256,s3cret) 1 }\n").accepts.front();
    CHECK(secret.keys.front().location.kind == policy::KeyLocation::Kind::text);
    CHECK(secret.name.find("s3cret") == std::string::npos);
}

TEST_CASE("gateway/haproxy: a verification that enforces nothing") {
    const std::string verify = "http_auth_bearer,jwt_verify(RS256,/k.pem)";
    CHECK(guard("  http-request set-header X-Valid %[" + verify + "]\n") == Entry::Guard::open);
    CHECK(guard("  http-request set-var(txn.ok) " + verify + "\n") == Entry::Guard::open);
    CHECK(guard("  http-request set-header X-Bad yes unless { " + verify + " 1 }\n") == Entry::Guard::open);
    CHECK(guard("  http-request deny if { " + verify + " 0 }\n") == Entry::Guard::open); // a missing one is no 0
    // -m bool takes every error for success
    const DeclaredPath truth = one("  http-request deny unless { " + verify + " -m bool }\n").accepts.front();
    CHECK(truth.signature_unchecked);
    CHECK(truth.dropped.size() == 1);
    // by way of a variable
    const DeclaredVerifier set =
        one("  http-request set-var(txn.ok) " + verify + "\n  http-request deny unless { var(txn.ok) -m int 1 }\n");
    CHECK(!set.accepts.front().signature_unchecked);
    const DeclaredVerifier flag = one("  http-request set-var(txn.ok) bool(true) if { " + verify +
                                      " 1 }\n"
                                      "  http-request deny unless { var(txn.ok) -m bool }\n");
    CHECK(!flag.accepts.front().signature_unchecked);
    // not in HTTP mode, in which alone there are such rules
    const auto tcp =
        read("frontend api\n  mode tcp\n" + kSigned + "  default_backend app\nbackend app\n  server a 10.0.0.1:80\n");
    REQUIRE(tcp.size() == 1);
    CHECK(tcp.front().guard == Entry::Guard::open);
}

TEST_CASE("gateway/haproxy: the time") {
    const std::string late = "  http-request deny if { var(txn.exp),sub(txn.now) -m int lt 0 }\n";
    const DeclaredVerifier loose = one(kVariables + kSigned + late);
    CHECK(loose.accepts.front().time.expiry == Presence::optional);
    REQUIRE(loose.accepts.size() == 2);
    CHECK(loose.accepts[1].time.expiry == Presence::optional);
    CHECK(loose.accepts[1].time.malformed_absent); // exp that is null, a list or an object passes, too
    const DeclaredPath needed = path("  http-request deny unless { var(txn.exp),sub(txn.now) -m int gt 0 }\n");
    CHECK(needed.time.expiry == Presence::required);
    CHECK(needed.time.leeway == 0);
    CHECK(path("  http-request deny unless { var(txn.exp) -m int gt 0 }\n" + kExpiry).time.negative_expiry_ok == false);
    CHECK(path("  http-request deny if { var(txn.exp),add(60),sub(txn.now) -m int lt 0 }\n").time.leeway == 61);
    const DeclaredPath other_way = path("  http-request deny if { var(txn.now),sub(txn.exp) -m int ge 0 }\n");
    CHECK(other_way.time.expiry == Presence::optional);
    CHECK(other_way.time.leeway == 0);
    const DeclaredPath longest =
        path(kExpiry + "  http-request deny if { var(txn.exp),sub(txn.now) -m int gt 3600 }\n");
    CHECK(longest.time.longest_remaining == 3600);
    CHECK(longest.dropped.empty());
    const DeclaredVerifier nbf =
        one(kVariables + kSigned + kExpiry +
            "  http-request set-var(txn.nbf) http_auth_bearer,jwt_payload_query('$.nbf','int')\n"
            "  http-request deny if { var(txn.nbf),sub(txn.now) -m int gt 0 }\n");
    CHECK(nbf.accepts.front().time.not_before);
    CHECK(nbf.accepts.front().dropped.empty());
    CHECK(nbf.accepts.size() == 3); // exp as text, nbf as anything
    const std::string numbers = "  acl no_time http_auth_bearer,field(2,.),ub64dec -m reg '" +
                                std::string(gateway::haproxy_rules::kNoTime) + "'\n";
    const std::string refused = "  http-request deny if no_time\n";
    const std::string checked = kVariables + kSigned + kExpiry +
                                "  http-request set-var(txn.nbf) http_auth_bearer,jwt_payload_query('$.nbf','int')\n"
                                "  http-request deny if { var(txn.nbf),sub(txn.now) -m int gt 0 }\n";
    const DeclaredVerifier exact = one(numbers + refused + checked);
    CHECK(exact.accepts.size() == 1); // none of them as anything but a number
    CHECK(exact.accepts.front().dropped.empty());
    CHECK(one(numbers + checked).accepts.size() == 3); // an acl alone refuses nothing
    CHECK(one(numbers + "  http-request deny unless no_time\n" + checked).accepts.size() == 3); // the wrong way round
    for (const char* other : {"field(1,.),ub64dec -m reg", "field(2,.) -m reg", "field(2,.),ub64dec -m sub"}) {
        CAPTURE(other);
        const std::string acl = "  acl no_time http_auth_bearer," + std::string(other) + " '" +
                                std::string(gateway::haproxy_rules::kNoTime) + "'\n";
        CHECK(one(acl + refused + checked).accepts.size() == 3);
    }
    const std::string issued = "  http-request set-var(txn.iat) http_auth_bearer,jwt_payload_query('$.iat','int')\n";
    const std::string begins = "  http-request deny unless { var(txn.exp),sub(txn.iat) -m int ge 0 }\n";
    const std::string ends = "  http-request deny unless { var(txn.exp),sub(txn.iat) -m int le 600 }\n";
    const DeclaredVerifier life = one(kVariables + kSigned + issued + kExpiry + begins + ends);
    CHECK(life.accepts.front().time.longest_life == 600);
    CHECK(life.accepts.front().dropped.empty());
    CHECK(life.accepts.front().claims.front().path == Names{"iat"}); // without it there is no difference
    CHECK(life.accepts.size() == 3);                                 // exp and iat as text
    CHECK(!life.accepts[1].time.longest_life);
    for (const std::string& half :
         {kExpiry + ends, kExpiry + begins, begins + ends,
          kExpiry + "  http-request deny if { var(txn.exp),sub(txn.iat) -m int gt 600 }\n"}) { // passes without iat
        CAPTURE(half);
        CHECK(!path(issued + half).time.longest_life);
        CHECK(!path(issued + half).dropped.empty());
    }
    // Only that it is there: then its value does not matter.
    const DeclaredPath found = path("  http-request deny unless { var(txn.exp) -m found }\n");
    CHECK(found.time.expiry == Presence::unchecked);
    CHECK(found.claims.front().path == Names{"exp"});
}

TEST_CASE("gateway/haproxy: how claims are compared") {
    CHECK(claim("('$.iss') -m beg https://i").issuer.allowed.patterns.front().match == accept::Match::prefix);
    CHECK(claim("('$.iss') -m sub example").issuer.allowed.patterns.front().match == accept::Match::contains);
    CHECK(claim("('$.iss') -m end .example").issuer.allowed.patterns.front().match == accept::Match::suffix);
    CHECK(claim("('$.iss') -m reg ^https://[a-z]+$").issuer.allowed.contains("https://a"));
    CHECK(claim("('$.iss') -m str a b").issuer.allowed.exact == Names{"a", "b"});
    for (const char* unsaid :
         {"('$.iss') -i -m str a", "('$.iss') -m dom a", "('$.iss') -f /l", "('$.iss') -m str \"${ISSUER}\"",
          "('$.iss') -m reg (?=a)", "('$.iss'),lower -m str a", "('$.iss') -m str 42"}) {
        CAPTURE(unsaid);
        const DeclaredPath over = claim(unsaid);
        CHECK(over.issuer.allowed.any);
        CHECK(!over.dropped.empty());
    }
    const DeclaredPath first = claim("('$.aud[0]') -m str api");
    CHECK(!first.audience.string_only);
    CHECK(first.dropped.size() == 1);
    const DeclaredPath scope = claim("('$.scope') -m sub read");
    CHECK(scope.claims.front().path == Names{"scope"});
    CHECK(scope.claims.front().values.contains("xreadx"));
    CHECK(scope.dropped.empty());
    CHECK(claim("('$.realm.role') -m str a").claims.front().path == Names{"realm", "role"});
    CHECK(claim("('$.https://x\\.y/z') -m str a").claims.front().path == Names{"https://x.y/z"});
    CHECK(claim("('$.groups[1]') -m str a").claims.empty());
    // a number is compared as it is printed
    const DeclaredPath number = claim("('$.tenant') -m str 42");
    CHECK(number.claims.front().values.contains("42"));
    CHECK(number.claims.front().values.contains("42.0"));
    CHECK(!number.claims.front().values.contains("41"));
    CHECK(number.dropped.size() == 1);
    const DeclaredPath whole = claim("('$.level','int') -m int 5");
    CHECK(whole.claims.front().values.contains("5.9"));
    CHECK(!whole.claims.front().values.contains("55"));
    CHECK(claim("('$.level','int') -m int gt 5").claims.size() == 1); // that it is there
    const DeclaredPath typ =
        path("  http-request deny unless { http_auth_bearer,jwt_header_query('$.typ') -m str at+jwt }\n");
    CHECK(typ.type.allowed == Names{"at+jwt"});
    // The second test of one claim is dropped, not taken for the first.
    CHECK(
        path("  http-request deny unless { var(txn.iss) -m str a }\n  http-request deny if { var(txn.iss) -m str b }\n")
            .dropped.size() == 1);
}

TEST_CASE("gateway/haproxy: conditions") {
    const std::string s = "{ http_auth_bearer,jwt_verify(RS256,/k.pem) 1 }", i = "{ var(txn.iss) -m str a }";
    const auto paths = [&](const std::string& rule) { return one(kVariables + "  http-request " + rule + "\n"); };
    CHECK(paths("deny if !" + s + " or !" + i).accepts.front().issuer.allowed.exact == Names{"a"});
    CHECK(paths("deny if ! " + s + " || ! " + i).accepts.front().issuer.allowed.exact == Names{"a"});
    CHECK(paths("deny unless " + s + " " + i).accepts.front().issuer.allowed.exact == Names{"a"});
    const DeclaredVerifier either = paths("deny if !" + s + " !" + i); // both must fail
    REQUIRE(either.accepts.size() == 2);
    CHECK((either.accepts[0].signature_unchecked || either.accepts[1].signature_unchecked));
    CHECK(read(api(kVariables + "  http-request deny if " + s + " !" + i + "\n")).front().guard ==
          Entry::Guard::open); // without a token it is not refused
    // Lines of one name are alternatives, wherever they stand.
    const DeclaredVerifier keys =
        one("  acl ok http_auth_bearer,jwt_verify(RS256,/a.pem) 1\n  http-request deny unless ok\n"
            "  acl ok http_auth_bearer,jwt_verify(RS256,/b.pem) 1\n");
    REQUIRE(keys.accepts.size() == 2);
    CHECK(keys.accepts[0].keys.front().location.value == "/a.pem");
    for (const char* refusal :
         {"reject", "tarpit", "silent-drop", "return status 401", "redirect location /login", "auth realm x"}) {
        CAPTURE(refusal);
        CHECK(!paths(std::string(refusal) + " unless " + s).accepts.front().signature_unchecked);
    }
}

TEST_CASE("gateway/haproxy: ways past the checks") {
    const auto health = read(api("  http-request allow if { path /health }\n" + kSigned));
    REQUIRE(health.size() == 2);
    CHECK(health[0].guard != health[1].guard);
    CHECK(read(api("  http-request return status 200 if { path /health }\n" + kSigned)).front().guard ==
          Entry::Guard::open);
    CHECK(read(api("  http-request lua.check\n" + kSigned)).front().guard == Entry::Guard::opaque);
    CHECK(read(api("  http-request cache-use c\n" + kSigned)).front().guard == Entry::Guard::opaque);
    CHECK(read(api("  http-request some-new-action\n" + kSigned)).front().guard == Entry::Guard::opaque);
    CHECK(one(kSigned + "  http-request allow\n").guard == Entry::Guard::paths); // behind them it is harmless
    // What an unknown condition can undo.
    CHECK(read(api("  http-request deny unless { http_auth_bearer,jwt_verify(RS256,/k.pem) 1 } or { lua.x -m bool }\n"))
              .size() == 2);
    CHECK(read(api("  http-request deny if { rand(2) 1 } !{ http_auth_bearer,jwt_verify(RS256,/k.pem) 1 }\n"))
              .front()
              .guard == Entry::Guard::opaque);
    const auto internal =
        read(api("  http-request deny unless { src 10.0.0.0/8 } or { http_auth_bearer,jwt_verify(RS256,/k.pem) 1 }\n"));
    CHECK(internal.size() == 2);
    const auto some =
        read(api("  http-request deny if { path_beg /api } !{ http_auth_bearer,jwt_verify(RS256,/k.pem) 1 }\n"));
    REQUIRE(some.size() == 2);
    CHECK(some[0].guard == Entry::Guard::open);
    CHECK(some[0].name == "frontend api, backend app, unless path_beg /api");
    CHECK(some[1].guard == Entry::Guard::paths);
}

TEST_CASE("gateway/haproxy: variables") {
    const std::string wanted = "  http-request deny unless { var(txn.iss) -m str good }\n";
    // Where the second cannot be had, the first stays.
    const DeclaredPath stale = path("  http-request set-var(txn.iss) str(good)\n" + wanted);
    CHECK(stale.issuer.allowed.any);
    CHECK(stale.dropped.size() == 1);
    // What outlives the request may be another's.
    const DeclaredPath other = path("  http-request set-var(sess.iss) http_auth_bearer,jwt_payload_query('$.iss')\n"
                                    "  http-request deny unless { var(sess.iss) -m str good }\n");
    CHECK(other.issuer.allowed.any);
    // A rule that is not for every request: the denial rests on it.
    const auto some =
        read(api(kSigned + "  http-request set-var(txn.i) http_auth_bearer,jwt_payload_query('$.iss') if { path /a }\n"
                           "  http-request deny if { var(txn.i) -m found } !{ var(txn.i) -m str good }\n"));
    CHECK(some.front().accepts.front().issuer.allowed.any);
    // Behind an allow it may not have been set.
    const auto skipped =
        read(kDefaults + "frontend api\n  http-request allow if { path /a }\n" + kVariables + kSigned +
             "  default_backend app\nbackend app\n"
             "  http-request deny if { var(txn.exp),sub(txn.now) -m int lt 0 }\n  server a 10.0.0.1:80\n");
    CHECK(skipped.front().guard == Entry::Guard::open);
    // Set by something else, or written over by a rule.
    CHECK(guard("  http-request set-header Authorization \"Bearer %[req.cook(t)]\"\n" + kSigned) ==
          Entry::Guard::opaque);
}

TEST_CASE("gateway/haproxy: several tokens in one request") {
    // A condition is true if it is of any of them, and each may be of another one.
    const DeclaredVerifier mixed =
        one("  http-request deny unless { req.hdr(authorization),word(2,' '),jwt_verify(RS256,/k.pem) 1 }\n"
            "  http-request deny unless { req.hdr(authorization),word(2,' '),jwt_payload_query('$.iss') -m str a }\n");
    CHECK(mixed.accepts.front().issuer.allowed.any);
    CHECK(mixed.accepts.front().dropped.size() == 1);
    const DeclaredVerifier same =
        one("  http-request set-var(txn.bearer) req.hdr(authorization),word(2,' ')\n"
            "  http-request deny unless { var(txn.bearer),jwt_verify(RS256,/k.pem) 1 }\n"
            "  http-request deny unless { var(txn.bearer),jwt_payload_query('$.iss') -m str a }\n");
    CHECK(same.accepts.front().issuer.allowed.exact == Names{"a"});
    const DeclaredVerifier differs =
        one(kVariables + "  http-request set-var(txn.last) req.hdr(authorization),word(2,' ')\n"
                         "  http-request deny unless { var(txn.last),jwt_verify(RS256,/k.pem) 1 }\n"
                         "  http-request deny unless { var(txn.iss) -m str a }\n");
    CHECK(differs.accepts.front().issuer.allowed.any); // the last one is verified, the first one is looked at
}

TEST_CASE("gateway/haproxy: frontends, backends and defaults") {
    const std::string backends =
        "backend a\n  http-request deny unless { var(txn.iss) -m str a }\n  server a 10.0.0.1:80\n"
        "backend b\n  server b 10.0.0.2:80\n";
    const auto two = read(kDefaults + "frontend api\n" + kVariables + kSigned +
                          "  use_backend b if { path_beg /b }\n  default_backend a\n" + backends);
    REQUIRE(two.size() == 2);
    CHECK(two[0].name == "frontend api, backend b, if path_beg /b");
    CHECK(two[0].accepts.front().issuer.allowed.any);
    CHECK(two[1].accepts.front().issuer.allowed.exact == Names{"a"});
    const auto any =
        read(kDefaults + "frontend api\n" + kVariables + kSigned + "  use_backend %[var(txn.iss)]\n" + backends);
    CHECK(any.size() == 2);
    const auto listen = read(kDefaults + "listen api\n" + kSigned + "  server a 10.0.0.1:80\n");
    REQUIRE(listen.size() == 1);
    CHECK(!listen.front().accepts.front().signature_unchecked);
    const auto named = read("defaults checks\n  mode http\n" + kSigned +
                            "frontend api from checks\n  default_backend b\n"
                            "frontend other\n  default_backend b\nbackend b\n  server b 10.0.0.1:80\n");
    REQUIRE(named.size() == 2);
    CHECK(named[0].guard == Entry::Guard::paths);
    CHECK(named[1].guard == Entry::Guard::open); // rules of defaults must be asked for by name
    const auto alone = read(kDefaults + "backend a\n" + kSigned + "  server a 10.0.0.1:80\n");
    REQUIRE(alone.size() == 1);
    CHECK(alone.front().name == "backend a");
    const auto conditional = read(api(".if feature(OPENSSL)\n" + kSigned + ".endif\n"));
    CHECK(conditional.front().guard == Entry::Guard::opaque);
    const auto mode = read("defaults\n  mode \"$MODE\"\n" + api(kSigned).substr(kDefaults.size()));
    CHECK(mode.front().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/haproxy: several files, and where things stand") {
    std::vector<std::string> others;
    const auto together = gateway::read_together(
        {{"00.cfg", kDefaults + "frontend api\n  bind :1\n" + kSigned + "  default_backend app\n"},
         {"10.cfg", "backend app\n  http-request deny unless { http_auth_bearer,jwt_payload_query('$.iss') -m str a }\n"
                    "  server a 10.0.0.1:80\n"},
         {"notes.txt", "listen to me\n"}},
        {}, {}, others);
    REQUIRE(together.size() == 1);
    REQUIRE(together.front().import);
    const auto verifiers = gateway::verifiers_of(*together.front().import, "prod");
    REQUIRE(verifiers);
    REQUIRE(verifiers->size() == 1);
    CHECK(verifiers->front().accepts.front().issuer.allowed.exact == Names{"a"});
    CHECK(others == Names{"notes.txt"});
    const document::Node& issuer =
        *together.front().import->verifiers.front().find("accepts")->elements.front().find("issuer");
    CHECK(issuer.mark.source == 1);
    CHECK(issuer.mark.line == 2);
    CHECK(issuer.mark.column == 30);
}

TEST_CASE("gateway/haproxy: words, quotes and comments") {
    CHECK(claim("(\\$.iss) -m str a # b").dropped.size() == 1);                  // not a claim
    CHECK(claim("('$.iss') -m str a#b }").issuer.allowed.exact != Names{"a#b"}); // the line ends there
    CHECK(claim("($.iss) -m str \"a b\"").issuer.allowed.exact == Names{"a b"});
    CHECK(claim("($.iss) -m str 'a\"b'").issuer.allowed.exact == Names{"a\"b"});
    CHECK(claim("($.iss) -m str a\\ b\\x2fc").issuer.allowed.exact == Names{"a b/c"});
    CHECK(claim("($.iss) -m str $HOME").issuer.allowed.exact == Names{"$HOME"}); // only in double quotes it is one
    CHECK(claim("($.iss) -m str \"x\\$y\"").issuer.allowed.exact == Names{"x$y"});
    // What the environment has is not known here: the key is one that cannot be read.
    const DeclaredPath key =
        one("  http-request deny unless { http_auth_bearer,jwt_verify(RS256,\"$KEY\") 1 }\n").accepts.front();
    CHECK(!key.signature_unchecked);
    CHECK(key.keys.front().location.value == "keys that a variable names");
    CHECK(guard("  http-request deny \"${WHEN[*]}\"\n") == Entry::Guard::opaque);
    CHECK(claim("(\"$CLAIM\") -m str a").dropped.size() == 1);
}

TEST_CASE("gateway/haproxy: what is not its configuration, and bad input") {
    for (const char* text : {"", "global\n", "listen to the wind\n", "global:\n  mode: http\n", "frontend: {}\n",
                             "a: 1\n", "backend of the house\nis white\n", "{\"frontend\": 1}", "defaults\n"}) {
        CAPTURE(text);
        const auto import = gateway::read({.file = "x", .text = text});
        CHECK((!import || import->type != "haproxy"));
    }
    for (const char* rule : {"deny if", "deny if {", "deny if { }", "deny unless }", "set-var( x", "set-var(txn.a)",
                             "deny if !", "deny if or or", "deny if { var( -m str a }", "deny if { a(b,'c -m str a }",
                             "deny unless { http_auth_bearer,jwt_verify() 1 }",
                             "deny unless { http_auth_bearer,jwt_payload_query('$.') -m str a }",
                             "deny unless { http_auth_bearer,jwt_verify(RS256,{tenant}) 1 }",
                             "deny unless { http_auth_bearer,jwt_payload_query('$.iss') -m str {tenant} }",
                             "deny unless { path {tenant} } or { http_auth_bearer,jwt_verify(RS256,none) 1 }",
                             "deny unless { http_auth_bearer,jwt_verify(RS256,\xff) 1 }",
                             "deny if { var(txn.exp),sub(99999999999999999999) -m int lt 0 }"}) {
        CAPTURE(rule);
        const auto import = gateway::read({.file = "x", .text = api(kVariables + "  http-request " + rule + "\n")});
        if (import)
            CHECK(gateway::verifiers_of(*import, "prod"));
        else
            CHECK(!import.error().message.empty()); // it refuses everything
    }
    std::string many; // conditions that multiply
    for (int i = 0; i < 40; ++i)
        many +=
            "  http-request deny if { path /a" + std::to_string(i) + " } { path_beg /b" + std::to_string(i) + " }\n";
    CHECK(read(api(many + kSigned)).front().guard == Entry::Guard::opaque);
    std::string routes = kDefaults;
    for (int i = 0; i < 300; ++i)
        routes += "frontend f" + std::to_string(i) + "\n" + kSigned + "  use_backend %[path]\nbackend b" +
                  std::to_string(i) + "\n  server a 10.0.0.1:80\n";
    CHECK(read(routes).back().guard == Entry::Guard::opaque);
    std::string names = "  http-request deny unless x\n";
    for (int i = 0; i < 20'000; ++i) names += "  acl x path /" + std::to_string(i) + "\n";
    CHECK(read(api(names)).front().guard == Entry::Guard::opaque);
}
