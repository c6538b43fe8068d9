#include "jwtdomain/audit/drift.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit {
namespace {

using accept::Path;

constexpr const char* kElsewhere = "https://elsewhere.example";
constexpr Seconds kMinute = 60, kHour = 60 * kMinute;

// A token, and what is the matter with it.
struct Variant {
    std::string what;
    TokenShape shape;
};

std::string name_of_claim(const ClaimValue& claim) { return policy::format_claim_path(claim.path); }

class Variants {
public:
    explicit Variants(const TokenShape& base) : base_(base) { add("nothing is changed", base); }

    void issuers() {
        change("iss is absent", [](TokenShape& s) { s.issuer.reset(); });
        change("iss is another", [](TokenShape& s) { s.issuer = kElsewhere; });
        if (!base_.issuer) return;
        change("iss goes on", [](TokenShape& s) { *s.issuer += ".elsewhere.example"; });
        change("iss ends with a slash more", [](TokenShape& s) { *s.issuer += '/'; });
    }

    void audiences(const Path& declared) {
        change("aud is absent", [](TokenShape& s) { s.audiences.reset(); });
        change("aud is another", [](TokenShape& s) { s.audiences = {{kElsewhere}}; });
        for (const std::string& own : declared.audience.any_of.exact) {
            change("aud is " + own, [&](TokenShape& s) { s.audiences = {{own}}; });
            change("aud is " + own + " with a slash more", [&](TokenShape& s) { s.audiences = {{own + "/"}}; });
            change("aud names " + own + " and another", [&](TokenShape& s) { s.audiences = {{own, kElsewhere}}; });
        }
    }

    void types(const Path& declared, const Path& deployed) {
        change("typ is absent", [](TokenShape& s) { s.type.reset(); });
        for (const char* other : {"JWT", "elsewhere+jwt"})
            change(std::string("typ is ") + other, [&](TokenShape& s) { s.type = other; });
        for (const Path* path : {&declared, &deployed}) {
            for (const std::string& type : path->type.allowed)
                change("typ is " + type, [&](TokenShape& s) { s.type = type; });
        }
    }

    void times(const Path& declared, const Path& deployed) {
        change("exp is absent", [](TokenShape& s) { s.times.without_expiry = true; });
        change("it expired an hour ago", [](TokenShape& s) { s.times = {-kHour - kMinute, {}, -kHour, false}; });
        const Seconds leeway = std::min(declared.time.leeway, deployed.time.leeway);
        change("it expired " + std::to_string(leeway + 1) + " s ago", [&](TokenShape& s) {
            s.times = {-leeway - kMinute, {}, -leeway - 1, false};
        });
        change("nbf is in an hour", [](TokenShape& s) { s.times.begins = kHour; });
        change("iat is in an hour", [](TokenShape& s) { s.times = {kHour, {}, kHour + kMinute, false}; });
        for (const Path* path : {&declared, &deployed}) {
            const auto longest = path->time.longest_life ? path->time.longest_life : path->time.longest_remaining;
            if (!longest) continue;
            change("it lives " + std::to_string(*longest) + " s", [&](TokenShape& s) { s.times.expires = *longest; });
            change("it lives an hour longer than " + std::to_string(*longest) + " s",
                   [&](TokenShape& s) { s.times.expires = *longest + kHour; });
        }
        change("it lives a year", [](TokenShape& s) { s.times.expires = 365 * 24 * kHour; });
    }

    void claims() {
        for (std::size_t i = 0; i < base_.claims.size(); ++i) {
            const std::string name = name_of_claim(base_.claims[i]);
            change(name + " is absent",
                   [&](TokenShape& s) { s.claims.erase(s.claims.begin() + static_cast<std::ptrdiff_t>(i)); });
            change(name + " is another", [&](TokenShape& s) { s.claims[i].values = {"elsewhere"}; });
            change(name + " is a list", [&](TokenShape& s) { s.claims[i].list = true; });
        }
    }

    // Of what the deployment's key can do.
    void algorithms(const accept::KeyUse& use) {
        for (const Algorithm algorithm : use.algorithms)
            change("alg is " + std::string(info(algorithm).name), [&](TokenShape& s) { s.algorithm = algorithm; });
        change("kid is absent", [](TokenShape& s) { s.kid.reset(); });
        change("kid is another", [](TokenShape& s) { s.kid = "elsewhere"; });
        change("alg is none, without a signature", [](TokenShape& s) { s.is_signed = false; });
    }

    std::vector<Variant> take() { return std::move(out_); }

private:
    template <class Edit> void change(std::string what, Edit edit) {
        TokenShape shape = base_;
        edit(shape);
        if (!(shape == base_)) add(std::move(what), std::move(shape));
    }
    void add(std::string what, TokenShape shape) { out_.push_back({std::move(what), std::move(shape)}); }

