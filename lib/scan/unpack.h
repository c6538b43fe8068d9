// One stream that was compressed as a whole, unpacked as it is read.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "jwtdomain/scan/allowance.h"
#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

// What a library does to a piece of a stream.
class Decoder {
public:
    Decoder() = default;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    virtual ~Decoder() = default;

    enum class Step : std::uint8_t {
        going,
        ended, // and another stream may begin at once
    };
    // Takes from `packed`, which is the `last` of it, or not, and gives to `to` as much as it can. Faults: invalid,
    // limit (it wants more memory than is allowed).
    virtual Result<Step> step(std::string_view& packed, bool last, char*& to, std::size_t& room) = 0;
};

struct Unpacked {
    Input content; // of one stream, and of those of its kind that follow it
    Input rest;    // what follows its end; to be read when the content was
};

// What is broken or breaks off ends in a fault (invalid), after all that could be had.
Result<Unpacked> unpacked_input(Layer layer, Input packed, Allowance& allowance);

std::unique_ptr<Decoder> deflate_decoder(Layer layer);
// Faults: unsupported (the library is not there).
Result<std::unique_ptr<Decoder>> bzip2_decoder(Allowance& allowance);
Result<std::unique_ptr<Decoder>> lzma_decoder(Layer layer, Allowance& allowance);
Result<std::unique_ptr<Decoder>> zstd_decoder(Allowance& allowance);

} // namespace jwtdomain::scan
