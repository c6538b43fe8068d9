#include <doctest/doctest.h>

#include <ctime>
#include <limits>
#include <string>

#include "jwtdomain/base/time.h"

using namespace jwtdomain;

namespace {

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

Time at(const char* text) {
    const Result<Time> time = parse_time(text);
    INFO(text);
    REQUIRE(time);
    return *time;
}

std::string refusal(const char* text) {
    const Result<Time> time = parse_time(text);
    if (time) return "";
    CHECK(time.error().fault == Fault::usage);
    CHECK_FALSE(time.error().hint.empty());
    return time.error().message;
}

} // namespace

TEST_CASE("time/parse: the examples of RFC 3339 section 5.8") {
    CHECK(at("1985-04-12T23:20:50.52Z") == 482196050);
    CHECK(at("1996-12-19T16:39:57-08:00") == 851042397);
    CHECK(at("1990-12-31T23:59:60Z") == 662687999);
    CHECK(at("1990-12-31T15:59:60-08:00") == 662687999);
    CHECK(at("1937-01-01T12:00:27.87+00:20") == -1041337173);
}

TEST_CASE("time/parse: offsets, cases of letters, a space for T, fractions") {
    CHECK(at("2026-11-23T15:00:00Z") == 1795446000);
    CHECK(at("2026-11-23t15:00:00z") == 1795446000);
    CHECK(at("2026-11-23 15:00:00Z") == 1795446000);
    CHECK(at("2026-11-23T16:30:00+01:30") == 1795446000);
    CHECK(at("2026-11-23T15:00:00-00:00") == 1795446000);
    CHECK(at("2026-11-23T00:00:00+23:59") == at("2026-11-22T00:01:00Z"));
    CHECK(at("2026-11-23T15:00:00.999999999999Z") == 1795446000);
    CHECK(at("1969-12-31T23:59:59.9Z") == -1); // a fraction is dropped, before the epoch too
}

TEST_CASE("time/parse: a date alone is its start in UTC") {
    CHECK(at("2026-11-23") == at("2026-11-23T00:00:00Z"));
    CHECK(at("2024-02-29") == at("2024-02-28") + 86400);
}

TEST_CASE("time/parse: a leap second is the second before it, and only where one can be") {
    CHECK(at("2016-12-31T23:59:60Z") == at("2016-12-31T23:59:59Z"));
    CHECK(at("2017-01-01T00:59:60.5+01:00") == at("2016-12-31T23:59:59Z"));
    for (const char* text :
         {"2016-12-31T23:58:60Z", "2016-12-30T23:59:60Z", "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z"}) {
        CAPTURE(text);
        CHECK_FALSE(refusal(text).empty());
    }
}

TEST_CASE("time/parse: seconds since the epoch") {
    CHECK(at("0") == 0);
    CHECK(at("1700000000") == 1700000000);
    CHECK(at("@1700000000") == 1700000000);
    CHECK(at("@-1") == -1);
}

TEST_CASE("time/parse: the first and last second, and nothing beyond") {
    CHECK(at("0000-01-01T00:00:00Z") == -62167219200);
    CHECK(at("9999-12-31T23:59:59Z") == 253402300799);
    for (const char* text : {"0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "253402300800", "-62167219201",
                             "9223372036854775807", "9223372036854775808", "-9223372036854775809",
                             "99999999999999999999999999", "10000-01-01T00:00:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(refusal(text).empty());
    }
}

TEST_CASE("time/parse: milliseconds are recognised as a mistake") {
    const Result<Time> time = parse_time("1700000000000");
    REQUIRE_FALSE(time);
    CHECK(time.error().hint.find("milliseconds") != std::string::npos);
}

TEST_CASE("time/parse: a time without a zone is refused, with what to add") {
    const Result<Time> time = parse_time("2026-11-23T15:00:00");
    REQUIRE_FALSE(time);
    CHECK(time.error().message == "'2026-11-23T15:00:00' is not a time: it does not say which time zone");
    CHECK(time.error().hint == "end it with Z for UTC, or with an offset like +01:00");
}

TEST_CASE("time/parse: what is not a time") {
    for (const char* text : {"",
                             "@",
                             "-",
                             "+5",
                             "@@5",
                             " 5",
                             "5 ",
                             "1.5",
                             "1e9",
                             "0x10",
                             "now",
                             "tomorrow",
                             "2026-11-2",
                             "2026-11",
                             "2026/11/23",
                             "2026-13-01",
                             "2026-00-01",
                             "2026-02-29",
                             "1900-02-29",
                             "2026-04-31",
                             "2026-01-00",
                             "2026-11-23T",
                             "2026-11-23T15",
                             "2026-11-23T15:00",
                             "2026-11-23T15:00Z",
                             "2026-11-23T24:00:00Z",
                             "2026-11-23T15:60:00Z",
                             "2026-11-23T15:00:00.Z",
                             "2026-11-23T15:00:00,5Z",
                             "2026-11-23T15:00:00+0100",
                             "2026-11-23T15:00:00+24:00",
                             "2026-11-23T15:00:00+01:60",
                             "2026-11-23T15:00:00Zz",
                             "2026-11-23T15:00:00Z ",
                             "2026-11-23_15:00:00Z",
                             "-026-11-23",
                             "@2026-11-23",
                             "2026-11-23T-5:00:00Z",
                             "2026-11-23T15:00:00\n"}) {
        CAPTURE(text);
        CHECK_FALSE(refusal(text).empty());
    }
}

TEST_CASE("time/parse: an ESC sequence in a time does not reach the message") {
    CHECK(refusal("\x1b[2J").find('\x1b') == std::string::npos);
    CHECK(refusal(std::string(5000, 'x').c_str()).size() < 200);
}

TEST_CASE("time/format: agrees with the C library, every 20 days from 0000 to 9999") {
    for (Time t = -62167219200; t <= 253402300799; t += 20 * 86400 - 7) { // drifts through the day
        const std::time_t c_time = t;
        std::tm buffer{};
        const std::tm* const parts = gmtime_r(&c_time, &buffer);
        if (parts == nullptr) FAIL("gmtime_r of " << t);
        char expected[40];
        std::snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", (parts->tm_year + 1900) % 10000,
                      (parts->tm_mon + 1) % 100, parts->tm_mday % 100, parts->tm_hour % 100, parts->tm_min % 100,
                      parts->tm_sec % 100);
        if (format_time(t) != expected || parse_time(expected).value() != t)
            FAIL(expected << " is not " << format_time(t));
    }
}

