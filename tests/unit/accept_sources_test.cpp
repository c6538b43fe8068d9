// Of the engine: where keys are from and whose they are, and what passes for a token.
#include "accept_judged.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;
using test::judged;
using test::part;
using test::Prod;

TEST_CASE("accept/dialects: the JSON serialization is the compact one, written differently") {
    Prod prod;
    Path path = prod.path();
    path.dialect.accepts_json = true;
    const std::string token = prod.token();
    const std::size_t one = token.find('.'), two = token.rfind('.');
    const auto json = [&](const std::string& header, const std::string& payload, const std::string& more = {}) {
        return R"({"protected":")" + header + R"(","payload":")" + payload + R"(","signature":")" +
               token.substr(two + 1) + '"' + more + "}";
    };
    const std::string header = token.substr(0, one), payload = token.substr(one + 1, two - one - 1);
    CHECK(judged(path, json(header, payload)) == "accepted");
    CHECK(judged(path, json(header, payload, R"(,"header":{"kid":"k2"})")) == "accepted"); // unprotected: not read
    CHECK(judged(path, token) == "accepted");
    CHECK(judged(prod.path(), json(header, payload)) == "token-serialization");
    CHECK(judged(path, json(header, part(R"({"iss":"https://auth.prod.example"})"))).find("signature-invalid") == 0);
    for (const std::string& bad :
         {json("", header + "." + payload), json(header + ".", payload), json(header, payload, R"(,"payload":"e30")"),
          std::string(R"({"protected":"e30"})"), std::string("{"), json(header, payload) + "x"})
        CHECK(judged(path, bad) == "token-serialization");
}

TEST_CASE("accept/engine: where the token says where its keys are, a signature proves nothing") {
    Prod prod, stranger;
    Path path = prod.path();
    path.signing.source = KeySource::of_token;
    path.signing.keys.clear();
    CHECK(judged(path, stranger.token()) == "accepted");
    const std::string token = stranger.token();
    CHECK(judged(path, token.substr(0, token.rfind('.') + 1)) == "signature-missing");
    CHECK(judged(path, stranger.with_header(R"({"alg":"RS256","typ":"at+jwt"})")) == "alg-not-allowed");
    CHECK(judged(path, part(R"({"alg":"none","typ":"at+jwt"})") + "." + part(prod.claims) + ".") == "alg-none");
    CHECK(judged(path, stranger.changed("auth.prod", "auth.evil")) == "iss-mismatch");
}

TEST_CASE("accept/engine: a key may be for the tokens of one issuer alone") {
    Prod prod;
    Path path = prod.path();
    path.issuer.allowed = {.any = true, .exact = {}, .patterns = {}};
    const auto with = [&](const std::string& issuer) {
        path.signing.keys[0].issuer = issuer;
        return judged(path, prod.token());
    };
    CHECK(with("https://auth.prod.example") == "accepted");
    CHECK(with("https://auth.prod.example/") == "iss-mismatch");
    CHECK(with("https://{tenantid}") == "accepted");
    CHECK(with("https://auth.prod.example/{tenantid}") == "iss-mismatch");
    CHECK(with("https:/{tenantid}") == "iss-mismatch"); // a tenant is one segment
    path.signing.keys[0].issuer = "https://auth.prod.example";
    path.issuer.absent_ok = true;
    CHECK(judged(path, prod.changed(R"("iss":"https://auth.prod.example",)", "")) == "iss-mismatch");
    path.dialect.issuer_array_ok = true;
    CHECK(judged(path, prod.changed(R"("https://auth.prod.example")", R"(["https://auth.prod.example"])")) ==
          "iss-mismatch");
    // Of two keys of one name the one for that issuer is tried.
    path.signing.keys.push_back(path.signing.keys[0]);
    path.signing.keys[0].issuer = "https://other.example";
    CHECK(judged(path, prod.token()) == "accepted");
}

TEST_CASE("accept/engine: where the header's algorithm is ignored, the path's and the key's decide") {
    Prod prod;
    Path path = prod.path();
    const auto with = [&](const std::string& alg) {
        return judged(path, prod.with_header(R"({"alg":)" + alg + R"(,"kid":"k1","typ":"at+jwt"})"));
    };
    CHECK(with(R"("none")") == "alg-none");
    path.dialect.ignores_alg = true;
    for (const char* alg : {R"("ES256")", R"("none")", R"("RS512")", "1", "null"}) CHECK(with(alg) == "accepted");
    path.signing.algorithms = {Algorithm::RS256};
    CHECK(with(R"("ES256")") != "accepted");
}

TEST_CASE("accept/engine: names of claims in any case, of which the last is read") {
    Prod prod;
    Path path = prod.path();
    const std::string after = R"("exp":1700000300,"ISS":"https://auth.evil.example")";
    CHECK(judged(path, prod.changed(R"("exp":1700000300)", after)) == "accepted");
    CHECK(judged(path, prod.changed(R"("iss":)", R"("Iss":)")) == "iss-missing");
    path.dialect.any_case = {"iss", "aud"};
    path.dialect.duplicates = json::Duplicates::last;
    CHECK(judged(path, prod.token()) == "accepted");
    CHECK(judged(path, prod.changed(R"("exp":1700000300)", after)) == "iss-mismatch");
    for (const char* name : {"Iss", "ISS", "i\xc5\xbfS", "\\u0069ss"})
        CHECK(judged(path, prod.changed(R"("iss":)", '"' + std::string(name) + "\":")) == "accepted");
    for (const char* name : {"is", "isss", "i\xc5\xbf", "\xc5\xbfss"})
        CHECK(judged(path, prod.changed(R"("iss":)", '"' + std::string(name) + "\":")) == "iss-missing");
    CHECK(judged(path, prod.changed(R"("aud":)", R"("AUD":)")) == "accepted");
    CHECK(judged(path, prod.changed(R"("exp":)", R"("EXP":)")) == "exp-missing");
    path.signing.keys[0].issuer = "https://auth.prod.example";
    CHECK(judged(path, prod.changed(R"("iss":)", R"("Iss":)")) == "accepted");
}

TEST_CASE("accept/engine: issuers can be excepted") {
    Prod prod;
    Path path = prod.path();
    path.issuer = {.allowed = {.any = true, .exact = {}, .patterns = {}}, .except = {"https://auth.prod.example"}};
    CHECK(judged(path, prod.token()) == "iss-mismatch");
    CHECK(judged(path, prod.changed("auth.prod", "auth.evil")) == "accepted");
    path.dialect.issuer_array_ok = true;
    const std::string empty = prod.changed(R"("https://auth.prod.example")", "[]");
    CHECK(judged(path, empty) == "iss-mismatch");
    path.issuer.except.clear();
    CHECK(judged(path, empty) == "accepted");
}

TEST_CASE("accept/engine: a longest life needs exp, even where that need not be there otherwise") {
    Prod prod;
    Path path = prod.path();
    const std::string endless = prod.changed(R"(,"exp":1700000300)", "");
    for (const Presence expiry : {Presence::optional, Presence::unchecked}) {
        path.time.expiry = expiry;
        path.time.longest_life = 600;
        CHECK(judged(path, endless) == "exp-missing");
        CHECK(judged(path, prod.changed("1700000300", "\"soon\"")) == "exp-malformed");
        CHECK(judged(path, prod.changed("1700000300", "1700009999")) == "lifetime-exceeded");
        CHECK(judged(path, prod.token()) == "accepted");
        path.time.longest_life.reset();
        CHECK(judged(path, endless) == "accepted");
    }
}
