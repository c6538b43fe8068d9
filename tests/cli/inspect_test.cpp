#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "../support/estate.h"
#include "../support/golden.h"
#include "../support/shapes.h"
#include "cli/explain/examples.h"
#include "jwtdomain/jwt/inspect.h"
#include "jwtdomain/jwt/unwrap.h"

using namespace jwtdomain;
using test::Estate;
using test::first_line;
using test::run_alone;
using test::shaped;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string kHeader = R"({"alg":"ES256","kid":"k1","typ":"at+jwt"})";
const std::string kClaims =
    R"({"iss":"https://a.example","aud":"b","sub":"alice","jti":"1","iat":1700000000,"nbf":1700000000,"exp":1700000300})";
const std::string kSignature = base64url_encode(std::string(64, 'S'));
const std::string kToken = shaped(kHeader, kClaims, 64);

std::string nested_token() { return shaped(R"({"alg":"RS256","cty":"JWT"})", kToken); }

std::string sd_jwt() {
    const std::string name = base64url_encode(R"(["6Ij7tM-a5iVPGboS5tmvVA","given_name","Alice"])");
    const std::string country = base64url_encode(R"(["lklxF5jMYlGTPUovMNIvCA","FR"])");
    const std::string stray = base64url_encode(R"(["salt","role","admin"])");
    const std::string claims = R"({"iss":"https://i.example","vct":"https://c.example/id","iat":1700000000,"_sd":[")" +
                               sd_digest("sha-256", name) + R"(","AAAA"],"nationalities":["DE",{"...":")" +
                               sd_digest("sha-256", country) +
                               R"("}],"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}})";
    const std::string presented = shaped(R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"i1"})", claims, 64) + "~" + name +
                                  "~" + country + "~" + stray + "~";
    return presented + shaped(R"({"alg":"ES256","typ":"kb+jwt"})",
                              R"({"iat":1700000000,"aud":"https://v.example","nonce":"n","sd_hash":")" +
                                  sd_digest("sha-256", presented) + R"("})",
                              64);
}

std::string odd_token() {
    return shaped(
        R"({"alg":"nOnE","kid":"../../dev/null","jku":"https://evil.example/jwks.json"})",
        R"({"iss":["a"],"sub":"alice","sub":"admin\u001b[31m\u202e","exp":"tomorrow","iat":1700000600,"password":"hunter22","act":{"token":")" +
            kToken +
            R"("},"aud":[],"big":12345678901234567890,"list":[],"deep":{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}})",
        0);
}

// Text within 80 columns, NOT VERIFIED first, no signature, nothing that a terminal would obey.
void check_text(const std::string& text) {
    CHECK(text.rfind("NOT VERIFIED: ", 0) == 0);
    CHECK(test::widest_line(text) <= 80);
    CHECK(!has(text, kSignature));
    CHECK(std::none_of(text.begin(), text.end(),
                       [](char c) { return c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f); }));
    CHECK(!has(text, " \n"));
}

} // namespace

TEST_CASE("inspect/json: the fields are frozen") {
    const std::pair<const char*, std::string> inputs[] = {
        {"keycloak", test::keycloak_token()},
        {"entra", test::entra_token()},
        {"kubernetes", test::kubernetes_token()},
        {"cognito", test::cognito_token()},
        {"nested", nested_token()},
        {"sd-jwt", sd_jwt()},
        {"odd", odd_token()},
        {"jwe", base64url_encode(R"({"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT","kid":"e1"})") + ".a.b.c.d"},
        {"cookie", "Cookie: a=b; session=" + kToken + "; path=/"},
        {"json", R"({"payload":")" + base64url_encode(kClaims) + R"(","signatures":[{"protected":")" +
                     base64url_encode(kHeader) + R"(","signature":")" + kSignature +
                     R"("},{"header":{"alg":"EdDSA"},"signature":")" + kSignature + R"("}]})"},
        {"truncated", kToken.substr(0, 110)}};
    for (const auto& each : inputs) {
        const std::string name = each.first, input = each.second;
        CAPTURE(name);
        const auto outcome = run_alone({"inspect", "--format", "json", input});
        CHECK(outcome.status == 0);
        CHECK(outcome.err.empty());
        CHECK(!has(outcome.out, kSignature));
        test::check_golden("inspect/" + name + ".json", outcome.out);
        test::check_golden("inspect/" + name + ".txt", run_alone({"inspect", input}).out);
        check_text(run_alone({"inspect", input}).out);
    }
}

