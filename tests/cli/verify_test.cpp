#include <doctest/doctest.h>

#include <sstream>
#include <sys/stat.h>

#include "../support/estate.h"
#include "../support/golden.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/jwt/keyfile.h"

using namespace jwtdomain;
using test::Estate;
using test::first_line;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Key material differs in each run: the thumbprint and the fingerprint are left out of golden files.
std::string steady(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos; at = text.find(from))
        text.replace(at, from.size(), to);
    return text;
}

} // namespace

TEST_CASE("verify/domain: accepted at home, refused next door, and whose token it is") {
    Estate estate;
    const std::string token = estate.staging.token();
    const auto home = estate.world.run({"verify", "--domain", "staging", token});
    CHECK(home.status == 0);
    CHECK(first_line(home.out) == "ACCEPTED by staging [policy]");
    CHECK(home.err.empty());
    const auto away = estate.world.run({"verify", "--domain", "prod", token});
    CHECK(away.status == 1);
    CHECK(first_line(away.out) == "REJECTED by prod [policy]: this is a staging token");
    for (const char* reason : {"key-unknown", "iss-mismatch", "aud-mismatch", "domain-mismatch"})
        CHECK(has(away.out, reason));
    CHECK(test::widest_line(away.out) <= 80);
    const auto found = estate.world.run({"verify", "--domain", "auto", token});
    CHECK(found.status == 0);
    CHECK(first_line(found.out) == "ACCEPTED by staging [policy]");
}

TEST_CASE("verify/input: argument, @file, standard input, Bearer and white space") {
    Estate estate;
    const std::string token = estate.prod.token();
    estate.put("token.jwt", "  Bearer " + token + "\n");
    CHECK(estate.world.run({"verify", "-d", "prod", "@" + (estate.directory / "token.jwt")}).status == 0);
    CHECK(estate.world.run_with_input(token + "\n", {"verify", "-d", "prod"}).status == 0);
    CHECK(estate.world.run_with_input("bearer " + token, {"verify", "-d", "prod", "-"}).status == 0);
    CHECK(estate.world.run_with_input("", {"verify", "-d", "prod"}).status == 4);
    CHECK(estate.world.run_with_input(" \n", {"verify", "-d", "prod", "-"}).status == 4);
    estate.world.input.reset();
    CHECK(estate.world.run({"verify", "-d", "prod"}).status == 4); // a terminal
    CHECK(estate.world.run({"verify", "-d", "prod", "@/nonexistent"}).status == 3);
    CHECK(estate.world.run({"verify", "-d", "prod", "@" + estate.directory.path()}).status == 3);
    CHECK(estate.world.run({"verify", "-d", "prod", std::string("\0\xff\x1b[31m", 7)}).status == 1);
    const auto huge = estate.world.run_with_input(std::string(50u << 20, 'a'), {"verify", "-d", "prod"});
    CHECK(huge.status == 1);
    CHECK(has(huge.out, "token-too-large"));
}

TEST_CASE("verify/resource: scopes by method, foreign and unknown resources") {
    Estate estate;
    const std::string reader = estate.prod.token(R"(,"scope":"orders:read")");
    const auto ask = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"verify", "--domain", "prod", reader});
        return estate.world.run(more);
    };
    CHECK(ask({"--resource", "https://api.prod.example.com/orders/7", "--method", "GET"}).status == 0);
    CHECK(has(ask({"--resource", "https://api.prod.example.com/orders", "--method", "POST"}).out, "scope-missing"));
    CHECK(has(ask({"--resource", "https://api.prod.example.com/orders", "--method", "DELETE"}).out, "method-unknown"));
    CHECK(has(ask({"--resource", "https://api.prod.example.com/ordersX", "--method", "GET"}).out, "resource-unknown"));
    CHECK(has(ask({"--resource", "https://api.prod.example.com/orders/%2e%2e/admin", "--method", "GET"}).out,
              "resource-unknown"));
    CHECK(
        has(ask({"--resource", "https://api.staging.example.com/orders", "--method", "GET"}).out, "resource-foreign"));
    CHECK(ask({"--scope", "orders:read"}).status == 0);
    CHECK(has(ask({"--scope", "orders:read", "--scope", "orders:write"}).out, "scope-missing"));
}

