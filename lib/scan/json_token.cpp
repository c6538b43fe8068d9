#include "jwtdomain/scan/json_token.h"

#include <algorithm>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/header.h"
#include "jwtdomain/scan/token_end.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kNotThere = std::string_view::npos;
constexpr std::size_t kLongestObject = 1u << 20;
constexpr json::Limits kObjectLimits{.depth = 16, .values = 10000, .duplicates = json::Duplicates::last};

// Where the name "protected" begins, whose value begins at `at`; kNotThere if another name stands there.
std::size_t name_before(std::string_view text, std::size_t at) {
    constexpr std::string_view kName = "\"protected\"";
    constexpr std::size_t kBlanksBetween = 64;
    if (at < kName.size() + 2 || text[at - 1] != '"') return kNotThere;
    const std::size_t from = at - std::min(at, kName.size() + kBlanksBetween);
    std::string_view before = trimmed(text.substr(from, at - 1 - from));
    if (before.empty() || before.back() != ':') return kNotThere;
    before = trimmed(before.substr(0, before.size() - 1));
    if (before.size() < kName.size() || before.substr(before.size() - kName.size()) != kName) return kNotThere;
    return text.rfind(kName, at);
}

std::string_view member(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is(json::Kind::string) ? value->text() : std::string_view{};
}

JsonToken signed_token(std::string_view header, std::string_view payload, std::string_view signature) {
    JsonToken out{.token = std::string(header) + "." + std::string(payload) + "." + std::string(signature)};
    HeaderReader headers;
    if (const HeaderFacts* const facts = headers.read(header))
        out.condition = right_end(facts->signature, signature, true).condition;
    if (payload.empty()) out.form = Form::detached;
    return out;
}

// What the object holds, if it is a token at all.
std::vector<JsonToken> tokens_of(json::Value object) {
    std::vector<JsonToken> out;
    if (object.find("ciphertext")) {
        JsonToken token{.token = std::string(member(object, "protected")), .form = Form::jwe};
        for (const std::string_view name : {"encrypted_key", "iv", "ciphertext", "tag"})
            token.token += "." + std::string(member(object, name));
        if (member(object, "tag").empty()) token.condition = Condition::truncated;
        out.push_back(std::move(token));
        return out;
    }
    const std::string_view payload = member(object, "payload");
    if (object.find("signature")) {
        out.push_back(signed_token(member(object, "protected"), payload, member(object, "signature")));
    } else if (const auto signatures = object.find("signatures")) {
        for (const json::Member& each : *signatures)
            out.push_back(signed_token(member(each.value, "protected"), payload, member(each.value, "signature")));
    }
    return out;
}

} // namespace

JsonReading read_json_token(std::string_view text, std::size_t at, bool last) {
    JsonReading out;
    const std::size_t name = name_before(text, at);
    if (name == kNotThere) return out;
    json::Document document;
    std::size_t open = name;
    // Of several signatures each header is in an object of its own, two levels down.
    for (int tries = 0; tries < 8 && open > 0; ++tries) {
        open = text.rfind('{', open - 1);
        if (open == kNotThere) break;
        std::string_view object = text.substr(open, kLongestObject);
        json::Problem problem = document.parse(object, kObjectLimits);
        out.work += problem.offset;
        if (problem.defect == json::Defect::trailing_data) {
            object = trimmed(object.substr(0, problem.offset));
            problem = document.parse(object, kObjectLimits);
        }
        if (problem) {
            if (problem.offset + 12 < object.size() || last || object.size() == kLongestObject) continue;
            out.outcome = Reading::Outcome::more;
            return out;
        }
        if (open + object.size() <= at) continue;
        std::vector<JsonToken> tokens = tokens_of(document.root());
        if (tokens.empty()) continue;
        out = {.outcome = Reading::Outcome::token,
               .begin = open,
               .end = open + object.size(),
               .tokens = std::move(tokens),
               .work = out.work};
        // One of several signatures: the payload stands with the others, further out.
        if (out.tokens.front().form != Form::detached) return out;
    }
    return out;
}

} // namespace jwtdomain::scan
