// Tokens as they stand in real dumps: one case for each thing that is done to them, and stacks of several.
#include <doctest/doctest.h>

#include <zlib.h>

#include "jwtdomain/scan/content.h"
#include "scan_found.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;
using test::found_in;
using test::FoundText;
using test::in_lines;
using test::only_one;
using test::sample;
using test::with_dots;

namespace {

const std::string kSample = sample();

// Where the sample is found whole, what it was inside of and what was undone: "base64: wrapped-lines".
std::string how(std::string_view text, const std::string& token = kSample) {
    std::string out = "nothing";
    for (const auto& sides : {std::pair{"", ""}, {"x ", " y\n"}, {"\n", "\nmore text\n"}, {"a=\"", "\";"}}) {
        const auto found = found_in(sides.first + std::string(text) + sides.second);
        CAPTURE(sides.first);
        REQUIRE_MESSAGE(found.size() == 1, text);
        CHECK(found.front().token == token);
        CHECK(found.front().condition == Condition::whole);
        out = found.front().layers + (found.front().repairs.empty() ? "" : ": " + found.front().repairs);
    }
    return out;
}

std::string deflated(std::string_view text, bool gzip) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, gzip ? 31 : 15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(text.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

// All tokens of a content, and the fault that it ended with.
std::pair<std::vector<std::string>, std::string> unpacked(std::string_view content) {
    std::pair<std::vector<std::string>, std::string> out;
    Stream stream(Effort::normal, [&](const Found& found, const Place&) {
        std::string text(found.token);
        for (const Layer layer : found.layers) text += " " + std::string(name_of(layer));
        out.first.push_back(text);
    });
    std::size_t done = 0;
    const Input input{.read = [&](char* to, std::size_t size) -> Result<std::size_t> {
        const std::size_t count = content.copy(to, std::min<std::size_t>(size, 5000), done);
        done += count;
        return count;
    }};
    ContentEvents events;
    events.gap = [&](const std::string&, Gap, std::string_view detail) { out.second += detail; };
    scan_content(stream, "", input, {}, events);
    return out;
}

} // namespace

TEST_CASE("scan/repair: percent-encoded once and twice, and everything of it") {
    CHECK(how(with_dots(kSample, "%2E")) == ": url-encoded");
    CHECK(how(with_dots(kSample, "%252e")) == ": url-encoded");
    CHECK(how(test::digits_of(kSample, "%")) == ": url-encoded");
    CHECK(how("%22token%22%3A%22" + with_dots(kSample, "%2E") + "%22%7D") == ": url-encoded");
}

TEST_CASE("scan/repair: escaped characters of programs, pages and mails") {
    CHECK(how(with_dots(kSample, "\\u002e")) == ": escaped-characters");
    CHECK(how(with_dots(kSample, "\\\\u002E")) == ": escaped-characters");
    CHECK(how(with_dots(kSample, "\\x2e")) == ": escaped-characters");
    CHECK(how(test::digits_of(kSample, "\\x")) == ": escaped-characters");
    CHECK(how(test::digits_of(kSample, "\\u00")) == ": escaped-characters");
    CHECK(how(with_dots(kSample, "&#46;")) == ": html-entities");
    CHECK(how(with_dots(kSample, "&#x2E;")) == ": html-entities");
    CHECK(how(with_dots(kSample, "&period;")) == ": html-entities");
    CHECK(how(with_dots(kSample, "&amp;#46;")) == ": html-entities");
    CHECK(how(with_dots(kSample, "=2E")) == ": quoted-printable");
    CHECK(how(in_lines(kSample, 75, "=\r\n")) == ": quoted-printable");
    CHECK(how(with_dots(kSample, "\\.")) == ": backslashes");
    CHECK(how(with_dots(kSample, "[.]")) == ": defanged");
    CHECK(how(with_dots(kSample, "[dot]")) == ": defanged");
    CHECK(how(with_dots(kSample, "(.)")) == ": defanged");
}

TEST_CASE("scan/repair: what cannot be seen, terminals' colours, markup") {
    CHECK(how(in_lines(kSample, 30, "\xe2\x80\x8b")) == ": invisible-characters");
    CHECK(how(in_lines(kSample, 30, "\xc2\xad")) == ": invisible-characters");
    CHECK(how(in_lines(kSample, 30, "\xef\xbb\xbf")) == ": invisible-characters");
    CHECK(how(in_lines(kSample, 30, "&#8203;")) == ": invisible-characters");
    CHECK(how(kSample.substr(0, 9) + "\x1b[01;31m\x1b[K" + kSample.substr(9, 40) + "\x1b[m\x1b[K" +
              kSample.substr(49)) == ": terminal-sequences");
    CHECK(how(in_lines(kSample, 30, "<wbr>")) == ": markup");
    CHECK(how(in_lines(kSample, 30, "</span><span class=\"x\">")) == ": markup");
}

TEST_CASE("scan/repair: lines that were wrapped, by whatever did it") {
    for (const std::size_t width : {20u, 40u, 64u, 76u, 100u}) {
        CAPTURE(width);
        CHECK(how(in_lines(kSample, width, "\n")) == ": wrapped-lines");
        CHECK(how(in_lines(kSample, width, "\r\n    ")) == ": wrapped-lines");
        CHECK(how(in_lines(kSample, width, "\\\n")) == ": wrapped-lines");
        CHECK(how(in_lines(kSample, width, "\n> ")) == ": wrapped-lines");
        CHECK(how("+" + in_lines(kSample, width, "\n+")) == ": wrapped-lines");
        CHECK(how(in_lines(kSample, width, "\\n")) == ": escaped-line-breaks");
        CHECK(how(in_lines(kSample, width, "\\r\\n")) == ": escaped-line-breaks");
    }
}

TEST_CASE("scan/repair: strings that a program joins") {
    CHECK(how("\"" + in_lines(kSample, 40, "\" + \"") + "\"") == ": concatenated-strings");
    CHECK(how("\"" + in_lines(kSample, 40, "\"\n    \"") + "\"") == ": concatenated-strings");
    CHECK(how("'" + in_lines(kSample, 40, "' .\n '") + "'") == ": concatenated-strings");
    CHECK(how("\".\".join([\"" + with_dots(kSample, "\", \"") + "\"])") == ": listed-strings");
    CHECK(how("[\n  '" + with_dots(kSample, "',\n  '") + "'\n].join('.')") == ": listed-strings");
}

TEST_CASE("scan/repair: lines that a container runtime cut, cookies in chunks") {
    const auto docker = [](const std::string& log) {
        return R"({"log":")" + log + R"(","stream":"stdout","time":"2023-11-14T22:13:20.000000001Z"})" + "\n";
    };
    CHECK(how(docker("GET /?t=" + kSample.substr(0, 60)) + docker(kSample.substr(60) + "\\n")) == ": split-log-lines");
    const std::string cri = "2023-11-14T22:13:20.669794202Z stdout ";
    CHECK(how(cri + "P x " + kSample.substr(0, 60) + "\n" + cri + "F " + kSample.substr(60)) == ": split-log-lines");
    const std::string a = kSample.substr(0, 60), b = kSample.substr(60, 40), c = kSample.substr(100);
    CHECK(how("Cookie: session.0=" + a + "; session.1=" + b + "; session.2=" + c) == ": cookie-chunks");
    CHECK(how("Set-Cookie: s_0=" + a + "; Path=/; HttpOnly\r\nSet-Cookie: s_1=" + b + c + "; Path=/") ==
          ": cookie-chunks");
    CHECK(how(R"([{"name": "t-0", "value": ")" + a + R"("}, {"name": "t-1", "value": ")" + b + c + "\"}]") ==
          ": cookie-chunks");
}