TEST_CASE("verify/expect: a rejection can be what CI wants") {
    Estate estate;
    const std::string token = estate.staging.token();
    CHECK(estate.world.run({"verify", "-d", "prod", "--expect", "reject", token}).status == 0);
    const auto exact = estate.world.run({"verify", "-d", "prod", "--expect", "reject:aud-mismatch", token});
    CHECK(exact.status == 0);
    CHECK(has(first_line(exact.out), "AS EXPECTED"));
    CHECK(estate.world.run({"verify", "-d", "prod", "--expect", "reject:expired", token}).status == 1);
    CHECK(estate.world.run({"verify", "-d", "prod", "--expect", "accept", token}).status == 1);
    CHECK(estate.world.run({"verify", "-d", "staging", "--expect", "reject", token}).status == 1);
    const auto typo = estate.world.run({"verify", "-d", "prod", "--expect", "reject:aud-mismach", token});
    CHECK(typo.status == 2);
    CHECK(has(typo.err, "aud-mismatch"));
}

TEST_CASE("verify/usage: each wrong command line says what to type") {
    Estate estate;
    const std::string token = estate.prod.token();
    const auto says = [&](const std::vector<std::string>& arguments, int status, const std::string& hint) {
        const auto outcome = estate.world.run(arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        CHECK(has(outcome.err, hint));
    };
    says({"verify", token}, 2, "--domain NAME");
    says({"verify", "--domian", "prod", token}, 2, "did you mean --domain?");
    says({"verify", "--domain", "prd", token}, 3, "prod");
    says({"verify", "--domain", "https://auth.prod.example.com", token}, 3, "prod");
    says({"verify", "--domain", "prod", "--domain", "staging", token}, 2, "more than once");
    says({"verify", "--domain", "prod", token, "extra"}, 2, "extra");
    says({"verify", "--domain", "prod", "--format", "jsn", token}, 2, "json");
    says({"verify", "--domain", "prod", "--format", "json", "--format", "text", token}, 2, "file");
    says({"verify", "--domain", "prod", "--time", "yesterday", token}, 2, "yesterday");
    says({"verify", "--domain", "prod", "--key", "k.jwk", token}, 2, "--domain");
    says({"verify", "--key", "k.jwk", token}, 2, "--issuer and --audience");
    says({"verify", "--key", "k", "--jwks", "k", "--issuer", "i", "--audience", "a", token}, 2, "one of");
    says({"verify", "--domain", "prod", "--input", "csv"}, 2, "jsonl");
    estate.world.working_directory = "/";
    says({"verify", "--domain", "prod", token}, 3, "jwtdomain init");
}

TEST_CASE("verify/policy: what is wrong with the policy is said with its place, and decides nothing") {
    Estate estate;
    estate.put("jwtdomain/domains/prod.yaml", "domain: prod\nisuer: https://x.example.com\n");
    const auto outcome = estate.world.run({"verify", "--domain", "prod", estate.prod.token()});
    CHECK(outcome.status == 3);
    CHECK(has(outcome.err, "prod.yaml:2:1"));
    CHECK(has(outcome.err, "issuer"));
}

TEST_CASE("verify/keys: keys that cannot be read decide nothing, an empty set refuses everything") {
    Estate estate;
    estate.put("jwtdomain/jwks/prod.json", "{");
    const auto broken = estate.world.run({"verify", "--domain", "prod", estate.prod.token()});
    CHECK(broken.status == 3);
    CHECK(has(broken.out, "keys-unavailable"));
    estate.put("jwtdomain/jwks/prod.json", R"({"keys":[]})");
    const auto revoked = estate.world.run({"verify", "--domain", "prod", estate.prod.token()});
    CHECK(revoked.status == 1);
    CHECK(has(revoked.out, "key-missing"));
}

TEST_CASE("verify/time: --time sets the clock") {
    Estate estate;
    CHECK(estate.world.run({"verify", "-d", "prod", "--time", "1700000299", estate.prod.token()}).status == 0);
    CHECK(estate.world.run({"verify", "-d", "prod", "--time", "2023-11-14T22:19:00Z", estate.prod.token()}).status ==
          1);
}

TEST_CASE("verify/ad-hoc: keys from files, with issuer and audience, or the signature only") {
    Estate estate;
    const std::string token = estate.prod.token(), jwks = estate.directory / "jwtdomain/jwks/prod.json";
    const std::string issuer = "https://auth.prod.example.com", audience = "https://api.prod.example.com";
    CHECK(estate.world.run({"verify", "--jwks", jwks, "--iss", issuer, "--aud", audience, token}).status == 0);
    CHECK(estate.world.run({"verify", "--key", jwks, "--iss", issuer, "--aud", audience, "--alg", "ES256", token})
              .status == 0);
    CHECK(has(
        estate.world.run({"verify", "--key", jwks, "--iss", issuer, "--aud", audience, "--alg", "RS256", token}).out,
        "alg-not-allowed"));
    CHECK(has(estate.world.run({"verify", "--jwks", jwks, "--iss", issuer, "--aud", "other", token}).out,
              "aud-mismatch"));
    // PEM has no kid: the one key that is named is tried, whatever the token calls it.
    const std::string pem = estate.directory / "prod.pem";
    CHECK(estate.world.run({"keygen", "--from", jwks, "--public", "--format", "pem", "--out", pem}).status == 0);
    CHECK(estate.world.run({"verify", "--key", pem, "--iss", issuer, "--aud", audience, token}).status == 0);
    const auto only = estate.world.run({"verify", "--jwks", jwks, "--signature-only",
                                        test::sign(estate.prod.signer, estate.prod.header(), "any octets")});
    CHECK(only.status == 0);
    CHECK(has(first_line(only.out), "nothing else was checked"));
    estate.world.variables["SECRET"] = std::string(32, 's');
    Signer hmac =
        Signer::make(HmacKey::from_secret(SecretBytes(std::string(32, 's'))).value(), Algorithm::HS256).value();
    const std::string mac = test::sign(hmac, R"({"alg":"HS256"})", estate.prod.claims());
    CHECK(estate.world.run({"verify", "--secret", "env:SECRET", "--iss", issuer, "--aud", audience, mac}).status == 0);
    CHECK(estate.world.run({"verify", "--secret", std::string(32, 's'), "--iss", issuer, "--aud", audience, mac})
              .status == 2);
}

TEST_CASE("verify/ad-hoc: a private key or a secret in a file that others may read is refused") {
    Estate estate;
    const auto verify = [&](const std::string& file) {
        return estate.world.run({"verify", "--key", estate.directory / file, "--signature-only", estate.prod.token()});
    };
    const SecretBytes pem = write_private_key(estate.prod.key, {}, KeyFormat::pem).value();
    const SecretBytes passphrase(std::string_view("secret"));
    const SecretBytes sealed = write_private_key(estate.prod.key, {}, KeyFormat::pem, &passphrase).value();
    estate.put("key.pem", std::string(pem.expose()));
    estate.put("sealed.pem", std::string(sealed.expose()));
    estate.put("set.json", R"({"keys":[{"kty":"oct","k":")" + std::string(43, 'A') + R"("}]})");
    estate.world.typed = "secret";
    for (const char* file : {"key.pem", "sealed.pem", "set.json"}) {
        CAPTURE(std::string(file));
        chmod((estate.directory / file).c_str(), 0644);
        const auto open = verify(file);
        CHECK(open.status == 3);
        CHECK(has(open.err, "chmod 600"));
        chmod((estate.directory / file).c_str(), 0600);
        CHECK(!has(verify(file).err, "chmod"));
    }
    CHECK(verify("key.pem").status == 0);
    CHECK(verify("sealed.pem").status == 0);
}

TEST_CASE("verify/text: long names and values stay within 80 columns") {
    Estate estate;
    const std::string longer(200, 'x');
    const auto accepted =
        estate.world.run({"verify", "--domain", "prod", estate.prod.token(",\"note\":\"" + longer + "\"")});
    CHECK(accepted.status == 0);
    CHECK(test::widest_line(accepted.out) <= 80);
    const auto rejected =
        estate.world.run({"verify", "--domain", "prod", estate.prod.token(",\"domain2\":1").replace(0, 20, longer)});
    CHECK(test::widest_line(rejected.out) <= 80);
    const std::string claims = R"({"iss":"https://)" + longer + R"(","aud":")" + longer + R"(","exp":1700000300})";
    const auto foreign =
        estate.world.run({"verify", "--domain", "prod", test::sign(estate.prod.signer, estate.prod.header(), claims)});
    CHECK(foreign.status == 1);
    CHECK(test::widest_line(foreign.out) <= 80);
    const auto expected = estate.world.run(
        {"verify", "--domain", "prod", "--expect", "reject:signature-invalid", estate.staging.token()});
    CHECK(test::widest_line(expected.out) <= 80);
}

TEST_CASE("verify/json: the report is frozen") {
    Estate estate;
    const auto accepted = estate.world.run({"verify", "-d", "prod", "--format", "json", estate.prod.token()});
    CHECK(accepted.status == 0);
    test::check_golden("verify/accepted.json",
                       steady(accepted.out, estate.prod.key.public_key().thumbprint(), "THUMBPRINT"));
    const auto rejected = estate.world.run({"verify", "-d", "prod", "--format", "json", estate.staging.token()});
    CHECK(rejected.status == 1);
    test::check_golden("verify/rejected.json", rejected.out);
}

TEST_CASE("verify/json: hostile claims reach no terminal, and no signature is printed") {
    Estate estate;
    const std::string evil = estate.prod.token(",\"note\":\"\\u001b[2J\\u202e\\u0085\u00e9\u200b\"");
    for (const char* format : {"json", "text"}) {
        const auto outcome = estate.world.run({"verify", "-d", "prod", "--format", format, evil});
        CHECK(outcome.status == 0);
        CHECK_FALSE(has(outcome.out, "\x1b"));
        CHECK_FALSE(has(outcome.out, "\u202e"));
        CHECK_FALSE(has(outcome.out, "\u200b"));
        CHECK_FALSE(has(outcome.out, evil.substr(evil.rfind('.') + 1)));
    }
}

TEST_CASE("verify/output: a full disk and a closed pipe are told, a report file is written whole") {
    Estate estate;
    const std::string token = estate.prod.token();
    estate.world.write_fails = Error{Fault::unreadable, "cannot write to standard output: No space left on device"};
    CHECK(estate.world.run({"verify", "-d", "prod", token}).status == 3);
    estate.world.write_fails = Error{Fault::retry, ""};
    CHECK(estate.world.run({"verify", "-d", "prod", token}).status == 141);
    estate.world.write_fails.reset();
    const auto both = estate.world.run(
        {"verify", "-d", "prod", "--format", "json:" + (estate.directory / "report.json"), "--format", "text", token});
    CHECK(both.status == 0);
    CHECK(first_line(both.out) == "ACCEPTED by prod [policy]");
    CHECK(std::filesystem::file_size(estate.directory / "report.json") > 100);
    CHECK(estate.world.run({"verify", "-d", "prod", "--format", "json:/nonexistent-root-file/../proc/x/y", token})
              .status == 3);
}

TEST_CASE("verify/bulk: one verdict a line, in order, on any number of threads") {
    Estate estate;
    std::ostringstream input;
    constexpr int kLines = 3000;
    const std::string good = estate.prod.token(), foreign = estate.staging.token();
    for (int i = 0; i < kLines; ++i) {
        if (i % 3 == 0)
            input << good << "\n";
        else if (i % 3 == 1)
            input << R"({"id":"n)" << i << R"(","token":")" << foreign << "\"}\r\n";
        else
            input << "rubbish\n";
    }
    std::string before;
    for (const unsigned cores : {1u, 2u, 5u}) {
        estate.world.cores = cores;
        const auto outcome =
            estate.world.run_with_input(input.str(), {"verify", "-d", "prod", "--input", "jsonl", "-"});
        CHECK(outcome.status == 1);
        CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == kLines);
        if (!before.empty()) CHECK(outcome.out == before);
        before = outcome.out;
    }
    CHECK(first_line(before) == R"({"line":1,"verdict":"accepted","domain":"prod","sub":"alice","jti":"1"})");
    CHECK(has(
        before,
        R"({"line":2,"id":"n1","verdict":"rejected","domain":"prod","reasons":["key-unknown","iss-mismatch","aud-mismatch","domain-mismatch"],"accepted_by":["staging"]})"));
    CHECK(has(before, R"({"line":3,"verdict":"rejected","domain":"prod","reasons":["token-parts"]})"));
}

