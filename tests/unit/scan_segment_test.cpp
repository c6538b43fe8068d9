// Segments of a file, looked at apart, say together what one reading of all of it says.
#include <algorithm>
#include <random>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/scan/segment.h"
#include "scan_found.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;

namespace {

struct SeenAt {
    std::string token;
    std::uint64_t offset = 0, line = 0;
    bool operator==(const SeenAt&) const = default;
};

Input input_of(const std::string& text) {
    Input input;
    input.size = text.size();
    input.read_at = [&text](std::uint64_t at, char* to, std::size_t room) {
        return Result<std::size_t>(at < text.size() ? text.copy(to, room, static_cast<std::size_t>(at)) : 0);
    };
    return input;
}

// As `scan` puts segments together; `again`: how many had to be looked at once more.
std::vector<SeenAt> seen_in_segments(const std::string& text, std::uint64_t size, int* again = nullptr) {
    std::vector<SeenAt> out, part;
    SegmentScanner scanner(Effort::normal, [&](const Found& found, const Place& place) {
        part.push_back({std::string(found.token), found.offset, place.line});
    });
    const Input input = input_of(text);
    std::uint64_t reached = 0, lines = 0;
    for (std::uint64_t begin = 0; begin < text.size(); begin += size) {
        const Segment segment{begin, std::min<std::uint64_t>(begin + size, text.size()), begin};
        part.clear();
        auto end = scanner.scan(input, segment);
        REQUIRE(end);
        const std::uint64_t from = std::max(reached, begin);
        if (!agrees_from(*end, from)) {
            if (again) ++*again;
            part.clear();
            end = scanner.scan(input, {segment.begin, segment.end, from});
            REQUIRE(end);
        }
        for (SeenAt& each : part) {
            each.line += lines;
            if (each.offset >= from) out.push_back(each);
        }
        lines += end->newlines;
        reached = std::max(reached, end->reached);
    }
    return out;
}

std::vector<SeenAt> seen_at_once(const std::string& text) {
    std::vector<SeenAt> out;
    for (const test::FoundText& each : test::found_in(text)) out.push_back({each.token, each.offset, each.line});
    return out;
}

} // namespace

TEST_CASE("scan/segment: a token at every place of a seam") {
    const std::string token = test::sample();
    constexpr std::size_t kSize = 4096;
    for (std::size_t at = kSize - token.size() - 3; at < kSize + 3; ++at) {
        std::string text(at, '.');
        text[at / 2] = '\n';
        text += token + "\n";
        text.resize(3 * kSize, ' ');
        const auto seen = seen_in_segments(text, kSize);
        REQUIRE(seen.size() == 1);
        CHECK(seen.front() == SeenAt{token, at, 2});
    }
}

// A token whose payload is a token, and base64 of tokens: a search that begins inside of one sees others.
TEST_CASE("scan/segment: random texts, cut anywhere") {
    std::mt19937 random(7);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    for (int round = 0; round < 60; ++round) {
        std::string text;
        while (text.size() < 20000) {
            std::string piece =
                test::sample(R"({"alg":"HS256","typ":"JWT"})", 32, R"({"sub":")" + std::to_string(random()) + R"("})");
            switch (below(6)) {
            case 0: piece = base64url_encode(piece); break;
            case 1: piece = base64url_encode("xx" + piece + " and " + test::sample()); break;
            case 2: piece = test::sample(R"({"alg":"HS256"})", 32, R"({"t":")" + piece + R"("})"); break;
            case 3: piece.insert(below(piece.size()), "\r\n "); break;
            default: break;
            }
            text += piece + std::string(below(40), below(2) ? ' ' : '\n') + (below(2) ? "\n" : "eyJ");
        }
        const auto wanted = seen_at_once(text);
        CHECK(wanted.size() > 20);
        CHECK(seen_in_segments(text, 1 + below(6000)) == wanted);
    }
}

TEST_CASE("scan/segment: what a search sees that begins inside of a token, and reaches beyond it") {
    const std::string token = test::sample();
    const std::string_view unsigned_one = std::string_view(token).substr(0, token.rfind('.') + 1);
    // The signature ends within the header of what follows.
    const std::string text = std::string(unsigned_one) + std::string(33, 'A') + token + "\n" + token + "\n";
    const auto wanted = seen_at_once(text);
    CHECK(wanted.front().offset == 0);
    int again = 0;
    CHECK(seen_in_segments(text, unsigned_one.size() + 20, &again) == wanted);
    CHECK(again == 1);
}

TEST_CASE("scan/segment: what is longer than a segment, and a file that has become shorter") {
    const std::string long_token =
        test::sample(R"({"alg":"HS256"})", 32, R"({"a":")" + std::string(100000, 'x') + R"("})");
    const std::string text = "\n" + long_token + "\n" + test::sample() + "\n";
    CHECK(seen_in_segments(text, 8192) == seen_at_once(text));
    SegmentScanner scanner(Effort::normal, [](const Found&, const Place&) {});
    Input input = input_of(text);
    input.size = 2 * text.size();
    const auto end = scanner.scan(input, {text.size() - 10, text.size() + 1000, text.size() - 10});
    REQUIRE(end);
    CHECK(end->read == 10);
    const auto gone = scanner.scan(input, {text.size() + 1000, 2 * text.size(), text.size() + 1000});
    REQUIRE(gone);
    CHECK(gone->read == 0);
}
