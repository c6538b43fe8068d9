// Published incidents, reduced to a policy: tests/incidents/NAME holds what went wrong, NAME/fixed the files that mend
// it, and expected.json what audit says of both, and of the mended ones with one line as it was. There may stand
// besides: "remains", for each rule that still finds something after the fix, why; "no_witness", why no token is shown
// to cross; "witness", claims of one that crosses; "note", for people.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "../support/two_domains.h"

using namespace jwtdomain;
namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;
using Files = std::map<std::string, std::string>; // by path below the policy's directory

const fs::path kIncidents = fs::path(TEST_DATA).parent_path() / "incidents";

Files files_below(const fs::path& directory) {
    Files files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const std::string name = fs::relative(entry.path(), directory).string();
        if (entry.is_regular_file() && name.rfind("fixed/", 0) != 0 && name != "expected.json")
            files[name] = test::read_text(entry.path());
    }
    return files;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::string joined_names(const Json& names) {
    std::string text;
    for (const std::string name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "anybody" : text;
}

Json report_of(const Files& files) {
    test::FakeWorld world;
    const TemporaryDirectory directory;
    world.working_directory = directory.path();
    world.variables["XDG_STATE_HOME"] = directory / "state";
    for (const auto& [name, text] : files) test::write_text(directory / ("jwtdomain/" + name), text);
    const test::Outcome outcome = world.run({"audit", "--format", "json"});
    REQUIRE_MESSAGE(outcome.err.empty(), outcome.err);
    return Json::parse(outcome.out);
}

// The verdict, the rules with how bad each is here, and what crosses. A confirmed crossing was executed.
Json told(const Json& report) {
    std::set<std::string> findings, crossings;
    for (const auto& finding : report["findings"])
        findings.insert(finding["rule"].get<std::string>() + " " + finding["severity"].get<std::string>());
    for (const auto& crossing : report["crossings"])
        crossings.insert(crossing["status"].get<std::string>() + " " + crossing["attacker"].get<std::string>() + ": " +
                         joined_names(crossing["sources"]) + " -> " + joined_names(crossing["services"]));
    return {{"verdict", report["verdict"]}, {"findings", findings}, {"crossings", crossings}};
}

// The mended files with each line in turn as it was, by that line and its place.
Json reverted(const Files& leaking, const Files& mended) {
    Json out = Json::object();
    for (const auto& [name, text] : mended) {
        const std::vector<std::string> before = lines_of(leaking.at(name)), after = lines_of(text);
        REQUIRE(before.size() == after.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            if (before[i] == after[i]) continue;
            std::vector<std::string> lines = after;
            lines[i] = before[i];
            Files files = mended;
            files[name] = joined(lines);
            const std::string line = before[i].substr(before[i].find_first_not_of(" -"));
            out[name + ":" + std::to_string(i + 1) + ": " + line] = told(report_of(files));
        }
    }
    return out;
}

bool has_confirmed(const Json& audited) {
    return std::any_of(audited["crossings"].begin(), audited["crossings"].end(),
                       [](const Json& crossing) { return crossing.get<std::string>().rfind("confirmed ", 0) == 0; });
}

// No finding that is medium or worse, but for rules of which is said why they remain.
void check_clean(const Json& fixed, const Json& remains) {
    CHECK(fixed["verdict"] == "isolated");
    std::set<std::string> left;
    for (const std::string finding : fixed["findings"]) {
        const std::string rule = finding.substr(0, finding.find(' ')), severity = finding.substr(rule.size() + 1);
        if (severity == "info" || severity == "low") continue;
        CHECK_MESSAGE(remains.contains(rule), finding);
        left.insert(rule);
    }
    CHECK(left.size() == remains.size());
}

// Does `other` find something, or let something cross, that `fixed` does not? Or refuse the domain's own tokens?
bool brings_back(const Json& fixed, const Json& other) {
    for (const char* list : {"findings", "crossings"}) {
        for (const Json& entry : other[list]) {
            if (std::find(fixed[list].begin(), fixed[list].end(), entry) == fixed[list].end()) return true;
        }
    }
    return other["verdict"] != fixed["verdict"];
}

// Is there a confirmed crossing by a token with these claims?
bool has_witness(const Json& report, const Json& claims) {
    return std::any_of(report["crossings"].begin(), report["crossings"].end(), [&](const Json& crossing) {
        if (crossing["status"] != "confirmed") return false;
        const Json has = crossing["example"].value("claims", Json::object()); // who needs no token has none
        Json wanted = has;
        wanted.update(claims);
        return wanted == has;
    });
}

} // namespace

TEST_CASE("incidents/audit: each is found as it was, not as it was mended, and by its rule again with one line back") {
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(kIncidents)) {
        CAPTURE(entry.path().filename());
        const Json expected = Json::parse(test::read_text(entry.path() / "expected.json"));
        const Files leaking = files_below(entry.path());
        Files mended = leaking;
        for (const auto& [name, text] : files_below(entry.path() / "fixed")) mended[name] = text;
        const Json report = report_of(leaking), before = told(report), after = told(report_of(mended));
        const Json back = reverted(leaking, mended);
        CHECK(before.dump(1) == expected["leaking"].dump(1));
        CHECK(after.dump(1) == expected["fixed"].dump(1));
        CHECK(back.dump(1) == expected["reverts"].dump(1));
        CHECK(has_confirmed(before) != expected.contains("no_witness"));
        check_clean(after, expected.value("remains", Json::object()));
        CHECK(!back.empty());
        for (const auto& revert : back.items()) CHECK_MESSAGE(brings_back(after, revert.value()), revert.key());
        CHECK(has_witness(report, expected.value("witness", Json::object())) == has_confirmed(before));
        ++seen;
    }
    CHECK(seen >= 22);
}
