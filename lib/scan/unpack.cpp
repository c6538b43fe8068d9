#include "jwtdomain/scan/unpack.h"

#include <optional>
#include <string>

#include "jwtdomain/scan/packing.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kUnpackedChunk = 64u << 10;
constexpr std::size_t kStreamMagic = 32; // octets by which a further stream is known

class Unpacking {
public:
    Unpacking(Layer layer, Input from, std::unique_ptr<Decoder> decoder)
        : input(std::move(from)), layer_(layer), decoder_(std::move(decoder)) {}

    Result<std::size_t> read(char* to, std::size_t size) {
        const char* const begin = to;
        std::size_t room = size;
        while (room == size && !failed_) {
            if (between_ || rest_.empty()) fill();
            if (between_) begin_again();
            if (over_ && !input_failed_) return std::size_t{0};
            if (over_) failed_ = input_failed_;
            if (between_ || over_) continue;
            const std::size_t had = rest_.size();
            const auto step = decoder_->step(rest_, last_, to, room);
            if (!step) failed_ = step.error();
            if (step && *step == Decoder::Step::ended) between_ = true;
            if (step && !between_ && last_ && rest_.size() == had && room == size)
                failed_ = Error{Fault::invalid, "its compressed content breaks off"};
        }
        if (to != begin) return static_cast<std::size_t>(to - begin);
        if (input_failed_) return fail(*input_failed_);
        return fail(*failed_);
    }

    // What is no part of it.
    Result<std::size_t> read_rest(char* to, std::size_t size) {
        if (!over_) return std::size_t{0};
        if (rest_.empty()) return last_ ? Result<std::size_t>(0) : input.read(to, size);
        const std::size_t count = rest_.copy(to, size);
        rest_.remove_prefix(count);
        return count;
    }

    Input input;

private:
    // What is left stays; at least what tells a further stream apart is there, unless that was all.
    void fill() {
        if (last_) return;
        std::string next(rest_);
        next.resize(kUnpackedChunk + rest_.size());
        std::size_t have = rest_.size();
        while (!last_ && have < kStreamMagic) {
            const auto got = input.read(next.data() + have, next.size() - have);
            if (!got) failed_ = input_failed_ = got.error();
            last_ = !got || *got == 0;
            if (got) have += *got;
            if (have > 0 && !between_) break;
        }
        if (input_failed_ && have > rest_.size()) failed_.reset(); // what came is looked at first
        next.resize(have);
        buffer_ = std::move(next);
        rest_ = buffer_;
    }

    // Padding may stand between streams.
    void begin_again() {
        const std::size_t padding = started_ ? std::min(rest_.find_first_not_of('\0'), rest_.size()) : 0;
        rest_.remove_prefix(padding);
        if (rest_.size() < kStreamMagic && !last_) return;
        over_ = started_ && packed_by(rest_) != layer_;
        between_ = false;
        started_ = true;
    }

    Layer layer_;
    std::unique_ptr<Decoder> decoder_;
    std::string buffer_;
    std::string_view rest_; // of the buffer
    std::optional<Error> failed_, input_failed_;
    bool last_ = false, between_ = true, started_ = false, over_ = false;
};

} // namespace

Result<Unpacked> unpacked_input(Layer layer, Input packed, Allowance& allowance) {
    auto decoder = layer == Layer::gzip || layer == Layer::zlib ? deflate_decoder(layer)
                   : layer == Layer::bzip2                      ? bzip2_decoder(allowance)
                   : layer == Layer::zstd                       ? zstd_decoder(allowance)
                                                                : lzma_decoder(layer, allowance);
    if (!decoder) return fail(decoder.error());
    const auto state = std::make_shared<Unpacking>(layer, std::move(packed), std::move(*decoder));
    Input content;
    content.ready = state->input.ready;
    content.stop = state->input.stop;
    Input rest = content;
    content.read = [state](char* to, std::size_t size) { return state->read(to, size); };
    rest.read = [state](char* to, std::size_t size) { return state->read_rest(to, size); };
    return Unpacked{.content = std::move(content), .rest = std::move(rest)};
}

} // namespace jwtdomain::scan
