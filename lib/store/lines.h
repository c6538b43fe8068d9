// A private file that grows line by line while something runs, so that what has come is there when it is ended.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain::store {

class PrivateLines {
public:
    // Makes it (0600, with its parent directories 0700), or opens a regular file that is there and that nobody else may
    // read or write. It is locked until this object goes. Nothing is written yet. Faults: usage, unreadable, invalid
    // (others may read it, or own it; it is no regular file), retry (another process has it).
    static Result<PrivateLines> open(const std::string& path);
    PrivateLines(PrivateLines&& other) noexcept;
    PrivateLines& operator=(PrivateLines&&) = delete;
    ~PrivateLines();

    // What was there: at most `limit` octets. Faults: unreadable, limit.
    Result<std::string> read(std::size_t limit) const;
    // The first octets of it. Faults: unreadable.
    Result<std::string> read_start(std::size_t size) const;
    // Cuts off what is after `size`: a line that was begun when its writer was ended. Faults: unreadable.
    Status keep(std::size_t size) const;
    // Adds a line; the newline is put behind it. Not durable until the system writes it. Faults: unreadable.
    Status append(std::string line) const;

private:
    PrivateLines(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    int descriptor_ = -1;
    std::string path_;
};

} // namespace jwtdomain::store
