#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "jwtdomain/store/files.h"
#include "temporary_directory.h"

using namespace jwtdomain;
using namespace jwtdomain::store;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLimit = 1u << 20;

void put(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

std::string content_of(const std::string& path) {
    const Result<std::string> content = read_file(path, kLimit);
    INFO(path);
    REQUIRE(content);
    return *content;
}

unsigned mode_of(const std::string& path) {
    struct stat info {};
    REQUIRE(lstat(path.c_str(), &info) == 0);
    return info.st_mode & 07777;
}

std::size_t entries(const std::string& directory) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

template <class T> Fault fault(const T& result) {
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().message.empty());
    return result.error().fault;
}

// Runs `what` in a child that is killed after `milliseconds`, if given; answers its exit status, or -1.
int in_child(const std::function<int()>& what, unsigned milliseconds = 0) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(what());
    if (milliseconds > 0) {
        usleep(milliseconds * 1000);
        kill(child, SIGKILL);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// What a full disk does to one process: writing past `octets` fails.
void limit_file_size(rlim_t octets) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = octets, .rlim_max = octets};
    setrlimit(RLIMIT_FSIZE, &limit);
}

} // namespace

TEST_CASE("store/read: the octets as they are") {
    const TemporaryDirectory dir;
    for (const std::size_t size : {0u, 1u, 1023u, 1024u, 1025u, 70000u}) {
        std::string octets(size, '\0');
        for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<char>(i * 7);
        put(dir / "f", octets);
        CHECK(content_of(dir / "f") == octets);
    }
    CHECK(content_of("/proc/self/stat").size() > 20); // announces a size of 0
}

TEST_CASE("store/read: exactly the limit passes, one more does not") {
    const TemporaryDirectory dir;
    put(dir / "f", std::string(4096, 'x'));
    CHECK(read_file(dir / "f", 4096));
    CHECK(fault(read_file(dir / "f", 4095)) == Fault::limit);
    CHECK(fault(read_file("/proc/self/stat", 10)) == Fault::limit);
    chmod((dir / "f").c_str(), 0600);
    CHECK(read_private_file(dir / "f", 4096));
    CHECK(fault(read_private_file(dir / "f", 4095)) == Fault::limit);
}

TEST_CASE("store/read: a missing file, a directory, a broken or looping link, a bad path") {
    const TemporaryDirectory dir;
    CHECK(fault(read_file(dir / "none", kLimit)) == Fault::not_found);
    CHECK(fault(read_file(dir / "none/none", kLimit)) == Fault::not_found);
    CHECK(fault(read_file(dir.path(), kLimit)) == Fault::unreadable);
    fs::create_symlink("nowhere", dir / "broken");
    CHECK(fault(read_file(dir / "broken", kLimit)) == Fault::not_found);
    fs::create_symlink("loop", dir / "loop");
    CHECK(fault(read_file(dir / "loop", kLimit)) == Fault::unreadable);
    CHECK(fault(read_file("", kLimit)) == Fault::usage);
    put(dir / "f", "x");
    CHECK(fault(read_file((dir / "f") + std::string("\0.yaml", 6), kLimit)) == Fault::usage);
    CHECK(fault(read_file("/proc/self/mem", kLimit)) == Fault::unreadable); // opens, but cannot be read at 0
    const Result<std::string> error = read_file(dir / "none", kLimit);
    CHECK(describe(error.error()) == (dir / "none") + ": cannot read it: No such file or directory");
}

TEST_CASE("store/read: a FIFO or a device does not make us wait") {
    const TemporaryDirectory dir;
    REQUIRE(mkfifo((dir / "fifo").c_str(), 0600) == 0);
    CHECK(fault(read_file(dir / "fifo", kLimit)) == Fault::unreadable);
    CHECK(fault(read_private_file(dir / "fifo", kLimit)) == Fault::unreadable);
    CHECK(fault(read_file("/dev/zero", kLimit)) == Fault::unreadable);
}

TEST_CASE("store/read: a pipe of the shell, as in <(command), is read to its end") {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::thread writer([&] {
        usleep(20000); // the reader is there first and has to wait
        CHECK(write(ends[1], "from a pipe", 11) == 11);
        close(ends[1]);
    });
    CHECK(content_of("/dev/fd/" + std::to_string(ends[0])) == "from a pipe");
    writer.join();
    close(ends[0]);
}