TEST_CASE("scan/repair: the standard alphabet, and padding") {
    std::string standard, token;
    for (int i = 0; standard.find_first_of("+/") == std::string::npos; ++i) {
        token = sample(R"({"alg":"RS256"})", 256, R"({"sub":"??>>~~)" + std::to_string(i) + "\"}");
        standard = token;
        for (char& c : standard) c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    CHECK(how(standard, token) == ": standard-alphabet");
    const std::string padded = base64_encode(R"({"alg":"HS256" })") + "." + base64_encode(R"({"sub":"ab"})") + "." +
                               base64_encode(std::string(32, 's'));
    REQUIRE(padded.find("=.") != std::string::npos);
    std::string plain = padded;
    plain.erase(std::remove(plain.begin(), plain.end(), '='), plain.end());
    CHECK(how(padded, plain) == ": padding");
}

TEST_CASE("scan/repair: strict undoes nothing, and what is no token stays none") {
    CHECK(found_in(with_dots(kSample, "%2E"), Effort::strict).empty());
    CHECK(only_one(in_lines(kSample, 100, "\n"), Effort::strict).condition == Condition::truncated);
    CHECK(found_in(in_lines(kSample, 40, " "), Effort::normal).empty());
    CHECK(only_one(in_lines(kSample, 40, " "), Effort::loose).token == kSample);
    // A cut token is not made whole by what happens to stand on the next line.
    const std::string cut = kSample.substr(0, kSample.size() - 10);
    for (const char* const next : {"\nsomething else", "\nfooter", "\" + \"tail\"", "%20of%20it"}) {
        CAPTURE(next);
        CHECK(only_one(cut + next).condition == Condition::truncated);
    }
}