TEST_CASE("inspect/text: the first line says what it is, until when, and that it is not verified") {
    CHECK(first_line(run_alone({"inspect", kToken}).out) ==
          "NOT VERIFIED: access token (RFC 9068), expires in 5 min; nothing odd");
    CHECK(first_line(run_alone({"inspect", kToken, "--time", "1700000360"}).out) ==
          "NOT VERIFIED: access token (RFC 9068), expired 1 min ago; 1 anomaly");
    CHECK(first_line(run_alone({"inspect", nested_token()}).out) ==
          "NOT VERIFIED: signed token (JWS) with a token inside; nothing odd");
}

TEST_CASE("inspect/text: colour only where it is wanted, and never the reader's risk") {
    const auto outcome = run_alone({"inspect", odd_token(), "--color", "always"});
    CHECK(has(outcome.out, "\x1b[33mNOT VERIFIED:\x1b[0m"));
    CHECK(!has(outcome.out, "\x1b[31m\u202e"));
    CHECK(has(outcome.out, "admin\\x1b[31m\\u{202e}"));
}

TEST_CASE("inspect/input: argument, file, standard input; what is no token exits 3, nothing at all 4") {
    TemporaryDirectory directory;
    std::ofstream(directory / "token.txt") << "Bearer " << kToken << "\n";
    CHECK(run_alone({"inspect", kToken}).status == 0);
    CHECK(run_alone({"inspect", "@" + (directory / "token.txt")}).status == 0);
    test::FakeWorld world;
    CHECK(world.run_with_input(kToken + "\n", {"inspect"}).status == 0);
    CHECK(world.run_with_input(kToken + "\n", {"inspect", "-"}).status == 0);
    CHECK(world.run_with_input("", {"inspect"}).status == 4);
    CHECK(world.run_with_input(" \n", {"inspect"}).status == 4);
    CHECK(run_alone({"inspect"}).status == 4); // a terminal
    CHECK(world.run_with_input("hello world", {"inspect"}).status == 3);
    CHECK(world
              .run_with_input(std::string("\x7f"
                                          "ELF\0\0\xff\xfe",
                                          8),
                              {"inspect"})
              .status == 3);
    CHECK(world.run_with_input(std::string(1 << 20, '\0'), {"inspect"}).status == 3);
    CHECK(run_alone({"inspect", "@" + (directory / "absent")}).status == 3);
    CHECK(run_alone({"inspect", "@" + directory.path()}).status == 3);
    const auto file = run_alone({"inspect", directory / "token.txt"});
    CHECK(file.status == 3);
    CHECK(has(file.err, "jwtdomain inspect @" + (directory / "token.txt")));
    CHECK(world.run_with_input("!.!.!", {"inspect"}).status == 3);
}

TEST_CASE("inspect/input: after -- everything is an argument") {
    CHECK(run_alone({"inspect", "--", kToken}).out == run_alone({"inspect", kToken}).out);
    CHECK(run_alone({"inspect", "--", "--format"}).status == 3); // no token, and no option
    CHECK(run_alone({"inspect", "--", kToken, "--"}).status == 2);
}

