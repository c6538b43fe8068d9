// The depth of an estate, without looking at every pair, against the least of all pairs.
#include <doctest/doctest.h>

#include <span>

#include "audit_random_estate.h"
#include "jwtdomain/audit/nearest_pair.h"
#include "jwtdomain/audit/path_depth.h"

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

// The path without what these facts stand for; where keys fail, those of that domain are taken.
accept::Path without(const Estate& estate, accept::Path path, std::span<const Separator> facts, std::size_t signer) {
    const auto erase_rules = [&](const std::vector<std::string>& claim) {
        std::erase_if(path.claims, [&](const accept::ClaimRule& rule) { return rule.path == claim; });
    };
    const auto any_issuer = [&] {
        path.issuer = {};
        path.issuer.allowed.any = path.issuer.absent_ok = true;
        erase_rules({"iss"});
    };
    const bool joint =
        detail::found_by_issuer(path) || std::any_of(path.signing.keys.begin(), path.signing.keys.end(),
                                                     [](const accept::KeyUse& use) { return use.issuer.has_value(); });
    for (const Separator& fact : facts) {
        if (fact.field == Field::signing || (joint && fact.field == Field::issuer)) {
            path.signing = own_path(estate, signer).signing;
            if (joint) any_issuer();
        }
        switch (fact.field) {
        case Field::type: path.type.any = path.type.absent_ok = true; break;
        case Field::issuer: any_issuer(); break;
        case Field::audience:
            path.audience = {};
            path.audience.any = true;
            erase_rules({"aud"});
            break;
        case Field::claim: erase_rules({fact.claim}); break;
        case Field::signing:
        case Field::time: break;
        }
    }
    return path;
}

struct Tried {
    bool separated = true; // whatever the insider has
    bool taken = false;    // one of it was made, and run
    std::string by;        // what still keeps it out
};

Tried try_without(const Estate& estate, const Depth& depth, std::span<const Separator> facts, EphemeralKeys& keys) {
    Tried out;
    for (const Mintable& tokens : everything_of(estate, depth.source, Attacker::insider)) {
        const accept::Path path = without(estate, *depth.path, facts, tokens.issuer);
        const auto edges = trust_edges(estate, depth.source, depth.service);
        const Check answer = check(estate, tokens, path, edges);
        if (answer.separated()) {
            for (const Separator& each : answer.separators)
                out.by +=
                    std::string(name_of(each.field)) + " " + each.claim + ": " + each.left + " / " + each.right + "; ";
            continue;
        }
        out.separated = false;
        if (!answer.overlaps()) continue;
        const auto witness = make_witness(estate, path, answer.token, keys);
        out.taken = out.taken || (witness && witness->accepted);
    }
    return out;
}

bool is_undecided(const Estate& estate, std::size_t source, std::size_t service) {
    for (const Mintable& tokens : everything_of(estate, source, Attacker::insider)) {
        for (const accept::Path& path : estate.services[service].entry->paths) {
            const Check answer = check(estate, tokens, path, trust_edges(estate, source, service));
            if (!answer.separated() && !answer.overlaps()) return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("audit/depth: when what is named fails a token crosses, and when one thing less does, none") {
    const std::uint64_t seed = seed_of_run();
    INFO("JWTDOMAIN_SEED=" << seed);
    Dice dice(seed);
    EphemeralKeys ephemeral;
    const std::vector<HmacKey> keys = made_keys();
    std::size_t pairs = 0, crossed = 0;
    for (std::size_t i = 0; i < 150; ++i) {
        policy::Policy policy = random_policy(dice);
        if (dice.one_in(2)) tell_apart(dice, policy);
        std::vector<Jwk> files = random_keys(dice, keys);
        for (Jwk& file : files) file.metadata.issuer.reset();
        const Estate estate = make_estate(policy, reader_of(files), jwtdomain::test::kNow);
        PairDepths between(estate);
        for (std::size_t s = 0; s < estate.services.size(); ++s) {
            for (std::size_t d = 0; d < policy.domains.size(); ++d) {
                const Depth depth = between.between(d, s);
                // Beside a trust edge what keeps its own tokens apart from the others is no fact of the path.
                if (!depth.edits || *depth.edits == 0 || is_undecided(estate, d, s) ||
                    !trust_edges(estate, d, s).empty())
                    continue;
                CAPTURE(i);
                CAPTURE(text_of(policy));
                CAPTURE(estate.services[s].name);
                CAPTURE(estate.name(d));
                ++pairs;
                const Tried all = try_without(estate, depth, depth.facts, ephemeral);
                CAPTURE(all.by);
                if (all.by.find("aud : none / ") != std::string::npos) continue; // there is no such token at all
                CHECK(!all.separated);
                crossed += all.taken;
                for (std::size_t kept = 0; kept < depth.facts.size(); ++kept) {
                    std::vector<Separator> less = depth.facts;
                    less.erase(less.begin() + static_cast<std::ptrdiff_t>(kept));
                    std::string facts;
                    for (const Separator& each : depth.facts)
                        facts += std::string(name_of(each.field)) + " " + each.claim + ": " + each.left + " / " +
                                 each.right + "; ";
                    CAPTURE(facts);
                    CAPTURE(kept);
                    CHECK(!try_without(estate, depth, less, ephemeral).taken);
                }
            }
        }
    }
    CHECK(pairs > 100);
    CHECK(crossed > pairs / 2);
}

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
