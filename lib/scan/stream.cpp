#include "jwtdomain/scan/stream.h"

#include <algorithm>
#include <cstring>

#include "jwtdomain/scan/alphabet.h"

namespace jwtdomain::scan {

Stream::Stream(Effort effort, Sink sink, std::size_t window)
    : sink_(std::move(sink)), finder_(effort, [this](const Found& found) { take(found); }), window_(window) {
    finder_.set_window(window);
}

void Stream::take(const Found& found) {
    const auto at = static_cast<std::size_t>(found.offset - base_);
    if (at > counted_) {
        line_ += count_newlines(std::string_view(buffer_).substr(counted_, at - counted_));
        counted_ = at;
    }
    sink_(found, {.line = line_, .part = input_->part_at ? input_->part_at(found.offset) : std::string()});
}

Result<StreamEnd> Stream::scan(const Input& input, std::vector<Layer> outer) {
    buffer_.resize(window_); // a thread that meets no input has none
    finder_.set_outer(std::move(outer));
    input_ = &input;
    size_ = counted_ = 0;
    base_ = 0;
    line_ = 1;
    std::size_t from = 0;     // everything before is done
    std::size_t searched = 0; // octets that were there when it was last looked
    StreamEnd out;
    Status failed;
    for (bool last = false; !last;) {
        if (input.stop && input.stop()) out.interrupted = last = true;
        // A place that needs more is looked at again when there is twice as much, or nothing else to do.
        while (!last && size_ < buffer_.size()) {
            const auto got = input.read(buffer_.data() + size_, buffer_.size() - size_);
            if (!got) failed = fail(got.error());
            if (!got || *got == 0) last = true;
            if (got) size_ += *got;
            const bool enough = size_ - from >= 2 * (searched - from);
            if (enough && input.ready && !input.ready()) break;
            if (input.ready && searched < size_ && !input.ready()) break;
        }
        const std::string_view text(buffer_.data(), size_);
        from = finder_.search(text, from, base_, last);
        searched = size_;
        if (last) break;
        const bool full = size_ == buffer_.size();
        if (!full && from < buffer_.size() / 2) continue;
        const std::size_t look_back = std::min(kLookBack, buffer_.size() / 4);
        const std::size_t drop = from > look_back ? from - look_back : 0;
        if (drop == 0) { // what begins there is longer than anything that is a token
            if (full) ++from;
            continue;
        }
        if (drop > counted_) {
            line_ += count_newlines(text.substr(counted_, drop - counted_));
            counted_ = drop;
        }
        std::memmove(buffer_.data(), buffer_.data() + drop, size_ - drop);
        size_ -= drop;
        from -= drop;
        searched -= drop;
        counted_ -= drop;
        base_ += drop;
    }
    out.size = base_ + size_;
    if (!failed) return fail(failed.error());
    return out;
}

} // namespace jwtdomain::scan
