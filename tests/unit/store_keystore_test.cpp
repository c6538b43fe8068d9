#include <doctest/doctest.h>

#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/keystore.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using store::KeyStore;
using store::StoreLock;

namespace {

const std::string kPrint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

unsigned mode_of(const std::string& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777u : 0;
}

} // namespace

TEST_CASE("store/keystore: a key is kept closed, once, and read again") {
    TemporaryDirectory directory;
    const KeyStore keys(directory / "state");
    CHECK_FALSE(keys.contains(kPrint));
    CHECK(keys.read(kPrint).error().fault == Fault::not_found);
    const mode_t before = umask(0);
    CHECK(keys.add(kPrint, SecretBytes(std::string_view("secret"))).has_value());
    umask(before);
    CHECK(mode_of(keys.directory()) == 0700);
    CHECK(mode_of(keys.path_of(kPrint)) == 0600);
    CHECK(keys.contains(kPrint));
    CHECK(keys.read(kPrint)->expose() == "secret");
    CHECK(keys.add(kPrint, SecretBytes(std::string_view("another"))).error().fault == Fault::conflict);
    CHECK(keys.read(kPrint)->expose() == "secret");
    CHECK(keys.remove(kPrint).has_value());
    CHECK_FALSE(keys.contains(kPrint));
}

TEST_CASE("store/keystore: a key that others may read or write is refused") {
    TemporaryDirectory directory;
    const KeyStore keys(directory / "state");
    REQUIRE(keys.add(kPrint, SecretBytes(std::string_view("secret"))).has_value());
    for (const mode_t mode : {0640u, 0604u, 0620u, 0602u}) {
        chmod(keys.path_of(kPrint).c_str(), mode);
        CHECK(keys.read(kPrint).error().fault == Fault::invalid);
    }
}

TEST_CASE("store/keystore: nothing but a thumbprint becomes a path") {
    TemporaryDirectory directory;
    const KeyStore keys(directory / "state");
    const std::string other = directory / "state/outside.jwk";
    REQUIRE(store::write_private_file(other, "secret", store::Existing::refuse).has_value());
    for (const std::string& name :
         {std::string("../outside"), std::string(), std::string(43, '/'), std::string("..") + std::string(41, 'a'),
          std::string(42, 'a'), std::string(44, 'a')}) {
        CHECK_FALSE(keys.contains(name));
        CHECK_FALSE(keys.read(name).has_value());
        CHECK_FALSE(keys.add(name, SecretBytes(std::string_view("x"))).has_value());
        CHECK_FALSE(keys.remove(name).has_value());
    }
}

TEST_CASE("store/keystore: never inside a git work tree, never where others may look in") {
    TemporaryDirectory directory;
    const KeyStore keys(directory / "state");
    SUBCASE("a work tree") { std::filesystem::create_directories(directory / ".git"); }
    SUBCASE("an open directory") {
        std::filesystem::create_directories(keys.directory());
        chmod(keys.directory().c_str(), 0750);
    }
    CHECK_FALSE(keys.add(kPrint, SecretBytes(std::string_view("secret"))).has_value());
    CHECK_FALSE(StoreLock::acquire(keys).has_value());
    CHECK_FALSE(keys.contains(kPrint));
}

TEST_CASE("store/keystore: the lock is held by one process at a time, and goes with it") {
    TemporaryDirectory directory;
    const KeyStore keys(directory / "state");
    int ready[2] = {}, done[2] = {};
    REQUIRE(pipe(ready) == 0);
    REQUIRE(pipe(done) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto lock = StoreLock::acquire(keys);
        char c = lock ? 'y' : 'n';
        if (write(ready[1], &c, 1) != 1 || read(done[0], &c, 1) != 1) _exit(1);
        _exit(0); // without giving it back
    }
    char c = 0;
    REQUIRE(read(ready[0], &c, 1) == 1);
    CHECK(c == 'y');
    CHECK(StoreLock::acquire(keys).error().fault == Fault::retry);
    REQUIRE(write(done[1], "x", 1) == 1);
    waitpid(child, nullptr, 0);
    CHECK(StoreLock::acquire(keys).has_value());
    CHECK(StoreLock::acquire(keys).has_value()); // the first has gone out of scope
    for (const int end : {ready[0], ready[1], done[0], done[1]}) close(end);
}