TEST_CASE("store/read: a file that we may not read, a directory that we may not write") {
    const TemporaryDirectory dir;
    put(dir / "f", "x");
    fs::create_directory(dir / "d");
    chmod((dir / "f").c_str(), 0);
    chmod((dir / "d").c_str(), 0555);
    chmod(dir.path().c_str(), 0755);
    CHECK(in_child([&] {
              if (geteuid() == 0 && seteuid(65534) != 0) return 1; // root may do all
              const Result<std::string> content = read_file(dir / "f", kLimit);
              if (content || content.error().fault != Fault::unreadable || content.error().hint.empty()) return 2;
              const Status written = write_file(dir / "d/g", "x", Existing::replace);
              if (written || written.error().fault != Fault::unreadable || written.error().hint.empty()) return 3;
              const Result<std::vector<std::string>> paths = glob(dir / "f", {"*"});
              return paths ? 4 : 0;
          }) == 0);
}

TEST_CASE("store/private: a key that others may read or write is refused, with what to type") {
    const TemporaryDirectory dir;
    put(dir / "key file", "secret");
    for (const unsigned mode : {0640u, 0604u, 0620u, 0602u, 0644u, 0666u, 0610u}) {
        chmod((dir / "key file").c_str(), mode);
        const Result<SecretBytes> key = read_private_file(dir / "key file", kLimit);
        REQUIRE_FALSE(key);
        CHECK(key.error().fault == Fault::invalid);
        CHECK(key.error().hint.find("chmod 600 '" + (dir / "key file") + "'") == 0);
    }
    for (const unsigned mode : {0600u, 0400u}) {
        chmod((dir / "key file").c_str(), mode);
        const Result<SecretBytes> key = read_private_file(dir / "key file", kLimit);
        REQUIRE(key);
        CHECK(key->expose() == "secret");
    }
    fs::create_symlink("key file", dir / "link");
    CHECK(read_private_file(dir / "link", kLimit)); // the mode that counts is the file's
    chmod((dir / "key file").c_str(), 0644);
    CHECK(fault(read_private_file(dir / "link", kLimit)) == Fault::invalid);
}

TEST_CASE("store/private: a file that its content may show to be private comes with what stands against it") {
    const TemporaryDirectory dir;
    put(dir / "key", "secret");
    chmod((dir / "key").c_str(), 0644);
    const Result<GuardedContent> open = read_guarded_file(dir / "key", kLimit);
    REQUIRE(open);
    CHECK(open->octets.expose() == "secret");
    REQUIRE_FALSE(open->closed);
    CHECK(open->closed.error().hint.find("chmod 600") == 0);
    chmod((dir / "key").c_str(), 0600);
    CHECK(read_guarded_file(dir / "key", kLimit)->closed);
    CHECK(read_guarded_file(dir / "key", 3).error().fault == Fault::limit);
    CHECK(read_guarded_file(dir / "none", kLimit).error().fault == Fault::not_found);
}

TEST_CASE("store/write: parents are made, content arrives, nothing else is left") {
    const TemporaryDirectory dir;
    REQUIRE(write_file(dir / "a/b/c.json", "one", Existing::refuse));
    CHECK(content_of(dir / "a/b/c.json") == "one");
    CHECK(entries(dir / "a/b") == 1);
    REQUIRE(write_file(dir / "a/b/c.json", "two", Existing::replace));
    CHECK(content_of(dir / "a/b/c.json") == "two");
    CHECK(entries(dir / "a/b") == 1);
    const std::string large(3 << 20, 'x');
    REQUIRE(write_file(dir / "large", large, Existing::refuse));
    CHECK(fs::file_size(dir / "large") == large.size());
}

TEST_CASE("store/write: what exists is never overwritten unasked") {
    const TemporaryDirectory dir;
    put(dir / "f", "mine");
    CHECK(fault(write_file(dir / "f", "theirs", Existing::refuse)) == Fault::conflict);
    CHECK(fault(write_private_file(dir / "f", "theirs", Existing::refuse)) == Fault::conflict);
    fs::create_symlink("nowhere", dir / "broken");
    CHECK(fault(write_file(dir / "broken", "x", Existing::refuse)) == Fault::conflict);
    CHECK_FALSE(fs::exists(dir / "nowhere"));
    CHECK(content_of(dir / "f") == "mine");
    CHECK(entries(dir.path()) == 2);
}

TEST_CASE("store/write: a directory in the place of the file, a file in the place of a directory") {
    const TemporaryDirectory dir;
    fs::create_directory(dir / "d");
    CHECK(fault(write_file(dir / "d", "x", Existing::replace)) == Fault::unreadable);
    CHECK(fault(write_file(dir / "d", "x", Existing::refuse)) == Fault::unreadable);
    CHECK(fault(write_file(dir / "d/", "x", Existing::replace)) == Fault::unreadable);
    put(dir / "f", "mine");
    CHECK(fault(write_file(dir / "f/g", "x", Existing::replace)) == Fault::unreadable);
    CHECK(content_of(dir / "f") == "mine");
    CHECK(fault(write_file(dir / std::string(300, 'n'), "x", Existing::refuse)) == Fault::unreadable);
    CHECK(entries(dir.path()) == 2);
}

