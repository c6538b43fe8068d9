// The prover against brute force: random estates, every token of a small universe run through the engine. A pair that
// the prover calls separated and a token crosses is the worst defect that this project can have.
#include <doctest/doctest.h>
#include <map>

#include "audit_random_estate.h"
#include "jwtdomain/audit/certificate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

struct Totals {
    std::size_t pairs = 0, separated = 0, leaks = 0, undecided = 0, only_undecided = 0, certificates = 0,
                taken_over = 0, smaller = 0;
};

class Differential {
public:
    explicit Differential(std::uint64_t seed) : dice_(seed) {}

    void one_estate() {
        policy::Policy policy = random_policy(dice_);
        const std::vector<Jwk> keys = random_keys(dice_, universe_.keys);
        Estate estate = make_estate(policy, reader_of(keys), jwtdomain::test::kNow);
        unpublish(estate);
        const audit::Findings findings = prove(estate, ephemeral_);
        check_witnesses(policy, estate, findings);
        if (dice_.one_in(8)) check_certificate(estate, findings);
        Holdings held = holdings(estate);
        for (std::size_t s = 0; s < estate.services.size(); ++s) {
            if (estate.services[s].state != Service::State::guarded) continue;
            Acceptance accepted(universe_, *estate.services[s].entry);
            for (std::size_t d = 0; d < policy.domains.size(); ++d) {
                if (d == estate.services[s].domain) continue;
                compare(estate, findings, accepted, held, d, s);
                if (dice_.one_in(4)) compare_hostile(estate, findings, d, s);
            }
        }
    }

    Totals totals;

private:
    // Is a token of the universe accepted by the entry? The engine is asked once for each, when it is first needed.
    class Acceptance {
    public:
        Acceptance(const Universe& universe, const accept::Entry& entry)
            : universe_(universe), known_(universe.tokens.size(), kUnknown) {
            for (const accept::Path& path : entry.paths) engines_.emplace_back(path);
        }
        bool operator[](std::size_t token) {
            if (known_[token] == kUnknown) {
                known_[token] = std::any_of(engines_.begin(), engines_.end(), [&](accept::PathEngine& engine) {
                    return engine.evaluate(*universe_.parsed[token], {.now = jwtdomain::test::kNow})
                        .verified.has_value();
                });
            }
            return known_[token] == 1;
        }

    private:
        static constexpr char kUnknown = 2;
        const Universe& universe_;
        std::vector<accept::PathEngine> engines_;
        std::vector<char> known_;
    };

    // Numbers of tokens that an attacker of a domain can have, and whether an edge could speak for them.
    struct Had {
        std::size_t token;
        bool by_exchange;
    };
    using Holdings = std::map<std::pair<std::size_t, Attacker>, std::vector<Had>>;

    // Of a thief's many tokens some are drawn: with so many estates, all kinds come by.
    bool drawn(Attacker attacker) {
        constexpr std::size_t kOneIn = 16;
        return attacker < Attacker::stolen_key || dice_.one_in(kOneIn);
    }

    // Which domains of other names does it get into the exchanges of: where one of these tokens is taken for a token of
    // that domain?
    Edges all_edges_from(const Estate& estate, std::map<std::size_t, Acceptance>& doors, std::size_t holder,
                         Attacker attacker) {
        const policy::Policy& policy = *estate.policy;
        std::set<std::string> reached{estate.name(holder)};
        Edges edges = edges_from(policy, reached);
        for (std::size_t before = 0; before != reached.size();) {
            before = reached.size();
            for (auto& [door, takes] : doors) {
                if (reached.count(estate.name(door)) != 0) continue;
                for (std::size_t i = 0; i < universe_.tokens.size(); ++i) {
                    const Spec& token = universe_.tokens[i];
                    if (token.key_file != estate.domain(door).keys.value) continue;
                    if (!has_directly(policy, holder, token, attacker) &&
                        !has_by_exchange(policy, edges, token, attacker))
                        continue;
                    if (!takes[i]) continue;
                    reached.insert(estate.name(door));
                    break;
                }
            }
            edges = edges_from(policy, reached);
        }
        return edges;
    }

