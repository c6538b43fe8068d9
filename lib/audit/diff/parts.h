// Internal: the parts of diff_policies().
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "jwtdomain/audit/diff/recorder.h"

namespace jwtdomain::audit::detail {

using Changes = std::vector<Change>;

constexpr std::size_t kListedAlike = 20; // of subjects that changed alike; of more, the first stands for all

// Those of two lists that belong together, by index; the rest has come or gone.
struct Pairing {
    std::vector<std::pair<std::size_t, std::size_t>> both;
    std::vector<std::size_t> gone, come;
};

// One after the other, by each test, which must be an equivalence: so it pairs the same ones in either direction.
template <class T, class... Tests>
Pairing pair_up(const std::vector<const T*>& before, const std::vector<const T*>& after, const Tests&... tests) {
    Pairing out;
    std::vector<bool> left_before(before.size(), true), left_after(after.size(), true);
    const auto stage = [&](const auto& test) {
        for (std::size_t b = 0; b < before.size(); ++b) {
            for (std::size_t a = 0; left_before[b] && a < after.size(); ++a) {
                if (!left_after[a] || !test(*before[b], *after[a])) continue;
                left_before[b] = left_after[a] = false;
                out.both.emplace_back(b, a);
            }
        }
    };
    (stage(tests), ...);
    for (std::size_t b = 0; b < before.size(); ++b) {
        if (left_before[b]) out.gone.push_back(b);
    }
    for (std::size_t a = 0; a < after.size(); ++a) {
        if (left_after[a]) out.come.push_back(a);
    }
    return out;
}

// Keys that have come, gone or changed in the set of a domain: paths that take theirs from the same place do not say so
// again.
struct ToldKeys {
    std::set<std::pair<std::string, std::string>> come, gone, changed; // the place, and one of KeyIdentity::own
};

void diff_domain(const Recorder& to, const policy::Domain& before, const policy::Domain& after);
void diff_issuer(const Recorder& to, const policy::Domain& before, const policy::Domain& after);
void diff_revocations(Changes& out, std::span<const accept::Revocation> before,
                      std::span<const accept::Revocation> after);
void diff_edges(Changes& out, const policy::Policy& before, const policy::Policy& after);
void diff_ignores(Changes& out, std::span<const Ignore> before, std::span<const Ignore> after);

struct KeysOf {
    const DomainKeys& keys;
    const policy::KeyLocation& location;
};
void diff_keys(const Recorder& to, const KeysOf& before, const KeysOf& after, ToldKeys& told);
// Those of paths.
void diff_key_uses(const Recorder& to, const accept::Signing& before, const std::vector<KeyIdentity>& before_identities,
                   const accept::Signing& after, const std::vector<KeyIdentity>& after_identities,
                   const ToldKeys& told);

// Entries of verifiers that are the same one, for the comparison of services.
using SameEntries = std::map<const accept::Entry*, const accept::Entry*>;
void diff_verifiers(Changes& out, const Estate& before, const Estate& after, const ToldKeys& told, SameEntries& same);

struct TwoPaths {
    const Estate& estate_before;
    const accept::Path& before;
    const Estate& estate_after;
    const accept::Path& after;
};
void diff_path(const Recorder& to, const TwoPaths& paths, const ToldKeys& told);
void diff_claim_rules(const Recorder& to, const std::vector<accept::ClaimRule>& before,
                      const std::vector<accept::ClaimRule>& after);
void diff_types(const Recorder& to, const accept::TypeRule& before, const accept::TypeRule& after);

void diff_isolation(PolicyDiff& out, const Proved& before, const Proved& after, const SameEntries& same);

} // namespace jwtdomain::audit::detail
