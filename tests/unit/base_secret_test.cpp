#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "jwtdomain/base/secret.h"

using jwtdomain::SecretBytes;

namespace {

// What the watched memory held at the moment in which it was given back.
const void* watched = nullptr;
std::size_t watched_size = 0;
bool was_freed = false;
bool was_wiped = false;

void watch(const SecretBytes& secret) {
    watched = secret.expose().data();
    watched_size = secret.size();
    was_freed = was_wiped = false;
}

template <class T, class = void> struct Prints : std::false_type {};
template <class T> struct Prints<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

} // namespace

// The tests' own, so that the memory can be looked at while it still is ours.
void* operator new[](std::size_t size) {
    void* const memory = std::malloc(size > 0 ? size : 1);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void operator delete[](void* memory) noexcept {
    if (memory != nullptr && memory == watched) {
        const auto* const octets = static_cast<const char*>(memory);
        was_freed = true;
        was_wiped = std::all_of(octets, octets + watched_size, [](char c) { return c == 0; });
        watched = nullptr;
    }
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept { operator delete[](memory); }

TEST_CASE("secret/type: cannot be copied or printed, nor turned into a string by accident") {
    static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
    static_assert(std::is_nothrow_move_constructible_v<SecretBytes> && std::is_nothrow_move_assignable_v<SecretBytes>);
    static_assert(!std::is_convertible_v<SecretBytes, std::string_view> &&
                  !std::is_convertible_v<SecretBytes, std::string>);
    static_assert(!std::is_convertible_v<std::string_view, SecretBytes>);
    static_assert(Prints<std::string>::value && !Prints<SecretBytes>::value);
    CHECK(SecretBytes("s3cret").expose() == "s3cret");
}

TEST_CASE("secret/wipe: memory is zero when it is given back, short secrets too") {
    for (const std::size_t size : {std::size_t{1}, std::size_t{14}, std::size_t{32}, std::size_t{100000}}) {
        CAPTURE(size);
        {
            const SecretBytes secret(std::string(size, 'k'));
            watch(secret);
        }
        CHECK(was_freed);
        CHECK(was_wiped);
    }
}

TEST_CASE("secret/wipe: also when another is moved over it, and after it was cut") {
    SecretBytes secret("first secret");
    watch(secret);
    secret = SecretBytes("second");
    CHECK(was_freed);
    CHECK(was_wiped);
    CHECK(secret.expose() == "second");

    SecretBytes cut("abcdefgh");
    watch(cut);
    cut.truncate(3);
    CHECK(cut.expose() == "abc");
    CHECK(std::string(cut.expose_mutable(), 8) == std::string("abc\0\0\0\0\0", 8));
    cut.truncate(99);
    CHECK(cut.size() == 3);
    cut = SecretBytes();
    CHECK(was_freed);
    CHECK(was_wiped);
    CHECK(cut.empty());
}

TEST_CASE("secret/move: leaves nothing behind") {
    SecretBytes from("secret");
    watch(from);
    SecretBytes to(std::move(from));
    CHECK(from.empty()); // NOLINT(bugprone-use-after-move): that is the promise
    CHECK(from.expose().empty());
    CHECK_FALSE(was_freed);
    CHECK(to.expose() == "secret");
    SecretBytes& self = to;
    to = std::move(self);
    CHECK(to.expose() == "secret");
    const SecretBytes copy = to.clone();
    CHECK(copy.expose() == "secret");
    CHECK(copy.expose().data() != to.expose().data());
}

TEST_CASE("secret/zero: a new buffer holds zeros, an empty one nothing") {
    const SecretBytes zeros(16);
    CHECK(zeros.expose() == std::string(16, '\0'));
    CHECK(SecretBytes().empty());
    CHECK(SecretBytes(std::string_view()).expose().empty());
}
