#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include "jwtdomain/store/files.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using store::glob;
namespace fs = std::filesystem;

namespace {

void touch(const TemporaryDirectory& dir, const std::string& name) {
    fs::create_directories(fs::path(dir / name).parent_path());
    std::ofstream(dir / name) << name;
}

// The answers, relative to `directory`, with a space after each.
std::string found(const std::string& directory, const std::vector<std::string>& patterns) {
    const Result<std::vector<std::string>> paths = glob(directory, patterns);
    REQUIRE(paths);
    std::string text;
    for (const std::string& path : *paths) {
        REQUIRE(path.compare(0, directory.size() + 1, directory + "/") == 0);
        text += path.substr(directory.size() + 1) + " ";
    }
    return text;
}

} // namespace

TEST_CASE("glob/names: '*' and '?' stay inside a name") {
    const TemporaryDirectory dir;
    for (const char* name : {"policy.yaml", "domains/prod.yaml", "domains/ci.yaml", "domains/eu/de.yaml",
                             "domains/prod.yml", "domains/prü.yaml"}) {
        touch(dir, name);
    }
    CHECK(found(dir.path(), {"*.yaml"}) == "policy.yaml ");
    CHECK(found(dir.path(), {"domains/*.yaml"}) == "domains/ci.yaml domains/prod.yaml domains/prü.yaml ");
    CHECK(found(dir.path(), {"domains/prod.y*ml"}) == "domains/prod.yaml domains/prod.yml ");
    CHECK(found(dir.path(), {"domains/??.yaml"}) == "domains/ci.yaml ");
    CHECK(found(dir.path(), {"domains/pr?.yaml"}) == "domains/prü.yaml "); // one character, two octets
    CHECK(found(dir.path(), {"*/*/*.yaml"}) == "domains/eu/de.yaml ");
    CHECK(found(dir.path(), {"domains/prod.yaml"}) == "domains/prod.yaml ");
    CHECK(found(dir.path(), {"./domains//prod.yaml"}) == "domains/prod.yaml ");
    CHECK(found(dir.path(), {"domains"}).empty()); // a directory is not a file
    CHECK(found(dir.path(), {"none/*.yaml"}).empty());
    CHECK(found(dir.path(), {}).empty());
}

TEST_CASE("glob/directories: '**/' is any number of directories, none too") {
    const TemporaryDirectory dir;
    for (const char* name : {"a.yaml", "x/a.yaml", "x/y/a.yaml", "x/y/z/b.yaml", "w/y/a.yaml"}) touch(dir, name);
    CHECK(found(dir.path(), {"**/a.yaml"}) == "a.yaml w/y/a.yaml x/a.yaml x/y/a.yaml ");
    CHECK(found(dir.path(), {"x/**/*.yaml"}) == "x/a.yaml x/y/a.yaml x/y/z/b.yaml ");
    CHECK(found(dir.path(), {"**/y/**/*.yaml"}) == "w/y/a.yaml x/y/a.yaml x/y/z/b.yaml ");
    CHECK(found(dir.path(), {"**"}) == "a.yaml w/y/a.yaml x/a.yaml x/y/a.yaml x/y/z/b.yaml ");
    CHECK(found(dir.path(), {"**/**/**/b.yaml"}) == "x/y/z/b.yaml ");
    CHECK(found(dir.path(), {"x/**"}) == "x/a.yaml x/y/a.yaml x/y/z/b.yaml ");
}

TEST_CASE("glob/answers: each file once, sorted by octets") {
    const TemporaryDirectory dir;
    for (const char* name : {"b", "B", "a/c", "a-c", "é", "10", "9"}) touch(dir, name);
    CHECK(found(dir.path(), {"*", "**/*", "b", "a/*"}) == "10 9 B a-c a/c b é ");
    CHECK(glob(dir.path() + "/", {"b"}) == std::vector<std::string>{dir / "b"});
}

