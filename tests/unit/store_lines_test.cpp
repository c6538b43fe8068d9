// Private files that grow line by line.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

#include "jwtdomain/store/lines.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using store::PrivateLines;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("store/lines: it is private from the start, keeps what is there, and is one's at a time") {
    const TemporaryDirectory directory;
    const std::string path = directory / "deep/er/file.jsonl";
    {
        const auto lines = PrivateLines::open(path);
        REQUIRE(lines);
        struct stat info {};
        REQUIRE(stat(path.c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
        CHECK(lines->read(0).value().empty());
        CHECK(lines->append("one"));
        CHECK(content_of(path) == "one\n");
        const auto other = PrivateLines::open(path);
        REQUIRE(!other);
        CHECK(other.error().fault == Fault::retry);
    }
    const auto lines = PrivateLines::open(path);
    REQUIRE(lines);
    CHECK(lines->append("two"));
    CHECK(lines->read(8).value() == "one\ntwo\n");
    CHECK(lines->read(7).error().fault == Fault::limit);
    CHECK(lines->read_start(3).value() == "one");
    CHECK(lines->keep(4));
    CHECK(lines->append("three"));
    CHECK(content_of(path) == "one\nthree\n");
}

TEST_CASE("store/lines: what others may read, and what is no file, is refused") {
    const TemporaryDirectory directory;
    const std::string path = directory / "file";
    std::ofstream(path) << "x";
    chmod(path.c_str(), 0640);
    CHECK(PrivateLines::open(path).error().fault == Fault::invalid);
    chmod(path.c_str(), 0600);
    CHECK(PrivateLines::open(path));
    REQUIRE(symlink(path.c_str(), (directory / "link").c_str()) == 0);
    CHECK(PrivateLines::open(directory / "link").error().fault == Fault::invalid);
    REQUIRE(mkfifo((directory / "fifo").c_str(), 0600) == 0);
    CHECK(PrivateLines::open(directory / "fifo").error().fault == Fault::invalid);
    CHECK(PrivateLines::open(directory.path()).error().fault == Fault::unreadable);
    CHECK(PrivateLines::open(path + "/below").error().fault == Fault::unreadable);
    CHECK(PrivateLines::open("").error().fault == Fault::usage);
    CHECK(content_of(path) == "x");
}
