#include "jwtdomain/audit/check.h"

#include <algorithm>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit {
namespace detail {

namespace {

// A claim that they may have whose name the path, which reads it in any case, takes for this one.
std::optional<std::string> taken_for(const std::string& claim, const Mintable& tokens, const accept::Dialect& dialect) {
    if (!dialect.reads_in_any_case(claim)) return std::nullopt;
    for (const ClaimBound& bound : tokens.claims) {
        const std::string& name = bound.path.front();
        if (bound.path.size() == 1 && bound.minted && name != claim && accept::same_in_any_case(name, claim))
            return name;
    }
    std::string upper = claim;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    return tokens.bound({upper}).minted ? std::optional(upper) : std::nullopt;
}

} // namespace

void Problem::separate(Field field, std::string left, std::string right, std::string claim) const {
    if (field == Field::issuer || field == Field::audience) {
        const std::string name(name_of(field));
        if (const auto other = taken_for(name, tokens, path.dialect))
            return doubt(field, "tokens may have a claim " + *other + ", which is taken for " + name + " there");
    }
    out.separators.push_back({field, std::move(claim), std::move(left), std::move(right)});
}

std::string text_of(const std::vector<std::string>& words) {
    constexpr std::size_t kShown = 4;
    std::string out;
    for (std::size_t i = 0; i < words.size() && i < kShown; ++i) out += (out.empty() ? "" : ", ") + words[i];
    if (words.size() > kShown) out += " and " + std::to_string(words.size() - kShown) + " more";
    return out.empty() ? "none" : out;
}

std::vector<std::string> words_of(const accept::Strings& strings) {
    std::vector<std::string> words = strings.exact;
    for (const accept::Pattern& pattern : strings.patterns) {
        switch (pattern.match) {
        case accept::Match::equal: words.push_back(pattern.text); break;
        case accept::Match::prefix: words.push_back(pattern.text + "..."); break;
        case accept::Match::suffix: words.push_back("..." + pattern.text); break;
        case accept::Match::contains: words.push_back("..." + pattern.text + "..."); break;
        case accept::Match::glob: words.push_back("glob " + pattern.text); break;
        case accept::Match::regex: words.push_back("/" + pattern.text + "/"); break;
        }
    }
    return words;
}

std::string text_of(const accept::Strings& strings) { return strings.any ? "any" : text_of(words_of(strings)); }

void check_type(const Problem& problem) {
    const accept::TypeRule &asked = problem.path.type, &minted = problem.tokens.type;
    const bool absent_here = asked.any || asked.absent_ok, absent_there = minted.any || minted.absent_ok;
    if (absent_here && absent_there) return;
    for (const std::string& type : minted.allowed) { // as its issuer writes it
        const auto same = [&](const std::string& other) { return accept::same_media_type(type, other); };
        if (asked.any || std::none_of(asked.allowed.begin(), asked.allowed.end(), same)) continue;
        problem.out.token.type = type;
        return;
    }
    if (!asked.any && minted.any && !problem.tokens.typed && !asked.allowed.empty())
        problem.out.assumed.push_back("that its issuer gives tokens of typ " + asked.allowed.front());
    if (asked.any || minted.any) {
        const auto& types = asked.any ? minted.allowed : asked.allowed;
        if (types.empty()) return problem.separate(Field::type, text_of(minted.allowed), text_of(asked.allowed));
        problem.out.token.type = types.front();
        return;
    }
    problem.separate(Field::type, text_of(minted.allowed), text_of(asked.allowed));
}

void check_issuer(const Problem& problem) {
    const accept::IssuerRule &asked = problem.path.issuer, &minted = problem.tokens.iss;
    std::vector<const accept::Strings*> languages{&asked.allowed, &minted.allowed};
    bool absent_ok = asked.absent_ok, present_ok = true, several = false;
    accept::Strings of_key;
    if (problem.key_issuer) {
        of_key = accept::issuers_of_key(*problem.key_issuer);
        languages.push_back(&of_key);
        absent_ok = false;
    }
    for (const accept::ClaimRule& rule : problem.path.claims) {
        if (rule.path != std::vector<std::string>{"iss"}) continue;
        if (rule.test == accept::ClaimTest::absent) {
            present_ok = false;
        } else {
            if (!rule.absent_ok) absent_ok = false;
            if (rule.test == accept::ClaimTest::present) continue;
            languages.push_back(&rule.values);
            several = several || rule.shape == accept::ClaimShape::words ||
                      (rule.shape == accept::ClaimShape::list && problem.path.dialect.issuer_array_ok);
        }
    }
    // A token without iss is outside of every edge whose domain has an issuer.
    if (absent_ok && minted.absent_ok) return;
    if (!present_ok) return problem.separate(Field::issuer, text_of(minted.allowed), "no iss");
    std::vector<std::string> never = problem.outside.issuer_not;
    never.insert(never.end(), asked.except.begin(), asked.except.end());
    const CommonWord found = common_word(languages, never);
    switch (found.overlap) {
    case Overlap::some: problem.out.token.issuer = found.word; return;
    case Overlap::unknown: return problem.doubt(Field::issuer, found.why);
    case Overlap::none:
        if (several) return problem.doubt(Field::issuer, "iss is read both as one text and as several");
        return problem.separate(Field::issuer, text_of(minted.allowed), text_of(asked.allowed));
    }
}

void check_time(const Problem& problem) {
    const auto ends = problem.path.time.path_ends;
    if (ends && *ends <= problem.estate.now)
        problem.separate(Field::time, "now: " + format_time(problem.estate.now), "until " + format_time(*ends));
}

} // namespace detail

