#include "jwtdomain/base/time.h"

#include <array>
#include <charconv>

#include "jwtdomain/base/escape.h"

namespace jwtdomain {
namespace {

constexpr Seconds kDay = 86400;
constexpr Time kFirst = -62167219200; // 0000-01-01T00:00:00Z
constexpr Time kLast = 253402300799;  // 9999-12-31T23:59:59Z
constexpr Seconds kLongest = 3652500 * kDay;

// Howard Hinnant's algorithms for the proleptic Gregorian calendar (chrono-compatible, eras of 400 years).
constexpr std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Civil {
    std::int64_t year, month, day;
};

constexpr Civil civil_from_days(std::int64_t days) {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted = (5 * day_of_year + 2) / 153;
    const std::int64_t month = shifted + (shifted < 10 ? 3 : -9);
    return {.year = year_of_era + era * 400 + (month <= 2),
            .month = month,
            .day = day_of_year - (153 * shifted + 2) / 5 + 1};
}

constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
    constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads a text from its front. Once something was missing, everything that follows is too.
class Reader {
public:
    explicit Reader(std::string_view text) : left_(text) {}

    bool at_end() const { return left_.empty(); }
    bool ok() const { return ok_; }
    char peek() const { return left_.empty() ? '\0' : left_.front(); }

    char one_of(std::string_view allowed) {
        if (left_.empty() || allowed.find(left_.front()) == std::string_view::npos) {
            ok_ = false;
            return '\0';
        }
        const char c = left_.front();
        left_.remove_prefix(1);
        return c;
    }

    std::int64_t digits(std::size_t count) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < count; ++i) value = value * 10 + (one_of("0123456789") - '0');
        return ok_ ? value : 0;
    }

    void fraction() {
        if (peek() != '.') return;
        one_of(".");
        one_of("0123456789");
        while (is_digit(peek())) left_.remove_prefix(1);
    }

private:
    std::string_view left_;
    bool ok_ = true;
};

tl::unexpected<Error> bad_time(std::string_view text, const char* why, const char* hint) {
    return fail(Fault::usage, "'" + escape_text(text, 60) + "' is not a time: " + why, hint);
}

constexpr const char* kExample =
    "write it like 2026-11-23T15:00:00Z, 2026-11-23T16:00:00+01:00, 2026-11-23 or 1795446000";

// The part of RFC 3339 after the date, in seconds of UTC since the start of that date.
struct Clock {
    Seconds seconds = 0;
    bool leap = false;
};

Result<Clock> parse_clock(Reader& in, std::string_view text) {
    in.one_of("Tt ");
    const std::int64_t hour = in.digits(2);
    in.one_of(":");
    const std::int64_t minute = in.digits(2);
    in.one_of(":");
    const std::int64_t second = in.digits(2);
    in.fraction();
    if (!in.ok()) return bad_time(text, "expected hours, minutes and seconds after the date", kExample);
    if (in.at_end())
        return bad_time(text, "it does not say which time zone",
                        "end it with Z for UTC, or with an offset like +01:00");
    Seconds offset = 0;
    const char zone = in.one_of("Zz+-");
    if (zone == '+' || zone == '-') {
        const std::int64_t offset_hour = in.digits(2);
        in.one_of(":");
        const std::int64_t offset_minute = in.digits(2);
        if (offset_hour > 23 || offset_minute > 59) return bad_time(text, "there is no such offset", kExample);
        offset = (offset_hour * 3600 + offset_minute * 60) * (zone == '-' ? -1 : 1);
    }
    if (!in.ok() || !in.at_end()) return bad_time(text, "expected Z or an offset like +01:00 at its end", kExample);
    if (hour > 23 || minute > 59 || second > 60) return bad_time(text, "there is no such time of day", kExample);
    const bool leap = second == 60;
    return Clock{.seconds = hour * 3600 + minute * 60 + second - leap - offset, .leap = leap};
}

// A leap second is the last second of a month in UTC (RFC 3339 section 5.7).
bool ends_month(Time last_second) {
    const Time next = last_second + 1;
    return next % kDay == 0 && civil_from_days(next / kDay - (next % kDay < 0)).day == 1;
}

Result<Time> in_range(Time time, std::string_view text) {
    if (time < kFirst || time > kLast) return bad_time(text, "it is outside the years 0000 to 9999", kExample);
    return time;
}

Result<Time> parse_epoch(std::string_view number, std::string_view text) {
    Time value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (end != number.data() + number.size() || number.empty() || number == "-")
        return bad_time(text, "it is neither RFC 3339 nor a number of seconds", kExample);
    if (error != std::errc{} || value < kFirst || value > kLast) {
        return bad_time(text, "it is outside the years 0000 to 9999", "give seconds since 1970, not milliseconds");
    }
    return value;
}