    const TokenShape& base_;
    std::vector<Variant> out_;
};

// One service against what the policy says of it.
class Comparison {
public:
    Comparison(const Estate& declared, const Estate& deployed, EphemeralKeys& keys, Drift& out)
        : declared_(declared), deployed_(deployed), keys_(keys), out_(out) {}

    void run(const accept::Entry& asked, const accept::Entry& guard) {
        for (const Path& path : guard.paths) {
            for (const Path& own : asked.paths) try_out(own, path, asked, guard);
            try_keys(path, asked, guard);
        }
        missing_keys(asked, guard);
        conclude(asked, guard);
    }

private:
    // Tokens that the policy's path takes, signed with a key that both have, and others that nearly are.
    void try_out(const Path& own, const Path& path, const accept::Entry& asked, const accept::Entry& guard) {
        const auto shared = shared_key(own, path);
        const Check satisfied = check_satisfiable(declared_, own);
        if (!shared || !satisfied.overlaps()) return;
        TokenShape base = satisfied.token;
        base.key = *shared;
        const accept::KeyUse& use = path.signing.keys[*shared];
        base.kid = use.kid;
        if (std::find(use.algorithms.begin(), use.algorithms.end(), base.algorithm) == use.algorithms.end()) return;
        Variants variants(base);
        variants.issuers();
        variants.audiences(own);
        variants.types(own, path);
        variants.times(own, path);
        variants.claims();
        variants.algorithms(use);
        for (const Variant& variant : variants.take()) judge(variant, path, asked, guard);
    }

    // Keys that only the deployment takes.
    void try_keys(const Path& path, const accept::Entry& asked, const accept::Entry& guard) {
        const Check satisfied = check_satisfiable(deployed_, path);
        if (!satisfied.overlaps()) return;
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            const accept::KeyUse& use = path.signing.keys[k];
            const auto takes = [&](const Path& own) { return index_of(own, identity(path, k)).has_value(); };
            if (std::any_of(asked.paths.begin(), asked.paths.end(), takes) || use.algorithms.empty()) continue;
            Variant variant{"it is signed with the key " + name_of(use), satisfied.token};
            variant.shape.key = k;
            variant.shape.kid = use.kid;
            variant.shape.algorithm = use.algorithms.front();
            judge(variant, path, asked, guard);
        }
        if (path.signing.source == accept::KeySource::none)
            judge({"it is not signed", satisfied.token}, path, asked, guard);
    }

    void missing_keys(const accept::Entry& asked, const accept::Entry& guard) {
        const Path& own = asked.paths.front();
        for (std::size_t k = 0; k < own.signing.keys.size(); ++k) {
            const auto takes = [&](const Path& path) {
                return path.signing.source != accept::KeySource::keys || index_of(path, identity(own, k)).has_value();
            };
            if (std::any_of(guard.paths.begin(), guard.paths.end(), takes)) continue;
            tell({.wider = false,
                  .what = "it is signed with the key " + name_of(own.signing.keys[k]),
                  .at = {},
                  .header = {},
                  .claims = {},
                  .token = {}});
        }
    }

    void judge(const Variant& variant, const Path& path, const accept::Entry& asked, const accept::Entry& guard) {
        const auto witness = make_witness(deployed_, path, variant.shape, keys_);
        if (!witness) return;
        const std::size_t key = variant.shape.key;
        const bool keyed = variant.shape.is_signed && key < path.signing.keys.size();
        const auto takes = [&](const Path& each) {
            return keyed ? is_taken(each, &identity(path, key), &witness->path.signing.keys[key], witness->token)
                         : is_taken(each, nullptr, nullptr, witness->token);
        };
        const bool here = std::any_of(guard.paths.begin(), guard.paths.end(), takes);
        const bool there = std::any_of(asked.paths.begin(), asked.paths.end(), takes);
        if (here == there) return;
        tell({.wider = here,
              .what = variant.what,
              .at = {},
              .header = witness->header,
              .claims = witness->claims,
              .token = witness->token});
    }

    bool is_taken(const Path& path, const KeyIdentity* real, const accept::KeyUse* stand_in,
                  const std::string& text) const {
        Path rekeyed = path;
        if (real) {
            if (const auto at = index_of(path, *real)) rekeyed.signing.keys[*at].key = stand_in->key;
        }
        accept::PathEngine engine(rekeyed);
        UnverifiedToken token;
        token.parse(text, engine.reading());
        return engine.evaluate(token, {.now = deployed_.now}).verified.has_value();
    }

