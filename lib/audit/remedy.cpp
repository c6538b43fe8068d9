#include "jwtdomain/audit/remedy.h"

#include <algorithm>
#include <array>
#include <map>

#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/yaml_text.h"

namespace jwtdomain::audit {
namespace {

using detail::text_of;

std::vector<std::string> places_of(const accept::Signing& signing) {
    std::vector<std::string> places;
    for (const accept::KeyOrigin& origin : signing.origins) {
        if (std::find(places.begin(), places.end(), origin.location) == places.end()) places.push_back(origin.location);
    }
    return places;
}

std::string keys_text(const accept::Signing& signing) {
    if (signing.source == accept::KeySource::none) return "signatures are not checked";
    if (signing.source == accept::KeySource::of_token) return "where the token says";
    return text_of(places_of(signing));
}

// As the policy would have it in a path that is written by hand.
std::string yaml(const std::vector<std::string>& words) {
    return words.size() == 1 ? policy::yaml_string(words.front()) : policy::yaml_list(words);
}

std::string yaml(const accept::Strings& strings) { return strings.any ? "any" : yaml(detail::words_of(strings)); }

std::string yaml(const accept::Signing& signing) {
    return "keys: " + (signing.source == accept::KeySource::none ? "none" : yaml(places_of(signing)));
}

std::string yaml(const accept::TypeRule& rule) { return "types: " + (rule.any ? "any" : yaml(rule.allowed)); }

std::string yaml(const accept::IssuerRule& rule) { return "issuer: " + yaml(rule.allowed); }

std::string yaml(const accept::AudienceRule& rule) {
    return "audience: " + (rule.any ? "any" : rule.must_be_absent ? "absent" : yaml(rule.any_of));
}

std::string yaml(const accept::ClaimRule& rule) {
    return "claims: {" + policy::yaml_string(policy::format_claim_path(rule.path)) + ": " + yaml(rule.values) + "}";
}

std::string audience_text(const accept::AudienceRule& rule) {
    if (rule.any) return "any";
    if (rule.must_be_absent) return "absent";
    return text_of(rule.any_of) + (rule.absent_ok ? ", or absent" : "");
}

const accept::ClaimRule* find_rule(const std::vector<accept::ClaimRule>& rules, const std::vector<std::string>& path) {
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.path == path; });
    return found == rules.end() ? nullptr : &*found;
}

bool same_types(const accept::TypeRule& a, const accept::TypeRule& b) {
    const auto in = [](const accept::TypeRule& some, const accept::TypeRule& all) {
        return std::all_of(some.allowed.begin(), some.allowed.end(), [&](const std::string& type) {
            return std::any_of(all.allowed.begin(), all.allowed.end(),
                               [&](const std::string& other) { return accept::same_media_type(type, other); });
        });
    };
    return !a.any && !b.any && a.absent_ok == b.absent_ok && in(a, b) && in(b, a);
}

constexpr std::array kStopped{Attacker::replay, Attacker::insider, Attacker::stolen_key, Attacker::hostile_issuer};

class Trial {
public:
    Trial(const Estate& estate, const Crossing& crossing)
        : estate_(estate), crossing_(crossing), own_(own_path(estate, estate.services[crossing.service].domain)) {}

    std::vector<Remedy> run() {
        const accept::Path& path = *crossing_.path;
        if (path.signing.source == accept::KeySource::none || own_.signing.source == accept::KeySource::keys)
            attempt({.field = Field::signing,
                     .now = keys_text(path.signing),
                     .then = keys_text(own_.signing),
                     .before = yaml(path.signing),
                     .after = yaml(own_.signing)},
                    [&](accept::Path& p) { p.signing = own_.signing; });
        if (!own_.type.any && !same_types(path.type, own_.type))
            attempt({.field = Field::type,
                     .now = path.type.any ? "any" : text_of(path.type.allowed),
                     .then = text_of(own_.type.allowed),
                     .before = yaml(path.type),
                     .after = yaml(own_.type)},
                    [&](accept::Path& p) { p.type = own_.type; });
        if (!own_.issuer.allowed.any)
            attempt({.field = Field::issuer,
                     .now = text_of(path.issuer.allowed) + (path.issuer.absent_ok ? ", or absent" : ""),
                     .then = text_of(own_.issuer.allowed),
                     .before = yaml(path.issuer),
                     .after = yaml(own_.issuer)},
                    [&](accept::Path& p) { p.issuer = own_.issuer; });
        attempt({.field = Field::audience,
                 .now = audience_text(path.audience),
                 .then = audience_text(own_.audience),
                 .before = yaml(path.audience),
                 .after = yaml(own_.audience)},
                [&](accept::Path& p) { p.audience = own_.audience; });
        for (const accept::ClaimRule& rule : own_.claims) {
            if (rule.role != accept::ClaimRule::Role::domain && rule.test != accept::ClaimTest::in) continue;
            const accept::ClaimRule* const there = find_rule(path.claims, rule.path);
            attempt({.field = Field::claim,
                     .claim = policy::format_claim_path(rule.path),
                     .now = there ? text_of(there->values) : "any",
                     .then = text_of(rule.values),
                     .before = there ? yaml(*there) : "",
                     .after = yaml(rule)},
                    [&](accept::Path& p) {
                        std::erase_if(p.claims, [&](const auto& r) { return r.path == rule.path; });
                        p.claims.push_back(rule);
                    });
        }
        if (path.dialect.accepts_none || path.dialect.accepts_encrypted) {
            const bool none = path.dialect.accepts_none;
            const std::string name = none ? "none" : "encryption";
            attempt({.field = Field::signing,
                     .besides = "dialect " + name,
                     .now = "accepted",
                     .then = "refused",
                     .before = "dialect: {" + name + ": accepted}",
                     .after = "dialect: {" + name + ": refused}"},
                    [&](accept::Path& p) { (none ? p.dialect.accepts_none : p.dialect.accepts_encrypted) = false; });
        }
        if (!crossing_.route.empty()) give_up_exchange(crossing_.route.back());
        return std::move(out_);
    }

private:
    // Would the path take none of their tokens if the exchange were not there? Of two that lead to one domain the one
    // does not count without the other.
    void give_up_exchange(std::size_t number) {
        const auto& edges = estate_.policy->exchange;
        const policy::ExchangeEdge& edge = edges[number];
        Remedy remedy{.besides = "exchange " + edge.from + " -> " + edge.to,
                      .of_path = false,
                      .now = "declared",
                      .then = "given up"};
        remedy.before =
            "exchange: {from: " + policy::yaml_string(edge.from) + ", to: " + policy::yaml_string(edge.to) + "}";
        const bool alone =
            std::count_if(edges.begin(), edges.end(), [&](const auto& e) { return e.to == edge.to; }) == 1;
        const auto through_it = [&](const Mintable& tokens) {
            return std::find(tokens.route.begin(), tokens.route.end(), number) != tokens.route.end();
        };
        const auto keeps_out = [&](std::size_t source, Attacker attacker) {
            const std::vector<Mintable>& tokens = tokens_of(source, attacker);
            return std::all_of(tokens.begin(), tokens.end(), [&](const Mintable& each) {
                return through_it(each) ||
                       check(estate_, each, *crossing_.path, trust_edges(estate_, source, crossing_.service))
                           .separated();
            });
        };
        for (const Attacker attacker : kStopped) {
            if (alone && for_all_sources([&](std::size_t source) { return keeps_out(source, attacker); }))
                remedy.stops.push_back(attacker);
        }
        out_.push_back(std::move(remedy));
    }

