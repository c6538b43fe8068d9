// The prover against the real issuer: random profiles of claims, random requests that `issue` grants or refuses, and
// the real engine behind random rules on claims. What audit/differential says again plainly is here asked of the code
// that mints.
#include <doctest/doctest.h>

#include "audit_random_estate.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/policy/issuance.h"
#include "jwtdomain/policy/names.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

using policy::Allowed;

const Words kClaims{"role", "ext", "/ext/role", "/ext/level", "level", "/ext/role/deep"};
const Words kTexts{"x", "y", "x y", "7", "true", "", "xx"};
const Words kJson{R"("x")",
                  R"("y")",
                  R"("x y")",
                  R"("7")",
                  "7",
                  "true",
                  "null",
                  R"("")",
                  "[]",
                  R"(["x"])",
                  R"(["x","y"])",
                  R"(["x y"])",
                  R"(["y",7])",
                  R"([["x"]])",
                  "{}",
                  R"({"role":"x"})",
                  R"({"role":["x","y"],"level":7})",
                  R"({"role":{"deep":"x"}})",
                  R"({"level":"x","domain":"b"})",
                  R"({"role":"x y"})",
                  R"({"domain":"a","role":"y"})",
                  R"({"jkt":"x"})",
                  R"({"":"x"})"};

std::vector<std::string> claim_path_of(const std::string& name) {
    if (name.front() != '/') return {name};
    std::vector<std::string> out;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find('/', at + 1), name.size());
        out.push_back(name.substr(at + 1, end - at - 1));
        at = end;
    }
    return out;
}

accept::Strings random_strings(Dice& dice) {
    using accept::Match;
    accept::Strings out;
    switch (dice.below(6)) {
    case 0: out.any = true; break;
    case 1:
        out.patterns = {{dice.pick(std::vector<Match>{Match::prefix, Match::suffix, Match::contains}),
                         dice.pick(Words{"x", "y", " "})}};
        break;
    default:
        out.exact = {dice.pick(kTexts)};
        if (dice.one_in(3)) out.exact.push_back(dice.pick(kTexts));
    }
    return out;
}

accept::ClaimRule random_rule(Dice& dice, const Words& names) {
    using accept::ClaimShape;
    using accept::ClaimTest;
    accept::ClaimRule rule{.path = claim_path_of(dice.pick(names)), .values = random_strings(dice)};
    rule.test = dice.pick(std::vector<ClaimTest>{ClaimTest::present, ClaimTest::absent, ClaimTest::in, ClaimTest::in,
                                                 ClaimTest::has_any, ClaimTest::has_all, ClaimTest::all_in});
    if (rule.test != ClaimTest::in) rule.shape = dice.one_in(2) ? ClaimShape::words : ClaimShape::list;
    if (rule.test == ClaimTest::has_all) {
        rule.values = {};
        rule.values.exact = dice.some({"x", "y"});
        if (rule.values.exact.empty()) rule.values.exact = {"x"};
    }
    if (rule.test == ClaimTest::present || rule.test == ClaimTest::absent) rule.values = {};
    rule.absent_ok = rule.test != ClaimTest::absent && rule.test != ClaimTest::present && dice.one_in(4);
    return rule;
}

policy::Domain minting_domain(Dice& dice, const std::string& name) {
    policy::Domain d;
    d.name = name;
    d.issuer = "https://issuer.example";
    d.audiences = {"x"};
    d.audience_optional = dice.one_in(4);
    if (dice.one_in(4)) d.audience_fallback = {dice.pick(Words{"client_id", "role"})};
    d.types = {"at+jwt"};
    d.algorithms = {Algorithm::HS256};
    d.domain_claim = dice.pick(Words{"", "domain", "/ext/domain"});
    d.domain_value = name;
    d.scope_claim = dice.pick(Words{"", "scope", "scope", "/ext/scope"});
    d.keys = {policy::KeyLocation::Kind::file, "keys-0"};
    d.required = {"exp", "iat"};
    if (dice.one_in(4)) d.required.push_back(dice.pick(Words{"sub", "client_id", "role", "/ext/role"}));
    d.issue.declared = true;
    d.issue.other_claims = dice.one_in(3);
    for (const std::string& claim : kClaims) {
        if (!dice.one_in(3)) continue;
        Allowed allowed;
        allowed.kind = dice.one_in(3) ? Allowed::Kind::any : Allowed::Kind::list;
        if (allowed.kind == Allowed::Kind::list) allowed.values = {dice.pick(kTexts), dice.pick(kTexts)};
        d.issue.claims[claim] = allowed;
    }
    if (dice.one_in(2)) d.issue.scopes = {Allowed::Kind::list, dice.some({"x", "y"})};
    if (dice.one_in(3)) d.match.push_back(random_rule(dice, kClaims));
    if (dice.one_in(2)) d.clients["x"] = {};
    if (dice.one_in(3)) d.clients["y"] = {};
    if (dice.one_in(10)) d.sender_constraint = policy::SenderConstraint::dpop;
    d.issue.audiences.kind =
        dice.pick(std::vector<Allowed::Kind>{Allowed::Kind::own, Allowed::Kind::any, Allowed::Kind::list});
    if (d.issue.audiences.kind == Allowed::Kind::list) d.issue.audiences.values = {"x", "y"};
    return d;
}