    // The path is one of the deployment's, or of the policy's.
    const KeyIdentity& identity(const Path& path, std::size_t key) const {
        const auto known = deployed_.path_keys.find(&path);
        return (known == deployed_.path_keys.end() ? declared_.path_keys.at(&path) : known->second).used[key];
    }

    std::optional<std::size_t> index_of(const Path& path, const KeyIdentity& wanted) const {
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            if (same_key(identity(path, k), wanted) == SameKey::yes) return k;
        }
        return std::nullopt;
    }

    std::optional<std::size_t> shared_key(const Path& own, const Path& path) const {
        for (std::size_t k = 0; k < path.signing.keys.size(); ++k) {
            if (index_of(own, identity(path, k))) return k;
        }
        return std::nullopt;
    }

    static std::string name_of(const accept::KeyUse& use) {
        if (use.kid) return *use.kid;
        const auto* key = std::get_if<PublicKey>(&use.key);
        return key ? key->thumbprint() : "that is a secret";
    }

    void tell(Difference difference) {
        const auto same = [&](const Difference& d) { return d.wider == difference.wider && d.what == difference.what; };
        if (std::none_of(out_.differences.begin(), out_.differences.end(), same))
            out_.differences.push_back(std::move(difference));
    }

    // Of the policy's paths that one which the deployment's path is least looser than.
    std::vector<Change> looser_than(const accept::Entry& asked, const Path& path) const {
        std::optional<std::vector<Change>> best;
        for (const Path& own : asked.paths) {
            std::vector<Change> changes;
            const detail::Recorder to(changes, Change::Kind::verifier, path.name);
            detail::diff_path(to, {declared_, own, deployed_, path}, {});
            std::erase_if(changes, [](const Change& change) {
                return change.direction == Direction::stronger || change.direction == Direction::neutral;
            });
            if (!best || changes.size() < best->size()) best = std::move(changes);
        }
        return best.value_or(std::vector<Change>{});
    }

    void conclude(const accept::Entry& asked, const accept::Entry& guard) {
        std::stable_sort(out_.differences.begin(), out_.differences.end(),
                         [](const Difference& a, const Difference& b) { return a.wider > b.wider; });
        for (const Path& path : guard.paths) {
            for (Change& change : looser_than(asked, path)) out_.looser.push_back(std::move(change));
            if (!path.exact() && out_.why.empty()) out_.why = "left out of the model: " + join(path.dropped, "; ");
        }
        const bool wider = !out_.differences.empty() && out_.differences.front().wider;
        if (wider && out_.why.empty())
            out_.verdict = Drift::Verdict::wider;
        else if (wider || !out_.looser.empty() || !out_.why.empty())
            out_.verdict = Drift::Verdict::not_proven;
        else
            out_.verdict = out_.differences.empty() ? Drift::Verdict::same : Drift::Verdict::narrower;
        if (out_.verdict == Drift::Verdict::not_proven && out_.why.empty())
            out_.why = "no token was found that only the deployment takes, and it does not ask for all that the policy "
                       "asks for";
    }

    const Estate& declared_;
    const Estate& deployed_;
    EphemeralKeys& keys_;
    Drift& out_;
};

