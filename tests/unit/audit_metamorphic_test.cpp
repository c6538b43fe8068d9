// What must hold between two estates of which one is the other with something changed, over random ones.
#include <doctest/doctest.h>

#include <map>

#include "audit_random_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

constexpr std::size_t kEstates = 700; // of each test case

struct Case {
    policy::Policy policy;
    std::vector<Jwk> keys;
};

// A policy with a verifier that is written by hand, whose paths may go by kid. Without anonymous access, which knows
// the issuers of all paths and so shrinks with every one that is added.
Case random_case(Dice& dice, const std::vector<HmacKey>& keys) {
    Case out;
    while (out.policy.verifiers.empty()) out.policy = random_policy(dice);
    out.keys = random_keys(dice, keys);
    for (Jwk& key : out.keys) {
        if (!dice.one_in(4)) key.metadata.kid = dice.pick(Words{"k", "l", "m"});
    }
    for (policy::DeclaredVerifier& verifier : out.policy.verifiers) {
        verifier.anonymous = false;
        for (policy::DeclaredPath& path : verifier.accepts) {
            path.kid =
                dice.pick(std::vector{accept::KidRule::must_match, accept::KidRule::hint, accept::KidRule::ignored});
            if (dice.one_in(6)) path.keys.front().kid = dice.pick(Words{"k", "l"});
        }
    }
    return out;
}

using Cells = std::vector<std::vector<Cell>>; // by service, by source

Cells cells_of(const Case& one, EphemeralKeys& ephemeral) {
    Estate estate = make_estate(one.policy, reader_of(one.keys), jwtdomain::test::kNow);
    unpublish(estate);
    const audit::Findings findings = prove(estate, ephemeral);
    Cells out(estate.services.size());
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        for (std::size_t d = 0; d < one.policy.domains.size(); ++d) out[s].push_back(findings.cell(estate, d, s));
    }
    return out;
}

// The weakest attacker that is not known to be held off; one stronger than all where there is none.
int weakest(const std::optional<Attacker>& attacker) {
    return attacker ? static_cast<int>(*attacker) : static_cast<int>(kAttackers.size());
}
int not_separated(const Cell& cell) { return std::min(weakest(cell.leak), weakest(cell.unknown)); }

template <class Holds> bool all(const Cells& before, const Cells& after, Holds holds) {
    REQUIRE(before.size() == after.size());
    for (std::size_t s = 0; s < before.size(); ++s) {
        for (std::size_t d = 0; d < before[s].size(); ++d) {
            if (!holds(before[s][d], after[s][d])) return false;
        }
    }
    return true;
}

// Both of random cases, and of what `change` makes of them.
template <class Change, class Holds> void hold(Change change, Holds holds) {
    const std::uint64_t seed = seed_of_run();
    MESSAGE("seed " << seed << " (JWTDOMAIN_SEED repeats it)");
    CAPTURE(seed);
    Dice dice(seed);
    EphemeralKeys ephemeral;
    const std::vector<HmacKey> keys = made_keys();
    for (std::size_t i = 0; i < kEstates; ++i) {
        const Case one = random_case(dice, keys);
        Case other = one;
        change(dice, other);
        CAPTURE(text_of(one.policy));
        REQUIRE(all(cells_of(one, ephemeral), cells_of(other, ephemeral), holds));
    }
}

policy::DeclaredVerifier& some_verifier(Dice& dice, Case& one) {
    return one.policy.verifiers[dice.below(one.policy.verifiers.size())];
}

} // namespace

TEST_CASE("audit/metamorphic-path: one more path never removes a leak") {
    hold(
        [](Dice& dice, Case& one) {
            policy::DeclaredPath path = random_path(dice);
            path.name = "added";
            some_verifier(dice, one).accepts.push_back(std::move(path));
        },
        [](const Cell& before, const Cell& after) {
            return weakest(after.leak) <= weakest(before.leak) && not_separated(after) <= not_separated(before);
        });
}

TEST_CASE("audit/metamorphic-claim: one more required claim never adds a leak") {
    hold(
        [](Dice& dice, Case& one) {
            auto& paths = some_verifier(dice, one).accepts;
            accept::ClaimRule rule;
            rule.path = {dice.pick(Words{"domain", "scope", "sub", "jti", "extra", "iss", "aud"})};
            rule.role = accept::ClaimRule::Role::required;
            paths[dice.below(paths.size())].claims.push_back(std::move(rule));
        },
        [](const Cell& before, const Cell& after) {
            return weakest(after.leak) >= not_separated(before) && not_separated(after) >= not_separated(before);
        });
}

TEST_CASE("audit/metamorphic-kid: other names for all keys change nothing") {
    const std::map<std::string, std::string> names{{"k", "m"}, {"l", "a long name"}, {"m", "k"}};
    hold(
        [&](Dice&, Case& one) {
            const auto rename = [&](std::optional<std::string>& kid) {
                if (kid) kid = names.at(*kid);
            };
            for (Jwk& key : one.keys) rename(key.metadata.kid);
            for (policy::DeclaredVerifier& verifier : one.policy.verifiers) {
                for (policy::DeclaredPath& path : verifier.accepts) {
                    for (policy::DeclaredKeys& keys : path.keys) rename(keys.kid);
                }
            }
        },
        [](const Cell& before, const Cell& after) {
            return before.leak == after.leak && before.unknown == after.unknown && before.declared == after.declared;
        });
}