TEST_CASE("glob/dots: a hidden file or directory is not matched by accident") {
    const TemporaryDirectory dir;
    for (const char* name : {".hidden.yaml", ".git/config.yaml", "a.yaml", "..2026_11/a.yaml"}) touch(dir, name);
    CHECK(found(dir.path(), {"**/*.yaml"}) == "a.yaml ");
    CHECK(found(dir.path(), {"?hidden.yaml", "*hidden.yaml"}).empty());
    CHECK(found(dir.path(), {".hidden.yaml", ".git/*.yaml"}) == ".git/config.yaml .hidden.yaml ");
}

TEST_CASE("glob/links: files are followed, and loops end") {
    const TemporaryDirectory dir;
    touch(dir, "real/a.yaml");
    fs::create_symlink("real/a.yaml", dir / "b.yaml");
    fs::create_directory_symlink("..", dir / "real/up");
    fs::create_directory_symlink(".", dir / "self");
    fs::create_symlink("loop", dir / "loop");
    CHECK(found(dir.path(), {"**/*.yaml"}) == "b.yaml real/a.yaml ");
    CHECK(found(dir.path(), {"real/up/self/*.yaml"}) == "real/up/self/b.yaml "); // as written
    CHECK(found(dir.path(), {"*/*/*.yaml"}) == "real/up/b.yaml self/real/a.yaml self/self/b.yaml ");
}

TEST_CASE("glob/links: a matching link that leads nowhere is an error, not a domain less") {
    const TemporaryDirectory dir;
    touch(dir, "a.yaml");
    fs::create_symlink("gone", dir / "b.yaml");
    fs::create_symlink("gone", dir / ".#a.yaml"); // an editor's lock
    const auto paths = glob(dir.path(), {"*.yaml"});
    REQUIRE_FALSE(paths);
    CHECK(paths.error().fault == Fault::unreadable);
    CHECK(paths.error().where.file == (dir / "b.yaml"));
    CHECK(found(dir.path(), {"a*.yaml"}) == "a.yaml ");
}

TEST_CASE("glob/special: FIFOs are no regular files") {
    const TemporaryDirectory dir;
    REQUIRE(mkfifo((dir / "f.yaml").c_str(), 0600) == 0);
    CHECK(found(dir.path(), {"*.yaml"}).empty());
}

TEST_CASE("glob/special: a directory with the name of a file is not passed over") {
    const TemporaryDirectory dir;
    touch(dir, "domains/x.yaml/prod.txt");
    const auto paths = glob(dir.path(), {"domains/**/*.yaml"});
    REQUIRE_FALSE(paths);
    CHECK(paths.error().fault == Fault::unreadable);
    CHECK(paths.error().where.file == (dir / "domains/x.yaml"));
    CHECK(found(dir.path(), {"domains/**/*"}) == "domains/x.yaml/prod.txt ");
    CHECK(found(dir.path(), {"domains/x.yaml/*"}) == "domains/x.yaml/prod.txt ");
}

TEST_CASE("glob/faults: what cannot be listed") {
    const TemporaryDirectory dir;
    touch(dir, "f");
    const auto fault = [](const std::string& directory, const char* pattern) {
        const auto paths = glob(directory, {pattern});
        REQUIRE_FALSE(paths);
        return paths.error().fault;
    };
    CHECK(fault(dir / "none", "*") == Fault::not_found);
    CHECK(fault(dir / "f", "*") == Fault::not_found);
    CHECK(fault("", "*") == Fault::usage);
    for (const char* pattern : {"", "/etc/*", "../*", "a/../../*", "a/", ".", "./"}) {
        CAPTURE(std::string(pattern));
        CHECK(fault(dir.path(), pattern) == Fault::invalid);
    }
}

TEST_CASE("glob/attack: a pattern of many stars takes no exponential time") {
    const TemporaryDirectory dir;
    touch(dir, std::string(200, 'a'));
    std::string stars;
    for (int i = 0; i < 60; ++i) stars += "*a";
    CHECK(found(dir.path(), {stars + "b"}).empty());
    std::string deep = "x";
    for (int i = 0; i < 60; ++i) deep += "/x";
    touch(dir, deep);
    std::string wild;
    for (int i = 0; i < 20; ++i) wild += "**/x/";
    CHECK(found(dir.path(), {wild + "y"}).empty());
    CHECK(found(dir.path(), {wild + "x"}) == deep + " ");
}