TEST_CASE("inspect/input: huge, deep and damaged input gets a clear answer") {
    test::FakeWorld world;
    const auto huge = world.run_with_input(
        shaped(kHeader, R"({"sub":"alice","pad":")" + std::string(36u << 20, 'x') + R"("})", 64), {"inspect"});
    CHECK(huge.status == 0);
    CHECK(has(huge.out, "token-too-large"));
    CHECK(has(huge.out, "alice"));
    check_text(huge.out);
    CHECK(world.run_with_input(std::string(65u << 20, 'e'), {"inspect"}).status == 3);
    const auto deep = world.run_with_input(
        shaped(kHeader, R"({"sub":"alice","x":)" + std::string(100000, '[') + "}", 64), {"inspect"});
    CHECK(deep.status == 0);
    CHECK(has(deep.out, "claims-too-deep"));
    CHECK(has(deep.out, "alice"));
    check_text(deep.out);
    const auto broken =
        world.run_with_input(shaped(kHeader, std::string("{\"sub\":\"al\xff\x00ice\"}", 16), 64), {"inspect"});
    CHECK(broken.status == 0);
    check_text(broken.out);
    const auto binary = world.run_with_input(shaped(kHeader, std::string("\x00\x01\xfe\xff\x1b[2J", 8), 64),
                                             {"inspect", "--format", "json"});
    CHECK(binary.status == 0);
    CHECK(!has(binary.out, "\x1b"));
    CHECK(nlohmann::json::accept(binary.out));
}

TEST_CASE("inspect/get: one value, raw, for scripts") {
    const std::string token = shaped(
        kHeader,
        R"({"sub":"alice","aud":["a","b"],"cnf":{"jkt":"T"},"a/b":{"~":7},"esc":"\u001b[2J","exp":1700000300})", 64);
    const auto get = [&](const std::string& name) { return run_alone({"inspect", "--get", name, token}).out; };
    CHECK(get("sub") == "alice\n");
    CHECK(get("aud") == "[\"a\",\"b\"]\n");
    CHECK(get("/aud/1") == "b\n");
    CHECK(get("/cnf/jkt") == "T\n");
    CHECK(get("a/b") == "{\"~\":7}\n");
    CHECK(get("/a~1b/~0") == "7\n");
    CHECK(get("exp") == "1700000300\n");
    CHECK(get("esc") == "\x1b[2J\n");
    test::FakeWorld terminal;
    terminal.terminal_out = true;
    CHECK(terminal.run({"inspect", "--get", "esc", token}).out == "\\x1b[2J\n");
    const auto missing = run_alone({"inspect", "--get", "subb", token});
    CHECK(missing.status == 1);
    CHECK(missing.out.empty());
    CHECK(has(missing.err, "did you mean sub?"));
    CHECK(run_alone({"inspect", "--get", "kid", "--header", token}).out == "k1\n");
    CHECK(run_alone({"inspect", "--get", "sub", nested_token()}).out == "alice\n"); // of the token inside
    CHECK(run_alone({"inspect", "--header", token}).out ==
          "{\n  \"alg\": \"ES256\",\n  \"kid\": \"k1\",\n  \"typ\": \"at+jwt\"\n}\n");
    CHECK(has(run_alone({"inspect", "--claims", token}).out, "\"esc\": \"\\u001b[2J\""));
    CHECK(run_alone({"inspect", "--claims", "--get", "sub", token}).status == 2);
    CHECK(run_alone({"inspect", "--get", "sub", "--format", "json", token}).status == 2);
}

TEST_CASE("inspect/reveal: tokens inside are shown without their signatures, unless asked for") {
    const std::string token = shaped(kHeader, R"({"act":{"token":")" + kToken + R"("}})", 64);
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"inspect", token},
                                                      {"inspect", "--format", "json", token},
                                                      {"inspect", "--claims", token},
                                                      {"inspect", "--get", "/act/token", token}}) {
        const auto redacted = run_alone(arguments);
        CHECK(!has(redacted.out, kSignature.substr(0, 30)));
        CHECK(has(redacted.out, "[redacted]"));
    }
    CHECK(run_alone({"inspect", "--reveal", "--get", "/act/token", token}).out == kToken + "\n");
    CHECK(has(run_alone({"inspect", "--reveal", "--format", "json", token}).out, kToken));
    const std::string salt = "6Ij7tM-a5iVPGboS5tmvVA";
    CHECK(!has(run_alone({"inspect", sd_jwt()}).out, salt)); // with the salt the disclosure could be presented
}

