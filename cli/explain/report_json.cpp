#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/explain/report.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

Json head() {
    Json out;
    out["version"] = 1;
    out["command"] = "explain";
    return out;
}

std::string printable(const ExampleText& part, ExampleLine::Side side) {
    std::string text;
    for (const ExampleLine& line : compare(part)) {
        if (line.side == side || line.side == ExampleLine::Side::both) text += (text.empty() ? "" : "\n") + line.text;
    }
    return text;
}

Json examples_of(const Page& page) {
    Json list = Json::array();
    for (const ExampleText& part : page.example) {
        Json one;
        one["part"] = part.title;
        one["good"] = printable(part, ExampleLine::Side::good);
        one["bad"] = printable(part, ExampleLine::Side::bad);
        list.push_back(std::move(one));
    }
    return list;
}

Json page_json(const Page& page) {
    Json out = head();
    out["kind"] = name_of(page.kind);
    out["name"] = page.name;
    if (!page.title.empty()) out["title"] = page.title;
    if (!page.severity.empty()) out["severity"] = page.severity;
    if (!page.stage.empty()) out["stage"] = page.stage;
    out["sentence"] = page.sentence;
    if (!page.fix.empty()) out["fix"] = page.fix;
    if (!page.sources.empty()) out["sources"] = page.sources;
    if (page.exit) out["exit_status"] = static_cast<int>(*page.exit);
    if (!page.paragraphs.empty()) out["paragraphs"] = page.paragraphs;
    for (const PageTable& table : page.tables) {
        Json one;
        one["heading"] = table.heading;
        one["rows"] = Json::array();
        for (const PageTable::Row& row : table.rows) {
            Json line;
            if (!row.name.empty()) line["name"] = row.name;
            line["text"] = row.text;
            one["rows"].push_back(std::move(line));
        }
        out["tables"].push_back(std::move(one));
    }
    if (!page.example.empty()) {
        out["example"] = examples_of(page);
        out["bad_example_gives"] = page.gives;
    }
    return out;
}

Json index_json(const std::vector<IndexEntry>& index) {
    Json out = head();
    out["pages"] = Json::array();
    for (const IndexEntry& entry : index) {
        Json one;
        one["kind"] = name_of(entry.kind);
        one["name"] = entry.name;
        if (!entry.title.empty()) one["title"] = entry.title;
        one["heading"] = entry.heading;
        one["sentence"] = entry.sentence;
        out["pages"].push_back(std::move(one));
    }
    return out;
}

} // namespace

std::string to_json(const ExplainReport& report) {
    if (const auto* const page = std::get_if<Page>(&report)) return json_text(page_json(*page));
    return json_text(index_json(std::get<std::vector<IndexEntry>>(report)));
}

} // namespace jwtdomain::cli