TEST_CASE("verify/bulk: auto names the domain of each, and expectations hold for all") {
    Estate estate;
    const std::string both =
        estate.prod.token() + "\n\n" + estate.staging.token(); // an empty line, and no newline at the end
    const auto outcome = estate.world.run_with_input(both, {"verify", "-d", "auto", "--input", "jsonl"});
    CHECK(outcome.status == 0);
    CHECK(has(outcome.out, R"({"line":1,"verdict":"accepted","domain":"prod")"));
    CHECK(has(outcome.out, R"({"line":3,"verdict":"accepted","domain":"staging")"));
    CHECK(
        estate.world.run_with_input(both, {"verify", "-d", "prod", "--input", "jsonl", "--expect", "reject"}).status ==
        1);
    CHECK(
        estate.world
            .run_with_input(estate.staging.token(), {"verify", "-d", "prod", "--input", "jsonl", "--expect", "reject"})
            .status == 0);
}

TEST_CASE("verify/bulk: broken lines, endless lines, no lines, interruption and a closed pipe") {
    Estate estate;
    const auto run = [&](const std::string& input) {
        return estate.world.run_with_input(input, {"verify", "-d", "prod", "--input", "jsonl"});
    };
    CHECK(run("{\"token\":1}\n").status == 3);
    CHECK(run("{\"tok\n").status == 3);
    CHECK(has(run("{\"token\":\"x\",\"domain\":\"nowhere\"}").out, "no such domain"));
    CHECK(run("").status == 4);
    CHECK(run("\n \n").status == 4);
    const auto endless = run(std::string(5u << 20, 'a') + "\n" + estate.prod.token() + "\n");
    CHECK(has(endless.out, R"({"line":1,"verdict":"rejected","domain":"prod","reasons":["token-too-large"]})"));
    CHECK(has(endless.out, R"({"line":2,"verdict":"accepted")"));
    for (const unsigned cores : {1u, 3u}) {
        estate.world.cores = cores;
        estate.world.stop = true;
        CHECK(run(estate.prod.token()).status == 130);
        estate.world.stop = false;
        estate.world.write_fails = Error{Fault::retry, ""};
        CHECK(run(estate.prod.token()).status == 141);
        estate.world.write_fails.reset();
    }
}

