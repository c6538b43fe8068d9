// Programs that run beside us.
#include <doctest/doctest.h>

#include "jwtdomain/store/process.h"

using namespace jwtdomain;
using store::Process;

namespace {

std::string all_of(Process& process) {
    std::string out;
    char buffer[1000];
    for (;;) {
        const auto got = process.read(buffer, sizeof buffer);
        REQUIRE(got.has_value());
        if (*got == 0) return out;
        out.append(buffer, *got);
    }
}

} // namespace

TEST_CASE("store/process: it is fed while it is read, however much that is; how it ended is told") {
    constexpr std::size_t kMany = 1u << 20;
    std::size_t fed = 0;
    auto cat = Process::start({.words = {"cat"}, .without = {}, .feed = [&](char* to, std::size_t size) {
                                   const std::size_t count = std::min(size, kMany - fed);
                                   std::fill_n(to, count, 'x');
                                   fed += count;
                                   return Result<std::size_t>(count);
                               }});
    REQUIRE(cat.has_value());
    CHECK(all_of(*cat) == std::string(kMany, 'x'));
    CHECK(cat->end()->status == 0);
    auto failing = Process::start({.words = {"sh", "-c", "echo out; echo why >&2; exit 7"}, .without = {}});
    CHECK(all_of(*failing) == "out\n");
    const auto end = failing->end();
    CHECK(end->status == 7);
    CHECK(end->said == "why\n");
    auto killed = Process::start({.words = {"sh", "-c", "kill -9 $$"}, .without = {}});
    CHECK(killed->end()->status == 137);
}

TEST_CASE("store/process: nobody reads what it is handed, it is not there, it is silent, it is stopped") {
    auto deaf = Process::start({.words = {"true"}, .without = {}, .feed = [](char* to, std::size_t size) {
                                    std::fill_n(to, size, 'x');
                                    return Result<std::size_t>(size);
                                }});
    CHECK(all_of(*deaf).empty());
    CHECK(deaf->end()->status == 0);
    CHECK(Process::start({.words = {"no-such-program"}, .without = {}}).error().fault == Fault::not_found);
    char buffer[10];
    auto silent = Process::start({.words = {"sleep", "60"}, .without = {}, .patience = 0});
    CHECK(silent->read(buffer, sizeof buffer).error().fault == Fault::limit);
    auto stopped = Process::start({.words = {"sleep", "60"}, .without = {}, .stop = [] { return true; }});
    CHECK(stopped->read(buffer, sizeof buffer).error().fault == Fault::retry);
}

TEST_CASE("store/process: variables that it gets, and that it does not") {
    ::setenv("JWTDOMAIN_TEST_KEPT", "away", 1);
    auto shown = Process::start({.words = {"env"}, .without = {"JWTDOMAIN_TEST"}, .variables = {{"ADDED", "a b"}}});
    const std::string text = all_of(*shown);
    CHECK(text.find("JWTDOMAIN_TEST_KEPT") == std::string::npos);
    CHECK(text.find("ADDED=a b\n") != std::string::npos);
    CHECK(text.find("PATH=") != std::string::npos);
}
