// A file that is read from its beginning to its end, piece by piece: for what is too large to be held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "jwtdomain/base/result.h"

namespace jwtdomain::store {

class SequentialFile {
public:
    // Links are followed; a pipe is read where read_file() reads one. Faults: as read_file().
    static Result<SequentialFile> open(const std::string& path);
    SequentialFile(SequentialFile&& other) noexcept;
    SequentialFile& operator=(SequentialFile&&) = delete;
    ~SequentialFile();

    // Up to `size` octets; 0 at the end. Faults: unreadable.
    Result<std::size_t> read(char* to, std::size_t size);
    // Goes on behind `size` octets, or at the end. Faults: unreadable.
    Status skip(std::uint64_t size);
    // Of a regular file, when it was opened.
    std::optional<std::uint64_t> size() const { return size_; }

private:
    SequentialFile(int descriptor, std::string path, std::optional<std::uint64_t> size)
        : descriptor_(descriptor), path_(std::move(path)), size_(size) {}
    int descriptor_ = -1;
    std::string path_;
    std::optional<std::uint64_t> size_;
};

} // namespace jwtdomain::store
