#include "jwtdomain/scan/inflate.h"

#include <algorithm>
#include <memory>
#include <zlib.h>

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kPackedChunk = 64u << 10;
constexpr std::uint64_t kBombSize = 1u << 30, kBombRatio = 200;

unsigned char* octets_of(const char* text) { return reinterpret_cast<unsigned char*>(const_cast<char*>(text)); }

class Inflater {
public:
    explicit Inflater(Layer layer) {
        constexpr int kWindow = 15, kGzip = 16;
        good_ = inflateInit2(&stream_, layer == Layer::gzip ? kWindow + kGzip : kWindow) == Z_OK;
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream_); }

    enum class Step : std::uint8_t { going, ended, broken };
    // Takes from `packed` and gives to `to` as much as it can.
    Step step(std::string_view& packed, char*& to, std::size_t& room) {
        if (!good_) return Step::broken;
        stream_.next_in = octets_of(packed.data());
        stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1u << 30));
        stream_.next_out = reinterpret_cast<unsigned char*>(to);
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1u << 30));
        const uInt in = stream_.avail_in, out = stream_.avail_out;
        const int result = inflate(&stream_, Z_NO_FLUSH);
        packed.remove_prefix(in - stream_.avail_in);
        to += out - stream_.avail_out;
        room -= out - stream_.avail_out;
        if (result == Z_STREAM_END) return Step::ended;
        return result == Z_OK || result == Z_BUF_ERROR ? Step::going : Step::broken;
    }
    void reset() { good_ = good_ && inflateReset(&stream_) == Z_OK; }

private:
    z_stream stream_{};
    bool good_ = false;
};

// An input that is inflated as it is read.
struct Inflated {
    Inflated(Layer kind, Input from) : layer(kind), input(std::move(from)), inflater(kind) {}

    Result<std::size_t> read(char* to, std::size_t size) {
        const char* const begin = to;
        std::size_t room = size;
        while (room == size && !over) {
            if (rest.empty()) {
                const auto got = input.read(buffer.data(), buffer.size());
                if (!got) return fail(got.error());
                if (*got == 0) {
                    over = true;
                    broken = !between && to != begin;
                    if (!between && to == begin) return fail(Fault::invalid, "its compressed content breaks off");
                    break;
                }
                rest = std::string_view(buffer).substr(0, *got);
                packed += *got;
            }
            if (between) { // members of gzip may follow each other; what else follows is padding
                if (started && (layer != Layer::gzip || rest.front() != '\x1f')) {
                    over = true;
                    break;
                }
                inflater.reset();
                between = false;
                started = true;
            }
            const Inflater::Step step = inflater.step(rest, to, room);
            if (step == Inflater::Step::ended) between = true;
            if (step != Inflater::Step::broken) continue;
            over = true;
            if (to == begin) return fail(Fault::invalid, "its compressed content is broken");
            broken = true; // told once what was had has been taken
        }
        const auto count = static_cast<std::size_t>(to - begin);
        unpacked += count;
        if (unpacked > kBombSize && unpacked / kBombRatio > packed) {
            over = true;
            return fail(Fault::limit, "it unpacks to more than two hundred times its size");
        }
        if (count == 0 && broken) {
            broken = false;
            return fail(Fault::invalid, "its compressed content is broken");
        }
        return count;
    }

    Layer layer;
    Input input;
    Inflater inflater;
    std::string buffer = std::string(kPackedChunk, '\0');
    std::string_view rest;
    std::uint64_t packed = 0, unpacked = 0;
    bool over = false, between = true, started = false, broken = false;
};

} // namespace

std::optional<Layer> compressed_by(std::string_view text) {
    if (text.size() < 4) return std::nullopt;
    const auto octet = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    constexpr unsigned kReservedFlags = 0xe0;
    if (octet(0) == 0x1f && octet(1) == 0x8b && octet(2) == 8 && (octet(3) & kReservedFlags) == 0) return Layer::gzip;
    // Deflate with a window of 32 KiB, no dictionary, and a checksum over the two (RFC 1950 section 2.2).
    if (octet(0) != 0x78 || (octet(0) * 256 + octet(1)) % 31 != 0 || (octet(1) & 0x20) != 0) return std::nullopt;
    std::string out;
    inflate_some(Layer::zlib, text, 1u << 10, out);
    return out.empty() ? std::nullopt : std::optional(Layer::zlib);
}

std::size_t inflate_some(Layer layer, std::string_view packed, std::size_t most, std::string& out, bool* ended) {
    Inflater inflater(layer);
    std::string_view rest = packed;
    const std::size_t limit = out.size() + most;
    for (std::size_t step = 16u << 10;; step *= 2) { // what unpacks to little takes little
        const std::size_t had = out.size();
        std::size_t room = std::min(limit, had + step) - had;
        if (room == 0) break;
        out.resize(had + room);
        char* to = out.data() + had;
        const auto result = inflater.step(rest, to, room);
        out.resize(static_cast<std::size_t>(to - out.data()));
        if (ended) *ended = result == Inflater::Step::ended;
        if (result != Inflater::Step::going || (out.size() == had && rest.empty()) || room > 0) break;
    }
    return packed.size() - rest.size();
}

Input inflated(Layer layer, Input packed) {
    auto state = std::make_shared<Inflated>(layer, std::move(packed));
    return {.read = [state](char* to, std::size_t size) { return state->read(to, size); },
            .ready = state->input.ready,
            .stop = state->input.stop};
}

std::string peek(Input& input, std::size_t size) {
    std::string first(size, '\0');
    Status failed;
    std::size_t have = 0;
    while (have < size) {
        const auto got = input.read(first.data() + have, size - have);
        if (!got) failed = fail(got.error());
        if (!got || *got == 0) break;
        have += *got;
        if (input.ready && !input.ready()) break;
    }
    first.resize(have);
    auto rest = std::make_shared<std::string>(first);
    input.read = [rest, failed, read = input.read](char* to, std::size_t room) -> Result<std::size_t> {
        if (!rest->empty()) {
            const std::size_t count = rest->copy(to, room);
            rest->erase(0, count);
            return count;
        }
        if (!failed) return fail(failed.error());
        return read(to, room);
    };
    return first;
}

} // namespace jwtdomain::scan