TEST_CASE("time/format: times beyond the calendar are shown as seconds") {
    CHECK(format_time(253402300800) == "@253402300800");
    CHECK(format_time(-62167219201) == "@-62167219201");
    CHECK(format_time(kMax) == "@9223372036854775807");
    CHECK(format_time(kMin) == "@-9223372036854775808");
}

TEST_CASE("duration/parse: numbers, units and sums") {
    const auto seconds = [](const char* text) { return parse_duration(text).value_or(-1); };
    CHECK(seconds("0") == 0);
    CHECK(seconds("90") == 90);
    CHECK(seconds("90s") == 90);
    CHECK(seconds("10m") == 600);
    CHECK(seconds("8h") == 28800);
    CHECK(seconds("7d") == 604800);
    CHECK(seconds("1h30m") == 5400);
    CHECK(seconds("1d2h3m4s") == 93784);
    CHECK(seconds("90m5s") == 5405);
    CHECK(seconds("3652500d") == 315576000000);
}

TEST_CASE("duration/parse: what is not a duration") {
    for (const char* text : {"",
                             "-5m",
                             "+5m",
                             "m",
                             "5 m",
                             " 5m",
                             "5m ",
                             "1.5h",
                             "30m1h",
                             "1h1h",
                             "1h30",
                             "5M",
                             "5ms",
                             "5min",
                             "1w",
                             "1y",
                             "3652501d",
                             "3652500d1s",
                             "9223372036854775807d",
                             "9223372036854775808",
                             "99999999999999999999s",
                             "P1D",
                             "1h\x1b[2J"}) {
        CAPTURE(text);
        const Result<Seconds> span = parse_duration(text);
        REQUIRE_FALSE(span);
        CHECK(span.error().fault == Fault::usage);
        CHECK_FALSE(span.error().hint.empty());
        CHECK(span.error().message.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("duration/format: is read back as the same") {
    CHECK(format_duration(0) == "0s");
    CHECK(format_duration(600) == "10m");
    CHECK(format_duration(5400) == "1h30m");
    CHECK(format_duration(604800) == "7d");
    CHECK(format_duration(-300) == "-5m");
    CHECK(format_duration(kMin) == "-106751991167300d15h30m8s");
    for (Seconds span = 0; span < 3000000; span += 997) REQUIRE(parse_duration(format_duration(span)) == span);
}

TEST_CASE("time/relative: at most two units, and no overflow") {
    constexpr Time now = 1700000000;
    CHECK(format_relative(now, now) == "now");
    CHECK(format_relative(now + 1, now) == "in 1 s");
    CHECK(format_relative(now - 240, now) == "4 min ago");
    CHECK(format_relative(now + 7500, now) == "in 2 h 5 min");
    CHECK(format_relative(now + 7205, now) == "in 2 h");
    CHECK(format_relative(now - 86400 - 3600, now) == "1 day 1 h ago");
    CHECK(format_relative(now + 400 * 86400, now) == "in 1 year 35 days");
    CHECK(format_relative(now + 730 * 86400, now) == "in 2 years");
    CHECK(format_relative(kMax, kMin) == "in 584942417355 years 26 days");
    CHECK(format_relative(kMin, kMax) == "584942417355 years 26 days ago");
}