struct Unit {
    char letter;
    Seconds seconds;
};
constexpr std::array<Unit, 4> kUnits{{{'d', kDay}, {'h', 3600}, {'m', 60}, {'s', 1}}};

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::string two(std::int64_t value) {
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

} // namespace

Result<Time> parse_time(std::string_view text) {
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' || text[0] == '@') {
        return parse_epoch(text.substr(!text.empty() && text[0] == '@'), text);
    }
    Reader in(text);
    const std::int64_t year = in.digits(4);
    in.one_of("-");
    const std::int64_t month = in.digits(2);
    in.one_of("-");
    const std::int64_t day = in.digits(2);
    if (!in.ok()) return bad_time(text, "expected a date", kExample);
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return bad_time(text, "there is no such date", kExample);
    const Time midnight = days_from_civil(year, month, day) * kDay;
    if (in.at_end()) return midnight;
    const Result<Clock> clock = parse_clock(in, text);
    if (!clock) return fail(clock.error());
    const Time time = midnight + clock->seconds;
    if (clock->leap && !ends_month(time)) return bad_time(text, "no leap second can be there", kExample);
    return in_range(time, text);
}

Result<Seconds> parse_duration(std::string_view text) {
    const auto bad = [&](const char* why) {
        return fail(Fault::usage, "'" + escape_text(text, 60) + "' is not a duration: " + why,
                    "write it like 90s, 10m, 1h30m, 8h or 7d");
    };
    const char* at = text.data();
    const char* const end = at + text.size();
    Seconds sum = 0;
    Seconds smallest = kLongest;
    if (text.empty()) return bad("it is empty");
    while (at != end) {
        if (!is_digit(*at)) return bad("expected a number");
        Seconds count = 0;
        const bool first = at == text.data();
        const auto [next, error] = std::from_chars(at, end, count);
        if (error != std::errc{}) return bad("it is over 10,000 years");
        Seconds unit = 0;
        if (next == end && first) unit = 1; // a bare number
        for (const Unit& candidate : kUnits) {
            if (next != end && *next == candidate.letter) unit = candidate.seconds;
        }
        if (unit == 0) return bad("expected d, h, m or s after each number");
        if (unit >= smallest) return bad("expected larger units before smaller ones, each once");
        if (count > (kLongest - sum) / unit) return bad("it is over 10,000 years");
        sum += count * unit;
        smallest = unit;
        at = next == end ? end : next + 1;
    }
    return sum;
}

std::string format_time(Time time) {
    if (time < kFirst || time > kLast) return "@" + std::to_string(time);
    const std::int64_t days = (time - (time < 0 ? kDay - 1 : 0)) / kDay;
    const Seconds second = time - days * kDay;
    const Civil date = civil_from_days(days);
    return two(date.year / 100) + two(date.year % 100) + "-" + two(date.month) + "-" + two(date.day) + "T" +
           two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60) + "Z";
}

std::string format_duration(Seconds span) {
    if (span == 0) return "0s";
    std::string text = span < 0 ? "-" : "";
    std::uint64_t left = magnitude(span);
    for (const Unit& unit : kUnits) {
        const auto size = static_cast<std::uint64_t>(unit.seconds);
        if (left >= size) text += std::to_string(left / size) + unit.letter;
        left %= size;
    }
    return text;
}

std::string format_relative(Time time, Time now) {
    if (time == now) return "now";
    struct Word {
        std::uint64_t seconds;
        const char *one, *many;
    };
    constexpr std::array<Word, 5> kWords{{{.seconds = 365 * 86400, .one = " year", .many = " years"},
                                          {.seconds = 86400, .one = " day", .many = " days"},
                                          {.seconds = 3600, .one = " h", .many = " h"},
                                          {.seconds = 60, .one = " min", .many = " min"},
                                          {.seconds = 1, .one = " s", .many = " s"}}};
    const bool future = time > now;
    std::uint64_t left = future ? static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(now)
                                : static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(time);
    std::string text;
    std::size_t largest = kWords.size();
    for (std::size_t i = 0; i < kWords.size() && i <= largest + 1; ++i) {
        const std::uint64_t count = left / kWords[i].seconds;
        left %= kWords[i].seconds;
        if (count == 0) continue;
        if (largest == kWords.size()) largest = i;
        if (!text.empty()) text += " ";
        text += std::to_string(count) + (count == 1 ? kWords[i].one : kWords[i].many);
    }
    return future ? "in " + text : text + " ago";
}

} // namespace jwtdomain
