#include "jwtdomain/scan/library.h"
#include "jwtdomain/scan/unpack.h"

namespace jwtdomain::scan {
namespace {

// xz (with all that were put one behind the other), lzip and LZMA_Alone. The decoder begins with no memory at all and
// says of each block how much that would take.
class LzmaDecoder final : public Decoder {
public:
    LzmaDecoder(const LzmaLibrary& library, Layer layer, Allowance& allowance)
        : library_(library), layer_(layer), claim_(allowance) {}
    ~LzmaDecoder() override { library_.end(&stream_); }

    Result<Step> step(std::string_view& packed, bool last, char*& to, std::size_t& room) override {
        if (!begun_ && !begin()) return fail(Fault::internal, "liblzma does not begin");
        for (;;) {
            stream_.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
            stream_.avail_in = packed.size();
            stream_.next_out = reinterpret_cast<std::uint8_t*>(to);
            stream_.avail_out = room;
            const lzma_ret result = library_.code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
            packed.remove_prefix(packed.size() - stream_.avail_in);
            to += room - stream_.avail_out;
            room = stream_.avail_out;
            switch (result) {
            case LZMA_OK:
            case LZMA_BUF_ERROR: return Step::going;
            case LZMA_STREAM_END: begun_ = false; return Step::ended;
            case LZMA_MEMLIMIT_ERROR: {
                const std::uint64_t wanted = library_.memusage(&stream_);
                if (!claim_.hold(wanted) || library_.memlimit_set(&stream_, wanted) != LZMA_OK)
                    return fail(Fault::limit, "unpacking it takes a window of " + std::to_string((wanted >> 20) + 1) +
                                                  " MiB, more than --max-window");
                continue;
            }
            default: return fail(Fault::invalid, "its compressed content is broken");
            }
        }
    }

private:
    bool begin() {
        begun_ = true;
        constexpr std::uint64_t kNothing = 1;
        if (layer_ == Layer::xz) return library_.stream_decoder(&stream_, kNothing, 0) == LZMA_OK;
        if (layer_ == Layer::lzip) return library_.lzip_decoder(&stream_, kNothing, 0) == LZMA_OK;
        return library_.alone_decoder(&stream_, kNothing) == LZMA_OK;
    }

    const LzmaLibrary& library_;
    Layer layer_;
    Claim claim_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool begun_ = false;
};

} // namespace

Result<std::unique_ptr<Decoder>> lzma_decoder(Layer layer, Allowance& allowance) {
    const auto library = lzma_library();
    if (!library) return fail(library.error());
    return std::make_unique<LzmaDecoder>(**library, layer, allowance);
}

} // namespace jwtdomain::scan
