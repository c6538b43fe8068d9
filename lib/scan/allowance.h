// What unpacking one input may take of memory and time, shared by all that is nested in it.
// Internal: not installed.
#pragma once

#include <algorithm>
#include <cstdint>

namespace jwtdomain::scan {

struct Allowance {
    std::uint64_t memory = 0;   // octets that decoders may still take for their windows
    std::uint64_t unpacked = 0; // octets that may come out, or more where the input is large
    std::uint64_t members = 0;  // that may still be looked at

    std::uint64_t read = 0; // octets of the input
    std::uint64_t out = 0;  // octets that came out, of all layers

    // No honest log and no honest image shrinks more than that, as a rule.
    static constexpr std::uint64_t kRatio = 200;
    bool spent() const { return out > std::max(unpacked, kRatio * read); }
};

// Memory that a decoder holds as long as it is there.
class Claim {
public:
    explicit Claim(Allowance& allowance) : allowance_(&allowance) {}
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() { allowance_->memory += held_; }

    std::uint64_t held() const { return held_; }
    // The most that it can be.
    std::uint64_t most() const { return held_ + allowance_->memory; }
    // False, and nothing is changed, if that is too much.
    bool hold(std::uint64_t size) {
        if (size > most()) return false;
        allowance_->memory = most() - size;
        held_ = size;
        return true;
    }

private:
    Allowance* allowance_;
    std::uint64_t held_ = 0;
};

} // namespace jwtdomain::scan
