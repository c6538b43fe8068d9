#include "jwtdomain/scan/inflate.h"

#include <algorithm>
#include <memory>
#include <zlib.h>

#include "jwtdomain/scan/unpack.h"

namespace jwtdomain::scan {
namespace {

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

class DeflateDecoder final : public Decoder {
public:
    explicit DeflateDecoder(Layer layer) : inflater_(layer) {}

    Result<Step> step(std::string_view& packed, bool, char*& to, std::size_t& room) override {
        switch (inflater_.step(packed, to, room)) {
        case Inflater::Step::going: return Step::going;
        case Inflater::Step::ended: inflater_.reset(); return Step::ended;
        case Inflater::Step::broken: break;
        }
        return fail(Fault::invalid, "its compressed content is broken");
    }

private:
    Inflater inflater_;
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

std::unique_ptr<Decoder> deflate_decoder(Layer layer) { return std::make_unique<DeflateDecoder>(layer); }

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
    if (!failed) {
        input.read = [failed](char*, std::size_t) -> Result<std::size_t> { return fail(failed.error()); };
    }
    put_back(input, first);
    return first;
}

void put_back(Input& input, std::string octets) {
    auto rest = std::make_shared<std::string>(std::move(octets));
    input.read = [rest, at = std::make_shared<std::size_t>(0), read = std::move(input.read)](char* to,
                                                                                             std::size_t room) {
        if (*at == rest->size()) return read(to, room);
        const std::size_t count = rest->copy(to, room, *at);
        *at += count;
        return Result<std::size_t>(count);
    };
}

} // namespace jwtdomain::scan
