// Words against tokens: what is found, and what is tried.
#include <set>

#include <doctest/doctest.h>

#include "jwtdomain/crack/guess.h"
#include "jwtdomain/crack/variations.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/known_keys.h"

using namespace jwtdomain;
using namespace jwtdomain::crack;

namespace {

Target target(Algorithm algorithm, std::string_view secret, std::string input = "eyJhbGciOiJIUzI1NiJ9.e30") {
    unsigned char result[sha2::kMaxDigest];
    const std::size_t size = sha2::Hmac(info(algorithm).hash_bits, secret).mac(input, result);
    return {algorithm, std::move(input), std::string(reinterpret_cast<const char*>(result), size)};
}

using Found = std::vector<std::pair<std::size_t, std::string>>;

struct Run {
    explicit Run(std::vector<Target> wanted)
        : targets(std::move(wanted)),
          worker(targets, [this](std::size_t index, std::string_view secret) { found.emplace_back(index, secret); }) {}
    Found found;
    Targets targets;
    Worker worker;
};

std::vector<std::string> varied(std::string_view word) {
    std::vector<std::string> out;
    Variations variations(word);
    char each[2 * kLongestVaried];
    while (const std::size_t size = variations.next(each)) out.emplace_back(each, size);
    return out;
}

} // namespace

TEST_CASE("crack/guess: every place of a list, every line end, every algorithm, several tokens at once") {
    const std::string list = "first\nsecond\r\nthird\n\nfourth\nfifth\nsixth";
    const std::vector<std::string> words{"first", "second", "third", "fourth", "fifth", "sixth"};
    for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512}) {
        std::vector<Target> wanted;
        for (const std::string& word : words) wanted.push_back(target(algorithm, word, "eyJ9." + word));
        wanted.push_back(target(algorithm, "none of them"));
        Run run(std::move(wanted));
        CHECK(run.worker.lines(list, Variation::none));
        REQUIRE(run.found.size() == words.size());
        for (const auto& [index, secret] : run.found) CHECK(secret == words[index]);
        CHECK(run.worker.tried() == words.size());
        CHECK_FALSE(run.targets.all_found());
        CHECK_FALSE(run.targets.found(words.size()));
    }
}

TEST_CASE("crack/guess: secrets longer than a block, with zeros, and of one octet") {
    const std::vector<std::string> words{std::string(64, 'a'),  std::string(65, 'b'),  std::string(128, 'c'),
                                         std::string(129, 'd'), std::string("\0x", 2), "e",
                                         std::string(4000, 'f')};
    std::vector<Target> wanted;
    std::string list;
    for (const std::string& word : words) {
        list += word + "\n";
        for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS512})
            wanted.push_back(target(algorithm, word));
    }
    Run run(std::move(wanted));
    CHECK(run.worker.lines(list, Variation::none));
    CHECK(run.found.size() == 2 * words.size());
    CHECK(run.targets.all_found());
}

TEST_CASE("crack/guess: a signature that agrees in its first word alone is no hit") {
    Target wanted = target(Algorithm::HS256, "secret");
    wanted.signature.back() = static_cast<char>(wanted.signature.back() ^ 1);
    Target longer = target(Algorithm::HS512, "secret");
    longer.signature[63] = static_cast<char>(longer.signature[63] ^ 0x80);
    Run run({wanted, longer});
    CHECK(run.worker.lines("secret\n", Variation::none));
    CHECK(run.found.empty());
}

TEST_CASE("crack/guess: what is stopped, and what has found all, goes no further") {
    std::string list;
    for (int i = 0; i < 100'000; ++i) list += std::to_string(i) + "\n";
    Run run({target(Algorithm::HS256, "17")});
    CHECK_FALSE(run.worker.lines(list, Variation::none));
    CHECK(run.found == Found{{0, "17"}});
    CHECK(run.worker.tried() < 10'000);
    Targets targets({target(Algorithm::HS256, "nothing")});
    Worker worker(
        targets, [](std::size_t, std::string_view) {}, [] { return true; });
    CHECK_FALSE(worker.lines(list, Variation::none));
    CHECK(worker.tried() < 10'000);
}

TEST_CASE("crack/variations: forms, ends, repetition, each once") {
    const std::vector<std::string> all = varied("secret");
    const std::set<std::string> distinct(all.begin(), all.end());
    CHECK(distinct.size() == all.size());
    CHECK(all.size() <= most_variations());
    CHECK(all.front() == "secret");
    for (const char* word : {"Secret", "SECRET", "s3cr3t", "secret123", "Secret1!", "$3cr3t!", "SECRET2025", "secret\n",
                             "secretsecret", "secretsecretsecretsecretsecretse"}) {
        CAPTURE(word);
        const bool plain = std::string_view(word) != "s3cr3t"; // of the letters that are written otherwise all are
        CHECK((distinct.count(word) == 1) == plain);
    }
    CHECK(varied("1234").size() < all.size()); // it has one form
    for (const std::string& each : varied(std::string(kLongestVaried, 'x'))) CHECK(each.size() <= 2 * kLongestVaried);
    Run run({target(Algorithm::HS256, "Monday2024"), target(Algorithm::HS384, std::string(65, 'y'))});
    CHECK(run.worker.lines("tuesday\nmonday\n" + std::string(65, 'y') + "\n", Variation::simple));
    CHECK(run.found.size() == 2);
}

TEST_CASE("crack/built-in: every known secret, in the readings that programs have of it, and what people make up "
          "(KEY-05, KEY-06)") {
    std::vector<Target> wanted;
    for (const KnownSecret& known : known_secrets()) wanted.push_back(target(Algorithm::HS256, known.octets));
    for (const char* secret : {"secret\n", "c2VjcmV0", "", "MySecret", "top-secret", "default_password", "jwtKey123",
                               "api token!", "qwerty2024"})
        wanted.push_back(target(Algorithm::HS512, secret));
    const std::size_t all = wanted.size();
    Run run(std::move(wanted));
    (void)try_built_in(run.worker); // it ends when all are found
    for (std::size_t i = 0; i < all; ++i) {
        CAPTURE(i);
        CHECK(run.targets.found(i));
    }
    CHECK(all > 60);
}
