// SecretText: a string for building up secrets. It is wiped when it goes; it does not leave copies behind as long as
// what is put into it fits the room that it was given.
#pragma once

#include <string>

#include "jwtdomain/base/secret.h"

namespace jwtdomain {

struct SecretText {
    std::string text;

    explicit SecretText(std::size_t room = 16384) { text.reserve(room); }
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    ~SecretText() {
        text.resize(text.capacity());
        wipe(text.data(), text.size());
    }
};

} // namespace jwtdomain
