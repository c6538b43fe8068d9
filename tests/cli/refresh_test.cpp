#include <doctest/doctest.h>

#include "tests/support/golden.h"
#include "tests/support/issuing.h"

using namespace jwtdomain;
using namespace jwtdomain::test;
using Json = nlohmann::ordered_json;

namespace {

const std::string kRefreshing = kProfile + "refresh: {mode: rotate, idle: 1h, absolute: 4h, grace: 30s}\n";

struct Refreshing : Issuing {
    explicit Refreshing(const std::string& prod = kRefreshing) : Issuing(prod) {}

    Json begin(std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--client", "web", "--refresh"});
        return Json::parse(must(line(more)));
    }
    Outcome exchange(const std::string& token, std::vector<std::string> more = {}, const std::string& domain = "prod") {
        std::vector<std::string> all{"refresh", "--domain", domain};
        if (std::find(more.begin(), more.end(), "--client") == more.end()) more.insert(more.end(), {"--client", "web"});
        all.insert(all.end(), more.begin(), more.end());
        Outcome out = world.run_with_input(token + "\n", all);
        world.input.reset();
        return out;
    }
    Json renew(const Json& response, const std::vector<std::string>& more = {}) {
        const Outcome out = exchange(response["refresh_token"], more);
        REQUIRE_MESSAGE(out.status == 0, out.err);
        return Json::parse(out.out);
    }
    void refused(const Outcome& out, const std::string& error = "invalid_grant") {
        CHECK(out.status == 1);
        CHECK(out.out == R"({"error":")" + error + "\"}\n");
    }
    std::string last_cause() {
        const std::string log = world.run({"audit", "log", "--format", "jsonl"}).out;
        return Json::parse(lines_of(log).back()).value("cause", "");
    }
};

} // namespace

TEST_CASE("refresh/exchange: each token is good once, its access tokens are the domain's, and say whose they are") {
    Refreshing it;
    const Json first = it.begin({"--scope", "orders:read", "--scope", "orders:write", "--claim", "role=reader"});
    CHECK(first["token_type"] == "Bearer");
    CHECK(first["expires_in"] == 600);
    CHECK(first["scope"] == "orders:read orders:write");
    it.world.time += 60;
    const Json second = it.renew(first);
    CHECK(second["refresh_token"] != first["refresh_token"]);
    CHECK(it.verify("prod", second["access_token"]) == 0);
    CHECK(it.verify("staging", second["access_token"]) == 1);
    const Json claims = claims_of(second["access_token"]);
    CHECK(claims["sub"] == "alice");
    CHECK(claims["client_id"] == "web");
    CHECK(claims["role"] == "reader");
    CHECK(claims["iat"] == it.world.time);
    CHECK(claims["family"] == claims_of(first["access_token"])["family"]);
    CHECK(claims["jti"] != claims_of(first["access_token"])["jti"]);
    CHECK(it.exchange(first["refresh_token"]).out == it.exchange(first["refresh_token"]).out); // within the grace
}

TEST_CASE("refresh/exchange: another domain, another client, a token that is none and one of another kind: all alike") {
    Refreshing it;
    it.put_domain("staging", kRefreshing);
    const Json response = it.begin();
    it.refused(it.exchange(response["refresh_token"], {}, "staging"));
    CHECK(it.last_cause() == "other-domain");
    it.refused(it.exchange(response["refresh_token"], {"--client", "ci"}));
    CHECK(it.last_cause() == "other-client");
    const Outcome malformed = it.exchange("jdr1.prod.nonsense.0.x.00000000");
    it.refused(malformed);
    CHECK(malformed.err.find("no refresh token") != std::string::npos);
    it.refused(it.exchange(response["access_token"])); // refresh rejects access tokens
    const Outcome verified = it.world.run({"verify", "--domain", "prod", response["refresh_token"]});
    CHECK(verified.status == 1); // and verify rejects refresh tokens
    CHECK(verified.out.find("token-is-refresh") != std::string::npos);
    CHECK(it.exchange(response["refresh_token"]).status == 0);
    const Outcome log = it.world.run({"audit", "log"});
    CHECK(log.status == 1);
    CHECK(first_line(log.out).find("ATTEMPTS 2") == 0);
}

TEST_CASE("refresh/exchange: reuse ends the family and its access tokens") {
    Refreshing it;
    const Json first = it.begin();
    const Json second = it.renew(first);
    CHECK(it.verify("prod", second["access_token"]) == 0);
    it.world.time += 31;
    it.refused(it.exchange(first["refresh_token"]));
    CHECK(it.last_cause() == "reused");
    it.refused(it.exchange(second["refresh_token"]));
    const Outcome verdict = it.world.run({"verify", "--domain", "prod", second["access_token"]});
    CHECK(verdict.status == 1);
    CHECK(verdict.out.find("revoked") != std::string::npos);
    const Json other = it.begin();
    CHECK(it.verify("prod", other["access_token"]) == 0); // other families are untouched
}

