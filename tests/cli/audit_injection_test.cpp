// What policies, tokens and file names could put into a report: nothing that its reader takes for more than text.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/audited.h"

namespace {

using namespace jwtdomain;
using test::Audited;
using Json = nlohmann::json;

const std::string kBidi = "\xe2\x80\xae", kHidden = "\xe2\x80\x8b";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A leaking estate whose names all try something. Strings of a policy cannot hold control characters, file names can.
struct Hostile : Audited {
    Hostile() {
        const std::string evil =
            "<script>alert(1)</script>]]>--> ::error::x %0A `@team` [a](http://b) {0} | & \\" + kBidi + kHidden;
        std::string quoted;
        for (const char c : evil) quoted += c == '\'' ? std::string("''") : std::string(1, c);
        const std::string file = "domains/<img src=x onerror=y>]]>\n::error::z\x1b[31m\x7f" + kBidi + ".yaml";
        put(file, "domain: third\nissuer: 'https://x.example/<script>alert(1)</script>]]>::error::|'\naudiences: ['" +
                      quoted + "']\ndomain_value: '" + quoted + "'\njwks: jwks/staging.json\n");
        put_verifiers("  - domain: prod\n    name: '" + quoted +
                      "'\n    accepts:\n      - keys: [jwks/prod.json, jwks/staging.json]\n        name: '" + quoted +
                      "'\n        issuer: any\n        audience: ['" + quoted +
                      "']\n        algorithms: [ES256]\n        expiry: required\n" + strict("staging"));
    }
};

// Neither control characters but the newline, nor what turns or hides text.
void check_visible(const std::string& text) {
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet == '\n' || (octet >= 0x20 && octet != 0x7f)) continue;
        FAIL_CHECK("a control character: " << static_cast<int>(octet));
    }
    CHECK(!has(text, kBidi));
    CHECK(!has(text, kHidden));
}

// Without what stands in code spans.
std::string outside_code(const std::string& markdown) {
    std::string out;
    for (std::size_t at = 0; at < markdown.size();) {
        if (markdown[at] != '`') {
            out += markdown[at++];
            continue;
        }
        std::size_t end = at;
        while (end < markdown.size() && markdown[end] == '`') ++end;
        const std::string fence = markdown.substr(at, end - at);
        std::size_t close = markdown.find(fence, end);
        while (close != std::string::npos && close + fence.size() < markdown.size() &&
               (markdown[close + fence.size()] == '`' || markdown[close - 1] == '`'))
            close = markdown.find(fence, close + 1);
        REQUIRE(close != std::string::npos);
        at = close + fence.size();
    }
    return out;
}

void check_text(const Json& value) {
    if (value.is_string()) check_visible(value.get<std::string>());
    for (const auto& each : value) {
        if (value.is_structured()) check_text(each);
    }
}

} // namespace

TEST_CASE("cli/audit: no format lets a name through as more than text") {
    Hostile estate;
    REQUIRE(estate.audit().status == 1);
    for (const char* format : {"text", "json", "jsonl", "sarif", "junit", "github", "gitlab-codequality", "gitlab-sast",
                               "markdown", "html"}) {
        CAPTURE(format);
        const auto outcome = estate.audit({"--format", format});
        CHECK(outcome.status == 1);
        check_visible(outcome.out);
        CHECK(has(outcome.out, "alert(1)")); // it was tried
    }
}

TEST_CASE("cli/audit: markup of names is not markup of pages") {
    Hostile estate;
    for (const char* format : {"html", "junit"}) {
        const std::string text = estate.report(format);
        CHECK(!has(text, "<script"));
        CHECK(!has(text, "<img"));
        CHECK(!has(text, "]]>"));
        CHECK(!has(text, "-->"));
        CHECK(has(text, "&lt;script&gt;"));
    }
    const std::string rest = outside_code(estate.report("markdown"));
    CHECK(!has(rest, "<"));
    CHECK(!has(rest, "@team"));
    CHECK(!has(rest, "http:"));
}

TEST_CASE("cli/audit: names make no workflow commands of their own") {
    Hostile estate;
    std::istringstream lines(estate.report("github"));
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.find("::") == 0);
        CHECK(line.find("::error::") != 0);
        const std::string properties = line.substr(2, line.find("::", 2) - 2);
        const bool known = properties.find("error file=") == 0 || properties.find("warning file=") == 0 ||
                           properties.find("notice ") == 0;
        CHECK(known);
    }
}

TEST_CASE("cli/audit: machine formats stay well-formed, and what people read in them is escaped once more") {
    Hostile estate;
    for (const char* format : {"json", "sarif", "gitlab-codequality", "gitlab-sast"}) {
        CAPTURE(format);
        CHECK(!Json::parse(estate.report(format), nullptr, false).is_discarded());
    }
    std::istringstream lines(estate.report("jsonl"));
    for (std::string line; std::getline(lines, line);) CHECK(!Json::parse(line, nullptr, false).is_discarded());
    const Json sarif = Json::parse(estate.report("sarif"));
    check_text(sarif);
    for (const Json& result : sarif["runs"][0]["results"])
        CHECK(!has(result["message"]["text"].get<std::string>(), " [a](")); // no link
}

TEST_CASE("cli/audit: SARIF has what its specification and code scanning ask for") {
    Audited estate;
    estate.leak();
    const Json log = Json::parse(estate.report("sarif"));
    CHECK(log["version"] == "2.1.0");
    CHECK(has(log["$schema"].get<std::string>(), "sarif-2.1.0"));
    REQUIRE(log["runs"].size() == 1);
    const Json& run = log["runs"][0];
    const Json& driver = run["tool"]["driver"];
    CHECK(driver["name"] == "jwtdomain");
    CHECK(!driver.contains("helpUri"));
    REQUIRE(driver["rules"].size() > 3);
    for (const Json& rule : driver["rules"]) {
        CAPTURE(rule["id"].get<std::string>());
        for (const char* name : {"id", "name", "shortDescription", "help", "defaultConfiguration", "properties"})
            CHECK(rule.contains(name));
        CHECK(!rule.contains("helpUri"));
        CHECK(rule["name"].get<std::string>().size() <= 255);
        CHECK(rule["shortDescription"]["text"].get<std::string>().size() <= 1024);
        CHECK(!rule["help"]["text"].get<std::string>().empty());
        CHECK(!rule["help"]["markdown"].get<std::string>().empty());
        const double score = std::stod(rule["properties"]["security-severity"].get<std::string>());
        CHECK(score >= 0);
        CHECK(score <= 10);
    }
    REQUIRE(!run["results"].empty());
    for (const Json& result : run["results"]) {
        const std::size_t index = result["ruleIndex"];
        CHECK(driver["rules"][index]["id"] == result["ruleId"]);
        const std::string level = result["level"];
        CHECK((level == "error" || level == "warning" || level == "note"));
        CHECK(result["message"]["text"].get<std::string>().size() <= 1024);
        CHECK(result["partialFingerprints"]["jwtdomain/v1"].get<std::string>().size() == 64);
        const Json& place = result["locations"][0]["physicalLocation"];
        CHECK(place["artifactLocation"]["uri"] == "jwtdomain/policy.yaml");
        CHECK(run["originalUriBaseIds"].contains(place["artifactLocation"]["uriBaseId"].get<std::string>()));
        CHECK(place["region"]["startLine"] >= 1);
        CHECK(place["region"]["startColumn"] >= 1);
    }
}