policy::DeclaredVerifier claim_verifier(Dice& dice, const std::string& domain) {
    policy::DeclaredPath p;
    p.name = "path";
    p.keys.push_back(
        {.location = {policy::KeyLocation::Kind::file, "keys-0"}, .algorithms = {}, .kid = {}, .owner = {}});
    p.kid = accept::KidRule::ignored;
    p.type.any = true;
    p.issuer.allowed.any = true;
    p.audience.any = !dice.one_in(3);
    p.audience.any_of = only({dice.pick(Words{"x", "y"})});
    if (dice.one_in(2)) p.audience.fallback_claims = {dice.pick(Words{"client_id", "role", "domain"})};
    Words names = kClaims;
    names.insert(names.end(), {"scope", "/ext/scope", "domain", "/ext/domain", "sub", "client_id", "/cnf/jkt", "cnf"});
    for (std::size_t i = 0; i <= dice.below(3); ++i) p.claims.push_back(random_rule(dice, names));
    policy::DeclaredVerifier verifier;
    verifier.domain = domain;
    verifier.name = "v";
    verifier.accepts.push_back(std::move(p));
    return verifier;
}

// A value that the profile lets through, more often than not; else any.
std::string random_value(Dice& dice, const policy::Domain& d, const std::string& name) {
    const auto listed = d.issue.claims.find(name);
    const bool bounded = listed != d.issue.claims.end() && listed->second.kind == Allowed::Kind::list;
    if (!bounded || dice.one_in(5)) return dice.pick(kJson);
    const std::string value = json::quote(dice.pick(listed->second.values));
    return dice.one_in(3) ? "[" + value + "," + json::quote(dice.pick(listed->second.values)) + "]" : value;
}

// {"role": ..., "level": ...}, of what may be inside.
std::string random_object(Dice& dice, const policy::Domain& d) {
    std::string out;
    for (const char* name : {"role", "level", "domain"}) {
        if (dice.one_in(2) || (name == std::string("domain") && !dice.one_in(8))) continue;
        out += (out.empty() ? "{\"" : ",\"") + std::string(name) +
               "\":" + random_value(dice, d, "/ext/" + std::string(name));
    }
    return out.empty() ? "{}" : out + "}";
}

policy::IssueRequest random_request(Dice& dice, const policy::Domain& d) {
    policy::IssueRequest request;
    if (!dice.one_in(3)) request.subject = dice.pick(Words{"x", "y", "alice"});
    if (!d.clients.empty() && dice.one_in(2)) request.client = d.clients.begin()->first;
    if (dice.one_in(3)) request.audiences = {dice.pick(Words{"x", "y"})};
    if (!d.scope_claim.empty() && dice.one_in(2)) request.scopes = {dice.pick(Words{"x", "y", "x y"})};
    if (dice.one_in(4)) request.not_before = jwtdomain::test::kNow - 10;
    for (const char* name : {"role", "level"}) {
        const bool may = d.issue.other_claims || d.issue.claims.count(name) != 0;
        if (may && dice.one_in(2)) request.claims.push_back({name, random_value(dice, d, name)});
    }
    if (!dice.one_in(3))
        request.claims.push_back({"ext", dice.one_in(3) ? random_value(dice, d, "ext") : random_object(dice, d)});
    if (dice.one_in(d.sender_constraint == policy::SenderConstraint::dpop ? 1 : 8))
        request.claims.push_back({"cnf", dice.one_in(3) ? dice.pick(kJson) : R"({"jkt":"x"})"});
    return request;
}

std::string text_of_rule(const accept::ClaimRule& rule) {
    std::string out = policy::format_claim_path(rule.path) + " shape " + std::to_string(static_cast<int>(rule.shape)) +
                      " test " + std::to_string(static_cast<int>(rule.test)) + (rule.absent_ok ? "? " : " ") +
                      (rule.values.any ? "any" : text_of(rule.values.exact));
    for (const accept::Pattern& pattern : rule.values.patterns) out += " like " + pattern.text;
    return out;
}

struct Totals {
    std::size_t estates = 0, minted = 0, separated = 0, closed_to_thieves = 0, leaks = 0, undecided = 0;
};

class Minted {
public:
    explicit Minted(std::uint64_t seed) : dice_(seed), keys_(made_keys()) {}

