#include "jwtdomain/base/secret.h"

#include <cstring>
#include <utility>

namespace jwtdomain {

void wipe(void* memory, std::size_t size) {
    if (size > 0) explicit_bzero(memory, size);
}

SecretBytes::SecretBytes(std::size_t size)
    : data_(size > 0 ? std::make_unique<char[]>(size) : nullptr), size_(size), capacity_(size) {}

SecretBytes::SecretBytes(std::string_view octets) : SecretBytes(octets.size()) {
    if (!octets.empty()) std::memcpy(data_.get(), octets.data(), octets.size());
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
        wipe(data_.get(), capacity_);
        data_ = std::move(other.data_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes() { wipe(data_.get(), capacity_); }

void SecretBytes::truncate(std::size_t size) {
    if (size >= size_) return;
    wipe(data_.get() + size, size_ - size);
    size_ = size;
}

} // namespace jwtdomain
