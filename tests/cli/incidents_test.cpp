// Published incidents, reduced to a policy: tests/incidents/NAME holds what went wrong, NAME/fixed the files that mend
// it, and expected.json what audit says of both, and of the mended ones with one line as it was.
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

// What audit says: the verdict, the weakest attacker that crosses, and the ids of rules.
Json audited(const Files& files) {
    test::FakeWorld world;
    const TemporaryDirectory directory;
    world.working_directory = directory.path();
    world.variables["XDG_STATE_HOME"] = directory / "state";
    for (const auto& [name, text] : files) test::write_text(directory / ("jwtdomain/" + name), text);
    const test::Outcome outcome = world.run({"audit", "--format", "json"});
    REQUIRE_MESSAGE(outcome.err.empty(), outcome.err);
    const Json report = Json::parse(outcome.out);
    std::set<std::string> rules;
    for (const auto& finding : report["findings"]) rules.insert(finding["rule"]);
    Json out{{"rules", rules}, {"verdict", report["verdict"]}, {"attacker", nullptr}};
    if (!report["crossings"].empty()) out["attacker"] = report["crossings"][0]["attacker"];
    return out;
}

// The mended files with each line in turn as it was, by that line.
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
            out[before[i].substr(before[i].find_first_not_of(" -"))] = audited(files)["rules"];
        }
    }
    return out;
}

} // namespace

TEST_CASE("incidents/audit: each is found as it was, not as it was mended, and by its rule again with one line back") {
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(kIncidents)) {
        CAPTURE(entry.path().filename());
        const Files leaking = files_below(entry.path());
        Files mended = leaking;
        for (const auto& [name, text] : files_below(entry.path() / "fixed")) mended[name] = text;
        Json found = audited(leaking);
        found["fixed"] = audited(mended)["rules"];
        found["reverts"] = reverted(leaking, mended);
        CHECK(found.dump(1) == Json::parse(test::read_text(entry.path() / "expected.json")).dump(1));
        ++seen;
    }
    CHECK(seen >= 17);
}