TEST_CASE("refresh/exchange: what the policy no longer allows is gone at the next refresh, and does not come back") {
    Refreshing it;
    Json response = it.begin({"--scope", "orders:read", "--scope", "orders:write"});
    it.put_domain("prod", replaced(kRefreshing, "scopes: [orders:read, orders:write]", "scopes: [orders:read]"));
    response = it.renew(response);
    CHECK(response["scope"] == "orders:read");
    it.put_domain("prod", kRefreshing);
    response = it.renew(response);
    CHECK(response["scope"] == "orders:read");
    it.put_domain("prod", replaced(kRefreshing, "web: {type: public}", "web: {type: public, disabled: true}"));
    it.refused(it.exchange(response["refresh_token"]));
    CHECK(it.last_cause() == "not-allowed");
    it.put_domain("prod", replaced(kRefreshing, "mode: rotate", "mode: off"));
    it.refused(it.exchange(response["refresh_token"]));
    CHECK(it.last_cause() == "off");
    it.put_domain("prod", replaced(kRefreshing, "absolute: 4h", "absolute: 1h"));
    it.world.time += 3600;
    it.refused(it.exchange(response["refresh_token"]));
    CHECK(it.last_cause() == "expired");
}

TEST_CASE("refresh/exchange: a domain's key that is revoked or gone mints nothing, and the token stays good") {
    Refreshing it;
    const Json response = it.begin();
    const std::string set = read_text(it.policy_file("jwks/prod.json"));
    it.put("jwks/prod.json", R"({"keys":[]})");
    const Outcome gone = it.exchange(response["refresh_token"]);
    CHECK(gone.status == 3);
    CHECK(gone.out.empty());
    it.put("jwks/prod.json", set);
    const std::string kid = header_of(response["access_token"])["kid"];
    it.must({"revoke", "--domain", "prod", "--key", kid});
    it.refused(it.exchange(response["refresh_token"]));
    CHECK(it.last_cause() == "not-allowed");
    std::filesystem::remove(it.policy_file("revocations.jws"));
    it.renew(response);
}

TEST_CASE("refresh/exchange: less may be asked for, and never more") {
    Refreshing it;
    const Json response = it.begin({"--scope", "orders:read", "--scope", "orders:write"});
    const Json less = it.renew(response, {"--scope", "orders:read", "--ttl", "1m"});
    CHECK(less["scope"] == "orders:read");
    CHECK(less["expires_in"] == 60);
    CHECK(it.renew(less)["scope"] == "orders:read orders:write"); // RFC 6749 section 6: the grant is what it was
    const Json narrow = it.begin({"--scope", "orders:read"});
    it.refused(it.exchange(narrow["refresh_token"], {"--scope", "orders:write"}), "invalid_scope");
    CHECK(it.exchange(narrow["refresh_token"], {"--ttl", "1d"}).status == 1);
}

TEST_CASE("refresh/exchange: an access token never outlives its family") {
    Refreshing it;
    Json response = it.begin();
    for (int i = 0; i < 5; ++i) {
        it.world.time += 2800;
        response = it.renew(response);
    }
    CHECK(response["expires_in"] == 4 * 3600 - 5 * 2800);
}

TEST_CASE("refresh/exchange: many, a line each") {
    Refreshing it;
    std::string tokens;
    for (int i = 0; i < 5; ++i) tokens += it.begin()["refresh_token"].get<std::string>() + "\n";
    const Outcome out = it.world.run_with_input(tokens + "nothing\n",
                                                {"refresh", "--domain", "prod", "--client", "web", "--input", "lines"});
    CHECK(out.status == 1);
    const auto lines = lines_of(out.out);
    REQUIRE(lines.size() == 6);
    for (std::size_t i = 0; i < 5; ++i) CHECK(it.verify("prod", Json::parse(lines[i])["access_token"]) == 0);
    CHECK(lines[5] == R"({"error":"invalid_grant"})");
}

