// The kernels that look for anchors, and the completeness of what they look for.
#include <doctest/doctest.h>

#include <cstring>
#include <memory>

#include "jwtdomain/scan/alphabet.h"
#include "jwtdomain/scan/anchor.h"
#include "scan_found.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;

namespace {

std::vector<std::size_t> all_anchors(AnchorKernel kernel, std::string_view text) {
    std::vector<std::size_t> out;
    for (std::size_t at = kernel(text, 0); at < text.size(); at = kernel(text, at + 1)) out.push_back(at);
    return out;
}

bool has_anchor(std::string_view text) { return find_anchor(text, 0) < text.size(); }

} // namespace

TEST_CASE("scan/anchor: the kernels agree, on noise, on almost anchors and at every border") {
    const AnchorKernel fast = anchor_kernel_avx2();
    if (!fast) return; // there is only one
    std::mt19937 random(1);
    std::string pieces;
    for (const Anchor& anchor : anchors()) pieces.append(anchor.octets, 3);
    for (int round = 0; round < 400; ++round) {
        std::string text = test::random_octets(random, random() % 700);
        if (round % 2 == 0) { // of the octets of anchors alone, which almost are anchors everywhere
            for (char& c : text) c = pieces[random() % pieces.size()];
        }
        for (unsigned k = random() % 4; k > 0 && text.size() > 3; --k)
            text.replace(random() % (text.size() - 2), 3, anchors()[random() % anchors().size()].octets, 3);
        // At the very end of what may be read.
        const std::unique_ptr<char[]> exact(new char[text.size()]);
        std::memcpy(exact.get(), text.data(), text.size());
        const std::string_view view(exact.get(), text.size());
        CHECK(all_anchors(fast, view) == all_anchors(find_anchor_portable, view));
    }
}

TEST_CASE("scan/anchor: every start of a header, in every encoding and at every alignment, has one") {
    const char* const headers[] = {R"({"alg":"HS256"})",         R"({ "alg":"HS256"})",      "{\n \"alg\":\"HS256\"}",
                                   "{\r\n  \"alg\":\"HS256\"}",  "{\t\"alg\":\"HS256\"}",    "{  \"typ\":\"JWT\"}",
                                   R"({"typ":"JWT","alg":"a"})", R"({"kid":"1","alg":"a"})", R"({"enc":"A128GCM"})"};
    for (const char* const header : headers) {
        const std::string token = test::sample(header);
        CAPTURE(header);
        const std::string start = token.substr(0, 12);
        CHECK(has_anchor(start));
        for (std::size_t shift = 0; shift < 5; ++shift) {
            const std::string shifted = std::string(shift, '?') + start + "............";
            CHECK(has_anchor(base64_encode(shifted).substr(0, 20)));
            CHECK(has_anchor(test::base32_of(shifted).substr(0, 24)));
        }
        for (const bool capitals : {false, true}) {
            for (const char* const between : {"", " ", ":"})
                CHECK(has_anchor(test::digits_of(start, "", between, capitals)));
            for (const char* const before : {"\\x", "\\u00", "%"}) CHECK(has_anchor(test::digits_of(start, before)));
        }
        CHECK(has_anchor(test::digits_of(start, "0x", ", ")));
        for (const bool big : {false, true}) CHECK(has_anchor(test::utf16_of(start, big)));
        for (std::size_t shift = 0; shift < 2; ++shift)
            CHECK(has_anchor(test::dump_of(std::string(shift, '?') + start, false).substr(0, 50)));
    }
    for (std::size_t outer = 0; outer < 3; ++outer) {
        for (std::size_t inner = 0; inner < 3; ++inner) {
            const std::string once = base64_encode(std::string(inner, '?') + test::sample());
            CHECK(has_anchor(base64_encode(std::string(outer, '?') + once).substr(0, 24)));
        }
    }
}

TEST_CASE("scan/anchor: runs and lines are counted alike at every length") {
    std::mt19937 random(2);
    for (std::size_t size = 0; size < 200; ++size) {
        std::string text = base64url_encode(test::random_octets(random, size));
        const std::size_t run = text.size();
        CHECK(end_of_run(text, 0) == run);
        for (const char c : {'.', '=', '+', '/', '\0', '\x80', '\xff', '@', '[', '`', '{', ',', ':'}) {
            CAPTURE(static_cast<int>(c));
            CHECK(end_of_run(text + c + "aaaa", 0) == run);
        }
        std::size_t lines = 0;
        for (char& c : text) {
            if (random() % 3 == 0) {
                c = '\n';
                ++lines;
            }
        }
        CHECK(count_newlines(text) == lines);
    }
    CHECK(count_newlines(std::string(100000, '\n')) == 100000);
}
