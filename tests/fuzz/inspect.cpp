// Anything that somebody pastes is looked at without a crash; a token's signature never gets through redaction.
#include <string>

#include "check.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/inspect.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/jwt/salvage.h"
#include "jwtdomain/jwt/spot.h"
#include "jwtdomain/jwt/unwrap.h"

using namespace jwtdomain;

namespace {

constexpr std::string_view kSignature = "never-to-be-shown-mB92K27uhbUJU1p1r_wW1gFWFO";
constexpr std::string_view kSigned =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "never-to-be-shown-mB92K27uhbUJU1p1r_wW1gFWFO";

void check_part(const inspect::Part& part) {
    json::Document document;
    if (!part.json.empty()) CHECK(!document.parse(part.json, {.depth = 64, .duplicates = json::Duplicates::last}));
    CHECK(part.text.size() <= 1000);
}

void check_token(const inspect::Token& token, unsigned depth) {
    CHECK(depth <= 6);
    check_part(token.header);
    check_part(token.claims);
    for (const auto& inner : token.inner) check_token(inner, depth + 1);
    for (const auto& inner : token.key_binding) check_token(inner, depth + 1);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = view(data, size);
    const inspect::Options options{.now = 1700000000};
    check_token(inspect::inspect_compact(text, options), 0);
    check_token(inspect::inspect_json(text, options), 0);
    if (const auto unwrapped = unwrap_token(text)) CHECK(!unwrapped->token.empty() && unwrapped->token.size() <= size);
    const Salvaged saved = salvage_object(text);
    json::Document document;
    if (!saved.json.empty()) CHECK(!document.parse(saved.json, {.depth = 64, .duplicates = json::Duplicates::last}));
    if (const auto spot = spot_token(text))
        CHECK(spot->begin < spot->tail && spot->tail <= spot->end && spot->end <= size && spot->parts >= 3);

    if (text.find(kSignature.substr(0, 6)) != std::string_view::npos) return 0; // the fuzzer has learnt it
    const std::string before(text.substr(0, size / 2)), after(text.substr(size / 2)), token(kSigned);
    CHECK(redact_text(before + " " + token + " " + after).find(kSignature) == std::string::npos);
    const std::string json = "{\"a\":" + before + ",\"" + token + "\":[\"" + token + "\"]" + after;
    CHECK(redact_json(json).find(kSignature) == std::string::npos);
    return 0;
}
