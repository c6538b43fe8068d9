#include "jwtdomain/scan/library.h"
#include "jwtdomain/scan/unpack.h"

namespace jwtdomain::scan {
namespace {

int largest_window(std::uint64_t memory) {
    int log = 31; // what --ultra --long can ask for on 64 bits
    while (log > 10 && (std::uint64_t{1} << log) > memory) --log;
    return log;
}

class ZstdDecoder final : public Decoder {
public:
    ZstdDecoder(const ZstdLibrary& library, Allowance& allowance) : library_(library), claim_(allowance) {}
    ~ZstdDecoder() override { library_.free(stream_); }

    Result<Step> step(std::string_view& packed, bool, char*& to, std::size_t& room) override {
        if (!stream_) stream_ = library_.create();
        if (!stream_) return fail(Fault::internal, "libzstd does not begin");
        if (between_) { // each frame has a window of its own
            library_.init(stream_);
            const int log = largest_window(claim_.most());
            if (library_.is_error(library_.set_parameter(stream_, ZSTD_d_windowLogMax, log)))
                return fail(Fault::internal, "libzstd does not begin");
            between_ = false;
        }
        ZSTD_inBuffer in{packed.data(), packed.size(), 0};
        ZSTD_outBuffer out{to, room, 0};
        const std::size_t result = library_.decompress(stream_, &out, &in);
        packed.remove_prefix(in.pos);
        to += out.pos;
        room -= out.pos;
        if (library_.error_code(result) == ZSTD_error_frameParameter_windowTooLarge)
            return fail(Fault::limit, "unpacking it takes a larger window than --max-window");
        if (library_.is_error(result)) return fail(Fault::invalid, "its compressed content is broken");
        if (!claim_.hold(std::min<std::uint64_t>(library_.size_of(stream_), claim_.most())))
            return fail(Fault::limit, "unpacking it takes a larger window than --max-window");
        between_ = result == 0;
        return between_ ? Step::ended : Step::going;
    }

private:
    const ZstdLibrary& library_;
    Claim claim_;
    ZSTD_DStream* stream_ = nullptr;
    bool between_ = true;
};

} // namespace

Result<std::unique_ptr<Decoder>> zstd_decoder(Allowance& allowance) {
    const auto library = zstd_library();
    if (!library) return fail(library.error());
    return std::make_unique<ZstdDecoder>(**library, allowance);
}

} // namespace jwtdomain::scan
