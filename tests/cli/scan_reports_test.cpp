// What `scan` writes for spreadsheets, viewers and people; what is known from before; and reports of parts, which add
// up.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "../support/encoders.h"
#include "../support/estate.h"
#include "../support/forced_nonce.h"
#include "../support/golden.h"

using namespace jwtdomain;
using test::Estate;

namespace {

const std::string kReportedPolicy = R"(verifiers:
  - {domain: prod, name: gateway, accepts: [{keys: jwks/prod.json, issuer: https://auth.prod.example.com, audience: [https://api.prod.example.com], expiry: required}]}
  - {domain: staging, name: gateway, accepts: [{keys: jwks/staging.json, issuer: https://auth.staging.example.com, audience: [https://api.staging.example.com], expiry: required}]}
)";

const std::vector<std::string> kAllFormats{"text", "json", "csv", "sarif", "html"};

std::string signature_in(const std::string& token) { return token.substr(token.rfind('.') + 1); }

// RFC 4180, read back.
std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
    std::vector<std::vector<std::string>> rows{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& cell = rows.back().back();
        if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
            cell += text[++i];
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == ',')
            rows.back().emplace_back();
        else if (!quoted && text.compare(i, 2, "\r\n") == 0)
            ++i, rows.push_back({""});
        else
            cell += text[i];
    }
    CHECK_FALSE(quoted);
    CHECK(rows.back() == std::vector<std::string>{""});
    rows.pop_back();
    return rows;
}

// Files with tokens of all kinds, some in several, some of which can only be read in part.
void put_corpus(Estate& estate, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::string> tokens{
        estate.prod.token(), estate.staging.token(), estate.prod.token(R"(,"nbf":1700000100)"),
        test::sign(estate.prod.signer, R"({ "alg" : "ES256" })",
                   "{\"iss\": \"x\",\n\"n\": 123456789012345678901234567890,\"exp\":2000000000,\"u\":\"\\u00e9\"}"),
        test::sign(estate.prod.signer, R"({"alg":"ES256"})", R"({"iss":"x","exp":5})")};
    tokens.push_back(estate.prod.token()); // another signature of the first
    tokens.push_back(tokens[1].substr(0, tokens[1].rfind('.') + 20) + "...");
    tokens.push_back(tokens[1].substr(0, tokens[1].rfind('.')) + ".[redacted]");
    for (int file = 0; file < 40; ++file) {
        std::string text;
        for (unsigned each = random() % 4; each > 0; --each) {
            const std::string& token = tokens[random() % tokens.size()];
            text += std::string(random() % 100, 'x') + "\n" + (random() % 3 == 0 ? base64_encode(token) : token) + " ";
        }
        if (file == 7) text = std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + "broken"; // a gap
        std::string name = "dump/" + std::to_string(file % 5) + "/" + std::to_string(file);
        if (file == 11) name += "\xff\xfe";
        if (file == 12) name += "\xfe\xff \x1b[31m\n";
        if (file == 13) name += "." + tokens[0];
        estate.put(name, text);
    }
    for (int place = 0; place < 70; ++place) estate.put("dump/many/" + std::to_string(place), tokens[2]);
    std::filesystem::create_symlink("nowhere", estate.directory / "dump/link");
    std::filesystem::create_symlink("nowhere", estate.directory / "dump/1/link");
}

std::vector<std::string> words(std::vector<std::string> first, const std::vector<std::string>& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

} // namespace

TEST_CASE("scan/merge: parts of 1 to 8 add up to the octets of a single run, in every format") {
    Estate estate(kReportedPolicy);
    put_corpus(estate, 1);
    std::mt19937 random(2);
    const auto in_all_formats = [&](std::vector<std::string> command) {
        for (const std::string& format : kAllFormats)
            command.insert(command.end(), {"--format", format + ":" + (estate.directory / format)});
        CHECK(estate.world.run(command).status == 1);
        std::map<std::string, std::string> out;
        for (const std::string& format : kAllFormats) out[format] = estate.read(format);
        return out;
    };
    auto single = in_all_formats({"scan", estate.directory / "dump"});
    for (const std::string word : {"LEAKED 3 tokens", "not everything could be", "more times"})
        CHECK(single["text"].find(word) != std::string::npos);
    for (unsigned count = 1; count <= 8; ++count) {
        std::vector<std::string> parts;
        for (unsigned index = 0; index < count; ++index) {
            const bool lines = random() % 2 == 0;
            parts.push_back(estate.directory / ("part-" + std::to_string(index)));
            estate.world.run({"scan", "--shard", std::to_string(index) + "/" + std::to_string(count), "--format",
                              (lines ? "jsonl:" : "json:") + parts.back(), estate.directory / "dump"});
        }
        std::shuffle(parts.begin(), parts.end(), random);
        const auto merged = in_all_formats(words({"scan", "merge"}, parts));
        for (const auto& each : merged) CHECK_MESSAGE(each.second == single[each.first], each.first << " of " << count);
    }
}

TEST_CASE("scan/merge: lines of many runs in one stream, and reports of reports") {
    Estate estate(kReportedPolicy);
    put_corpus(estate, 3);
    const std::string single = estate.world.run({"scan", "--format", "json", estate.directory / "dump"}).out;
    std::vector<std::string> lines;
    std::string stream;
    for (const char* const shard : {"0/3", "1/3", "2/3"})
        stream += estate.world.run({"scan", "--shard", shard, "--format", "jsonl", estate.directory / "dump"}).out;
    CHECK(estate.world.run_with_input(stream, {"scan", "merge", "-", "--format", "json"}).out == single);
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t end = stream.find('\n', at) + 1;
        lines.push_back(stream.substr(at, end - at));
        at = end;
    }
    std::reverse(lines.begin(), lines.end()); // as lines of processes that write at the same time; none is torn
    std::rotate(lines.begin(), lines.begin() + 1, lines.end());
    stream.clear();
    for (const std::string& line : lines) stream += line;
    const auto mixed =
        nlohmann::json::parse(estate.world.run_with_input(stream, {"scan", "merge", "-", "--format", "json"}).out);
    CHECK(mixed["tokens"] == nlohmann::json::parse(single)["tokens"]);
    estate.world.input.reset();
    for (const char* const index : {"0", "1", "2"})
        estate.world.run({"scan", "--shard", std::string(index) + "/3", "--format",
                          "json:" + (estate.directory / index), estate.directory / "dump"});
    estate.world.run({"scan", "merge", estate.directory / "0", estate.directory / "2", "--format",
                      "json:" + (estate.directory / "x")});
    CHECK(estate.world.run({"scan", "merge", estate.directory / "x", estate.directory / "1", "--format", "json"}).out ==
          single);
}

TEST_CASE("scan/merge: what breaks off is told, and what is no report is refused") {
    Estate estate(kReportedPolicy);
    estate.put("dump/a", estate.prod.token() + "\n" + estate.staging.token());
    const std::string lines = estate.world.run({"scan", "--format", "jsonl", estate.directory / "dump"}).out;
    const auto merged = [&](const std::string& text, std::vector<std::string> more = {}) {
        estate.put("report", text);
        return estate.world.run(words({"scan", "merge", estate.directory / "report"}, std::move(more)));
    };
    CHECK(merged(lines).status == 1);
    const std::size_t summary = lines.rfind('\n', lines.size() - 2) + 1;
    const test::Outcome torn = merged(lines.substr(0, summary));
    CHECK(torn.status == 1);
    CHECK(torn.out.find("breaks off") != std::string::npos);
    CHECK(merged(lines.substr(0, summary), {"--fail-on", "critical", "--time", "2030-01-01"}).status == 1);
    CHECK(merged(lines.substr(lines.find('\n') + 1)).out.find("breaks off") != std::string::npos); // a line is lost
    for (const std::string bad : {"", "{}", "words", "[]", R"({"version":1,"command":"audit"})",
                                  R"({"version":2,"command":"scan"})", R"({"type":"other"})"}) {
        const test::Outcome refused = merged(bad);
        CHECK_MESSAGE(refused.status == 3, bad);
    }
    CHECK(estate.world.run({"scan", "merge"}).status == 4);
    CHECK(estate.world.run({"scan", "merge", estate.directory / "nowhere"}).status == 3);
    CHECK(estate.world.run({"scan", "--shard", "8/8", "."}).status == 2);
    CHECK(estate.world.run({"scan", "--shard", "0", "."}).status == 2);
    test::FakeWorld nowhere;
    estate.put("other", nowhere.run_with_input("x", {"scan", "--format", "json"}).out);
    CHECK(estate.world.run({"scan", "merge", estate.directory / "report", estate.directory / "other"}).status == 3);
}

TEST_CASE("scan/merge: nothing of a report is believed to be harmless") {
    Estate estate(kReportedPolicy);
    const std::string token = estate.prod.token();
    estate.put("dump/a", token);
    auto report = nlohmann::ordered_json::parse(
        estate.world.run({"scan", "--reveal", "--format", "json", estate.directory / "dump"}).out);
    auto& found = report["tokens"][0];
    CHECK(found["token"] == token);
    found["claims"]["more"] = token;
    found["actions"].push_back("use " + token + " \x1b[31m");
    found["domain"] = token;
    found["occurrences"][0]["path"] = token;
    report["coverage"]["gaps"].push_back({{"path", token}, {"gap", "git"}, {"detail", token}});
    estate.put("report", report.dump());
    for (const std::string& format : kAllFormats) {
        const std::string out =
            estate.world.run({"scan", "merge", estate.directory / "report", "--format", format}).out;
        CHECK_MESSAGE(out.find(signature_in(token)) == std::string::npos, format);
        CHECK(out.find('\x1b') == std::string::npos);
    }
    CHECK(estate.world.run({"scan", "merge", "--reveal", estate.directory / "report"}).out.find(signature_in(token)) !=
          std::string::npos);
}

TEST_CASE("scan/formats: no report of any format holds a usable token, by our own measure") {
    Estate estate(kReportedPolicy);
    put_corpus(estate, 4);
    const std::string token = estate.staging.token(R"(,"inner":")" + estate.prod.token() + "\"");
    estate.put("dump/" + token.substr(0, 150) + "/" + signature_in(token).substr(0, 20), token);
    for (const std::string& format : words({"jsonl"}, kAllFormats)) {
        const test::Outcome report = estate.world.run({"scan", "--format", format, estate.directory / "dump"});
        CHECK(report.status == 1);
        CHECK(report.out.find(signature_in(token)) == std::string::npos);
        const auto again =
            nlohmann::json::parse(estate.world.run_with_input(report.out, {"scan", "--loose", "--format", "json"}).out);
        for (const auto& found : again["tokens"]) CHECK_MESSAGE(found["condition"] != "whole", format);
        estate.world.input.reset();
        const std::string open =
            estate.world.run({"scan", "--reveal", "--format", format, estate.directory / "dump"}).out;
        CHECK((open.find(signature_in(token)) != std::string::npos) == (format != "sarif"));
    }
}

TEST_CASE(
    "scan/formats: nor does what is made of reports: --across, merge, baselines, revealed reports that are merged") {
    Estate estate(kReportedPolicy);
    const auto token = [&](const std::string& more) {
        return test::sign_with_nonce(estate.prod.key, Algorithm::ES256, estate.prod.header(), estate.prod.claims(more),
                                     test::nonce_of(KeyType::p256, 5));
    };
    const std::vector<std::string> tokens{token(R"(,"n":1)"), token(R"(,"n":2)"), estate.staging.token()};
    estate.put("dump/a", tokens[0] + "\n" + base64_encode(tokens[1]) + "\n" + tokens[2]);
    const std::string dump = estate.directory / "dump", report = estate.directory / "report",
                      lines = estate.directory / "lines", known = estate.directory / "known";
    std::vector<std::string> outputs;
    const auto run = [&](std::vector<std::string> arguments) {
        const test::Outcome done = estate.world.run(arguments);
        outputs.push_back(done.out + done.err);
    };
    run({"scan", "--across", "--recover", estate.directory / "keys", "--write-baseline", known, "--owner", "alice",
         "--format", "json:" + report, "--format", "jsonl:" + lines, "--format", "text", dump});
    outputs.insert(outputs.end(), {estate.read("report"), estate.read("lines"), estate.read("known")});
    for (const std::string& format : kAllFormats) {
        run({"scan", "--across", "--baseline", known, "--format", format, dump});
        run({"scan", "merge", "--format", format, report, lines});
    }
    estate.world.run({"scan", "--reveal", "--format", "json:" + report, "--format", "text", dump});
    run({"scan", "merge", "--format", "json", report}); // it is revealed once, and not for ever
    for (const std::string& one : tokens) run({"triage", one});
    for (const std::string& one : tokens) run({"triage", "--format", "json", one});
    const std::string secret = base64url_encode(estate.prod.key.numbers()->d.expose());
    for (const std::string& output : outputs) {
        REQUIRE(!output.empty());
        for (const std::string& one : tokens) CHECK(output.find(signature_in(one)) == std::string::npos);
        CHECK(output.find(secret) == std::string::npos);
        const auto again =
            nlohmann::json::parse(estate.world.run_with_input(output, {"scan", "--loose", "--format", "json"}).out);
        for (const auto& found : again["tokens"]) CHECK(found["condition"] != "whole");
        estate.world.input.reset();
    }
    CHECK(estate.read("report").find(signature_in(tokens[0])) != std::string::npos); // the test can fail
}

TEST_CASE("scan/signature: by which key it is good, of the policy or of a set that is given") {
    Estate estate(kReportedPolicy), other;
    const std::string late = test::sign(estate.prod.signer, estate.prod.header(), R"({"iss":"x","exp":5})");
    std::string forged = estate.prod.token();
    forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
    const std::string dump = late + "\n" + forged + "\n" + other.prod.token(R"(,"n":1)") + "\n" + late.substr(0, 60);
    const auto signers = [&](test::FakeWorld& world, std::vector<std::string> more) {
        const auto json =
            nlohmann::json::parse(world.run_with_input(dump, words({"scan", "--format", "json"}, std::move(more))).out);
        std::map<std::string, nlohmann::json> out; // by line
        for (const auto& token : json["tokens"])
            out[std::to_string(token["occurrences"][0]["line"].get<int>())] =
                token.value("signed_by", nlohmann::json("?"));
        return out;
    };
    const nlohmann::json prod{{"key", "prod-1"}, {"of", "prod"}};
    auto found = signers(estate.world, {});
    CHECK(found["1"] == prod); // though it has expired
    CHECK(found["2"].is_null());
    CHECK(found["3"].is_null());
    const std::string keys = other.directory / "jwtdomain/jwks/prod.json";
    found = signers(estate.world, {"--jwks", keys});
    CHECK(found["1"] == prod);
    CHECK(found["3"] == nlohmann::json{{"key", "prod-1"}, {"of", keys}});
    test::FakeWorld nowhere;
    CHECK(signers(nowhere, {})["3"] == "?"); // there was nothing to check it by
    CHECK(signers(nowhere, {"--jwks", keys})["3"]["of"] == keys);
    CHECK(nowhere.run_with_input(dump, {"scan", "--jwks", keys}).out.find("signed by") != std::string::npos);
    CHECK(nowhere.run_with_input(dump, {"scan", "--jwks", "/nowhere"}).status == 3);
}

TEST_CASE("scan/life: what is left of it, where it is known") {
    Estate estate(kReportedPolicy);
    const auto json =
        nlohmann::json::parse(estate.world.run_with_input(estate.prod.token(), {"scan", "--format", "json"}).out);
    CHECK(json["tokens"][0]["life_left"] == 300);
    CHECK(json["tokens"][0]["until"] == "2023-11-14T22:18:20Z");
    const auto later = nlohmann::json::parse(
        estate.world.run_with_input(estate.prod.token(), {"scan", "--format", "json", "--time", "2024-01-01"}).out);
    CHECK_FALSE(later["tokens"][0].contains("life_left"));
}

TEST_CASE("scan/csv: it is read back as it was meant, and no cell is a formula") {
    Estate estate(kReportedPolicy);
    const std::vector<std::string> names{"=cmd|' !A0",
                                         "+1",
                                         "-1",
                                         "@SUM(1)",
                                         " =1",
                                         "a\"b,c;d",
                                         "\xef\xbc\x9d"
                                         "1",
                                         "x\r\n=1",
                                         "%0a"};
    for (const std::string& name : names)
        estate.put("dump/" + name, test::sign(estate.prod.signer, R"({"alg":"ES256"})", R"({"iss":"=1+1"})"));
    std::filesystem::current_path(estate.directory / "dump");
    const auto rows = csv_rows(estate.world.run(words({"scan", "--format", "csv"}, names)).out);
    std::filesystem::current_path("/");
    REQUIRE(rows.size() == names.size() + 1);
    std::vector<std::string> paths;
    for (const auto& row : rows) {
        CHECK(row.size() == rows.front().size());
        for (const std::string& cell : row) {
            CHECK((cell.empty() || std::string("=+-@ %\t\r\n").find(cell.front()) == std::string::npos));
            CHECK(cell.compare(0, 3, "\xef\xbc\x9d") != 0);
        }
        paths.push_back(row[11]);
    }
    for (const std::string path : {"path", "'=cmd|' !A0", "'+1", "' =1", "a\"b,c;d", "x\\x0d\\x0a=1"})
        CHECK_MESSAGE(std::count(paths.begin(), paths.end(), path) == 1, path);
}

TEST_CASE("scan/baseline: what is known is shown and does not fail; what is new does") {
    Estate estate(kReportedPolicy);
    const std::string file = estate.directory / "known";
    estate.put("dump/a", estate.prod.token());
    const auto scan = [&](std::vector<std::string> more) {
        return estate.world.run(words({"scan", estate.directory / "dump"}, std::move(more)));
    };
    const auto json = nlohmann::json::parse(scan({"--format", "json"}).out);
    const std::string print = json["tokens"][0]["fingerprint"];
    CHECK(scan({"--write-baseline", file}).status == 2);
    CHECK(scan({"--write-baseline", file, "--owner", "alice"}).status == 1);
    const test::Outcome known = scan({"--baseline", file});
    CHECK(known.status == 0);
    CHECK(test::first_line(known.out).rfind("CLEAN 1 token, 1 known, none of the others at high", 0) == 0);
    CHECK(known.out.find("known since 2023-11-14T22:13:20Z, alice answers for it") != std::string::npos);
    for (const std::string& format : words({"jsonl"}, kAllFormats)) {
        CHECK(scan({"--baseline", file, "--format", format}).status == 0);
        CHECK_MESSAGE(scan({"--baseline", file, "--format", format}).out.find("alice") != std::string::npos, format);
    }
    for (const std::string& text :
         {"# comment\n\n " + print + "  # of prod\n", scan({"--format", "json"}).out, scan({"--format", "jsonl"}).out,
          scan({"--format", "json", "--baseline", file}).out}) {
        estate.put("other", text);
        CHECK(scan({"--baseline", estate.directory / "other"}).status == 0);
    }
    estate.put("dump/b", estate.staging.token());
    CHECK(scan({"--baseline", file}).status == 1);
    estate.world.time += 60;
    CHECK(scan({"--baseline", file, "--write-baseline", file, "--owner", "bob"}).status == 1);
    CHECK(scan({"--baseline", file}).status == 0);
    const auto written = nlohmann::json::parse(estate.read("known"))["known"];
    REQUIRE(written.size() == 2);
    CHECK(written[0]["owner"] == "alice"); // whoever answered for it before
    CHECK(written[1]["owner"] == "bob");
    CHECK(scan({"--format", "json:" + (estate.directory / "report")}).status == 1);
    CHECK(estate.world.run({"scan", "merge", estate.directory / "report", "--baseline", file}).status == 0);
    for (const std::string bad : {"abc", "{}", R"({"version":1,"known":[{"rule":"ISOLATION"}]})"}) {
        estate.put("other", bad);
        CHECK_MESSAGE(scan({"--baseline", estate.directory / "other"}).status == 3, bad);
    }
    CHECK(scan({"--baseline", estate.directory / "nowhere"}).status == 3);
}

TEST_CASE("scan/formats: golden files") {
    Estate estate(kReportedPolicy);
    const std::string token = estate.staging.token();
    const std::string dump = "Authorization: Bearer " + token + "\n" + base64_encode(token) + "\n" +
                             estate.prod.token(R"(,"nbf":1700000100)") + "\n" + estate.prod.token().substr(0, 260) +
                             "...\n" +
                             test::sign(estate.prod.signer, R"({"alg":"ES256"})", R"({"iss":"<b>x","exp":5})") + "\n";
    for (const std::string format : {"csv", "sarif", "html"})
        test::check_golden("scan/formats." + format,
                           estate.world.run_with_input(dump, {"scan", "--format", format}).out);
}
