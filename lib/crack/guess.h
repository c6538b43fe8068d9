// Guessing the secrets of HMAC tokens: many secrets against several tokens, on several threads.
//
// A secret is padded once for all tokens of a hash. What agrees in the first word of the signature is checked in full
// by sha2::Hmac; a word that only looks like it is one in 2^32.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::crack {

struct Target {
    Algorithm algorithm; // HS256, HS384 or HS512
    std::string signing_input;
    std::string signature; // its octets, as many as the algorithm has
};

// What is looked for. Used by all threads; made once, and outlives its workers.
class Targets {
public:
    explicit Targets(std::vector<Target> targets);
    ~Targets();
    Targets(const Targets&) = delete;
    Targets& operator=(const Targets&) = delete;

    std::size_t size() const;
    bool found(std::size_t target) const;
    bool set_found(std::size_t target); // it is not tried any more; false if it was found before
    bool all_found() const;
    // As a verifier does: the whole signature, by OpenSSL.
    bool verifies(std::size_t target, std::string_view secret) const;

private:
    friend class Worker;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// How a word of a list is varied.
enum class Variation : std::uint8_t {
    none,
    // Also in small letters, capitalised, in capitals, and with digits and signs for letters; each with common ends
    // ("123", "!", a year, a newline); then twice, and repeated to 32 octets. Words above 64 octets are left as they
    // are.
    simple,
};

// One thread's part. Not to be copied; wipes what it held.
class Worker {
public:
    // Told of the secret of a target, once; the view lives for the call alone.
    using Hit = std::function<void(std::size_t target, std::string_view secret)>;
    // Asked every few thousand secrets; true ends the words that are being tried. May be empty.
    using Stop = std::function<bool()>;

    Worker(Targets& targets, Hit hit, Stop stop = {});
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Lines, each a secret, without their line ends (LF or CRLF); empty ones are none. False if it was stopped.
    bool lines(std::string_view text, Variation variation);
    // One secret, whatever octets it has. It must live until flush().
    void secret(std::string_view octets);
    // Tries those that were only collected yet.
    void flush();

    std::uint64_t tried() const; // secrets

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// What is tried without any list: the secrets of jwt/known_keys.h in every reading, the empty one, and the words that
// people make secrets of, alone and two together, varied. Of as many parts as there are workers, this one. False if it
// was stopped.
bool try_built_in(Worker& worker, std::size_t part = 0, std::size_t parts = 1);

} // namespace jwtdomain::crack
