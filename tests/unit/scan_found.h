// What the scanner finds in a text, and tokens to find.
#pragma once

#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "../support/encoders.h"
#include "../support/shapes.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::test {

struct FoundText {
    std::string token, layers, repairs;
    scan::Form form = scan::Form::jws;
    scan::Condition condition = scan::Condition::whole;
    bool glued = false;
    std::uint64_t offset = 0, size = 0, line = 0;
    bool operator==(const FoundText&) const = default;
};

// `chunk`: octets of a read.
inline std::vector<FoundText> found_in(std::string_view text, scan::Effort effort = scan::Effort::normal,
                                       std::size_t chunk = 1u << 20, std::size_t window = 4u << 20) {
    std::vector<FoundText> out;
    scan::Stream stream(
        effort,
        [&](const scan::Found& found, const scan::Place& place) {
            FoundText each{.token = std::string(found.token),
                           .layers = "",
                           .repairs = "",
                           .form = found.form,
                           .condition = found.condition,
                           .glued = found.glued,
                           .offset = found.offset,
                           .size = found.size,
                           .line = place.line};
            for (const scan::Layer layer : found.layers)
                each.layers += (each.layers.empty() ? "" : " ") + std::string(name_of(layer));
            for (const scan::Repair repair : found.repairs.list())
                each.repairs += (each.repairs.empty() ? "" : " ") + std::string(name_of(repair));
            out.push_back(std::move(each));
        },
        window);
    std::size_t done = 0;
    const auto end = stream.scan({.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = text.copy(to, std::min(size, chunk), done);
        done += count;
        return count;
    }});
    REQUIRE(end);
    CHECK(end->size == text.size());
    return out;
}

inline std::string sample(std::string_view header = R"({"alg":"HS256","typ":"JWT"})", std::size_t signature = 32,
                          std::string_view claims = R"({"sub":"alice","iss":"https://a.example","exp":2000000000})") {
    std::string octets;
    for (std::size_t i = 0; i < signature; ++i) octets += static_cast<char>(i * 37 + 11);
    return base64url_encode(header) + "." + base64url_encode(claims) + "." + base64url_encode(octets);
}

// The one token in it, whole.
inline FoundText only_one(std::string_view text, scan::Effort effort = scan::Effort::normal) {
    const auto found = found_in(text, effort);
    CAPTURE(text);
    REQUIRE(found.size() == 1);
    return found.front();
}

} // namespace jwtdomain::test