    void one_estate() {
        ++totals.estates;
        policy::Policy policy;
        for (const char* name : {"a", "b"}) policy.domains.push_back(minting_domain(dice_, name));
        policy.verifiers.push_back(claim_verifier(dice_, "b"));
        const std::vector<Jwk> keys{{.key = keys_.front()}};
        Estate estate = make_estate(policy, reader_of(keys), jwtdomain::test::kNow);
        unpublish(estate);
        const audit::Findings findings = prove(estate, ephemeral_);
        for (std::size_t s = 0; s < estate.services.size(); ++s) {
            if (estate.services[s].domain == 0) continue;
            const Cell cell = findings.cell(estate, 0, s);
            const auto leaks_to = [&](Attacker who) { return cell.leak && *cell.leak <= who; };
            const auto undecided_for = [&](Attacker who) { return cell.unknown && *cell.unknown <= who; };
            totals.leaks += leaks_to(Attacker::insider);
            totals.undecided += undecided_for(Attacker::insider) && !leaks_to(Attacker::insider);
            if (leaks_to(Attacker::insider) || undecided_for(Attacker::insider)) continue;
            ++totals.separated;
            try_to_cross(policy, estate.services[s], [&] { return minted(policy.domains[0]); });
            if (leaks_to(Attacker::stolen_key) || undecided_for(Attacker::stolen_key)) continue;
            ++totals.closed_to_thieves;
            try_to_cross(policy, estate.services[s], [&] { return forged(); });
        }
    }

    Totals totals;

private:
    // The claims of a token that an insider gets; empty: the issuer refused.
    std::string minted(const policy::Domain& domain) {
        std::string claims;
        const auto plan = policy::plan_claims(domain, random_request(dice_, domain), jwtdomain::test::kNow);
        if (!plan) return claims;
        ++totals.minted;
        plan->append(claims, "AAAA");
        return claims;
    }

    // Of one that a thief of the key writes.
    std::string forged() {
        std::string claims = R"({"iat":1700000000,"exp":1700000060)";
        for (const char* name : {"iss", "sub", "aud", "role", "ext", "level", "scope", "domain", "client_id", "cnf"}) {
            if (!dice_.one_in(3)) claims += ",\"" + std::string(name) + "\":" + dice_.pick(kJson);
        }
        return claims + "}";
    }

    template <class Make> void try_to_cross(const policy::Policy& policy, const Service& service, Make make) {
        constexpr int kTries = 100;
        const accept::Path& path = service.entry->paths.front();
        accept::PathEngine engine(path);
        for (int i = 0; i < kTries; ++i) {
            const std::string claims = make();
            if (claims.empty()) continue;
            const std::string text = jwtdomain::test::sign(signer_, R"({"alg":"HS256","typ":"at+jwt"})", claims);
            UnverifiedToken token;
            token.parse(text);
            if (!engine.evaluate(token, {.now = jwtdomain::test::kNow}).verified) continue;
            const std::string asked = told(path, policy);
            CAPTURE(asked);
            CAPTURE(claims);
            FAIL("called separated, and a token crosses");
        }
    }

    static std::string told(const accept::Path& path, const policy::Policy& policy) {
        const policy::Domain& from = policy.domains[0];
        std::string out;
        for (const accept::ClaimRule& rule : path.claims) out += "\n  " + text_of_rule(rule);
        for (const auto& [name, allowed] : from.issue.claims)
            out += "\n  mints " + name + " " + (allowed.kind == Allowed::Kind::any ? "any" : text_of(allowed.values));
        for (const accept::ClaimRule& rule : from.match) out += "\n  matches " + text_of_rule(rule);
        out += "\n  aud " + std::string(path.audience.any ? "any" : text_of(path.audience.any_of.exact)) + " else " +
               text_of(path.audience.fallback_claims);
        return out + "\n  instead of aud " + text_of(from.audience_fallback) + text_of(policy);
    }

    Dice dice_;
    std::vector<HmacKey> keys_;
    Signer signer_ = Signer::make(keys_.front(), Algorithm::HS256).value();
    EphemeralKeys ephemeral_;
};

} // namespace

TEST_CASE("audit/minted: what the prover calls separated, no token that the issuer mints crosses") {
    const std::uint64_t seed = seed_of_run();
    MESSAGE("seed " << seed << " (JWTDOMAIN_SEED repeats it)");
    CAPTURE(seed);
    Minted minted(seed);
    const char* const more = std::getenv("JWTDOMAIN_ESTATES");
    const std::size_t wanted =
        more ? std::strtoull(more, nullptr, 10) : 1'000; // the others: tests/house/differential.test
    while (minted.totals.estates < wanted) minted.one_estate();
    const Totals& totals = minted.totals;
    MESSAGE(totals.estates << " estates: " << totals.separated << " separated (" << totals.minted
                           << " tokens minted against them), " << totals.closed_to_thieves
                           << " of them against thieves, " << totals.leaks << " leak, " << totals.undecided
                           << " undecided");
    CHECK(totals.separated > wanted / 10);
    CHECK(totals.leaks > wanted / 20);
    CHECK(totals.undecided < wanted / 2);
}
