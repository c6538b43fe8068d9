// Finding tokens in what is read piece by piece, in memory that does not grow with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "jwtdomain/base/result.h"
#include "jwtdomain/scan/find.h"

namespace jwtdomain::scan {

struct Input {
    // Up to `size` octets; 0 at the end. Faults: unreadable.
    std::function<Result<std::size_t>(char* to, std::size_t size)> read;
    // False if a read would have to wait: what has come in is looked at before. May be empty.
    std::function<bool()> ready = {};
    // Asked before each read; true ends the input there. May be empty.
    std::function<bool()> stop = {};
    // Up to `room` octets from any place, apart from what `read` gives; 0 at the end. Only where the input has its
    // `size`. May be empty.
    std::function<Result<std::size_t>(std::uint64_t at, char* to, std::size_t room)> read_at = {};
    std::uint64_t size = 0;
    // Once it was read: whether there was less than its size. May be empty.
    std::function<bool()> shrank = {};
    // Which part of it a place belongs to that was read; for Place. May be empty.
    std::function<std::string(std::uint64_t at)> part_at = {};
};

struct Place {
    std::uint64_t line = 1; // counting from 1
    std::string part = {};  // of a structured content: "entry 12 GET https://a.example/b, request header Cookie"
};

struct StreamEnd {
    std::uint64_t size = 0;   // octets that were read
    bool interrupted = false; // by Input::stop
};

class Stream {
public:
    using Sink = std::function<void(const Found&, const Place&)>;
    // `window`: octets that are held at a time, at least twice what a token may take in its encoding.
    Stream(Effort effort, Sink sink, std::size_t window = 4u << 20);

    // `outer`: what the input was taken out of. Faults: those of Input::read; what was read before it is looked at.
    Result<StreamEnd> scan(const Input& input, std::vector<Layer> outer = {});

    std::uint64_t size() const { return base_ + size_; } // octets that the last scan has read
    std::uint64_t work() const { return finder_.work(); }

private:
    void take(const Found& found);
    Sink sink_;
    Finder finder_;
    std::size_t window_;
    std::string buffer_;
    std::size_t size_ = 0;   // octets in the buffer
    std::uint64_t base_ = 0; // offset of its first octet
    std::uint64_t line_ = 1; // of buffer_[counted_]
    std::size_t counted_ = 0;
    const Input* input_ = nullptr; // while it is scanned
};

} // namespace jwtdomain::scan