TEST_CASE("store/write: modes") {
    const TemporaryDirectory dir;
    const mode_t before = umask(027);
    CHECK(write_file(dir / "public", "x", Existing::refuse));
    CHECK(write_private_file(dir / "state/private", "x", Existing::refuse));
    umask(0777);
    CHECK(write_private_file(dir / "private", "x", Existing::refuse));
    umask(0);
    CHECK(write_private_file(dir / "open", "x", Existing::refuse));
    umask(before);
    CHECK(mode_of(dir / "public") == 0640);
    CHECK(mode_of(dir / "state") == 0700);
    CHECK(mode_of(dir / "state/private") == 0600);
    CHECK(mode_of(dir / "private") == 0600);
    CHECK(mode_of(dir / "open") == 0600);

    chmod((dir / "public").c_str(), 0604);
    REQUIRE(write_file(dir / "public", "y", Existing::replace));
    CHECK(mode_of(dir / "public") == 0604); // a web server may have to read it
    chmod((dir / "private").c_str(), 0644);
    REQUIRE(write_private_file(dir / "private", "y", Existing::replace));
    CHECK(mode_of(dir / "private") == 0600);
}

TEST_CASE("store/write: a link to a public file is followed, a link for a private one refused") {
    const TemporaryDirectory dir;
    fs::create_directory(dir / "published");
    put(dir / "published/jwks.json", "old");
    fs::create_symlink("published/jwks.json", dir / "jwks.json");
    REQUIRE(write_file(dir / "jwks.json", "new", Existing::replace));
    CHECK(fs::is_symlink(dir / "jwks.json"));
    CHECK(content_of(dir / "published/jwks.json") == "new");

    CHECK(fault(write_private_file(dir / "jwks.json", "key", Existing::replace)) == Fault::conflict);
    CHECK(content_of(dir / "published/jwks.json") == "new");

    fs::create_symlink("nowhere", dir / "broken");
    CHECK(fault(write_file(dir / "broken", "x", Existing::replace)) == Fault::unreadable);
    CHECK(fs::is_symlink(dir / "broken"));
    fs::create_symlink("published", dir / "folder");
    CHECK(fault(write_file(dir / "folder", "x", Existing::replace)) == Fault::unreadable);
}

TEST_CASE("store/write: a device stays a device, and a full one is an error") {
    CHECK(write_file("/dev/null", "x", Existing::replace));
    CHECK(fault(write_file("/dev/null", "x", Existing::refuse)) == Fault::conflict);
    const Status full = write_file("/dev/full", "x", Existing::replace);
    CHECK(fault(full) == Fault::unreadable);
    CHECK(full.error().hint == "free some space and try again");
    CHECK(fs::is_character_file("/dev/null"));
    CHECK(fs::is_character_file("/dev/full"));
    CHECK(fault(write_private_file("/dev/null", "x", Existing::replace)) == Fault::conflict);
}

TEST_CASE("store/write: a full disk leaves the old content and no temporary file") {
    const TemporaryDirectory dir;
    put(dir / "f", "old");
    const std::string large(100000, 'x');
    const int status = in_child([&] {
        limit_file_size(65536);
        for (const char* name : {"f", "new"}) {
            const Status written = write_file(dir / name, large, Existing::replace);
            if (written || written.error().fault != Fault::unreadable || written.error().hint.empty()) return 1;
            if (write_private_file(dir / name, large, Existing::replace)) return 2;
        }
        return write_file(dir / "small", "fits", Existing::refuse) ? 0 : 3;
    });
    CHECK(status == 0);
    CHECK(content_of(dir / "f") == "old");
    CHECK(content_of(dir / "small") == "fits");
    CHECK(entries(dir.path()) == 2);
}

TEST_CASE("store/write: a writer that is killed leaves the old content or the new, never a part") {
    const TemporaryDirectory dir;
    const std::string a(50000, 'a'), b(60000, 'b');
    put(dir / "f", a);
    for (int round = 0; round < 20; ++round) {
        in_child(
            [&] {
                for (;;) {
                    if (!write_file(dir / "f", b, Existing::replace) || !write_file(dir / "f", a, Existing::replace))
                        return 1;
                }
            },
            5);
        const std::string content = content_of(dir / "f");
        REQUIRE((content == a || content == b));
    }
}