    Holdings holdings(const Estate& estate) {
        const policy::Policy& policy = *estate.policy;
        std::vector<accept::Entry> own;
        std::map<std::size_t, Acceptance> doors; // of exchanges
        own.reserve(policy.domains.size());
        for (const policy::ExchangeEdge& edge : policy.exchange) {
            const auto door = static_cast<std::size_t>(policy.find(edge.from) - policy.domains.data());
            if (doors.count(door) != 0) continue;
            own.emplace_back().paths = {own_path(estate, door)};
            doors.try_emplace(door, universe_, own.back());
        }
        Holdings out;
        for (std::size_t d = 0; d < policy.domains.size(); ++d) {
            for (const Attacker attacker : {Attacker::replay, Attacker::insider, Attacker::stolen_key}) {
                const Edges edges = all_edges_from(estate, doors, d, attacker);
                for (std::size_t i = 0; i < universe_.tokens.size(); ++i) {
                    const Spec& token = universe_.tokens[i];
                    if (!drawn(attacker)) continue;
                    const bool exchanged = has_by_exchange(policy, edges, token, attacker);
                    if (exchanged || has_directly(policy, d, token, attacker))
                        out[{d, attacker}].push_back({i, exchanged});
                }
            }
        }
        return out;
    }

    static bool declared(const policy::Policy& policy, std::size_t source, const std::string& target,
                         const Spec& token) {
        return std::any_of(policy.trust.begin(), policy.trust.end(), [&](const policy::TrustEdge& edge) {
            return edge.from == policy.domains[source].name && edge.to == target && covered(policy, edge, token);
        });
    }

    void compare(const Estate& estate, const audit::Findings& findings, Acceptance& accepted, Holdings& held,
                 std::size_t source, std::size_t service) {
        const Cell cell = findings.cell(estate, source, service);
        const std::string& target = estate.name(estate.services[service].domain);
        bool found = false;
        ++totals.pairs;
        for (const Attacker attacker : {Attacker::replay, Attacker::insider, Attacker::stolen_key}) {
            for (const Had& had : held[{source, attacker}]) {
                if (found) break;
                const std::size_t i = had.token;
                // An edge trusts the issuer, and no thief of its key.
                const bool excused = attacker <= Attacker::insider && !had.by_exchange &&
                                     declared(*estate.policy, source, target, universe_.tokens[i]);
                if (!accepted[i] || excused) continue;
                found = true;
                CAPTURE(text_of(*estate.policy));
                CAPTURE(universe_.tokens[i].text);
                CAPTURE(estate.services[service].name);
                CAPTURE(estate.name(source));
                CAPTURE(name_of(attacker));
                const bool said = (cell.leak && *cell.leak <= attacker) || (cell.unknown && *cell.unknown <= attacker);
                REQUIRE_MESSAGE(said, "called separated, and a token crosses");
            }
            const bool leak = cell.leak && *cell.leak <= attacker, unknown = cell.unknown && *cell.unknown <= attacker;
            totals.leaks += leak;
            totals.undecided += unknown && !leak;
            totals.only_undecided += unknown && !leak && !found;
            totals.separated += !unknown && !leak;
        }
    }

