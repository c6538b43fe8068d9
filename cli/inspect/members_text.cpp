#include "cli/inspect/members_text.h"

#include <algorithm>
#include <cmath>

#include "cli/app/layout.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/names.h"

namespace jwtdomain::cli {
namespace {

using json::Kind;

constexpr std::size_t kMostValue = 400; // characters of one value
constexpr std::size_t kMostName = 40;
constexpr std::size_t kMostRows = 200;
constexpr std::size_t kDeepest = 4; // objects in objects that are laid out; deeper ones are shown as JSON

std::string text_of(json::Value value) {
    if (value.is(Kind::string)) return std::string(value.text());
    if (!value.is(Kind::array)) return std::string(value.raw());
    std::string out;
    for (const json::Member& element : value) {
        out += (out.empty() ? "" : ", ") +
               (element.value.is(Kind::string) ? std::string(element.value.text()) : std::string(element.value.raw()));
        if (out.size() > 8 * kMostValue) break; // no more is shown
    }
    return value.size() == 0 ? "[]" : out;
}

std::string time_text(json::Value value, Time now) {
    auto time = value.integer();
    if (const auto real = value.number(); !time && real && std::abs(*real) < 1e15)
        time = static_cast<Time>(std::floor(*real));
    if (!time) return std::string(value.raw()) + " (not a time)";
    return format_time(*time) + " (" + format_relative(*time, now) + ")";
}

class MembersWriter {
public:
    MembersWriter(TextReport& out, const MembersOptions& options) : out_(out), options_(options) {}

    void object(json::Value value, std::size_t depth) {
        const RowWidths widths = widths_of(value, depth);
        for (const json::Member& member : value) {
            if (++rows_ > kMostRows) {
                if (rows_ == kMostRows + 1) out_.line("... and more: --format json has them all");
                return;
            }
            const NameInfo* const known = depth == 0 ? find(member.name) : nullptr;
            const bool is_time = known && known->shape == NameShape::time && member.value.is(Kind::number);
            const bool open = member.value.is(Kind::object) && member.value.size() > 0 && depth < kDeepest;
            const std::string text = is_time ? time_text(member.value, options_.now)
                                     : open  ? std::string()
                                             : text_of(member.value);
            write_row(out_, {.name = member.name, .meaning = known ? known->meaning : "", .value = text}, widths);
            if (open) object(member.value, depth + 1);
        }
    }

private:
    const NameInfo* find(std::string_view name) const {
        return options_.header ? find_header_name(name) : find_claim_name(name);
    }

    RowWidths widths_of(json::Value value, std::size_t depth) const {
        RowWidths widths{.name = 0, .meaning = 0, .indent = 2 + 2 * depth};
        constexpr std::size_t kMostWidth = 20;
        for (const json::Member& member : value) {
            widths.name = std::max(widths.name, std::min(kMostWidth, columns(escape_text(member.name, kMostName))));
            if (depth > 0) continue;
            if (const NameInfo* const known = find(member.name))
                widths.meaning = std::max(widths.meaning, known->meaning.size());
        }
        widths.name += 2;
        if (widths.meaning > 0) widths.meaning += 2;
        return widths;
    }

    TextReport& out_;
    const MembersOptions& options_;
    std::size_t rows_ = 0;
};

} // namespace

std::vector<std::string> shown_lines(std::string_view octets, std::size_t limit) {
    return break_lines(escape_text(octets, limit), {.width = kTextWidth - 4});
}

void write_row(TextReport& out, const Row& row, const RowWidths& widths) {
    const std::string name = padded(escape_text(row.name, kMostName), widths.name);
    const std::string meaning = widths.meaning == 0 ? "" : padded(std::string(row.meaning), widths.meaning);
    std::string value = row.escaped ? std::string(row.value) : escape_text(row.value, kMostValue);
    std::size_t left = widths.indent + columns(name) + columns(meaning);
    std::string line = std::string(widths.indent, ' ') + out.paint(row.tone, name) + out.paint(Tone::faint, meaning);
    if (value.empty()) {
        out.verbatim(line.substr(0, line.find_last_not_of(' ') + 1));
        return;
    }
    if (columns(name) > widths.name || name.back() != ' ') {
        line += ' ';
        ++left;
    }
    const std::size_t room = left < kTextWidth ? kTextWidth - left : 0;
    std::vector<std::string> lines = break_lines(value, {.width = std::max<std::size_t>(room, 1)});
    const bool fits =
        lines.size() == 1 || (room >= 20 && std::all_of(lines.begin(), lines.end() - 1, [&](const std::string& l) {
                                  return columns(l) < room; // at full width a word was broken
                              }));
    std::size_t indent = left;
    if (!fits) {
        out.verbatim(line.substr(0, line.find_last_not_of(' ') + 1));
        indent = widths.indent + 2;
        lines = break_lines(value, {.width = kTextWidth - indent});
        line = std::string(indent, ' ');
    }
    for (std::size_t i = 0; i < lines.size(); ++i) out.verbatim((i == 0 ? line : std::string(indent, ' ')) + lines[i]);
}

void write_members(TextReport& out, const std::string& text, const MembersOptions& options) {
    json::Document document;
    if (document.parse(text, {.depth = 32, .values = 100000, .duplicates = json::Duplicates::last})) return;
    MembersWriter(out, options).object(document.root(), 0);
}

} // namespace jwtdomain::cli
