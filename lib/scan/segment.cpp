#include "jwtdomain/scan/segment.h"

#include <algorithm>

#include "jwtdomain/scan/alphabet.h"

namespace jwtdomain::scan {

namespace {

constexpr std::size_t kStep = 256u << 10;          // octets that are read and looked at while they are near
constexpr std::size_t kMostSegment = 4u << 20;     // octets that are held: more than anything takes that is a token
constexpr std::uint64_t kBeyondSegment = 4u << 10; // octets behind it that are there without being asked for

} // namespace

bool agrees_from(const SegmentEnd& end, std::uint64_t reached) {
    return std::none_of(end.taken.begin(), end.taken.end(),
                        [&](const Finder::Taken& each) { return each.begin < reached && reached < each.end; });
}

SegmentScanner::SegmentScanner(Effort effort, Sink sink)
    : sink_(std::move(sink)), finder_(effort, [this](const Found& found) { take(found); }) {
    finder_.note_taken(true);
}

void SegmentScanner::take(const Found& found) {
    const auto at = static_cast<std::size_t>(found.offset - base_);
    if (at > counted_) {
        newlines_ += count_newlines(std::string_view(buffer_).substr(counted_, at - counted_));
        counted_ = at;
    }
    sink_(found, {.line = newlines_ + 1});
}

// Reads up to that offset of the input. False at its end.
Result<bool> SegmentScanner::fill(const Input& input, std::uint64_t to) {
    const auto wanted = static_cast<std::size_t>(std::min(to, input.size) - base_);
    if (buffer_.size() < wanted) buffer_.resize(std::min(std::max(wanted, 2 * buffer_.size()), kMostSegment));
    while (size_ < std::min(wanted, buffer_.size())) {
        const auto got = input.read_at(base_ + size_, buffer_.data() + size_, std::min(wanted, buffer_.size()) - size_);
        if (!got) return fail(got.error());
        if (*got == 0) return false;
        size_ += *got;
    }
    return base_ + size_ < input.size;
}

Result<SegmentEnd> SegmentScanner::scan(const Input& input, const Segment& segment) {
    finder_.set_outer({});
    finder_.take_taken();
    SegmentEnd out;
    base_ = segment.begin - std::min<std::uint64_t>(segment.begin, kLookBack);
    size_ = 0;
    counted_ = static_cast<std::size_t>(segment.begin - base_);
    newlines_ = 0;
    const auto until = static_cast<std::size_t>(segment.end - base_);
    auto at = static_cast<std::size_t>(segment.from - base_);
    std::uint64_t ahead = std::min(segment.end, segment.begin + kStep);
    Status failed;
    for (bool last = false; (at < until || size_ < until) && !last;) {
        if (input.stop && input.stop()) out.interrupted = last = true;
        if (!last) {
            const auto more = fill(input, ahead == segment.end ? ahead + kBeyondSegment : ahead);
            if (!more) failed = fail(more.error());
            last = !more || !*more;
        }
        const std::size_t before = at;
        at = finder_.search({buffer_.data(), size_}, at, base_, last, until);
        // While it is near; take() has counted what stands before tokens.
        const std::size_t seen = std::min(std::min(at, until), size_);
        if (seen > counted_) {
            newlines_ += count_newlines(std::string_view(buffer_).substr(counted_, seen - counted_));
            counted_ = seen;
        }
        if (last) break;
        if (size_ == kMostSegment &&
            ahead > base_ + size_) { // what begins there is longer than anything that is a token
            if (at == before) ++at;
            continue;
        }
        // What needs more gets twice as much.
        ahead =
            ahead < segment.end ? std::min(segment.end, ahead + kStep) : ahead + std::max<std::uint64_t>(kStep, size_);
    }
    const std::size_t all = std::min(until, size_);
    if (all > counted_) newlines_ += count_newlines(std::string_view(buffer_).substr(counted_, all - counted_));
    out.newlines = newlines_;
    out.read = base_ + all > segment.begin ? base_ + all - segment.begin : 0;
    out.reached = std::max(base_ + at, segment.end);
    out.taken = finder_.take_taken();
    if (!failed) return fail(failed.error());
    return out;
}

} // namespace jwtdomain::scan