    // Whoever controls a key source of the service puts a key there, says of it whose it is, and signs anything.
    void compare_hostile(const Estate& estate, const audit::Findings& findings, std::size_t source,
                         std::size_t service) {
        const policy::Policy& policy = *estate.policy;
        const std::string& file = policy.domains[source].keys.value;
        accept::Entry taken_over;
        for (const accept::Path& path : estate.services[service].entry->paths) {
            const auto is_theirs = [&](const accept::KeyOrigin& origin) { return origin.location == file; };
            const auto& origins = path.signing.origins;
            if (std::none_of(origins.begin(), origins.end(), is_theirs)) continue;
            for (const std::string& said : kIssuers) {
                accept::KeyUse own{.key = universe_.keys[static_cast<std::size_t>(file.back() - '0')],
                                   .algorithms = {Algorithm::HS256},
                                   .kid = {},
                                   .owner = {}};
                if (!said.empty()) own.issuer = said;
                accept::Path& changed = taken_over.paths.emplace_back(path);
                changed.signing.source = accept::KeySource::keys;
                changed.signing.keys = {own};
            }
        }
        if (taken_over.paths.empty()) return;
        Acceptance accepted(universe_, taken_over);
        const Cell cell = findings.cell(estate, source, service);
        const bool said = cell.leak || cell.unknown;
        ++totals.taken_over;
        for (std::size_t i = 0; i < universe_.tokens.size() && !said; ++i) {
            if (universe_.tokens[i].key_file != file || !accepted[i]) continue;
            CAPTURE(text_of(policy));
            CAPTURE(universe_.tokens[i].text);
            CAPTURE(estate.services[service].name);
            CAPTURE(estate.name(source));
            REQUIRE_MESSAGE(said, "called separated, and whoever controls the key source gets in");
        }
    }

    // Made without the prover's index and classes, it must say the same, and give itself again.
    void check_certificate(const Estate& estate, const audit::Findings& findings) {
        const Attacker against = dice_.pick(std::vector<Attacker>(kAttackers.begin(), kAttackers.end()));
        const auto made = certify(estate, findings, against, {});
        if (!made) {
            CAPTURE(text_of(*estate.policy));
            CAPTURE(made.error().message);
            CHECK(made.error().fault == Fault::invalid); // nothing is proved
            return;
        }
        const auto read = read_certificate(made->text, "certificate.json");
        REQUIRE(read.has_value());
        CHECK(refusals(*read, estate, {}, jwtdomain::test::kNow).value().empty());
        ++totals.certificates;
    }

    // A thief has the source's key; who holds a source of keys puts one there.
    bool signs_with_its_own(const policy::Policy& policy, const Crossing& crossing) const {
        const std::size_t number = crossing.check.token.key;
        if (number == TokenShape::kNewKey) return crossing.attacker == Attacker::hostile_issuer;
        const auto* const used = std::get_if<HmacKey>(&crossing.path->signing.keys[number].key);
        const std::string& file = policy.domains[crossing.source].keys.value;
        const HmacKey& held = universe_.keys[static_cast<std::size_t>(file.back() - '0')];
        return used && used->secret().expose() == held.secret().expose();
    }

    static Spec spec_of(const TokenShape& shape) {
        Spec spec{.key = 0, .type = shape.type.value_or(""), .issuer = shape.issuer.value_or("")};
        spec.has_aud = shape.audiences.has_value();
        if (spec.has_aud) spec.aud = *shape.audiences;
        for (const ClaimValue& claim : shape.claims) {
            if (claim.path.front() == "domain") spec.domain = claim.values.empty() ? "" : claim.values.front();
            if (claim.path.front() == "scope") spec.scope = claim.values;
        }
        return spec;
    }

    // Without any exchange.
    static bool can_have(const policy::Policy& policy, const Crossing& crossing, Spec token) {
        if (crossing.attacker == Attacker::outsider || crossing.attacker > Attacker::insider) return true;
        token.key_file = policy.domains[crossing.source].keys.value;
        return has_directly(policy, crossing.source, token, crossing.attacker);
    }

