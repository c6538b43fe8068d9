// Anything is scanned without a crash, alike in one piece and in many; what is found stands where it is said to, and a
// token on a line of its own is found whatever stands around it.
#include <string>
#include <vector>

#include "check.h"
#include "jwtdomain/scan/content.h"
#include "jwtdomain/scan/har.h"
#include "jwtdomain/scan/packing.h"
#include "jwtdomain/scan/stream.h"

using namespace jwtdomain;

namespace {

constexpr std::string_view kToken =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

std::vector<std::string> tokens_in(std::string_view text, scan::Effort effort, std::size_t chunk) {
    std::vector<std::string> out;
    scan::Stream stream(
        effort,
        [&](const scan::Found& found, const scan::Place& place) {
            CHECK(found.offset + found.size <= text.size());
            CHECK(found.token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~") ==
                      std::string_view::npos ||
                  (!found.layers.empty() && found.layers.back() == scan::Layer::json));
            CHECK(place.line >= 1);
            out.push_back(std::to_string(found.offset) + " " + std::string(found.token));
        },
        1u << 18);
    std::size_t done = 0;
    CHECK(stream.scan({.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = text.copy(to, std::min(size, chunk), done);
        done += count;
        return count;
    }}));
    CHECK(stream.work() <= 1000 * (text.size() + 1000));
    return out;
}

// As the content of a file: compressed, or a HAR file. libarchive is fuzzed by its authors.
void look_into(std::string_view text) {
    const auto layer = scan::packed_by(text);
    if (layer && scan::is_archive(*layer)) return;
    scan::Stream stream(
        scan::Effort::strict, [](const scan::Found&, const scan::Place&) {}, 1u << 16);
    std::size_t done = 0;
    const scan::Input input{.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = text.copy(to, std::min<std::size_t>(size, 100), done);
        done += count;
        return count;
    }};
    scan::ContentEvents events;
    events.gap = [](const std::string&, scan::Gap, std::string_view) {};
    const scan::ContentOptions options{.window = 1u << 20, .unpacked = 1u << 20, .members = 10, .depth = 4};
    CHECK(scan::scan_content(stream, "x", input, options, events).octets <= (2u << 20) + 400 * text.size());
    scan::HarTracker whole, pieces;
    whole.feed(text);
    for (std::size_t at = 0; at < text.size(); at += 7) pieces.feed(text.substr(at, 7));
    for (std::size_t at = 0; at < text.size(); at += text.size() / 40 + 1)
        CHECK(whole.part_at(at) == pieces.part_at(at));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = view(data, size);
    look_into(text);
    tokens_in(text, scan::Effort::strict, size + 1);
    tokens_in(text, scan::Effort::loose, size + 1);
    const auto whole = tokens_in(text, scan::Effort::normal, size + 1);
    CHECK(tokens_in(text, scan::Effort::normal, 7) == whole);
    const std::string planted = std::string(text) + "\n\n\t<" + std::string(kToken) + ">\n" + std::string(text);
    const std::string wanted = std::to_string(size + 4) + " " + std::string(kToken);
    bool found = false;
    for (const std::string& each : tokens_in(planted, scan::Effort::strict, planted.size()))
        found = found || each == wanted;
    CHECK(found);
    return 0;
}