namespace {

using detail::Outside;
using detail::Problem;

void check_fields(const Problem& problem) {
    detail::check_type(problem);
    detail::check_time(problem);
    if (problem.path.signature_only) return;
    std::vector<accept::ClaimRule> further;
    detail::check_issuer(problem);
    detail::check_audience(problem, further);
    detail::check_claims(problem, further);
}

// The issuers whose keys the path tells apart; first nullopt, for keys that it takes for every issuer, for a key that
// an attacker adds and for tokens without a signature.
std::vector<std::optional<std::string>> key_issuers(const accept::Path& path) {
    std::vector<std::optional<std::string>> out{std::nullopt};
    for (const accept::KeyUse& use : path.signing.keys) {
        if (std::find(out.begin(), out.end(), use.issuer) == out.end()) out.push_back(use.issuer);
    }
    return out;
}

bool among(const std::vector<Separator>& list, const Separator& wanted) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Separator& each) { return each.field == wanted.field && each.claim == wanted.claim; });
}

// What keeps tokens out whichever keys they are signed with. Where by some keys one field does, and another by others,
// keys and issuer do so together, as one.
std::vector<Separator> common(const std::vector<Check>& all) {
    std::vector<Separator> out;
    for (const Separator& each : all.front().separators) {
        if (std::all_of(all.begin(), all.end(), [&](const Check& other) { return among(other.separators, each); }))
            out.push_back(each);
    }
    const bool joint =
        std::all_of(all.begin(), all.end(), [&](const Check& each) { return each.separators.size() > out.size(); });
    if (joint)
        out.push_back({Field::signing, {}, "keys and issuers of theirs", "keys, each for tokens of its own issuer"});
    return out;
}

// Key and issuer hang together: the keys of each issuer are a path of their own.
Check check_outside(const Estate& estate, const Mintable& tokens, const accept::Path& path, const PathKeys& keys,
                    const Outside& outside) {
    std::vector<Check> all;
    std::optional<Check> doubtful;
    for (const auto& issuer : key_issuers(path)) {
        Check out;
        const Problem problem{estate, tokens, path, keys, outside, issuer, out};
        detail::check_signing(problem);
        check_fields(problem);
        if (out.overlaps()) return out;
        if (!out.separated())
            doubtful = std::move(out);
        else
            all.push_back(std::move(out));
    }
    if (doubtful) return std::move(*doubtful);
    if (all.size() > 1) all.front().separators = common(all);
    return std::move(all.front());
}

// So many facts keep them out: keys and issuer together, or each, as the path finds its keys.
std::pair<std::size_t, std::size_t> facts_of(const Check& check) {
    const std::size_t all = check.separators.size();
    const bool both =
        among(check.separators, {.field = Field::signing}) && among(check.separators, {.field = Field::issuer});
    return {both ? all - 1 : all, all};
}