TEST_CASE("inspect/reveal: secrets in claims are left out, unless they are asked for") {
    const std::string jwk = R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"c2VjcmV0LWQ"})";
    const std::string token = shaped(
        kHeader, R"({"sub":"alice","client-secret":"hunter22","k":"ghp_abcdefgh","cnf":{"jwk":)" + jwk + "}}", 64);
    for (const char* format : {"text", "json"}) {
        const auto hidden = run_alone({"inspect", "--format", format, token});
        CHECK(has(hidden.out, "secret-in-claims"));
        CHECK(has(hidden.out, "alice"));
        CHECK(has(hidden.out, "[redacted]"));
        const auto shown = run_alone({"inspect", "--reveal", "--format", format, token});
        for (const char* secret : {"hunter22", "ghp_abcdefgh", "c2VjcmV0LWQ"}) {
            CHECK_FALSE(has(hidden.out, secret));
            CHECK(has(shown.out, secret));
        }
    }
    CHECK(run_alone({"inspect", "--get", "client-secret", token}).out == "[redacted]\n");
    CHECK(run_alone({"inspect", "--get", "client-secret", "--reveal", token}).out == "hunter22\n");
    const std::string disclosure = base64url_encode(R"(["salt-salt-salt","password","hunter22"])");
    const std::string claims =
        R"({"iss":"https://i.example","vct":"x","_sd":[")" + sd_digest("sha-256", disclosure) + R"("]})";
    const std::string sd = shaped(R"({"alg":"ES256","typ":"dc+sd-jwt"})", claims, 64) + "~" + disclosure + "~";
    CHECK_FALSE(has(run_alone({"inspect", sd}).out, "hunter22"));
}

TEST_CASE("inspect/several: the first of several tokens, and how many more") {
    test::FakeWorld world;
    const auto outcome = world.run_with_input(kToken + "\n" + kToken + "\n" + kToken + "\n", {"inspect"});
    CHECK(outcome.status == 0);
    CHECK(has(outcome.out, "There are 2 more tokens in the input"));
}

TEST_CASE("inspect/policy: which domain it claims to be of") {
    Estate estate;
    const auto text = [&](const std::string& token) { return estate.world.run({"inspect", token}); };
    const auto staging = text(estate.staging.token());
    CHECK(has(staging.out,
              "NOT VERIFIED: access token (RFC 9068) claiming to be of staging,\n  expires in 5 min; nothing odd\n"));
    CHECK(has(staging.out, "domain      staging (by issuer, domain claim, audience)"));
    CHECK(has(staging.out, "Next: jwtdomain verify --domain staging"));
    check_text(staging.out);
    std::string both =
        R"({"iss":"https://auth.prod.example.com","aud":["https://api.prod.example.com","https://api.staging.example.com"],"iat":1700000000,"exp":1700000300})";
    const auto spans = text(shaped(kHeader, both, 64));
    CHECK(has(spans.out, "aud-spans-domains"));
    CHECK(has(first_line(spans.out), "claiming to be of prod"));
    const auto longer = text(shaped(
        kHeader,
        R"({"iss":"https://auth.prod.example.com","aud":"https://api.prod.example.com","iat":1700000000,"exp":1700000601})",
        64));
    CHECK(has(longer.out, "it lives 10m1s, over 10m")); // what the domain allows
    CHECK(has(staging.out, "audience); has a key of that kid"));
    CHECK(has(text(shaped(kHeader, estate.staging.claims(), 64)).out, "audience); no key of that kid"));
    const auto foreign = text(kToken);
    CHECK(!has(foreign.out, "of that kid"));
    CHECK(has(foreign.out, "none of the policy's"));
    CHECK(foreign.status == 0);
    test::check_golden("inspect/domain.json",
                       estate.world.run({"inspect", "--format", "json", shaped(kHeader, both, 64)}).out);
}

