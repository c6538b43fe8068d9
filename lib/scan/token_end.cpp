#include "jwtdomain/scan/token_end.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/spot.h"

namespace jwtdomain::scan {
namespace {

constexpr json::Limits kPartLimits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};

// Are the bits that the last character has to spare zero, as encoders leave them?
bool ends_evenly(std::string_view part) {
    const unsigned spare = part.size() % 4 == 2 ? 15 : part.size() % 4 == 3 ? 3 : 0;
    if (spare == 0 || part.empty()) return part.size() % 4 != 1;
    constexpr std::string_view kEven4 = "AQgw", kEven2 = "AEIMQUYcgkosw048";
    return (spare == 15 ? kEven4 : kEven2).find(part.back()) != std::string_view::npos;
}

// What people and programs put in the place of a signature.
bool is_mark(std::string_view run) {
    if (run.empty()) return true;
    if (run.size() >= 3 && run.find_first_not_of(run.front()) == std::string_view::npos) return true;
    constexpr std::array<std::string_view, 14> kMarks{"redacted", "removed",  "signature", "sig",  "hidden",
                                                      "masked",   "scrubbed", "stripped",  "snip", "secret",
                                                      "filtered", "censored", "omitted",   "xxx"};
    std::string small = lower_case(run);
    small.erase(std::remove_if(small.begin(), small.end(), [](char c) { return c == '-' || c == '_'; }), small.end());
    return std::find(kMarks.begin(), kMarks.end(), small) != kMarks.end();
}

bool decode_part(std::string_view part, std::string& octets) {
    return base64url_decode(part, octets) == Base64Defect::none || base64_decode_lenient(part, octets);
}

} // namespace

RightEnd right_end(const Lengths& lengths, std::string_view run, bool exact) {
    if (lengths.any()) return {run.size(), run.empty() ? Condition::scrubbed : Condition::whole, false};
    if (lengths.has(run.size()) || lengths.longest() == 0) return {run.size(), Condition::whole, false};
    // Where several lengths are possible, a long rest means that it was cut rather than that so much was put behind it.
    constexpr std::size_t kRest = 24;
    for (std::size_t i = lengths.count; i-- > 0 && !exact;) {
        const std::size_t size = lengths.sizes[i];
        if (size >= run.size()) continue;
        if (lengths.count > 1 && (run.size() - size > kRest || !ends_evenly(run.substr(0, size)))) continue;
        return {size, Condition::whole, true};
    }
    return {run.size(), is_mark(run) ? Condition::scrubbed : Condition::truncated, false};
}

bool is_json_object(std::string_view part) {
    std::string octets;
    json::Document document;
    return decode_part(part, octets) && !document.parse(octets, kPartLimits) && document.root().is(json::Kind::object);
}

bool begins_json_object(std::string_view part) {
    constexpr std::size_t kLooked = 256, kShortest = 8; // {"a":1
    if (part.size() < kShortest || !opens_header(part)) return part == "e30";
    std::string octets;
    json::Document document;
    if (!decode_part(part.substr(0, std::min(part.size(), kLooked) / 4 * 4), octets)) return false;
    const json::Problem problem = document.parse(octets, kPartLimits);
    constexpr std::size_t kLongestPiece = 12;
    return !problem || problem.offset + kLongestPiece >= octets.size();
}

bool is_disclosure(std::string_view part) {
    std::string octets;
    json::Document document;
    return part.size() > 8 && decode_part(part, octets) && !document.parse(octets, kPartLimits) &&
           document.root().is(json::Kind::array) && document.root().size() >= 2 && document.root().size() <= 3;
}

std::string_view name_of(Condition condition) {
    switch (condition) {
    case Condition::whole: return "whole";
    case Condition::truncated: return "truncated";
    case Condition::scrubbed: return "scrubbed";
    }
    return "";
}

} // namespace jwtdomain::scan