bool has_method(const accept::Entry& entry, const std::string& method) {
    const auto& methods = entry.methods;
    return methods.empty() || std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool have_a_method_in_common(const accept::Entry& a, const accept::Entry& b) {
    return a.methods.empty() || std::any_of(a.methods.begin(), a.methods.end(),
                                            [&](const std::string& method) { return has_method(b, method); });
}

// What the policy asks for there: at each resource and method that the service guards a part of; nothing where it knows
// none of these.
std::vector<const accept::Entry*> asked_for(const accept::Verifier& policy, const accept::Entry& guard) {
    std::vector<std::string_view> resources;
    for (const accept::Entry& entry : policy.entries) resources.push_back(entry.resource);
    std::vector<const accept::Entry*> out;
    for (const std::size_t i : accept::guarded_by(guard.resource, resources)) {
        const accept::Entry& entry = policy.entries[i];
        if (!entry.resource.empty() && have_a_method_in_common(entry, guard)) out.push_back(&entry);
    }
    if (policy.entries.size() == 1) out.push_back(&policy.entries.front()); // the policy names no resource
    return out;
}

// Whether the policy has each method that the service takes at one of these resources.
bool knows_all_methods(const std::vector<const accept::Entry*>& asked, const accept::Entry& guard) {
    const auto knows = [&](const std::string& resource, const std::string& method) {
        return std::any_of(asked.begin(), asked.end(), [&](const accept::Entry* entry) {
            return entry->resource == resource && has_method(*entry, method);
        });
    };
    return std::all_of(asked.begin(), asked.end(), [&](const accept::Entry* entry) {
        if (guard.methods.empty()) return entry->methods.empty();
        return std::all_of(guard.methods.begin(), guard.methods.end(),
                           [&](const std::string& method) { return knows(entry->resource, method); });
    });
}

std::string name_of(const accept::Entry& entry) {
    return (entry.methods.empty() ? "" : join(entry.methods, ",") + " ") + entry.resource;
}

// The worse of the two, with the differences of both.
void add(Drift& all, Drift one) {
    std::move(one.differences.begin(), one.differences.end(), std::back_inserter(all.differences));
    if (one.verdict <= all.verdict) return;
    all.verdict = one.verdict;
    all.looser = std::move(one.looser);
    all.why = std::move(one.why);
}

// A service that names no resource may guard any of them: it is held against what the policy asks for in general, and
// is no wider only if it is so at each.
void compare_anywhere(const Estate& declared, const Estate& deployed, const accept::Verifier& policy,
                      EphemeralKeys& keys, Drift& out) {
    const accept::Entry& guard = *deployed.services[out.service].entry;
    Comparison(declared, deployed, keys, out).run(policy.entries.front(), guard);
    for (std::size_t i = 1; i < policy.entries.size(); ++i) {
        if (out.verdict > Drift::Verdict::narrower) return;
        const accept::Entry& entry = policy.entries[i];
        if (!have_a_method_in_common(entry, guard)) continue;
        Drift one{.service = out.service};
        Comparison(declared, deployed, keys, one).run(entry, guard);
        if (one.verdict <= Drift::Verdict::narrower) continue;
        out.verdict = Drift::Verdict::not_proven;
        out.why = "which resources it guards is not said: at " + name_of(entry) + " the policy asks for more";
    }
}

void compare(const Estate& declared, const Estate& deployed, EphemeralKeys& keys, Drift& out) {
    const Service& service = deployed.services[out.service];
    const auto policy =
        std::find_if(declared.verifiers.begin(), declared.verifiers.end(),
                     [&](const accept::Verifier& each) { return each.domain == deployed.name(service.domain); });
    if (policy == declared.verifiers.end()) {
        out.verdict = Drift::Verdict::not_proven;
        out.why = "the policy does not know its domain";
        return;
    }
    if (service.entry->resource.empty()) return compare_anywhere(declared, deployed, *policy, keys, out);
    const auto asked = asked_for(*policy, *service.entry);
    if (asked.empty()) {
        const bool takes = std::any_of(service.entry->paths.begin(), service.entry->paths.end(), [&](const auto& path) {
            return !check_satisfiable(deployed, path).separated();
        });
        out.verdict = takes ? Drift::Verdict::wider : Drift::Verdict::same;
        if (takes) out.why = "the policy takes no token there: it knows no such resource with that method";
        return;
    }
    for (const accept::Entry* entry : asked) {
        Drift one{.service = out.service};
        Comparison(declared, deployed, keys, one).run(*entry, *service.entry);
        for (Difference& each : one.differences) {
            if (asked.size() > 1) each.at = name_of(*entry);
        }
        add(out, std::move(one));
    }
    if (!knows_all_methods(asked, *service.entry) && out.verdict != Drift::Verdict::wider) {
        out.verdict = Drift::Verdict::not_proven;
        out.why = "it takes methods that the policy does not know there";
    }
    std::stable_sort(out.differences.begin(), out.differences.end(),
                     [](const Difference& a, const Difference& b) { return a.wider > b.wider; });
}

} // namespace

std::string_view name_of(Drift::Verdict verdict) {
    switch (verdict) {
    case Drift::Verdict::same: return "same";
    case Drift::Verdict::narrower: return "narrower";
    case Drift::Verdict::wider: return "wider";
    case Drift::Verdict::not_proven: return "not-proven";
    }
    return {};
}

std::vector<Drift> find_drift(const Estate& declared, const Estate& deployed, EphemeralKeys& keys) {
    std::vector<Drift> out;
    std::set<std::size_t> read; // domains of which something was read
    for (const Service& service : deployed.services) {
        if (service.state != Service::State::unguarded) read.insert(service.domain);
    }
    for (std::size_t s = 0; s < deployed.services.size(); ++s) {
        const Service& service = deployed.services[s];
        if (service.state == Service::State::unguarded && read.count(service.domain) == 0) continue;
        Drift drift{.service = s};
        if (service.state == Service::State::open) {
            drift.verdict = Drift::Verdict::wider;
            drift.why = "it takes every request: " + service.why;
        } else if (service.state != Service::State::guarded) {
            drift.verdict = Drift::Verdict::not_proven;
            drift.why = service.why;
        } else {
            compare(declared, deployed, keys, drift);
        }
        out.push_back(std::move(drift));
    }
    return out;
}

} // namespace jwtdomain::audit
