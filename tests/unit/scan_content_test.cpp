// What scan looks into: archives within limits, HAR files by entry, files that change while they are read.
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "jwtdomain/scan/content.h"
#include "jwtdomain/scan/har.h"
#include "jwtdomain/scan/packing.h"
#include "jwtdomain/scan/walk.h"
#include "scan_found.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;

namespace {

const std::string kOne = test::sample();
const std::string kOther = test::sample(R"({"alg":"ES256"})", 64);

std::string in_tar(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out;
    for (const auto& [name, content] : members) {
        std::string block(512, '\0');
        const auto put = [&](std::size_t at, const std::string& text) { block.replace(at, text.size(), text); };
        put(0, name);
        put(100, "0000644");
        put(124, fmt::format("{:011o}", content.size()));
        put(148, "        0ustar");
        put(263, "00");
        unsigned sum = 0;
        for (const char c : block) sum += static_cast<unsigned char>(c);
        put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'));
        out += block + content + std::string((512 - content.size() % 512) % 512, '\0');
    }
    return out + std::string(1024, '\0');
}

struct Looked {
    std::vector<std::string> found, gaps; // "path layers: token", "path gap"
    ContentEnd end;
};

Looked looked_at(const std::string& content, const ContentOptions& options = {}) {
    Looked out;
    std::string path;
    Stream stream(Effort::normal, [&](const Found& found, const Place&) {
        std::string text = path;
        for (const Layer layer : found.layers) text += " " + std::string(name_of(layer));
        out.found.push_back(text + ": " + std::string(found.token));
    });
    ContentEvents events;
    events.begin = [&](const std::string& place) { path = place; };
    events.gap = [&](const std::string& place, Gap gap, std::string_view) {
        out.gaps.push_back(place + " " + std::string(name_of(gap)));
    };
    std::size_t done = 0;
    const Input input{.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = content.copy(to, std::min<std::size_t>(size, 3000), done);
        done += count;
        return count;
    }};
    out.end = scan_content(stream, "x", input, options, events);
    return out;
}

using Texts = std::vector<std::string>;

std::vector<std::string> har_parts(const std::string& text, std::size_t chunk) {
    std::vector<std::string> out;
    std::size_t done = 0;
    Input input{.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = text.copy(to, std::min(size, chunk), done);
        done += count;
        return count;
    }};
    follow_har(input);
    Stream stream(Effort::normal, [&](const Found&, const Place& place) { out.push_back(place.part); });
    REQUIRE(stream.scan(input));
    return out;
}

} // namespace

TEST_CASE("scan/content: members of archives, by the names that they have there") {
    const std::string inner = in_tar({{"a", kOne}, {"b/c", "\n" + kOther}});
    const Looked looked = looked_at(in_tar({{"in.zip", inner}, {"d", kOne}}));
    CHECK(looked.found == Texts{"x!in.zip!a tar tar: " + kOne, "x!in.zip!b/c tar tar: " + kOther, "x!d tar: " + kOne});
    CHECK(looked.gaps.empty());
    CHECK(looked.end.members == 4);
    CHECK(looked_at(in_tar({{"a", kOne}}) + in_tar({{"b", kOther}})).found ==
          Texts{"x!a tar: " + kOne, "x!b tar: " + kOther});
    CHECK(looked_at(in_tar({{"a", kOne}}) + std::string(99999, '\0') + "tail " + kOther).found ==
          Texts{"x!a tar: " + kOne, "x: " + kOther});
}

TEST_CASE("scan/content: what is excluded is left out of archives, too, by name or by path") {
    const std::string inner = in_tar({{"a.map", kOne}, {"keep/b", "\n" + kOther}});
    const std::string outer = in_tar({{"in.tar", inner}, {"./vendor/x", kOne}, {"vendor/y/z", kOne}, {"c", kOther}});
    const Looked looked = looked_at(outer, {.exclude = {"*.map", "vendor/**"}});
    CHECK(looked.found == Texts{"x!in.tar!keep/b tar tar: " + kOther, "x!c tar: " + kOther});
    CHECK(looked.end.excluded == 3);
    CHECK(looked.gaps.empty());
    CHECK(looked_at(outer, {.exclude = {"in.tar"}}).end.excluded == 1);
    CHECK(looked_at(outer).end.excluded == 0);
}