TEST_CASE("verify/revoked: the list is believed only if it is signed by who may revoke") {
    Estate estate("revocations: {file: revoked.jwt}\n");
    const std::string list = R"({"version":1,"iat":1700000000,"revoked":[{"jti":"1","reason":"leaked"}]})";
    const auto signed_by = [&](test::Issuer& issuer, const std::string& payload,
                               const std::string& type = "revocations+jwt") {
        estate.put("jwtdomain/revoked.jwt",
                   test::sign(issuer.signer, R"({"alg":"ES256","kid":")" + issuer.kid() + R"(","typ":")" + type + "\"}",
                              payload) +
                       "\n");
    };
    CHECK(estate.world.run({"verify", "-d", "prod", estate.prod.token()}).status == 3); // no such file
    signed_by(estate.prod, list);
    const auto revoked = estate.world.run({"verify", "-d", "prod", estate.prod.token()});
    CHECK(revoked.status == 1);
    CHECK(has(revoked.out, "leaked"));
    CHECK(estate.world.run({"verify", "-d", "staging", estate.staging.token()}).status ==
          0); // prod speaks for prod alone
    signed_by(estate.prod, R"({"version":1,"revoked":[{"domain":"staging"}]})");
    CHECK(estate.world.run({"verify", "-d", "staging", estate.staging.token()}).status == 3);
    signed_by(estate.prod, list, "at+jwt");
    CHECK(estate.world.run({"verify", "-d", "prod", estate.prod.token()}).status == 3);
    test::Issuer stranger("prod");
    signed_by(stranger, list);
    CHECK(estate.world.run({"verify", "-d", "prod", estate.prod.token()}).status == 3);
    signed_by(estate.prod, R"({"version":1,"revoked":[{"jit":"1"}]})");
    CHECK(estate.world.run({"verify", "-d", "prod", estate.prod.token()}).status == 3);
}
