#include <algorithm>

#include "cli/app/layout.h"
#include "cli/app/text.h"
#include "cli/explain/report.h"

namespace jwtdomain::cli {
namespace {

std::size_t widest_name(const std::vector<PageTable::Row>& rows) {
    std::size_t widest = 0;
    for (const PageTable::Row& row : rows) widest = std::max(widest, row.name.size());
    return widest;
}

// "  name    text", the text wrapped in its column.
void row(TextReport& out, std::string name, std::string_view text, std::size_t column) {
    name.resize(std::max(column, name.size()), ' ');
    const std::size_t indent = 2 + name.size() + (name.empty() ? 0 : 2);
    out.verbatim("  " + out.paint(Tone::bold, name) + (name.empty() ? "" : "  ") +
                 wrap(text, indent, {.width = kTextWidth - indent}));
}

std::string index_text(const std::vector<IndexEntry>& index, bool color) {
    constexpr std::size_t kNames = 23;
    TextReport out(color);
    out.headline(Tone::bold, std::to_string(index.size()), "pages: `jwtdomain explain NAME` shows one");
    std::string_view heading;
    for (const IndexEntry& entry : index) {
        if (entry.heading != heading) {
            heading = entry.heading;
            out.blank().heading(heading);
        }
        row(out, entry.name, entry.title.empty() ? entry.sentence : entry.title + ": " + entry.sentence, kNames);
    }
    return out.take();
}

std::string kind_of(const Page& page) {
    switch (page.kind) {
    case PageKind::reason: return page.stage;
    case PageKind::rule: return page.title + ", " + page.severity;
    case PageKind::exit_status: return page.title;
    case PageKind::topic: return "";
    }
    return {};
}

std::string exit_text(const Page& page) {
    std::string status = std::to_string(static_cast<int>(*page.exit));
    if (*page.exit == Exit::yes) return status + ": inspect points it out; verify may reject it for other reasons";
    if (*page.exit == Exit::undecided) return status + ": verify cannot decide, and accepts nothing";
    return status + ": verify rejects";
}

void example_text(TextReport& out, const Page& page) {
    std::string given;
    for (const std::string& name : page.gives) given += (given.empty() ? "" : " and ") + name;
    out.blank().heading("Example: good gives nothing, bad gives " + given);
    for (const ExampleText& part : page.example) {
        out.line(out.paint(Tone::faint, part.title + ":"), 2);
        for (const ExampleLine& line : compare(part)) {
            switch (line.side) {
            case ExampleLine::Side::both: out.verbatim("        " + line.text); break;
            case ExampleLine::Side::good: out.verbatim("  " + out.paint(Tone::good, "good") + "  " + line.text); break;
            case ExampleLine::Side::bad: out.verbatim("  " + out.paint(Tone::bad, "bad") + "   " + line.text); break;
            }
        }
    }
}

std::string page_text(const Page& page, bool color) {
    TextReport out(color);
    const std::string kind = kind_of(page);
    out.headline(Tone::bold, page.name, kind.empty() ? "" : "(" + kind + ")");
    out.blank().line(page.sentence + ".");
    for (const std::string& paragraph : page.paragraphs) out.blank().line(paragraph);
    if (!page.fix.empty() || page.exit || !page.sources.empty()) out.blank();
    constexpr std::size_t kNames = 11;
    if (!page.fix.empty()) row(out, "To do", page.fix + ".", kNames);
    if (page.kind == PageKind::reason) row(out, "Exit status", exit_text(page), kNames);
    for (const std::string& source : page.sources)
        row(out, &source == &page.sources.front() ? "Source" : " ", source, kNames);
    for (const PageTable& table : page.tables) {
        out.blank().heading(table.heading);
        const std::size_t column = widest_name(table.rows);
        for (const PageTable::Row& line : table.rows) row(out, line.name, line.text, column);
    }
    if (!page.example.empty()) example_text(out, page);
    return out.take();
}

} // namespace

std::string to_text(const ExplainReport& report, bool color) {
    if (const auto* const page = std::get_if<Page>(&report)) return page_text(*page, color);
    return index_text(std::get<std::vector<IndexEntry>>(report), color);
}

} // namespace jwtdomain::cli