TEST_CASE("scan/decode: base64 at every alignment, wrapped, and of base64") {
    for (std::size_t shift = 0; shift < 3; ++shift) {
        const std::string once = base64_encode(std::string(shift, ':') + kSample);
        CHECK(how(once) == "base64");
        CHECK(how(in_lines(once, 76, "\r\n")) == "base64");
        CHECK(how(in_lines(once, 64, "\n    ")) == "base64");
        CHECK(how("Authorization: Basic " + once) == "base64");
        CHECK(how(base64url_encode(std::string(shift, '?') + kSample)) == "base64");
        for (std::size_t outer = 0; outer < 3; ++outer)
            CHECK(how(base64_encode(std::string(outer, ':') + once)) == "base64 base64");
        CHECK(how(base64_encode(std::string(shift, ':') + with_dots(kSample, "%2E"))) == "base64: url-encoded");
    }
}

TEST_CASE("scan/decode: base32, hexadecimal text and dumps, UTF-16") {
    for (std::size_t shift = 0; shift < 5; ++shift)
        CHECK(how(test::base32_of(std::string(shift, 'x') + kSample)) == "base32");
    for (const bool capitals : {false, true}) {
        for (const char* const between : {"", " ", ":"})
            CHECK(how(test::digits_of(kSample, "", between, capitals)) == "hex");
    }
    CHECK(how(test::digits_of(kSample, "0x", ", ")) == "hex");
    CHECK(how(in_lines(test::digits_of(kSample, ""), 60, "\n")) == "hex");
    for (std::size_t shift = 0; shift < 16; ++shift) {
        const std::string text = std::string(shift, '.') + kSample;
        CHECK(only_one(test::dump_of(text, false)).token == kSample);
        CHECK(only_one(test::dump_of(text, true)).token == kSample);
    }
    for (const bool big : {false, true}) {
        const std::string mark = big ? "\xfe\xff" : "\xff\xfe";
        for (const std::string& before : {std::string(), mark})
            CHECK(only_one(before + test::utf16_of("token=" + kSample, big)).token == kSample);
        CHECK(only_one(test::utf16_of(in_lines(kSample, 50, "\r\n"), big)).repairs == "wrapped-lines");
    }
}

TEST_CASE("scan/decode: JSON serialization") {
    const std::string header = kSample.substr(0, kSample.find('.')), signature = kSample.substr(kSample.rfind('.') + 1);
    const std::string payload = kSample.substr(header.size() + 1, kSample.rfind('.') - header.size() - 1);
    CHECK(how(R"({"payload":")" + payload + R"(","protected":")" + header + R"(","signature":")" + signature + "\"}") ==
          "json");
    CHECK(how(R"({ "protected" : ")" + header + R"(", "header": {"kid":"}"}, "signature":")" + signature +
              R"(","payload":")" + payload + "\"}") == "json");
    const auto two =
        found_in(R"({"payload":")" + payload + R"(","signatures":[{"protected":")" + header + R"(","signature":")" +
                 signature + R"("},{"protected":")" + header + R"(","header":{},"signature":"ABCD"}]})");
    REQUIRE(two.size() == 2);
    CHECK(two[0].token == kSample);
    CHECK(two[1].condition == Condition::truncated);
    const std::string encrypted = base64url_encode(R"({"alg":"dir","enc":"A128GCM"})");
    const FoundText jwe = only_one(R"({"protected":")" + encrypted +
                                   R"(","iv":"AAAAAAAAAAAAAAAA","ciphertext":"BBBB","tag":"CCCCCCCCCCCCCCCCCCCCCC"})");
    CHECK(jwe.token == encrypted + "..AAAAAAAAAAAAAAAA.BBBB.CCCCCCCCCCCCCCCCCCCCCC");
    CHECK(jwe.form == Form::jwe);
    CHECK(found_in(R"({"protected":")" + header + R"(","other":1})").empty());
}

