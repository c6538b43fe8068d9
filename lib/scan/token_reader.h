// Reads tokens in compact serialization, as they stand and as they were changed on their way.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "jwtdomain/scan/header.h"
#include "jwtdomain/scan/reading.h"

namespace jwtdomain::scan {

constexpr std::size_t kLongestToken = 1u << 20; // characters; what is longer breaks off there

class TokenReader {
public:
    explicit TokenReader(Effort effort) : effort_(effort) {}

    // The token whose first character is text[at] (or, of what is escaped, the escape that stands there). `last`: the
    // text ends where the input does.
    Reading read(std::string_view text, std::size_t at, bool last);

    HeaderReader& headers() { return headers_; }

    // Octets that were looked at, for tests that count work.
    std::uint64_t work() const { return work_ + headers_.work(); }

private:
    struct PlainHeader {
        Reading::Outcome outcome = Reading::Outcome::nothing; // token: it has one, and a dot behind
        std::size_t end = 0;                                  // of its run
        bool hopeless = false;                                // nor would repairs make it one
        const HeaderFacts* facts = nullptr;
    };
    PlainHeader read_plain_header(std::string_view text, std::size_t at, bool last);
    bool begins_another(std::string_view text, std::size_t at);
    Reading read_plain_signed(std::string_view text, std::size_t at, const PlainHeader& header, bool last);
    Reading read_plain_encrypted(std::string_view text, std::size_t at, const PlainHeader& header, bool last);
    Reading read_disclosures(std::string_view text, std::size_t at, Reading jws, bool last);
    Reading read_repairing(std::string_view text, std::size_t at, bool last);
    std::size_t run(std::string_view text, std::size_t begin, std::size_t from);

    Effort effort_;
    HeaderReader headers_;
    std::string cleaned_; // the characters of a token that does not stand as it is
    std::uint64_t work_ = 0;
};

} // namespace jwtdomain::scan