TEST_CASE("store/write: readers beside two writers never see a torn file") {
    const TemporaryDirectory dir;
    const std::string texts[] = {std::string(30000, 'a'), std::string(50000, 'b')};
    REQUIRE(write_file(dir / "f", texts[0], Existing::refuse));
    std::atomic<int> torn = 0, failed = 0, readings = 0, writers = 2;
    std::vector<std::thread> threads;
    for (const std::string& text : texts) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) failed += !write_file(dir / "f", text, Existing::replace);
            --writers;
        });
        threads.emplace_back([&] {
            do {
                const Result<std::string> content = read_file(dir / "f", kLimit);
                torn += !content || (*content != texts[0] && *content != texts[1]);
                ++readings;
            } while (writers > 0);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(torn == 0);
    CHECK(failed == 0);
    CHECK(readings > 2);
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("store/write: of many who create one file, exactly one wins") {
    const TemporaryDirectory dir;
    for (int round = 0; round < 20; ++round) {
        const std::string path = dir / ("f" + std::to_string(round));
        std::atomic<int> winner = -1, winners = 0, conflicts = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                const Status written =
                    write_private_file(path, std::string(1, static_cast<char>('0' + i)), Existing::refuse);
                if (written) {
                    winner = i;
                    ++winners;
                } else if (written.error().fault == Fault::conflict) {
                    ++conflicts;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        REQUIRE(winners == 1);
        REQUIRE(conflicts == 3);
        REQUIRE(content_of(path) == std::to_string(winner));
    }
}

TEST_CASE("store/git: a private file is refused anywhere inside a work tree") {
    const TemporaryDirectory dir;
    fs::create_directories(dir / "repo/.git");
    fs::create_directories(dir / "repo/sub");
    fs::create_directories(dir / "linked"); // git worktree and submodules have a file there
    put(dir / "linked/.git", "gitdir: ../repo/.git/worktrees/linked\n");
    fs::create_symlink("repo/sub", dir / "innocent");
    for (const char* path : {"repo/key.pem", "repo/sub/key.pem", "repo/new/deeper/key.pem", "repo/sub/../key.pem",
                             "linked/key.pem", "innocent/key.pem", "innocent/new/key.pem", "none/../repo/key.pem"}) {
        CAPTURE(std::string(path));
        const Status written = write_private_file(dir / path, "key", Existing::refuse);
        CHECK(fault(written) == Fault::conflict);
        CHECK_FALSE(written.error().hint.empty());
    }
    CHECK_FALSE(fs::exists(dir / "repo/new"));
    CHECK(write_file(dir / "repo/jwks.json", "{}", Existing::refuse)); // public material belongs there
    CHECK(write_private_file(dir / "key.pem", "key", Existing::refuse));
    CHECK(git_work_tree_of(dir / "repo/new/deeper/x") == (dir / "repo"));
    CHECK(git_work_tree_of(dir / "innocent/x") == (dir / "repo"));
    CHECK(git_work_tree_of(dir / "x").empty());
}

TEST_CASE("store/git: a path relative to the working directory is followed too") {
    const TemporaryDirectory dir;
    fs::create_directories(dir / "repo/.git");
    CHECK(in_child([&] {
              if (chdir((dir / "repo").c_str()) != 0) return 1;
              if (write_private_file("key.pem", "key", Existing::refuse)) return 2;
              if (write_private_file("new/key.pem", "key", Existing::refuse)) return 3;
              if (git_work_tree_of("x") != dir / "repo") return 4;
              return write_private_file("../key.pem", "key", Existing::refuse) ? 0 : 5;
          }) == 0);
}

TEST_CASE("store/directory: the directory of private state") {
    const TemporaryDirectory dir;
    const mode_t before = umask(0);
    CHECK(make_private_directory(dir / "a/b/c"));
    umask(before);
    CHECK(mode_of(dir / "a") == 0700);
    CHECK(mode_of(dir / "a/b/c") == 0700);
    CHECK(make_private_directory(dir / "a/b/c"));
    CHECK(make_private_directory(dir / "a/b/c/"));
    for (const unsigned mode : {0755u, 0710u, 0701u, 0770u, 0704u}) {
        chmod((dir / "a").c_str(), mode);
        const Status made = make_private_directory(dir / "a");
        CHECK(fault(made) == Fault::invalid);
        CHECK(made.error().hint == "chmod 700 " + (dir / "a"));
        CHECK(mode_of(dir / "a") == mode); // refused, not changed: who opened it may have a reason
    }
    put(dir / "f", "");
    CHECK(fault(make_private_directory(dir / "f")) == Fault::unreadable);
    CHECK(fault(make_private_directory(dir / "f/g")) == Fault::unreadable);
    CHECK(fault(make_private_directory("")) == Fault::usage);
}