TEST_CASE("scan/decode: what is compressed, as a whole and inside of something") {
    const std::string text = "first line\n" + kSample + "\n";
    using Tokens = std::vector<std::string>;
    CHECK(unpacked(deflated(text, true)).first == Tokens{kSample + " gzip"});
    CHECK(unpacked(deflated(text, false)).first == Tokens{kSample + " zlib"});
    CHECK(unpacked(deflated(deflated(text, true), true)).first == Tokens{kSample + " gzip gzip"});
    CHECK(unpacked(deflated("nothing", true) + deflated(text, true)).first == Tokens{kSample + " gzip"});
    CHECK(unpacked("ELF" + deflated(text, true) + "tail").first == Tokens{kSample + " gzip"});
    CHECK(unpacked("data: " + base64_encode(deflated(text, true)) + "\n").first == Tokens{kSample + " base64 gzip"});
    const auto cut =
        unpacked(deflated(std::string(5000, 'x') + text + base64_encode(std::string(9000, 'y')), true).substr(0, 200));
    CHECK(cut.first == Tokens{kSample + " gzip"});
    CHECK(!cut.second.empty());
}

TEST_CASE("scan/stacks: random tokens in random stacks of encodings are found byte for byte") {
    std::mt19937 random(4);
    const std::vector<std::function<std::string(const std::string&)>> repairs = {
        [](const std::string& t) { return t; },
        [](const std::string& t) { return with_dots(t, "%2E"); },
        [](const std::string& t) { return with_dots(t, "\\u002e"); },
        [](const std::string& t) { return with_dots(t, "&#46;"); },
        [](const std::string& t) { return in_lines(t, 60, "\n"); },
        [](const std::string& t) { return in_lines(t, 61, "\\n"); },
        [](const std::string& t) { return "\"" + in_lines(t, 62, "\" + \"") + "\""; },
        [](const std::string& t) { return in_lines(t, 63, "\xe2\x80\x8b"); }};
    const std::vector<std::function<std::string(const std::string&)>> layers = {
        [](const std::string& t) { return t; },
        [](const std::string& t) { return base64_encode(t); },
        [](const std::string& t) { return in_lines(base64_encode(t), 76, "\r\n"); },
        [](const std::string& t) { return test::digits_of(t, ""); },
        [](const std::string& t) { return test::base32_of(t); },
        [](const std::string& t) { return test::utf16_of(t, false); },
        [](const std::string& t) { return test::dump_of(t, false); }};
    const std::vector<std::function<std::string(const std::string&)>> containers = {
        [](const std::string& t) { return t; }, [](const std::string& t) { return deflated(t, true); },
        [](const std::string& t) { return "noise " + base64_encode(deflated(t, true)) + " noise"; }};
    struct Algorithm {
        const char* name;
        std::size_t octets;
    };
    const Algorithm algorithms[] = {{"HS256", 32}, {"ES256", 64}, {"RS256", 256}, {"ES512", 132}, {"PS384", 384}};
    for (int round = 0; round < 400; ++round) {
        const Algorithm& algorithm = algorithms[random() % 5];
        const std::string token =
            base64url_encode(std::string(R"({"alg":")") + algorithm.name + "\",\"kid\":\"" +
                             base64url_encode(test::random_octets(random, random() % 20)) + "\"}") +
            "." +
            base64url_encode("{\"n\":\"" + base64url_encode(test::random_octets(random, random() % 300)) + "\"}") +
            "." + base64url_encode(test::random_octets(random, algorithm.octets));
        const std::size_t b = random() % layers.size(), c = random() % containers.size();
        const std::size_t a = random() % (repairs.size() - (b == 5 ? 1 : 0)); // the last one is not ASCII
        std::string shift;
        for (unsigned i = random() % 16; i > 0; --i) shift += " .,:=\n"[random() % 6];
        std::string inside = shift + repairs[a](token) + " end";
        if (b == 5 && shift.size() % 2 == 1) inside = " " + inside;
        const std::string text = containers[c](layers[b](inside));
        const auto found = unpacked(text).first;
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(c);
        CAPTURE(token);
        REQUIRE(found.size() == 1);
        CHECK(found.front().substr(0, found.front().find(' ')) == token);
    }
}
