#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "accept_judged.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;
using test::judged;
using test::kNow;
using test::part;
using test::Prod;

namespace {

ClaimRule scope_rule(ClaimTest test, std::vector<std::string> scopes) {
    ClaimRule rule;
    rule.path = {"scope"};
    rule.shape = ClaimShape::words;
    rule.test = test;
    rule.values.exact = std::move(scopes);
    rule.role = ClaimRule::Role::scope;
    return rule;
}

} // namespace

TEST_CASE("accept/good: the domain's own token is accepted, and says by which key") {
    Prod prod;
    const Path path = prod.path();
    PathEngine engine(path);
    UnverifiedToken token;
    const std::string text = prod.token();
    REQUIRE(token.parse(text));
    const Outcome outcome = engine.evaluate(token, {.now = kNow});
    REQUIRE(outcome.verified);
    CHECK(outcome.verified->algorithm() == Algorithm::ES256);
    CHECK(outcome.verified->key()->kid == "k1");
    CHECK(outcome.verified->claims().find("sub")->text() == "alice");
}

// For each reason a token that gives exactly it.
TEST_CASE("accept/reasons: one defect gives one reason") {
    Prod prod;
    Prod stranger;
    const Path path = prod.path();
    std::set<std::string> seen;
    const auto gives = [&](const std::string& expected, const std::string& token, const Path& p, Time now = kNow + 10) {
        CAPTURE(token.substr(0, 300));
        CHECK(judged(p, token, now) == expected);
        seen.insert(expected);
    };
    const auto gives_here = [&](const std::string& expected, const std::string& token, Time now = kNow + 10) {
        gives(expected, token, path, now);
    };
    const std::string good = prod.token();
    const std::string signing_input = good.substr(0, good.rfind('.'));
    const std::string signature = good.substr(good.rfind('.') + 1);

    SUBCASE("all of them") {
        gives_here("token-too-large", std::string(kMaxToken + 1, 'a'));
        gives_here("token-parts", "abc");
        gives_here("token-parts", good + "." + good);
        gives_here("token-encrypted", "a.b.c.d.e");
        gives_here("token-serialization", R"({"payload":"e30","protected":"e30","signature":""})");
        gives_here("token-is-refresh", "jdr1.prod.f.1.AAAA.deadbeef");
        gives_here("encoding-character", signing_input + ".!" + signature.substr(1));
        gives_here("encoding-padding", good + "==");
        std::string last = signature;
        last.back() = static_cast<char>(last.back() == 'A' ? 'B' : last.back() + 1);
        gives_here("encoding-noncanonical", signing_input + "." + last);
        const std::string rest = "." + part(prod.claims) + "." + signature;
        gives_here("header-not-json", part("{") + rest);
        gives_here("header-not-object", part("[]") + rest);
        gives_here("header-duplicate-name", part(R"({"alg":"ES256","\u0061lg":"none"})") + rest);
        gives_here("header-invalid-utf8", part("{\"alg\":\"\xff\"}") + rest);
        gives_here("header-too-deep", part(R"({"a":)" + std::string(100000, '[')) + rest);
        gives_here("alg-missing", prod.with_header(R"({"kid":"k1","typ":"at+jwt"})"));
        for (const char* none : {"none", "None", "NONE", "nOnE"}) {
            gives_here("alg-none", part(R"({"alg":")" + std::string(none) + R"(","kid":"k1","typ":"at+jwt"})") + "." +
                                       part(prod.claims) + ".");
        }
        gives_here("alg-unknown", prod.with_header(R"({"alg":"ES999","kid":"k1","typ":"at+jwt"})"));
        gives_here("alg-unknown", prod.with_header(R"({"alg":"es256","kid":"k1","typ":"at+jwt"})"));
        gives_here("alg-not-allowed", prod.with_header(R"({"alg":"HS256","kid":"k1","typ":"at+jwt"})"));
        Path wide = prod.path();
        wide.signing.algorithms = {Algorithm::ES256, Algorithm::HS256, Algorithm::RS256};
        gives("alg-key-mismatch", prod.with_header(R"({"alg":"HS256","kid":"k1","typ":"at+jwt"})"), wide);
        gives("key-missing", prod.with_header(R"({"alg":"RS256","typ":"at+jwt"})"), wide);
        gives_here("crit-unknown", prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","crit":["x"],"x":1})"));
        for (const char* crit : {"[]", "\"x\"", "[1]", "[\"alg\"]", "[\"absent\"]"}) {
            gives_here("crit-malformed", prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","crit":)" +
                                                          std::string(crit) + "}"));
        }
        gives_here("b64-false",
                   prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","b64":false,"crit":["b64"]})"));
        gives_here("zip-present", prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","zip":"DEF"})"));
        gives_here("kid-malformed", prod.with_header(R"({"alg":"ES256","kid":1,"typ":"at+jwt"})"));
        gives_here("typ-missing", prod.with_header(R"({"alg":"ES256","kid":"k1"})"));
        gives_here("typ-mismatch", prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"JWT"})"));
        gives_here("typ-malformed", prod.with_header(R"({"alg":"ES256","kid":"k1","typ":["at+jwt"]})"));
        Path unread = prod.path();
        unread.signing.source = KeySource::unresolved;
        gives("keys-unavailable", good, unread);
        gives_here("key-unknown", prod.with_header(R"({"alg":"ES256","kid":"../../dev/null","typ":"at+jwt"})"));
        Path two = prod.path();
        two.signing.keys.push_back(
            {.key = stranger.key.public_key(), .algorithms = {Algorithm::ES256}, .kid = "k2", .owner = "prod"});
        gives("key-ambiguous", prod.with_header(R"({"alg":"ES256","typ":"at+jwt"})"), two);
        gives_here("signature-missing", signing_input + ".");
        gives_here("signature-length", signing_input + "." + signature.substr(0, 40));
        gives_here("signature-invalid", stranger.token());
        gives_here("signature-invalid", signing_input + "." + part(std::string(64, '\0')));
        gives_here("claims-not-json", prod.with_claims("hello"));
        gives_here("claims-not-object", prod.with_claims("[]"));
        gives_here("claims-duplicate-name", prod.with_claims(R"({"iss":"a","iss":"b"})"));
        gives_here("claims-invalid-utf8", prod.with_claims("{\"iss\":\"\xc0\x80\"}"));
        gives_here("claims-too-deep",
                   prod.with_claims(R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}"));
        const std::string iss = R"("iss":"https://auth.prod.example")", aud = R"("aud":"https://api.prod.example")";
        gives_here("iss-missing", prod.changed(iss + ",", ""));
        gives_here("iss-malformed", prod.changed(iss, R"("iss":["https://auth.prod.example"])"));
        gives_here("iss-mismatch", prod.changed(iss, R"("iss":"https://auth.prod.example/")"));
        gives_here("aud-missing", prod.changed(aud + ",", ""));
        gives_here("aud-malformed", prod.changed(aud, R"("aud":{"a":1})"));
        gives_here("aud-malformed", prod.changed(aud, R"("aud":["https://api.prod.example",1])"));
        gives_here("aud-empty", prod.changed(aud, R"("aud":[])"));
        gives_here("aud-mismatch", prod.changed(aud, R"("aud":"https://api.staging.example")"));
        gives_here("aud-foreign",
                   prod.changed(aud, R"("aud":["https://api.prod.example","https://api.staging.example"])"));
        gives_here("domain-missing", prod.changed(R"("domain":"prod",)", ""));
        gives_here("domain-malformed", prod.changed(R"("domain":"prod")", R"("domain":["prod"])"));
        gives_here("domain-mismatch", prod.changed(R"("domain":"prod")", R"("domain":"staging")"));
        const std::string exp = R"("exp":1700000300)", iat = R"("iat":1700000000)";
        gives_here("exp-missing", prod.changed("," + exp, ""));
        gives_here("exp-malformed", prod.changed(exp, R"("exp":"1700000300")"));
        gives_here("exp-negative lifetime-negative", prod.changed(exp, R"("exp":-1)"));
        gives_here("expired", good, kNow + 330);
        gives_here("nbf-malformed", prod.changed(iat, iat + R"(,"nbf":"x")"));
        gives_here("not-yet-valid", prod.changed(iat, iat + R"(,"nbf":1700000200)"));
        gives_here("iat-malformed", prod.changed(iat, R"("iat":"x")"));
        gives_here("iat-missing", prod.changed(iat + ",", ""));
        gives_here("iat-future", prod.changed(iat, R"("iat":1700000200)"));
        gives_here("lifetime-negative", prod.changed(iat, R"("iat":1700000301,"x":0)"), kNow + 290);
        gives_here("lifetime-exceeded", prod.changed(exp, R"("exp":1700000601)"));
        gives_here("claim-missing", prod.changed(R"("sub":"alice",)", ""));
        ClaimRule role;
        role.path = {"role"};
        role.test = ClaimTest::in;
        role.values.exact = {"admin"};
        Path strict = prod.path();
        strict.claims.push_back(role);
        gives("claim-mismatch", prod.changed(iat, iat + R"(,"role":"reader")"), strict);
        gives("claim-malformed", prod.changed(iat, iat + R"(,"role":["admin"])"), strict);
        Path dated = prod.path();
        dated.time.path_ends = kNow;
        gives("trust-expired", good, dated);
        Path writes = prod.path();
        writes.claims.push_back(scope_rule(ClaimTest::has_all, {"write"}));
        gives("scope-missing", good, writes);
        gives("scope-malformed", prod.changed(R"("scope":"read")", R"("scope":7)"), writes);
        Path narrow = prod.path();
        narrow.claims.push_back(scope_rule(ClaimTest::all_in, {"write"}));
        gives("scope-foreign", good, narrow);
        Revocations revocations;
        revocations.add(
            {.kind = Revoked::jti, .value = "1", .domain = "prod", .before = {}, .until = kNow + 300, .reason = {}});
        CHECK(judged(path, good, kNow, &revocations) == "revoked");
        CHECK(judged(path, good, kNow + 301, &revocations) == "accepted");
        seen.insert("revoked");
        const PresentedProof proof{.text = "no.proof.here", .method = "GET", .uri = "https://api.prod.example/"};
        PathEngine engine(path);
        UnverifiedToken token;
        token.parse(good);
        const Outcome outcome =
            engine.evaluate(token, {.now = kNow, .revocations = nullptr, .checked = nullptr, .proof = &proof});
        REQUIRE(outcome.findings.size() == 1);
        CHECK(outcome.findings.front().reason == Reason::proof_invalid);
        seen.insert("proof-invalid");

        // Nothing that rejects a token is left out: the rest is decided above the engine, or is inspect's.
        const std::set<std::string_view> elsewhere{"resource-unknown", "resource-foreign", "method-unknown",
                                                   "domain-no-path",   "domain-ambiguous", "domain-none",
                                                   "exp-negative"};
        for (const ReasonInfo& reason : reasons()) {
            if (reason.stage == Stage::observation || elsewhere.count(reason.code)) continue;
            CAPTURE(reason.code);
            CHECK(seen.count(std::string(reason.code)) == 1);
        }
    }
}

TEST_CASE("accept/reasons: all failed checks are reported, not the first") {
    Prod prod, stranger;
    const std::string token =
        stranger.changed(R"("iss":"https://auth.prod.example","aud":"https://api.prod.example")",
                         R"("iss":"https://auth.staging.example","aud":"https://api.staging.example")");
    CHECK(judged(prod.path(), token, kNow + 1000) == "signature-invalid iss-mismatch aud-mismatch expired");
}

TEST_CASE("accept/hs-rs: an HMAC made with the public key's octets opens nothing") {
    Prod prod;
    const PublicNumbers& point = prod.key.public_key().numbers();
    CHECK_FALSE(HmacKey::from_secret(SecretBytes(prod.key.public_key().spki()))); // nor do we ever sign so
    auto key = HmacKey::from_secret(SecretBytes(point.x + point.y));
    REQUIRE(key);
    Signer forger = Signer::make(*key, Algorithm::HS256).value();
    Path path = prod.path();
    path.signing.algorithms.reset();
    CHECK(judged(path, test::sign(forger, R"({"alg":"HS256","kid":"k1","typ":"at+jwt"})", prod.claims)) ==
          "alg-key-mismatch");
    CHECK(judged(path, test::sign(forger, R"({"alg":"HS256","typ":"at+jwt"})", prod.claims)) == "key-missing");
}

TEST_CASE("accept/header: embedded keys are never used") {
    Prod prod, thief;
    const std::string jwk = R"({"kty":"EC","crv":"P-256","x":")" +
                            base64url_encode(thief.key.public_key().numbers().x) + R"(","y":")" +
                            base64url_encode(thief.key.public_key().numbers().y) + R"("})";
    CHECK(judged(prod.path(), thief.with_header(R"({"alg":"ES256","typ":"at+jwt","jwk":)" + jwk + "}")) ==
          "signature-invalid");
    CHECK(judged(prod.path(),
                 thief.with_header(R"({"alg":"ES256","typ":"at+jwt","kid":"k1","jku":"https://evil.example/jwks"})")) ==
          "signature-invalid");
}

TEST_CASE("accept/kid: without a kid exactly one usable key decides, or every key in other dialects") {
    Prod prod, second;
    Path path = prod.path();
    CHECK(judged(path, prod.with_header(R"({"alg":"ES256","typ":"at+jwt"})")) == "accepted");
    path.signing.keys.push_back(
        {.key = second.key.public_key(), .algorithms = {Algorithm::ES256}, .kid = "k2", .owner = "prod"});
    const std::string nameless = second.with_header(R"({"alg":"ES256","typ":"at+jwt"})");
    const std::string misnamed = second.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt"})");
    CHECK(judged(path, nameless) == "key-ambiguous");
    CHECK(judged(path, misnamed) == "signature-invalid");
    path.signing.kid = KidRule::hint;
    CHECK(judged(path, nameless) == "accepted");
    CHECK(judged(path, misnamed) == "signature-invalid");
    path.signing.kid = KidRule::ignored;
    CHECK(judged(path, misnamed) == "accepted");
}

TEST_CASE("accept/typ: media types are compared without application/ and without case") {
    Prod prod;
    for (const char* type : {"at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"}) {
        CHECK(judged(prod.path(), prod.with_header(R"({"alg":"ES256","kid":"k1","typ":")" + std::string(type) +
                                                   "\"}")) == "accepted");
    }
    for (const char* type : {"text/at+jwt", "application/at+jwt/x", "at+jwt ", "at+jw", ""}) {
        CHECK(judged(prod.path(), prod.with_header(R"({"alg":"ES256","kid":"k1","typ":")" + std::string(type) +
                                                   "\"}")) == "typ-mismatch");
    }
}

TEST_CASE("accept/aud: forms, neutral values, comparisons and fallback claims") {
    Prod prod;
    const std::string aud = R"("aud":"https://api.prod.example")";
    CHECK(judged(prod.path(), prod.changed(aud, R"("aud":["https://api.prod.example"])")) == "accepted");
    CHECK(judged(prod.path(), prod.changed(aud, R"("aud":["account","https://api.prod.example"])")) == "accepted");
    CHECK(judged(prod.path(), prod.changed(aud, R"("aud":["account"])")) == "aud-mismatch");
    CHECK(judged(prod.path(), prod.changed(aud, R"("aud":"https://api.prod.example/")")) == "aud-mismatch");
    CHECK(judged(prod.path(), prod.changed(aud, R"("aud":"")")) == "aud-empty");
    Path path = prod.path();
    path.audience.comparison = AudienceComparison::without_scheme_and_slash;
    CHECK(judged(path, prod.changed(aud, R"("aud":"api.prod.example/")")) == "accepted");
    path = prod.path();
    path.audience.fallback_claims = {"client_id"};
    CHECK(judged(path, prod.changed(aud, R"("client_id":"https://api.prod.example")")) == "accepted");
    CHECK(judged(path, prod.changed(aud, R"("client_id":"other")")) == "aud-mismatch");
    path = prod.path();
    path.audience.string_only = true;
    CHECK(judged(path, prod.changed(aud, R"("aud":["https://api.prod.example"])")) == "aud-malformed");
    path.audience = {.must_be_absent = true, .any_of = {}, .all_of = {}, .subset_of = {}, .fallback_claims = {}};
    CHECK(judged(path, prod.token()) == "aud-mismatch");
    CHECK(judged(path, prod.changed(aud + ",", "")) == "accepted");
}

TEST_CASE("accept/time: borders, fractions and absurd values") {
    Prod prod;
    const auto path = prod.path();
    CHECK(judged(path, prod.token(), kNow + 329) == "accepted");
    CHECK(judged(path, prod.token(), kNow - 30) == "accepted");
    CHECK(judged(path, prod.token(), kNow - 31) == "iat-future");
    const std::string exp = R"("exp":1700000300)";
    CHECK(judged(path, prod.changed(exp, R"("exp":1700000300.9)")) == "accepted");
    CHECK(judged(path, prod.changed(exp, R"("exp":1.7000003e9)")) == "accepted");
    CHECK(judged(path, prod.changed(exp, R"("exp":1e400)")) == "lifetime-exceeded");
    CHECK(judged(path, prod.changed(exp, R"("exp":-1e400)")) == "exp-negative lifetime-negative");
    CHECK(judged(path, prod.changed(exp, R"("exp":9223372036854775808)")) == "lifetime-exceeded");
    CHECK(judged(path, prod.changed(exp, R"("exp":null)")) == "exp-malformed");
    Path saturating = path;
    saturating.time.negative_expiry_ok = true;
    saturating.time.longest_life.reset();
    CHECK(judged(saturating, prod.changed(exp, R"("exp":-5)")) == "accepted");
    Path unset = saturating;
    unset.time.negative_expiry_ok = false;
    unset.time.zero_expiry_absent = true;
    for (const char* zero : {"0", "-0", "0.0", "0.9", "-0.9", "0e5"})
        CHECK(judged(unset, prod.changed(exp, "\"exp\":" + std::string(zero))) == "exp-missing");
    unset.time.expiry = Presence::optional;
    for (const char* zero : {"0", "-0", "0.9", "-0.9"})
        CHECK(judged(unset, prod.changed(exp, "\"exp\":" + std::string(zero))) == "accepted");
    for (const char* other : {"1", "-1", "-1.5"})
        CHECK(judged(unset, prod.changed(exp, "\"exp\":" + std::string(other))) != "accepted");
    Path unread = unset; // a time that is no number is as none
    unread.time.malformed_absent = true;
    for (const char* other : {"null", "true", "{}", "[1]", R"("1700000300")"}) {
        const std::string value = other;
        CHECK(judged(unread, prod.changed(exp, "\"exp\":" + value)) == "accepted");
        CHECK(judged(unset, prod.changed(exp, "\"exp\":" + value)) == "exp-malformed");
        CHECK(judged(unread, prod.changed(exp, exp + ",\"nbf\":" + value)) == "accepted");
        CHECK(judged(unset, prod.changed(exp, exp + ",\"nbf\":" + value)) == "nbf-malformed");
        Path needed = unread;
        needed.time.expiry = Presence::required;
        CHECK(judged(needed, prod.changed(exp, "\"exp\":" + value)) == "exp-missing");
    }
    CHECK(judged(unread, prod.changed(exp, exp + ",\"nbf\":1800000000")) == "not-yet-valid");
    unset.time.longest_life = 600; // which needs exp
    CHECK(judged(unset, prod.changed(exp, R"("exp":0)")) == "exp-missing");
    CHECK(judged(path, prod.token(), std::numeric_limits<Time>::max() / 4) == "expired");
}

TEST_CASE("accept/claims: nested paths, lists and words") {
    Prod prod;
    Path path = prod.path();
    ClaimRule rule;
    rule.path = {"kubernetes.io", "namespace"};
    rule.test = ClaimTest::in;
    rule.values.patterns = {{Match::glob, "prod-*"}};
    path.claims.push_back(rule);
    const std::string scope = R"("scope":"read")";
    CHECK(judged(path, prod.changed(scope, R"("kubernetes.io":{"namespace":"prod-a"})")) == "accepted");
    CHECK(judged(path, prod.changed(scope, R"("kubernetes.io":{"namespace":"staging"})")) == "claim-mismatch");
    CHECK(judged(path, prod.changed(scope, R"("kubernetes.io":"prod-a")")) == "claim-missing");
    const std::vector<ClaimRule> asked{scope_rule(ClaimTest::has_all, {"read", "write"})};
    CHECK(judged(prod.path(), prod.changed(scope, R"("scope":"write  read")"), kNow, nullptr, asked) == "accepted");
    CHECK(judged(prod.path(), prod.changed(scope, R"("scope":["write","read"])"), kNow, nullptr, asked) == "accepted");
    CHECK(judged(prod.path(), prod.changed(scope, R"("scope":"writer read")"), kNow, nullptr, asked) ==
          "scope-missing");
    CHECK(judged(prod.path(), prod.changed(scope + ",", ""), kNow, nullptr, asked) == "scope-missing");
}

TEST_CASE("accept/signature-only: any payload, and nothing else is checked") {
    Prod prod;
    Path path;
    path.signing = prod.path().signing;
    path.type.any = true;
    path.signature_only = true;
    CHECK(judged(path, prod.with_claims("not JSON at all")) == "accepted");
    CHECK(judged(path, prod.with_claims("")) == "accepted");
    Prod stranger;
    CHECK(judged(path, stranger.with_claims("x")) == "signature-invalid");
}

TEST_CASE("accept/dialects: what other verifiers do can be said") {
    Prod prod;
    Path path = prod.path();
    path.dialect.duplicates = json::Duplicates::last;
    const std::string twice = prod.changed(R"("domain":"prod")", R"("domain":"staging","domain":"prod")");
    CHECK(judged(path, twice) == "accepted");
    path.dialect.duplicates = json::Duplicates::first;
    CHECK(judged(path, twice) == "domain-mismatch");
    path = prod.path();
    path.dialect.accepts_none = true;
    const std::string none = part(R"({"alg":"none","typ":"at+jwt"})") + "." + part(prod.claims) + ".";
    CHECK(judged(path, none) == "accepted");
    CHECK(judged(path, none + "AAAA") == "signature-invalid");
    path = prod.path();
    path.dialect.lenient_base64 = true;
    CHECK(judged(path, prod.token() + "==") == "accepted");
    path = prod.path();
    path.dialect.issuer_array_ok = true;
    const std::string array =
        prod.changed(R"("iss":"https://auth.prod.example")", R"("iss":["https://evil","https://auth.prod.example"])");
    CHECK(judged(path, array) == "accepted");
    path = prod.path();
    path.signing.source = KeySource::none;
    CHECK(judged(path, prod.token().substr(0, prod.token().rfind('.')) + ".AAAA") == "accepted");
    path = prod.path();
    path.dialect.accepts_encrypted = true; // its content, since nothing is decrypted here
    CHECK(judged(path, none) == "accepted");
    CHECK(judged(path, "a.b.c.d.e") == "token-encrypted");
}

TEST_CASE("accept/engine: what one token leaves behind does not help the next") {
    Prod prod, stranger;
    const Path path = prod.path();
    PathEngine engine(path);
    UnverifiedToken token;
    for (int round = 0; round < 3; ++round) {
        const std::string good = prod.token(), bad = stranger.token(), unreadable = "x.y";
        token.parse(good);
        CHECK(engine.evaluate(token, {.now = kNow}).verified);
        token.parse(bad);
        CHECK_FALSE(engine.evaluate(token, {.now = kNow}).verified);
        token.parse(unreadable);
        CHECK_FALSE(engine.evaluate(token, {.now = kNow}).verified);
        const std::string headless = "." + good.substr(good.find('.') + 1);
        token.parse(headless);
        CHECK_FALSE(engine.evaluate(token, {.now = kNow}).verified);
    }
}

TEST_CASE("accept/crit: who passes over crit passes over b64, which stands in it") {
    Prod prod;
    Path path = prod.path();
    path.dialect.ignores_crit = true;
    const auto judge = [&](const std::string& further) {
        return judged(path, prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt",)" + further + "}"));
    };
    for (const char* passed : {R"("b64":false,"crit":["b64"])", R"("b64":false)", R"("x":1,"crit":["x"])"})
        CHECK(judge(passed) == "accepted");
    CHECK(judge(R"("zip":"DEF")") == "zip-present");
}

TEST_CASE("accept/work: long lists in a token give few findings, soon") {
    Prod prod;
    std::string crit, scopes, audiences;
    for (int i = 0; i < 50000; ++i) {
        const std::string n = std::to_string(i);
        crit += (i > 0 ? ",\"" : "\"") + n + "\"";
        scopes += n + " ";
        audiences += (i > 0 ? ",\"" : "\"") + n + "\"";
    }
    CHECK(judged(prod.path(), prod.with_header(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","crit":[)" + crit + "]}")) ==
          "crit-malformed");
    Path narrow = prod.path();
    narrow.claims.push_back(scope_rule(ClaimTest::all_in, {"read"}));
    PathEngine engine(narrow);
    UnverifiedToken token;
    const std::string wide = prod.changed(R"("scope":"read")", R"("scope":")" + scopes + "\"");
    token.parse(wide);
    CHECK(engine.evaluate(token, {.now = kNow}).findings.size() == 64);
    const std::string many =
        prod.changed(R"("aud":"https://api.prod.example")", R"("aud":["https://api.prod.example",)" + audiences + "]");
    token.parse(many);
    CHECK(engine.evaluate(token, {.now = kNow}).findings.size() == 64);
    const std::string foreign = prod.changed(R"("aud":"https://api.prod.example")", R"("aud":[)" + audiences + "]");
    token.parse(foreign);
    const auto findings = engine.evaluate(token, {.now = kNow}).findings;
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().detail.size() < 1000);
}