// Each edge that holds now asks for one difference from its tokens: every combination of these is tried.
Check check_undeclared(const Estate& estate, const Mintable& tokens, const accept::Path& path, const PathKeys& keys,
                       const std::vector<const policy::TrustEdge*>& edges) {
    constexpr std::size_t kMostEdges = 6; // 3^6 combinations
    Check all;
    if (edges.size() > kMostEdges) {
        all.doubts.push_back({Field::audience, {}, "more than 6 trust edges between the same two domains"});
        return all;
    }
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < edges.size(); ++i) combinations *= 3;
    bool first = true;
    for (std::size_t n = 0; n < combinations; ++n) {
        Outside outside;
        std::size_t rest = n;
        bool sayable = true;
        for (const policy::TrustEdge* edge : edges) {
            const policy::Domain& from = *estate.policy->find(edge->from);
            switch (rest % 3) {
            case 0: outside.audience_other_than.push_back(edge->audience); break;
            case 1:
                outside.scope_beyond.push_back(&edge->scopes);
                sayable = sayable && !tokens.scope_claim.empty();
                break;
            default: outside.issuer_not.push_back(from.issuer); sayable = sayable && !from.issuer.empty();
            }
            rest /= 3;
        }
        if (!sayable) continue;
        Check one = check_outside(estate, tokens, path, keys, outside);
        if (one.overlaps()) return one;
        // Of those that are kept out, the ones that are nearest to coming in.
        const bool nearer = one.separated() && all.separated() && facts_of(one) < facts_of(all);
        if (first || nearer || (!one.separated() && all.separated())) all = std::move(one);
        first = false;
    }
    return all;
}

} // namespace

std::string_view name_of(Field field) {
    switch (field) {
    case Field::signing: return "keys";
    case Field::type: return "typ";
    case Field::issuer: return "iss";
    case Field::audience: return "aud";
    case Field::time: return "time";
    case Field::claim: return "claim";
    }
    return {};
}

Check check(const Estate& estate, const Mintable& tokens, const accept::Path& path,
            std::span<const policy::TrustEdge* const> trust) {
    PathKeys fresh; // of a path that is not one of the estate's
    const auto known = estate.path_keys.find(&path);
    if (known == estate.path_keys.end()) fresh = keys_of(path.signing);
    const PathKeys& keys = known == estate.path_keys.end() ? fresh : known->second;
    Check plain = check_outside(estate, tokens, path, keys, {});
    std::vector<const policy::TrustEdge*> edges;
    // What an exchange gives is no token of the edge, nor what a thief or anybody writes: the edge trusts the issuer.
    const bool of_issuer = tokens.attacker == Attacker::replay || tokens.attacker == Attacker::insider;
    if (!plain.separated() && tokens.route.empty() && of_issuer) {
        for (const policy::TrustEdge* edge : trust) {
            if (edge->expires > estate.now) edges.push_back(edge);
        }
    }
    if (edges.empty()) return plain;
    Check outside = check_undeclared(estate, tokens, path, keys, edges);
    outside.declared = outside.separated();
    // Without aud, or iss, a token may be one of the edge all the same, where the policy lets them be absent.
    const policy::Domain& from = estate.domain(tokens.issuer);
    const bool no_aud = !outside.token.audiences && !from.audience_fallback.empty();
    const bool no_iss = !outside.token.issuer && from.issuer_optional && !from.issuer.empty();
    if (outside.overlaps() && (no_aud || no_iss))
        outside.doubts.push_back(
            {no_aud ? Field::audience : Field::issuer,
             {},
             std::string("whether a trust edge speaks for tokens without ") + (no_aud ? "aud" : "iss")});
    return outside;
}

Check check_satisfiable(const Estate& estate, const accept::Path& path) {
    Check out;
    Mintable anything;
    anything.free = anything.type.any = anything.iss.allowed.any = anything.iss.absent_ok = true;
    anything.audiences.any = anything.audience_absent_ok = true;
    const Outside nothing;
    const PathKeys none;
    const std::optional<std::string> every_issuer;
    check_fields({estate, anything, path, none, nothing, every_issuer, out});
    return out;
}

} // namespace jwtdomain::audit
