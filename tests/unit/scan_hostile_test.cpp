// Inputs that were made to keep a scanner busy: the work is in proportion to their size. Counted in octets, not in
// seconds.
#include <doctest/doctest.h>

#include "jwtdomain/scan/segment.h"
#include "scan_found.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;

namespace {

std::uint64_t work_of(const std::string& text) {
    Stream stream(
        Effort::loose, [](const Found&, const Place&) {}, 1u << 18);
    std::size_t done = 0;
    const auto end = stream.scan({.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = text.copy(to, size, done);
        done += count;
        return count;
    }});
    REQUIRE(end);
    return stream.work();
}

// The same as one of the parts of a large file.
std::uint64_t work_as_segment(const std::string& text) {
    SegmentScanner segments(Effort::loose, [](const Found&, const Place&) {});
    Input input;
    input.size = text.size();
    input.read_at = [&](std::uint64_t at, char* to, std::size_t size) -> Result<std::size_t> {
        return text.copy(to, size, at);
    };
    REQUIRE(segments.scan(input, {.begin = 0, .end = text.size(), .from = 0}));
    return segments.work();
}

std::string repeated(const std::string& piece, std::size_t size) {
    std::string out;
    while (out.size() < size) out += piece;
    return out;
}

} // namespace

TEST_CASE("scan/hostile: work grows with the size of what is scanned, and with nothing else") {
    const std::string header = base64url_encode(R"({"alg":"HS256"})");
    const std::string noise = base64url_encode(std::string(3000, 'n'));
    std::mt19937 random(5);
    const std::string pieces[] = {
        "eyJ",
        header,
        header + ".",
        header + "..",
        header + "." + header + ".\n",
        header + "\n",
        header + "%2E",
        header + ".e30\n",
        header + "." + noise,
        header + "." + noise + "\n",
        "\"protected\":\"" + header + "\"",
        "{\"protected\":\"" + header + "\",",
        "ZXl",
        "ZXlK",
        "V5S",
        base64_encode("eyJhbGciOiJI") + "\n",
        base64_encode(base64_encode("eyJhbGci")),
        "6579",
        "65794a",
        "\\x65\\x79",
        std::string("e\0y\0", 4),
        "\x1f\x8b\x08",
        std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10),
        "H4sIAAAAAAAA",
        base64url_encode("{\"a\":"),
        base64url_encode("{\"a\": "),
        base64url_encode("{\"a\": {\"" + std::string(60, 'b') + "\": "),
        base64url_encode("{\"" + std::string(70, 'b')),
        base64url_encode("{\"" + std::string(600, 'b')),
        "session.0=" + header + "; session.1=",
        "eyJ\n",
        "\"eyJ\" + ",
        test::random_octets(random, 20000),
        base64_encode(test::random_octets(random, 20000)),
        test::digits_of(test::random_octets(random, 20000), ""),
    };
    for (const std::string& piece : pieces) {
        CAPTURE(piece.substr(0, 80));
        const std::size_t size = 24000;
        const std::uint64_t once = work_of(repeated(piece, size)), twice = work_of(repeated(piece, 2 * size));
        CHECK(once < 200 * size);
        CHECK(twice < 5 * once / 2 + 50000);
        const std::uint64_t part = work_as_segment(repeated(piece, size));
        CHECK(part < 200 * size);
        CHECK(work_as_segment(repeated(piece, 2 * size)) < 5 * part / 2 + 50000);
    }
}

TEST_CASE("scan/hostile: a token that is longer than the window ends there, and what follows is found") {
    const std::string header = base64url_encode(R"({"alg":"HS256"})");
    const std::string token = test::sample();
    const std::string text =
        header + "." + base64url_encode("{\"a\":\"" + std::string(300000, 'x')) + "\n\n" + token + "\n";
    const auto found = test::found_in(text, Effort::normal, 1000, 65536);
    REQUIRE(!found.empty());
    CHECK(found.back().token == token);
}
