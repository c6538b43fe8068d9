#include "jwtdomain/gateway/apache_claim.h"

#include <algorithm>
#include <cstdlib>

#include "jwtdomain/accept/automaton.h"

namespace jwtdomain::gateway::apache {
namespace {

constexpr std::size_t kMostWays = 256; // separators within the value multiply the readings
constexpr std::size_t kDeepest = 8;
constexpr std::string_view kSeparators = ":~."; // in the order in which newer versions try them
constexpr std::string_view kSpace = " \t\n\v\f\r";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return kSpace.find(c) != kSpace.npos; }

Node pattern(std::string expression, Mark at) {
    Node out = object(at);
    put(out, "regex", text(std::move(expression), at));
    return out;
}

bool compiles(const std::string& expression) {
    accept::Pattern tried{.match = accept::Match::regex, .text = expression};
    return expression.find("{tenant}") == expression.npos && static_cast<bool>(accept::compile(tried));
}

// apr_strnatcmp() finds these equal.
std::string spaced(const std::string& value) {
    std::string out = "^\\s*";
    char before = '\0';
    bool apart = false;
    for (const char c : value) {
        if (is_space(c)) {
            apart = true;
            continue;
        }
        if (before != '\0') out += !(is_digit(before) && is_digit(c)) ? "\\s*" : apart ? "\\s+" : "";
        out += accept::quote_regex(std::string_view(&c, 1));
        before = c;
        apart = false;
    }
    return out + "\\s*$";
}

// How numbers are written that the value is taken for: by atoi(), and as a whole.
std::vector<std::string> numbers_of(const std::string& value) {
    const long long whole = std::strtoll(value.c_str(), nullptr, 10);
    std::vector<std::string> out{std::to_string(static_cast<std::int32_t>(whole))};
    if (std::to_string(whole) != out.front()) out.push_back(std::to_string(whole));
    if (out.front() == "0") out.emplace_back("-0");
    return out;
}

bool is_time_or_aimed(const std::vector<std::string>& path) {
    if (path.size() != 1) return false;
    const std::string& name = path.front();
    return name == "iss" || name == "aud" || name == "exp" || name == "nbf" || name == "iat";
}

class Reader {
public:
    Reader(const std::string& required, bool openidc, Mark at) : required_(required), openidc_(openidc), at_(at) {}

    ClaimTests run() {
        look({}, 0);
        if (out_.ways.size() > kMostWays) refuse("it can be read in more than 256 ways");
        if (out_.ways.empty()) refuse("it names no claim");
        return std::move(out_);
    }

private:
    void refuse(std::string why) {
        if (out_.unknown.empty()) out_.unknown = std::move(why);
    }

    // The name of a claim, inside of those of `path`, begins at `begin`.
    void look(const std::vector<std::string>& path, std::size_t begin) {
        for (std::size_t i = begin; i < required_.size() && out_.ways.size() <= kMostWays; ++i) {
            if (kSeparators.find(required_[i]) == kSeparators.npos) continue;
            std::vector<std::string> claim = path;
            claim.push_back(required_.substr(begin, i - begin));
            if (claim.size() == 1 && claim.front().empty()) return refuse("it names no claim");
            separated(claim, i);
        }
    }

    // Newer versions go on with the next separator where one does not lead to a match.
    void separated(const std::vector<std::string>& claim, std::size_t at) {
        const std::size_t kind = kSeparators.find(required_[at]);
        std::string rest = required_.substr(at + 1);
        if (kind == 0) equal(claim, rest);
        if (kind == 1) like(claim, rest);
        if (kind == 2) inside(claim, at + 1, rest);
        const std::size_t next = rest.empty() ? kSeparators.npos : kSeparators.find(rest.front());
        if (openidc_ && next != kSeparators.npos && next > kind) separated(claim, at + 1);
    }

    void equal(const std::vector<std::string>& claim, const std::string& value) {
        if (value.find("{tenant}") != value.npos || value == "null") return refuse("the value is not read here");
        add({claim, list({text(value, at_)}, at_), equal_to(value)});
        if (is_time_or_aimed(claim)) return; // an issuer writes no number there, or no other
        std::vector<Node> numbers;
        if (value == "true" || value == "false") numbers.push_back(text(value, at_));
        for (std::string& each : numbers_of(value)) numbers.push_back(text(std::move(each), at_));
        if (!value.empty() && (is_digit(value.front()) || value.front() == '-'))
            numbers.push_back(pattern("[.eE]", at_)); // newer versions compare what is no integer, too
        const Node all = list(std::move(numbers), at_);
        add({claim, all, all, true,
             "that " + claim.back() + " is a number, or a truth value, equal to what is required"});
    }

    Node equal_to(const std::string& value) const {
        std::vector<Node> values{text(value, at_)};
        std::string expression = spaced(value);
        if (compiles(expression)) values.push_back(pattern(std::move(expression), at_));
        return list(std::move(values), at_);
    }

    void like(const std::vector<std::string>& claim, const std::string& expression) {
        if (!compiles(expression)) return refuse("the regular expression is not read here");
        const Node all = list({pattern(expression, at_)}, at_);
        add({claim, all, all, false, openidc_ ? "" : "that mod_oauth2 is of a version that knows '~'"});
    }

    void inside(const std::vector<std::string>& claim, std::size_t begin, const std::string& member) {
        if (claim.size() < kDeepest) look(claim, begin);
        const Node all = equal_to(member);
        add({claim, all, all, false, "that " + claim.back() + " is an array, and the version an old one"});
    }

    void add(ClaimTest way) {
        if (out_.ways.size() > kMostWays) return;
        const bool tenant = std::any_of(way.path.begin(), way.path.end(),
                                        [](const std::string& name) { return name.find("{tenant}") != name.npos; });
        if (tenant) return refuse("the claim's name is not read here");
        out_.ways.push_back(std::move(way));
    }

    const std::string& required_;
    bool openidc_;
    Mark at_;
    ClaimTests out_;
};

} // namespace

ClaimTests tests_of(const std::string& required, bool openidc, Mark at) { return Reader(required, openidc, at).run(); }

std::optional<std::string> expression_text(std::string_view written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i], next = i + 1 < written.size() ? written[i + 1] : '\0';
        if ((c == '%' && next == '{') || (c == '$' && is_digit(next))) return std::nullopt;
        if (c != '\\' || next == '\0') {
            out += c;
            continue;
        }
        if (is_digit(next) || next == 'x') return std::nullopt; // an octet by its number
        constexpr std::string_view kNames = "nrtbf", kOctets = "\n\r\t\b\f";
        const std::size_t named = kNames.find(next);
        out += named == kNames.npos ? next : kOctets[named];
        ++i;
    }
    return out;
}

} // namespace jwtdomain::gateway::apache