TEST_CASE("refresh/usage: what cannot be meant is told, and no secret is taken from the command line") {
    Refreshing it;
    const Json response = it.begin();
    const auto usage = [&](const std::vector<std::string>& line, const std::string& says) {
        const Outcome out = it.world.run(line);
        CHECK(out.status == 2);
        CHECK_MESSAGE(out.err.find(says) != std::string::npos, out.err);
    };
    usage({"refresh", "--domain", "prod", response["refresh_token"]}, "secret");
    usage({"revoke", response["refresh_token"]}, "secret");
    usage({"refresh"}, "for which domain");
    usage({"refresh", "lst"}, "this is not known");
    usage({"refresh", "show"}, "which family");
    usage({"refresh", "list", "--ttl", "1m"}, "only looks");
    usage({"refresh", "--domain", "prod", "--input", "jsonl"}, "takes lines");
    usage({"issue", "--domain", "prod", "--refresh"}, "for which client");
    usage({"issue", "--domain", "staging", "--refresh"}, "gives no refresh tokens");
    usage({"issue", "--domain", "prod", "--client", "web", "--refresh", "--count", "2"}, "one token");
    usage({"issue", "--key", "x", "--refresh"}, "go with --domain");
    usage({"issue", "--domain", "prod", "--client", "web", "--refresh", "--claim", "family=x"}, "family");
    it.put_domain("prod", replaced(kRefreshing, "mode: rotate", "mode: bind"));
    usage({"issue", "--domain", "prod", "--client", "web", "--refresh"}, "--dpop-key");
    CHECK(it.exchange("").status == 4);
    usage({"audit", "log", "--chain", "00"}, "64 hexadecimal digits");
}

TEST_CASE("refresh/store: list, show and check, and none of them shows a token") {
    Refreshing it;
    CHECK(it.world.run({"refresh", "list"}).status == 3); // there is none yet
    const Json response = it.begin({"--scope", "orders:read"});
    it.world.time += 60;
    const Json next = it.renew(response);
    it.must({"issue", "--domain", "prod", "--subject", "bob", "--client", "web", "--refresh"});
    const std::string family = claims_of(response["access_token"])["family"];
    const Json list = Json::parse(it.must({"refresh", "list", "--format", "json"}));
    REQUIRE(list["families"].size() == 2);
    CHECK(list["families"][0]["family"] == family);
    CHECK(list["families"][0]["generation"] == 1);
    CHECK(Json::parse(it.must({"refresh", "list", "--subject", "bob", "--format", "json"}))["families"].size() == 1);
    std::string all;
    for (const std::string& format : {std::string("text"), std::string("json")}) {
        all += it.must({"refresh", "list", "--format", format});
        all += it.must({"refresh", "show", family, "--format", format});
        all += it.must({"refresh", "--store-check", "--format", format});
        all += it.world.run({"audit", "log", "--format", format}).out;
    }
    all += it.must({"audit", "log", "--format", "jsonl"});
    CHECK(widest_line(it.must({"refresh", "show", family})) <= 80);
    CHECK(widest_line(it.must({"refresh", "list"})) <= 80);
    CHECK(all.find("jdr1.") == std::string::npos);
    CHECK(all.find("eyJ") == std::string::npos);
    CHECK(it.world.run({"refresh", "show", "nobody"}).status == 3);
}

TEST_CASE("refresh/formats: golden") {
    Refreshing it;
    const Json response = it.begin({"--scope", "orders:read"});
    it.world.time += 60;
    it.renew(response);
    it.world.time += 60;
    it.refused(it.exchange(response["refresh_token"]));
    const std::string family = claims_of(response["access_token"])["family"];
    const auto plain = [&](const std::vector<std::string>& line) {
        std::string out = replaced(it.world.run(line).out, family, "FAMILY");
        if (const std::size_t at = out.find("\"chain\": \""); at != std::string::npos)
            out.replace(at + 10, 64, "CHAIN");
        if (const std::size_t at = out.find("  chain       "); at != std::string::npos)
            out.replace(at + 14, 64, "CHAIN");
        return replaced(out, it.directory.path(), "DIR");
    };
    check_golden("refresh/list.json", plain({"refresh", "list", "--format", "json"}));
    check_golden("refresh/list.txt", plain({"refresh", "list"}));
    check_golden("refresh/show.txt", plain({"refresh", "show", family}));
    check_golden("refresh/check.json", plain({"refresh", "--store-check", "--format", "json"}));
    check_golden("refresh/log.json", plain({"audit", "log", "--format", "json"}));
    check_golden("refresh/log.txt", plain({"audit", "log"}));
    check_golden("refresh/revoke.json", plain({"revoke", "--domain", "prod", "--subject", "bob", "--before",
                                               "2023-11-14T22:00:00Z", "--reason", "left", "--format", "json"}));
    check_golden("refresh/revoke.txt", plain({"revoke", "--domain", "prod", "--subject", "carol"}));
}