TEST_CASE("scan/content: what is packed as we cannot unpack it is told, not taken for what it seems") {
    using namespace std::string_view_literals;
    for (const std::string_view first : {"Rar!\x1a\7\1\0"sv, "MSCF\0\0\0\0"sv, "\4\x22\x4d\x18"sv, "\xce\xb2\xcf\x81"sv,
                                         "\x89LZO\0\r\n\x1a\n"sv, "\xff\6\0\0sNaPpY"sv, "xar!\0\x1c"sv,
                                         "\xed\xab\xee\xdb\3"sv, "bvx2\x10\0\0\0"sv, "xx-lh5-xx"sv, "\x1f\x9d\x90"sv}) {
        const Looked looked = looked_at(std::string(first) + " " + kOne);
        CHECK(looked.gaps == Texts{"x unsupported"});
        CHECK(looked.found.size() == 1); // it is searched as it is all the same
    }
    CHECK(looked_at("bvx, xar!, MSCF and Rar! are words " + kOne).gaps.empty());
}

TEST_CASE("scan/content: limits are told where they are met, and what came before is looked at") {
    const std::string deep = in_tar({{"a", in_tar({{"b", in_tar({{"c", kOne}})}})}, {"d", kOther}});
    const Looked shallow = looked_at(deep, {.depth = 2});
    CHECK(shallow.gaps == Texts{"x!a!b limit"});
    CHECK(shallow.found == Texts{"x!a!b tar tar: " + kOne, "x!d tar: " + kOther});
    CHECK(looked_at(deep, {.depth = 3}).gaps.empty());
    const Looked few = looked_at(in_tar({{"a", kOne}, {"b", kOne}, {"c", kOne}}), {.members = 2});
    CHECK(few.found == Texts{"x!a tar: " + kOne, "x!b tar: " + kOne});
    CHECK(few.gaps == Texts{"x!c limit"});
    const std::string broken = in_tar({{"a", kOne}, {"b", std::string(9000, ' ') + kOther}});
    const Looked cut = looked_at(broken.substr(0, 5000));
    CHECK(cut.found == Texts{"x!a tar: " + kOne});
    CHECK(cut.gaps == Texts{"x!b broken"});
}

TEST_CASE("scan/content: what a content is packed in is told by its first octets, and prose is packed in nothing") {
    using namespace std::string_view_literals;
    struct Sample {
        std::string_view first;
        std::optional<Layer> layer;
    };
    const Sample samples[] = {
        {"PK\3\4 and so on"sv, Layer::zip},
        {"PK is a name"sv, std::nullopt},
        {"7z\xbc\xaf\x27\x1c\0\4"sv, Layer::seven_zip},
        {"7zip"sv, std::nullopt},
        {"BZh91AY&SY...."sv, Layer::bzip2},
        {"BZh9 is no bzip2"sv, std::nullopt},
        {"\xfd"
         "7zXZ\0\0\4"sv,
         Layer::xz},
        {"LZIP\1\x0c"sv, Layer::lzip},
        {"LZIP is a format"sv, std::nullopt},
        {"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0abcdef"sv, Layer::lzma},
        {"]\n[1, 2, 3, 4, 5, 6, 7]"sv, std::nullopt},
        {"\x28\xb5\x2f\xfd\4"sv, Layer::zstd},
        {"!<arch>\ndebian-binary"sv, Layer::ar},
        {"070701 is a date in some countries, and text goes on after it for some time, as it does in each log that one "
         "can think of"sv,
         std::nullopt},
        {"\x1f\x8b\x08\0"sv, Layer::gzip},
        {"x = 1; y = 2; z = 3"sv, std::nullopt},
        {""sv, std::nullopt},
    };
    for (const Sample& sample : samples) {
        CAPTURE(sample.first);
        CHECK((packed_by(sample.first) == sample.layer));
    }
    CHECK((packed_by(in_tar({{"a", "b"}})) == Layer::tar));
    CHECK((packed_by(std::string(2000, '1')) == std::nullopt));
    CHECK(looked_at("Rar!\x1a\x07\1" + kOne).found == Texts{"x: " + kOne});
    CHECK(looked_at("Rar!\x1a\x07\1" + kOne).gaps == Texts{"x unsupported"});
}