    // A witness is minimal: without any one of its claims, or of their values, it is refused or not to be
    // had. (Beside trust edges one may step around them twice.) A minute of life is ours; and an aud stays beside a
    // claim that could stand in for it.
    void check_minimal(const Estate& estate, const Crossing& crossing) {
        const TokenShape& whole = crossing.check.token;
        std::vector<TokenShape> smaller;
        const auto without = [&](const auto& take) { take(smaller.emplace_back(whole)); };
        if (whole.issuer) without([](TokenShape& t) { t.issuer.reset(); });
        const bool stands_in = !crossing.path->audience.fallback_claims.empty() && !whole.claims.empty();
        if (whole.audiences && !stands_in) without([](TokenShape& t) { t.audiences.reset(); });
        for (std::size_t i = 0; whole.audiences && whole.audiences->size() > 1 && i < whole.audiences->size(); ++i)
            without([i](TokenShape& t) { t.audiences->erase(t.audiences->begin() + static_cast<std::ptrdiff_t>(i)); });
        for (std::size_t c = 0; c < whole.claims.size(); ++c) {
            without([c](TokenShape& t) { t.claims.erase(t.claims.begin() + static_cast<std::ptrdiff_t>(c)); });
            for (std::size_t i = 0; whole.claims[c].values.size() > 1 && i < whole.claims[c].values.size(); ++i)
                without([c, i](TokenShape& t) {
                    t.claims[c].values.erase(t.claims[c].values.begin() + static_cast<std::ptrdiff_t>(i));
                });
        }
        for (const TokenShape& shape : smaller) {
            const Spec token = spec_of(shape);
            if (!can_have(*estate.policy, crossing, token)) continue;
            const auto made = make_witness(estate, *crossing.path, shape, ephemeral_);
            REQUIRE(made.has_value());
            ++totals.smaller;
            CAPTURE(text_of(*estate.policy));
            CAPTURE(name_of(crossing.attacker));
            CAPTURE(crossing.witness->claims);
            CAPTURE(made->claims);
            CHECK_MESSAGE(!made->accepted, "a smaller token crosses, too");
        }
    }

    // Every confirmed witness is a token that its attacker can have, said by the plain statement.
    void check_witnesses(const policy::Policy& policy, const Estate& estate, const audit::Findings& findings) {
        for (const Crossing& crossing : findings.crossings) {
            if (crossing.status != Crossing::Status::confirmed) continue;
            const TokenShape& shape = crossing.check.token;
            if (crossing.route.empty() && policy.trust.empty() && dice_.one_in(4)) check_minimal(estate, crossing);
            if (crossing.attacker > Attacker::insider) {
                if (shape.is_signed && crossing.route.empty()) CHECK(signs_with_its_own(policy, crossing));
                continue;
            }
            if (crossing.attacker == Attacker::outsider) { // has no key, and needs none
                CHECK((!shape.is_signed || shape.key == TokenShape::kNewKey));
                continue;
            }
            Spec spec = spec_of(shape);
            std::set<std::string> reached{policy.domains[crossing.source].name};
            const Edges edges = edges_from(policy, reached);
            bool can = false;
            for (std::size_t k = 0; k < kKeys && !can; ++k) {
                spec.key_file = "keys-" + std::to_string(k);
                can = has_directly(policy, crossing.source, spec, crossing.attacker) ||
                      has_by_exchange(policy, edges, spec, crossing.attacker);
            }
            CAPTURE(crossing.witness->claims);
            CAPTURE(crossing.witness->header);
            CHECK((can || !crossing.route.empty()));
        }
    }

    Dice dice_;
    Universe universe_;
    EphemeralKeys ephemeral_;
};

} // namespace

TEST_CASE("audit/differential: what the prover calls separated, no token of the universe crosses") {
    // Sources and services, of 100,000: tests/house/differential.test looks at the others, unsanitized.
    constexpr std::size_t kPairs = 1'000;
    const std::uint64_t seed = seed_of_run();
    MESSAGE("seed " << seed << " (JWTDOMAIN_SEED repeats it)");
    CAPTURE(seed);
    Differential differential(seed);
    const char* const more = std::getenv("JWTDOMAIN_PAIRS");
    const std::size_t wanted = more ? std::strtoull(more, nullptr, 10) : kPairs;
    while (differential.totals.pairs < wanted) differential.one_estate();
    const Totals& totals = differential.totals;
    MESSAGE(totals.pairs << " pairs, each for three attackers: " << totals.separated << " separated, " << totals.leaks
                         << " leak, " << totals.undecided << " undecided, of which " << totals.only_undecided
                         << " without a token that crosses");
    CHECK(totals.separated > wanted / 10);
    CHECK(totals.leaks > wanted / 20);
    CHECK(totals.taken_over > wanted / 40);
    CHECK(totals.smaller > wanted / 40);
    CHECK(totals.only_undecided < wanted / (more ? 10 : 5)); // of few pairs it varies
}
