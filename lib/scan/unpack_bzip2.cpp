#include "jwtdomain/scan/library.h"
#include "jwtdomain/scan/unpack.h"

namespace jwtdomain::scan {
namespace {

class Bzip2Decoder final : public Decoder {
public:
    Bzip2Decoder(const Bzip2Library& library, Allowance& allowance) : library_(library), claim_(allowance) {}
    ~Bzip2Decoder() override {
        if (begun_) library_.end(&stream_);
    }

    Result<Step> step(std::string_view& packed, bool, char*& to, std::size_t& room) override {
        constexpr std::uint64_t kMost = 4u << 20; // a block of 900 kB, four octets for each of its own
        if (!claim_.hold(kMost)) return fail(Fault::limit, "unpacking it takes more memory than --max-window");
        if (!begun_ && library_.init(&stream_, 0, 0) != BZ_OK) return fail(Fault::internal, "libbz2 does not begin");
        begun_ = true;
        constexpr std::size_t kPiece = 1u << 30;
        const auto in = static_cast<unsigned>(std::min(packed.size(), kPiece));
        const auto out = static_cast<unsigned>(std::min(room, kPiece));
        stream_.next_in = const_cast<char*>(packed.data());
        stream_.avail_in = in;
        stream_.next_out = to;
        stream_.avail_out = out;
        const int result = library_.decompress(&stream_);
        packed.remove_prefix(in - stream_.avail_in);
        to += out - stream_.avail_out;
        room -= out - stream_.avail_out;
        if (result == BZ_OK) return Step::going;
        if (result != BZ_STREAM_END) return fail(Fault::invalid, "its compressed content is broken");
        library_.end(&stream_);
        begun_ = false;
        return Step::ended;
    }

private:
    const Bzip2Library& library_;
    Claim claim_;
    bz_stream stream_{};
    bool begun_ = false;
};

} // namespace

Result<std::unique_ptr<Decoder>> bzip2_decoder(Allowance& allowance) {
    const auto library = bzip2_library();
    if (!library) return fail(library.error());
    return std::make_unique<Bzip2Decoder>(**library, allowance);
}

} // namespace jwtdomain::scan