TEST_CASE("scan/har: each place has its entry, and nothing of a URL that may be a secret") {
    const std::string har = R"({ "log" : {"creator":{"name":"x"}, "entries": [
        {"request": {"method": "PUT", "url": "https://a.example/)" +
                            kOther + R"(/b;v=1?q=2", "headers": [{"name":"X-A","value":")" + kOne + R"("}]}},
        {"response": {"content": {"text": "{\"a\":\")" +
                            kOne + R"(\"}"}, "headers": [{"value": ")" + kOne +
                            R"(", "name":"N"}]}, "_x": [[[{"deep":[[[[[[[[[[[[[[[[")" + kOne + R"("]]]]]]]]]]]]]]]]}]]]}
    ]}, "entries": [")" + kOne +
                            R"("]})";
    REQUIRE(is_har(har));
    const Texts wanted = {"entry 1 PUT https://a.example/.../b, request URL",
                          "entry 1 PUT https://a.example/.../b, request header X-A",
                          "entry 2, response body",
                          "entry 2, response header",
                          "entry 2, response header",
                          "entry 2, response header"};
    for (const std::size_t chunk : {1u, 7u, 100u, 1u << 20}) {
        const auto parts = har_parts(har, chunk);
        REQUIRE(parts.size() == 6);
        CHECK(Texts(parts.begin(), parts.begin() + 4) == Texts(wanted.begin(), wanted.begin() + 4));
    }
    CHECK(!is_har(R"({"logs":{}})"));
    CHECK(!is_har(R"({"log":[]})"));
    CHECK(!is_har("log"));
    CHECK(is_har("\xef\xbb\xbf{\n\t\"log\": {"));
    HarTracker tracker; // no JSON at all
    tracker.feed(R"(]]]}}}"":,{{{[[["log":{"entries":[{]}[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]"\)");
    CHECK(tracker.part_at(3).empty());
}

TEST_CASE("scan/walk: a file that shrinks or grows while it is read") {
    const TemporaryDirectory place;
    const std::string file = place / "log";
    const auto scan_while = [&](const std::function<void()>& change) {
        std::ofstream(file) << std::string(1000, 'x');
        std::pair<std::size_t, Texts> out;
        WalkEvents events;
        events.gap = [&](const std::string&, Gap gap, std::string_view) { out.second.emplace_back(name_of(gap)); };
        events.file = [&](const std::string&, const Input& input) {
            change();
            char buffer[300];
            for (;;) {
                const auto got = input.read(buffer, sizeof buffer);
                REQUIRE(got);
                out.first += *got;
                if (*got > 0) continue;
                if (input.shrank()) out.second.emplace_back("shrank");
                return true;
            }
        };
        CHECK(walk(file, {}, events));
        return out;
    };
    CHECK(scan_while([] {}) == std::pair(std::size_t{1000}, Texts{}));
    CHECK(scan_while([&] { std::filesystem::resize_file(file, 400); }) == std::pair(std::size_t{400}, Texts{"shrank"}));
    CHECK(scan_while([&] { std::ofstream(file, std::ios::app) << std::string(5000, 'y'); }) ==
          std::pair(std::size_t{1000}, Texts{}));
}
