#include "jwtdomain/scan/git_objects.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "jwtdomain/base/text.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kObjectChunk = 64u << 10;
constexpr std::size_t kLongestRecord = 1u << 20;

} // namespace

std::string_view name_of(GitKind kind) {
    switch (kind) {
    case GitKind::blob: return "blob";
    case GitKind::tree: return "tree";
    case GitKind::commit: return "commit";
    case GitKind::tag: return "tag";
    }
    return "";
}

std::optional<GitKind> git_kind(std::string_view name) {
    for (const GitKind kind : {GitKind::blob, GitKind::tree, GitKind::commit, GitKind::tag}) {
        if (name == name_of(kind)) return kind;
    }
    return std::nullopt;
}

bool is_object_id(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<bool> GitObjects::fill() {
    if (at_ < buffer_.size()) return true;
    buffer_.resize(kObjectChunk);
    at_ = 0;
    const auto got = process_.read(buffer_.data(), buffer_.size());
    buffer_.resize(got ? *got : 0);
    if (!got) return tl::unexpected(got.error());
    return *got > 0;
}

Result<std::size_t> GitObjects::take(char* to, std::size_t size) {
    if (left_ <= 1) return std::size_t{0};
    const auto more = fill();
    if (!more) return tl::unexpected(more.error());
    if (!*more) {
        cut_ = true;
        left_ = 0;
        return fail(Fault::unreadable, "git broke off in the middle of it");
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>({left_ - 1, size, buffer_.size() - at_}));
    std::memcpy(to, buffer_.data() + at_, count);
    at_ += count;
    left_ -= count;
    return count;
}

Input GitObjects::content() {
    return {.read = [this](char* to, std::size_t size) { return take(to, size); }};
}

Result<std::optional<GitObjects::Head>> GitObjects::next() {
    while (left_ > 0) {
        const auto more = fill();
        if (!more) return tl::unexpected(more.error());
        if (!*more) cut_ = true;
        if (cut_) return std::nullopt;
        const auto count = std::min<std::uint64_t>(left_, buffer_.size() - at_);
        at_ += static_cast<std::size_t>(count);
        left_ -= count;
    }
    std::string line;
    for (;;) {
        const auto more = fill();
        if (!more) return tl::unexpected(more.error());
        if (!*more) {
            cut_ = cut_ || !line.empty();
            return std::nullopt;
        }
        const char* const begin = buffer_.data() + at_;
        const std::size_t there = buffer_.size() - at_;
        const void* const found = std::memchr(begin, '\n', there);
        const std::size_t count = found ? static_cast<std::size_t>(static_cast<const char*>(found) - begin) : there;
        line.append(begin, count);
        at_ += count + (found ? 1 : 0);
        if (found) break;
        if (line.size() > kLongestRecord) return fail(Fault::invalid, "the answer of git cannot be understood");
    }
    std::string_view rest = line;
    Head head;
    head.id = take_until(rest, ' ');
    const std::string_view kind = take_until(rest, ' ');
    head.kind = git_kind(kind);
    if (!head.kind) return head;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), head.size);
    if (!is_object_id(head.id) || error != std::errc() || stop != rest.data() + rest.size())
        return fail(Fault::invalid, "the answer of git cannot be understood");
    left_ = head.size + 1;
    return head;
}

Result<bool> GitRecords::next(std::string& out) {
    out.clear();
    for (;;) {
        if (at_ == buffer_.size()) {
            buffer_.resize(kObjectChunk);
            at_ = 0;
            const auto got = process_.read(buffer_.data(), buffer_.size());
            buffer_.resize(got ? *got : 0);
            if (!got) return tl::unexpected(got.error());
            if (*got == 0) return !out.empty();
        }
        const std::size_t stop = buffer_.find(end_, at_);
        out.append(buffer_, at_, stop == std::string::npos ? stop : stop - at_);
        at_ = stop == std::string::npos ? buffer_.size() : stop + 1;
        if (stop != std::string::npos) return true;
        if (out.size() > kLongestRecord) return fail(Fault::limit, "a name in the repository is too long");
    }
}

} // namespace jwtdomain::scan
