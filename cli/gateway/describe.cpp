#include "cli/gateway/describe.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::cli {
namespace {

using accept::Strings;
using document::Kind;
using document::Node;
using Json = nlohmann::ordered_json;

std::string one_of(const std::vector<std::string>& words) {
    constexpr std::size_t kShown = 3;
    if (words.size() <= kShown) return fmt::format("{}", fmt::join(words, " or "));
    return fmt::format("{} or one of {} more", words.front(), words.size() - 1);
}

std::string text_of(const Strings& strings) {
    std::vector<std::string> words = strings.exact;
    for (const accept::Pattern& pattern : strings.patterns) words.push_back("a pattern " + pattern.text);
    return one_of(words);
}

std::string keys_of(const policy::DeclaredPath& path) {
    if (path.signature_unchecked) return "any token, whose signature is not checked";
    std::vector<std::string> places;
    for (const policy::DeclaredKeys& keys : path.keys)
        places.push_back(keys.location.kind == policy::KeyLocation::Kind::text ? "the set that is written in it"
                                                                               : keys.location.value);
    return "any token signed by a key of " + one_of(places);
}

std::string issuer_of(const accept::IssuerRule& rule) {
    if (rule.allowed.any) return "issuer not checked";
    return "issuer " + text_of(rule.allowed) + (rule.absent_ok ? " if there is one" : "");
}

std::string audience_of(const accept::AudienceRule& rule) {
    if (rule.any) return "audience not checked";
    if (rule.must_be_absent) return "without an audience";
    return "for " + (rule.any_of.any ? "certain audiences" : text_of(rule.any_of)) +
           (rule.absent_ok ? " if it says for whom" : "");
}

std::string expiry_of(accept::Presence expiry) {
    switch (expiry) {
    case accept::Presence::required: return "expiry required";
    case accept::Presence::optional: return "expiry optional";
    case accept::Presence::unchecked: return "expiry not checked";
    }
    return {};
}

std::string sentence_of(const policy::DeclaredPath& path) {
    std::string out = fmt::format("{}: {}, {}, {}", keys_of(path), issuer_of(path.issuer), audience_of(path.audience),
                                  expiry_of(path.time.expiry));
    for (const accept::ClaimRule& rule : path.claims) out += ", with a certain " + policy::format_claim_path(rule.path);
    if (!path.dropped.empty()) out += fmt::format("; not modelled: {}", fmt::join(path.dropped, "; "));
    return out;
}

// A key set or PEM with nothing but public keys is none; what cannot be read may be one.
bool is_secret(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && text[first] == '-') return text.find("PRIVATE KEY") != std::string::npos;
    const auto set = parse_jwks(text);
    return !set || set->holds_private || std::any_of(set->keys.begin(), set->keys.end(), [](const Jwk& key) {
        return std::holds_alternative<HmacKey>(key.key);
    }) || std::any_of(set->skipped.begin(), set->skipped.end(), [](const SkippedKey& key) {
        return key.had_private_members;
    });
}

// On one line: lists and small objects as the policy would have them.
std::string flat(const Node& node) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        const bool keys = node.kind == Kind::object && node.names[i].text == "inline";
        const std::string value = keys ? "keys that stand in it" : flat(node.elements[i]);
        parts.push_back(node.kind == Kind::object ? node.names[i].text + ": " + value : value);
    }
    if (node.kind == Kind::object) return fmt::format("{{{}}}", fmt::join(parts, ", "));
    if (node.kind == Kind::array) return fmt::format("[{}]", fmt::join(parts, ", "));
    return node.kind == Kind::null ? "null" : policy::bind::value_text(node);
}

std::string place_of(const DescribeReport::Row& row, document::Mark mark) {
    const std::string line = fmt::format("line {}", mark.line);
    if (row.files.size() < 2) return line;
    return fmt::format("{}, {}", gateway::file_of(row.files, mark), line);
}

Json json_of(const Node& node) {
    Json out;
    switch (node.kind) {
    case Kind::null: break;
    case Kind::boolean: out = node.truth; break;
    case Kind::integer: out = node.integer; break;
    case Kind::real:
    case Kind::string: out = node.text; break;
    case Kind::array:
        out = Json::array();
        for (const Node& each : node.elements) out.push_back(json_of(each));
        break;
    case Kind::object:
        out = Json::object();
        for (std::size_t i = 0; i < node.names.size(); ++i) out[node.names[i].text] = json_of(node.elements[i]);
    }
    return out;
}

std::string text_of(const DescribeReport::KeyPlace& place) {
    const std::string name =
        place.kind == policy::KeyLocation::Kind::text ? "the set that is written in it" : place.written;
    if (!place.problem.empty()) {
        const bool named = place.problem.find(name) != std::string::npos;
        return named ? place.problem : name + ": " + place.problem;
    }
    std::string out = fmt::format("{}: {} key{}", name, place.count, place.count == 1 ? "" : "s");
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < place.kids.size() && i < kShown; ++i) out += (i == 0 ? ", kid " : ", ") + place.kids[i];
    if (place.kids.size() > kShown) out += fmt::format(" and {} more", place.kids.size() - kShown);
    return out;
}

