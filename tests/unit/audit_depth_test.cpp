// The depth of an estate, without looking at every pair, against the least of all pairs.
#include <doctest/doctest.h>

#include "audit_random_estate.h"
#include "jwtdomain/audit/nearest_pair.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

constexpr std::size_t kEstates = 800;
constexpr std::size_t kAllPairs = 1'000'000;

std::optional<unsigned> shown(const Depth& depth) {
    return depth.edits ? std::optional(std::min(*depth.edits, Depth::kDeep)) : std::nullopt;
}

std::optional<unsigned> least_of_all_pairs(const Estate& estate) {
    PairDepths pairs(estate);
    std::optional<unsigned> least;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
            const auto one = shown(pairs.between(d, s));
            if (one && (!least || *one < *least)) least = one;
        }
    }
    return least;
}

// Domains that have less in common than those of the small universe, so that depths differ.
void tell_apart(Dice& dice, policy::Policy& policy) {
    const std::size_t alike = 2 + dice.below(6); // one in so many fields stays as it is
    for (policy::Domain& domain : policy.domains) {
        if (!dice.one_in(alike)) domain.audiences = {"https://" + domain.name + ".example"};
        if (!dice.one_in(alike)) domain.issuer = "https://" + domain.name + ".example";
        if (!dice.one_in(alike)) domain.domain_value = domain.name;
        if (!dice.one_in(alike)) domain.issue = {};
    }
}

} // namespace

TEST_CASE("audit/depth: of random estates, with and without looking at every pair") {
    const std::uint64_t seed = seed_of_run();
    INFO("JWTDOMAIN_SEED=" << seed);
    Dice dice(seed);
    const std::vector<HmacKey> keys = made_keys();
    std::map<std::optional<unsigned>, std::size_t> seen;
    for (std::size_t i = 0; i < kEstates; ++i) {
        policy::Policy policy = random_policy(dice);
        const std::size_t more = dice.below(5);
        for (std::size_t d = 0; d < more; ++d)
            policy.domains.push_back(random_domain(dice, std::string(1, static_cast<char>('d' + d))));
        if (dice.one_in(2)) tell_apart(dice, policy);
        const std::vector<Jwk> files = random_keys(dice, keys);
        const Estate estate = make_estate(policy, reader_of(files), jwtdomain::test::kNow);
        const auto least = least_of_all_pairs(estate);
        ++seen[least];
        for (const std::size_t few : {0u, 1u, 3u, 32u}) {
            const Depth found = detail::NearestPair(estate, few).find(kAllPairs);
            CAPTURE(i);
            CAPTURE(few);
            REQUIRE(found.counted);
            REQUIRE(shown(found) == least);
            if (found.edits) CHECK(found.facts.size() == *found.edits);
        }
    }
    for (const unsigned depth : {0u, 1u, 2u}) CHECK(seen[depth] > 0); // deeper ones are few
}

TEST_CASE("audit/depth: what cannot be had within the limit is not counted, and says nothing") {
    Dice dice(1);
    const std::vector<HmacKey> keys = made_keys();
    const std::vector<Jwk> files = random_keys(dice, keys);
    policy::Policy policy;
    for (const char* name : {"a", "b", "c", "d", "e"}) policy.domains.push_back(random_domain(dice, name));
    const Estate estate = make_estate(policy, reader_of(files), jwtdomain::test::kNow);
    const Depth found = detail::NearestPair(estate, 0).find(0);
    CHECK(!found.counted);
    CHECK(!found.edits);
}
