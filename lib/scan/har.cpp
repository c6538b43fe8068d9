#include "jwtdomain/scan/har.h"

#include <algorithm>
#include <memory>

#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kHarStack = 16, kHarCaptured = 2048, kHarWord = 64;
constexpr std::size_t kHarMarks = 20'000, kHarEntries = 2000;
constexpr std::size_t kHarShortest = 16; // octets of a string that could hold a token
constexpr std::size_t kHarEntryFrames = 4, kHarSideFrames = 5, kHarElementFrames = 7;

// Scheme, host and path, where words that are too long for one stand as "...".
std::string shown_url(std::string_view url) {
    constexpr std::size_t kSegment = 32, kLongest = 200;
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("?#;"));
    std::string_view host = rest.substr(0, rest.find('/'));
    rest.remove_prefix(host.size());
    if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
    std::string out = std::string(url.substr(0, scheme + 3)) + std::string(host);
    while (!rest.empty()) {
        const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
        out += '/';
        out += segment.size() > kSegment ? "..." : segment;
        rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    }
    if (out.size() > kLongest) out = out.substr(0, kLongest) + "...";
    return redact_text(out);
}

std::string without_escapes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size() || text[i + 1] != '/') out += text[i];
    }
    return out;
}

std::string_view section_of(std::string_view key) {
    if (key == "headers") return "header";
    if (key == "cookies") return "cookie";
    if (key == "queryString") return "query";
    if (key == "postData" || key == "content") return "body";
    if (key == "url") return "URL";
    if (key == "redirectURL") return "redirect URL";
    return key;
}

} // namespace

bool is_har(std::string_view first) {
    const auto skip = [&](std::string_view what) {
        const std::size_t begin = std::min(first.find_first_not_of(" \t\r\n"), first.size());
        first.remove_prefix(begin);
        if (first.substr(0, what.size()) != what) return false;
        first.remove_prefix(what.size());
        return true;
    };
    skip("\xef\xbb\xbf");
    return skip("{") && skip("\"log\"") && skip(":") && skip("{");
}

void follow_har(Input& input) {
    const auto tracker = std::make_shared<HarTracker>();
    input.read = [tracker, read = std::move(input.read)](char* to, std::size_t room) {
        const auto got = read(to, room);
        if (got) tracker->feed({to, *got});
        return got;
    };
    input.part_at = [tracker](std::uint64_t at) { return tracker->part_at(at); };
}

void HarTracker::feed(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i, ++at_) {
        const char c = text[i];
        if (!in_string_) {
            structural(c);
        } else if (escaped_) {
            escaped_ = false;
            if (captured_.size() < kHarCaptured) captured_ += c;
        } else if (c == '"') {
            end_string();
        } else {
            escaped_ = c == '\\';
            if (captured_.size() < kHarCaptured) captured_ += c;
        }
    }
}

void HarTracker::structural(char c) {
    switch (c) {
    case '"': begin_string(); break;
    case '{':
    case '[':
        if (stack_.size() == kHarStack || too_deep_ > 0) {
            ++too_deep_;
            break;
        }
        stack_.push_back({.array = c == '['});
        expects_key_ = c == '{';
        if (stack_.size() == kHarEntryFrames && is_in(1, "log") && is_in(2, "entries") && c == '{') {
            entries_.push_back({.number = entries_.empty() ? 1 : entries_.back().number + 1});
            if (entries_.size() > kHarEntries) entries_.pop_front();
        }
        if (stack_.size() == kHarElementFrames) name_.clear();
        break;
    case '}':
    case ']':
        if (too_deep_ > 0)
            --too_deep_;
        else if (!stack_.empty())
            stack_.pop_back();
        expects_key_ = false;
        break;
    case ',': expects_key_ = too_deep_ == 0 && !stack_.empty() && !stack_.back().array; break;
    case ':': expects_key_ = false; break;
    default: break;
    }
}

void HarTracker::begin_string() {
    in_string_ = true;
    is_key_ = expects_key_;
    captured_.clear();
    string_begin_ = at_ + 1;
}

void HarTracker::end_string() {
    in_string_ = false;
    if (too_deep_ > 0 || stack_.empty() || entries_.empty()) {
        if (is_key_ && !stack_.empty() && too_deep_ == 0) stack_.back().key = captured_.substr(0, kHarWord);
        return;
    }
    if (is_key_) {
        stack_.back().key = captured_.substr(0, kHarWord);
        return;
    }
    if (stack_.size() == kHarElementFrames && stack_.back().key == "name") name_ = captured_.substr(0, kHarWord);
    if (stack_.size() == kHarSideFrames && is_in(4, "request")) {
        if (is_in(5, "method")) entries_.back().method = captured_.substr(0, kHarWord);
        if (is_in(5, "url")) entries_.back().url = shown_url(without_escapes(captured_));
    }
    if (at_ - string_begin_ < kHarShortest || stack_.size() < kHarEntryFrames) return;
    marks_.push_back({.begin = string_begin_, .entry = entries_.back().number, .what = what()});
    if (marks_.size() > kHarMarks) marks_.pop_front();
}

// The member that is being read at a depth, which counts from 1.
bool HarTracker::is_in(std::size_t depth, std::string_view key) const {
    return stack_.size() >= depth && !stack_[depth - 1].array && stack_[depth - 1].key == key;
}

std::string HarTracker::what() const {
    if (stack_.size() < kHarEntryFrames) return {};
    std::string out = stack_[kHarEntryFrames - 1].key; // request, response
    if (stack_.size() >= kHarSideFrames && !stack_[kHarSideFrames - 1].array) {
        const std::string& section = stack_[kHarSideFrames - 1].key;
        out += " " + std::string(section_of(section));
        if (stack_.size() >= kHarElementFrames && !name_.empty()) out += " " + name_;
    }
    return redact_text(out);
}

std::string HarTracker::part_at(std::uint64_t at) const {
    Mark found;
    const auto after = std::upper_bound(marks_.begin(), marks_.end(), at,
                                        [](std::uint64_t value, const Mark& mark) { return value < mark.begin; });
    if (in_string_ && !entries_.empty() && at >= string_begin_)
        found = {.begin = string_begin_, .entry = entries_.back().number, .what = what()};
    else if (after != marks_.begin())
        found = *std::prev(after);
    const auto entry =
        std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& each) { return each.number == found.entry; });
    if (entry == entries_.rend()) return {};
    std::string out = "entry " + std::to_string(entry->number);
    if (!entry->method.empty()) out += " " + redact_text(entry->method);
    if (!entry->url.empty()) out += " " + entry->url;
    return found.what.empty() ? out : out + ", " + found.what;
}

} // namespace jwtdomain::scan
