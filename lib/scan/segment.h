// Finding tokens in a part of what can be read from any place, so that several threads may look at one large file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

constexpr std::uint64_t kSegment = 1u << 20; // octets; where they begin does not depend on how many look at them

struct Segment {
    std::uint64_t begin = 0, end = 0; // where that begins which is looked for
    std::uint64_t from = 0;           // what begins before is of no interest: at least `begin`
};

struct SegmentEnd {
    std::uint64_t reached = 0;        // where one would go on: behind the segment, and behind what began in it
    std::uint64_t newlines = 0;       // of the segment
    std::uint64_t read = 0;           // octets of it; fewer where the input has become shorter
    std::vector<Finder::Taken> taken; // that begin in it
    bool interrupted = false;         // by Input::stop
};

// Whether a search of a segment that did not know where the one before it came to has the same to say from there on as
// one that began there.
bool agrees_from(const SegmentEnd& end, std::uint64_t reached);

// Belongs to one thread.
class SegmentScanner {
public:
    // Place::line counts from the first line of the segment.
    using Sink = Stream::Sink;
    SegmentScanner(Effort effort, Sink sink);

    // `input` has read_at and size. Faults: those of Input::read_at; what was read before it is looked at.
    Result<SegmentEnd> scan(const Input& input, const Segment& segment);

    std::uint64_t work() const { return finder_.work(); }

private:
    void take(const Found& found);
    Result<bool> fill(const Input& input, std::uint64_t to);

    Sink sink_;
    Finder finder_;
    std::string buffer_;
    std::size_t size_ = 0;    // octets in the buffer
    std::uint64_t base_ = 0;  // offset of its first
    std::size_t counted_ = 0; // octets up to which newlines were counted
    std::uint64_t newlines_ = 0;
};

} // namespace jwtdomain::scan