    // The member of a path, as it is written, that says what the remedy changes.
    static std::string_view part_of(const Remedy& remedy) {
        if (!remedy.besides.empty()) return "dialect";
        switch (remedy.field) {
        case Field::signing: return "keys";
        case Field::type: return "types";
        case Field::issuer: return "issuer";
        case Field::audience: return "audience";
        case Field::claim: return "claims";
        default: return {};
        }
    }

    template <class Change> void attempt(Remedy remedy, Change change) {
        if (remedy.now == remedy.then) return; // it is asked for already
        remedy.where = crossing_.path->place_of(part_of(remedy));
        accept::Path changed = *crossing_.path;
        change(changed);
        if (crossing_.attacker == Attacker::outsider && !stops_outsiders(changed))
            return out_.push_back(std::move(remedy));
        for (const Attacker attacker : kStopped) {
            if (stops_all(changed, attacker)) remedy.stops.push_back(attacker);
        }
        out_.push_back(std::move(remedy));
    }

    // The same for every change that is tried.
    const std::vector<Mintable>& tokens_of(std::size_t source, Attacker attacker) {
        const auto [known, fresh] = tokens_.try_emplace({source, attacker});
        if (fresh) known->second = everything_of(estate_, source, attacker);
        return known->second;
    }

    bool stops(const accept::Path& changed, std::size_t source, Attacker attacker) {
        const std::vector<Mintable>& tokens = tokens_of(source, attacker);
        return std::all_of(tokens.begin(), tokens.end(), [&](const Mintable& each) {
            return check(estate_, each, changed, trust_edges(estate_, source, crossing_.service)).separated();
        });
    }

    // By an exchange they have what insiders of the domain at its beginning have.
    bool stops_outsiders(const accept::Path& changed) {
        return stops(changed, crossing_.source, Attacker::outsider) &&
               (crossing_.route.empty() || stops_all(changed, Attacker::insider));
    }

    // Of a class of domains, each; of a large one so many that it is not a matter of chance.
    template <class Holds> bool for_all_sources(Holds holds) const {
        constexpr std::size_t kTried = 64;
        if (!holds(crossing_.source)) return false;
        std::size_t tried = 0;
        for (const std::size_t source : crossing_.sources) {
            if (source == crossing_.source || source == estate_.services[crossing_.service].domain) continue;
            if (++tried > kTried) break;
            if (!holds(source)) return false;
        }
        return true;
    }

    bool stops_all(const accept::Path& changed, Attacker attacker) {
        return for_all_sources([&](std::size_t source) { return stops(changed, source, attacker); });
    }

    const Estate& estate_;
    const Crossing& crossing_;
    accept::Path own_;
    std::map<std::pair<std::size_t, Attacker>, std::vector<Mintable>> tokens_;
    std::vector<Remedy> out_;
};

} // namespace

std::vector<Remedy> remedies(const Estate& estate, const Crossing& crossing) { return Trial(estate, crossing).run(); }

std::optional<std::size_t> smallest_fix(const std::vector<Remedy>& remedies, Attacker attacker) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < remedies.size(); ++i) {
        const auto& stops = remedies[i].stops;
        const bool enough = attacker == Attacker::outsider
                                ? remedies[i].field == Field::signing && !stops.empty()
                                : std::find(stops.begin(), stops.end(), attacker) != stops.end();
        if (enough && (!best || stops.size() > remedies[*best].stops.size())) best = i;
    }
    return best;
}

} // namespace jwtdomain::audit