Json json_of(const DescribeReport& report, const DescribeReport::KeyPlace& place) {
    const bool inside = place.kind == policy::KeyLocation::Kind::text; // not repeated: it may be a secret
    Json out{{"location", inside ? Json() : Json(place.written)},
             {"at", fmt::format("{}:{}:{}", gateway::file_of(report.rows[place.row].files, place.mark), place.mark.line,
                                place.mark.column)},
             {"read", place.problem.empty()}};
    if (place.problem.empty()) {
        out["keys"] = place.count;
        out["kids"] = place.kids;
    } else {
        out["why"] = place.problem;
    }
    return out;
}

// Where each constraint comes from, by its JSON Pointer.
void add_places(const DescribeReport::Row& row, const std::string& pointer, Json& places) {
    const Node* const paths = row.form.find("accepts");
    for (std::size_t p = 0; paths != nullptr && p < paths->elements.size(); ++p) {
        const Node& path = paths->elements[p];
        for (std::size_t i = 0; i < path.names.size(); ++i) {
            const document::Mark mark = path.elements[i].mark;
            places[fmt::format("{}/accepts/{}/{}", pointer, p, path.names[i].text)] =
                fmt::format("{}:{}:{}", gateway::file_of(row.files, mark), mark.line, mark.column);
        }
    }
}

} // namespace

std::string sentence_of(const policy::DeclaredVerifier& verifier) {
    switch (verifier.guard) {
    case accept::Entry::Guard::open: return "takes every request: " + verifier.why;
    case accept::Entry::Guard::opaque: return "cannot be said in the normal form: " + verifier.why;
    case accept::Entry::Guard::paths: break;
    }
    std::string out;
    for (const policy::DeclaredPath& path : verifier.accepts) out += (out.empty() ? "" : "; or ") + sentence_of(path);
    return out;
}

void hide_secrets(Node& form) {
    const Node* const text = form.kind == Kind::object ? form.find("inline") : nullptr;
    if (text != nullptr && is_secret(text->text))
        form = {.kind = Kind::string, .mark = form.mark, .text = "a secret that is not shown"};
    for (Node& inner : form.elements) hide_secrets(inner);
}

std::string to_text(const DescribeReport& report, bool color) {
    TextReport out(color);
    const auto count = [&](accept::Entry::Guard guard) {
        return std::count_if(report.rows.begin(), report.rows.end(),
                             [&](const auto& row) { return row.verifier.guard == guard; });
    };
    std::string services = fmt::format("{} service{}", report.rows.size(), report.rows.size() == 1 ? "" : "s");
    if (const auto open = count(accept::Entry::Guard::open); open > 0) services += fmt::format(", {} open", open);
    if (const auto opaque = count(accept::Entry::Guard::opaque); opaque > 0)
        services += fmt::format(", {} not understood", opaque);
    out.headline(Tone::bold, report.type, fmt::format("{}: {}", report.file, services));
    for (const DescribeReport::Row& row : report.rows) {
        out.blank();
        const bool open = row.verifier.guard == accept::Entry::Guard::open;
        const bool known = row.verifier.guard == accept::Entry::Guard::paths;
        out.entry(open ? Tone::bad : known ? Tone::plain : Tone::warning, row.verifier.name, row.sentence);
        const Node* const paths = row.form.find("accepts");
        if (paths == nullptr) continue;
        for (const Node& path : paths->elements) {
            for (std::size_t i = 0; i < path.names.size(); ++i)
                out.field(path.names[i].text,
                          fmt::format("{}  ({})", flat(path.elements[i]), place_of(row, path.elements[i].mark)));
        }
    }
    if (!report.keys.empty()) out.blank();
    for (const DescribeReport::KeyPlace& place : report.keys) {
        const bool read = place.problem.empty();
        out.entry(read ? Tone::plain : Tone::warning, read ? "keys read" : "keys not read",
                  fmt::format("{}  ({})", text_of(place), place_of(report.rows[place.row], place.mark)));
    }
    return out.take();
}

std::string to_json(const DescribeReport& report) {
    Json out{{"version", 1}, {"command", "describe"}, {"file", report.file}, {"type", report.type}};
    Json verifiers = Json::array(), places = Json::object();
    for (const DescribeReport::Row& row : report.rows) {
        add_places(row, fmt::format("/verifiers/{}", verifiers.size()), places);
        verifiers.push_back(json_of(row.form));
    }
    out["verifiers"] = std::move(verifiers);
    out["places"] = std::move(places);
    out["keys"] = Json::array();
    for (const DescribeReport::KeyPlace& place : report.keys) out["keys"].push_back(json_of(report, place));
    return json_text(out);
}

} // namespace jwtdomain::cli