TEST_CASE("inspect/policy: none is fine, a broken one is a warning") {
    CHECK(run_alone({"inspect", kToken}).err.empty());
    const auto named = run_alone({"inspect", "--policy", "/nonexistent", kToken});
    CHECK(named.status == 0);
    CHECK(has(named.err, "warning: the policy is not used"));
    Estate estate;
    estate.put("jwtdomain/domains/prod.yaml", "domain: [");
    const auto broken = estate.world.run({"inspect", kToken});
    CHECK(broken.status == 0);
    CHECK(has(broken.err, "warning: the policy is not used"));
    CHECK(has(broken.err, "prod.yaml:"));
    CHECK(estate.world.run({"inspect", "--quiet", kToken}).err.empty());
}

TEST_CASE("inspect/explain: for each observation the example of its page gives exactly it, and the good token none") {
    const auto findings = [](const cli::ExampleToken& example) {
        std::string claims = example.claims;
        if (claims == "HEADER.CLAIMS.SIGNATURE")
            claims = shaped(cli::good_token().header, cli::good_token().claims, 64);
        std::string text = example.token;
        for (const auto& [word, part] :
             {std::pair<std::string, std::string>{"HEADER", base64url_encode(example.header)},
              {"CLAIMS", base64url_encode(claims)},
              {"SIGNATURE", kSignature}}) {
            text.replace(text.find(word), word.size(), part);
        }
        const auto outcome = nlohmann::json::parse(run_alone({"inspect", "--format", "json", text}).out);
        std::string codes;
        for (const auto& anomaly : outcome["token"]["anomalies"])
            codes += (codes.empty() ? "" : " ") + anomaly["code"].get<std::string>();
        return codes;
    };
    CHECK(findings(cli::good_token()) == "");
    for (const cli::ReasonExample& example : cli::reason_examples()) {
        if (info(example.reason).stage != Stage::observation || example.setting != cli::Setting::plain) continue;
        CAPTURE(info(example.reason).code);
        std::string listed(info(example.reason).code);
        if (example.also) listed += " " + std::string(info(*example.also).code);
        CHECK(findings(cli::bad_token(example)) == listed);
    }
}

TEST_CASE("inspect/output: what cannot be written is an error") {
    test::FakeWorld world;
    world.write_fails = Error{.fault = Fault::unreadable, .message = "no space left"};
    CHECK(world.run({"inspect", kToken}).status == 3);
    world.write_fails = Error{.fault = Fault::retry, .message = ""};
    CHECK(world.run({"inspect", kToken}).status == 128 + 13);
    CHECK(world.run({"inspect", kToken}).err.empty());
}

TEST_CASE("verify/redaction: tokens inside a verified token are reported without their signatures") {
    Estate estate;
    const std::string inside = R"(,"act":{"token":")" + kToken + R"("})";
    const std::string token = estate.prod.token(inside);
    for (const char* const format : {"text", "json"}) {
        const auto outcome = estate.world.run({"verify", "--domain", "prod", "--format", format, token});
        CHECK(outcome.status == 0);
        CHECK(has(outcome.out, "[redacted]"));
        CHECK(!has(outcome.out, kSignature.substr(0, 30)));
    }
    std::string bulk = estate.prod.claims();
    bulk.replace(bulk.find("alice"), 5, kToken);
    const auto lines = estate.world.run_with_input(test::sign(estate.prod.signer, estate.prod.header(), bulk) + "\n",
                                                   {"verify", "--domain", "prod", "--input", "jsonl", "-"});
    CHECK(lines.status == 0);
    CHECK(has(lines.out, "[redacted]"));
    CHECK(!has(lines.out, kSignature.substr(0, 30)));
}
