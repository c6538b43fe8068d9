// SecretBytes: octets that are wiped when they go, cannot be copied and cannot be printed.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace jwtdomain {

// Owns a fixed-size heap buffer. Every reading of the secret goes through expose(), so that a search for
// that word finds them all.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size); // zero-filled
    explicit SecretBytes(std::string_view octets);
    SecretBytes(SecretBytes&&) noexcept;
    SecretBytes& operator=(SecretBytes&&) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    std::string_view expose() const { return {data_.get(), size_}; }
    char* expose_mutable() { return data_.get(); }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    SecretBytes clone() const { return SecretBytes(expose()); }
    // Drops all but the first `size` octets. `size` is at most size().
    void truncate(std::size_t size);

private:
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Overwrites memory in a way that the compiler may not leave out.
void wipe(void* memory, std::size_t size);

} // namespace jwtdomain