TEST_CASE("refresh/dpop: bound to a key, the token stays, and moves only with a proof of that key") {
    Refreshing it(replaced(kRefreshing, "mode: rotate", "mode: bind"));
    it.must({"keygen", "--out", it.directory / "client.jwk"});
    it.must({"keygen", "--out", it.directory / "thief.jwk"});
    const std::string key = it.directory / "client.jwk", thief = it.directory / "thief.jwk";
    const Json response = it.begin({"--dpop-key", key});
    CHECK(response["token_type"] == "DPoP");
    const Json claims = claims_of(response["access_token"]);
    CHECK(claims["cnf"]["jkt"].get<std::string>().size() == 43);
    const std::string token = response["refresh_token"];

    it.refused(it.exchange(token), "invalid_dpop_proof");
    CHECK(it.last_cause() == "no-proof");
    it.refused(it.exchange(token, {"--dpop-key", thief}));
    CHECK(it.last_cause() == "other-key");
    const auto proof = [&](const std::string& with, const std::string& request) {
        return lines_of(it.must({"issue", "--dpop-key", with, "--proof", request})).front();
    };
    const std::string good = proof(key, "POST https://auth.prod.example.com/token");
    const Outcome renewed = it.exchange(token, {"--dpop", good});
    REQUIRE_MESSAGE(renewed.status == 0, renewed.err);
    CHECK_FALSE(Json::parse(renewed.out).contains("refresh_token"));
    it.refused(it.exchange(token, {"--dpop", good}), "invalid_dpop_proof"); // replayed
    CHECK(it.last_cause() == "bad-proof");
    it.refused(it.exchange(token, {"--dpop", proof(key, "POST https://auth.staging.example.com/token")}),
               "invalid_dpop_proof");
    CHECK(it.exchange(token, {"--dpop-key", key}).status == 0);
    CHECK(claims_of(Json::parse(renewed.out)["access_token"])["cnf"] == claims["cnf"]);
}

TEST_CASE("refresh/dpop: bind+retry rotates as well") {
    Refreshing it(replaced(kRefreshing, "mode: rotate", "mode: bind+retry"));
    it.must({"keygen", "--out", it.directory / "client.jwk"});
    const std::string key = it.directory / "client.jwk";
    const Json first = it.begin({"--dpop-key", key});
    const Outcome second = it.exchange(first["refresh_token"], {"--dpop-key", key});
    REQUIRE(second.status == 0);
    CHECK(Json::parse(second.out)["refresh_token"] != first["refresh_token"]);
    CHECK(it.exchange(first["refresh_token"], {"--dpop-key", key}).out == second.out);
    it.refused(it.exchange(first["refresh_token"]), "invalid_dpop_proof");
    it.world.time += 40;
    it.refused(it.exchange(first["refresh_token"], {"--dpop-key", key}));
    CHECK(it.last_cause() == "reused");
}

TEST_CASE("verify/dpop: a bound token with its proof, and every way in which the proof is another one") {
    Refreshing it("sender_constraint: dpop\nresources: [{uri: https://api.prod.example.com/orders}]\n" + kProfile);
    it.must({"keygen", "--out", it.directory / "client.jwk"});
    it.must({"keygen", "--out", it.directory / "thief.jwk"});
    const std::string key = it.directory / "client.jwk", thief = it.directory / "thief.jwk";
    it.Issuing::refused({}, "--dpop-key");
    const std::string token = it.token({"--dpop-key", key}), other = it.token({"--dpop-key", key});
    write_text(it.directory / "token", token);
    write_text(it.directory / "other", other);
    const auto proof = [&](const std::string& with, const std::string& request, const std::string& of) {
        return lines_of(it.must({"issue", "--dpop-key", with, "--proof", request, "--access-token",
                                 "@" + (it.directory / of)}))
            .front();
    };
    const std::string uri = "https://api.prod.example.com/orders";
    const auto verdict = [&](const std::string& with) {
        return it.world.run(
            {"verify", "--domain", "prod", "--resource", uri, "--method", "GET", "--dpop", with, token});
    };
    const Outcome good = verdict(proof(key, "GET " + uri, "token"));
    CHECK_MESSAGE(good.status == 0, good.out);
    CHECK(good.err.empty());
    for (const std::string& bad :
         {proof(thief, "GET " + uri, "token"), proof(key, "POST " + uri, "token"),
          proof(key, "GET " + uri + "/x", "token"), proof(key, "GET " + uri, "other"), std::string("nonsense")}) {
        const Outcome refused = verdict(bad);
        CHECK(refused.status == 1);
        CHECK(refused.out.find("proof-invalid") != std::string::npos);
    }
    const Outcome bearer = it.world.run({"verify", "--domain", "prod", token});
    CHECK(bearer.status == 0);
    CHECK(bearer.err.find("only with a proof") != std::string::npos);
    CHECK(it.world.run({"verify", "--domain", "prod", "--dpop", "x", token}).status == 2);
}
