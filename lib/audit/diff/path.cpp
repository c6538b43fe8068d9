// One acceptance path, field by field.
#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/vectors.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::AudienceRule;
using accept::ClaimRule;
using accept::ClaimTest;
using accept::Dialect;
using accept::KeySource;
using accept::Path;
using accept::Signing;
using accept::TimeRule;

template <class Word> std::size_t index(Word word) { return static_cast<std::size_t>(word); }

accept::Strings language_of(const std::optional<std::vector<Algorithm>>& algorithms) {
    return algorithms ? exactly(names_of(*algorithms)) : anything();
}

std::string origins_of(const Signing& signing) {
    std::set<std::string> places;
    for (const accept::KeyOrigin& origin : signing.origins) places.insert(origin.location);
    return join({places.begin(), places.end()}, ", ");
}

std::vector<std::string> metadata_of(const Signing& signing) {
    std::vector<std::string> out;
    for (const accept::KeyOrigin& origin : signing.origins) {
        if (origin.metadata_issuer) out.push_back(*origin.metadata_issuer);
    }
    sort_once(out);
    return out;
}

std::vector<std::string> passed_over(const Signing& signing) {
    std::vector<std::string> out;
    for (const SkippedKey& key : signing.passed_over) {
        const std::string name = key.kid.empty() ? "number " + std::to_string(key.index + 1) : key.kid;
        out.push_back(name + " (" + key.why + (key.identity.empty() ? "" : ", " + fingerprint(key.identity)) + ")");
    }
    sort_once(out);
    return out;
}

void diff_signing(const Recorder& to, const TwoPaths& paths, const ToldKeys& told) {
    const Signing &before = paths.before.signing, &after = paths.after.signing;
    const bool checked_before = before.source != KeySource::none, checked_after = after.source != KeySource::none;
    to.flag("signature is checked", checked_before, checked_after, Direction::stronger);
    if (!checked_before || !checked_after) return;
    to.language("algorithms", language_of(before.algorithms), language_of(after.algorithms));
    to.rank("kid", policy::schema::kid_words(), index(before.kid), index(after.kid));
    const bool chosen_before = before.source == KeySource::of_token, chosen_after = after.source == KeySource::of_token;
    to.flag("a token chooses its keys", chosen_before, chosen_after, Direction::weaker);
    if (chosen_before != chosen_after) return;
    const bool read_before = before.source == KeySource::keys, read_after = after.source == KeySource::keys;
    to.flag("keys could be read", read_before, read_after, Direction::different);
    if (read_before && read_after)
        diff_key_uses(to, before, paths.estate_before.path_keys.at(&paths.before).used, after,
                      paths.estate_after.path_keys.at(&paths.after).used, told);
    else
        to.text("keys", origins_of(before), origins_of(after));
    to.set("keys passed over, which others may take", passed_over(before), passed_over(after), Direction::weaker);
    to.set("issuers whose metadata leads to keys", metadata_of(before), metadata_of(after), Direction::weaker);
}

void diff_issuer_rule(const Recorder& to, const accept::IssuerRule& before, const accept::IssuerRule& after) {
    to.language("issuer", before.allowed, after.allowed);
    to.set("issuers refused", before.except, after.except, Direction::stronger);
    // Which goes without saying of a path that comes to take any.
    const auto plain = [](const accept::IssuerRule& rule) { return rule.absent_ok == rule.allowed.any; };
    if (before.allowed.any == after.allowed.any || !plain(before) || !plain(after))
        to.flag("iss may be absent", before.absent_ok, after.absent_ok, Direction::weaker);
}

void diff_audience(const Recorder& to, const AudienceRule& before, const AudienceRule& after) {
    to.flag("audience is checked", !before.any, !after.any, Direction::stronger);
    if (before.any || after.any) return;
    to.flag("aud must be absent", before.must_be_absent, after.must_be_absent, Direction::different);
    if (before.must_be_absent || after.must_be_absent) return;
    to.language("audience", before.any_of, after.any_of);
    to.set("audiences needed", before.all_of, after.all_of, Direction::stronger);
    to.language("audiences allowed beside", limit(before.subset_of), limit(after.subset_of));
    to.flag("aud may be absent", before.absent_ok, after.absent_ok, Direction::weaker);
    to.flag("aud may be empty", before.empty_ok, after.empty_ok, Direction::weaker);
    to.flag("a list of audiences is refused", before.string_only, after.string_only, Direction::stronger);
    const auto looseness = [](const AudienceRule& rule) {
        switch (rule.comparison) {
        case accept::AudienceComparison::exact: return 0;
        case accept::AudienceComparison::without_slash: return 1;
        case accept::AudienceComparison::without_scheme_and_slash: return 2;
        }
        return 0;
    };
    const auto comparison = [](const AudienceRule& rule) {
        return std::string(policy::schema::comparison_words()[index(rule.comparison)]);
    };
    to.text("comparison of audiences", comparison(before), comparison(after),
            looseness(after) > looseness(before) ? Direction::weaker : Direction::stronger);
    to.list("claims read where aud is absent", before.fallback_claims, after.fallback_claims);
}

void diff_time(const Recorder& to, const TimeRule& before, const TimeRule& after) {
    to.rank("expiry", policy::schema::presence_words(), index(before.expiry), index(after.expiry));
    to.flag("exp below zero is accepted", before.negative_expiry_ok, after.negative_expiry_ok, Direction::weaker);
    to.flag("exp 0 is taken for none", before.zero_expiry_absent, after.zero_expiry_absent, Direction::weaker);
    to.flag("a time that is no number is taken for none", before.malformed_absent, after.malformed_absent,
            Direction::weaker);
    to.flag("nbf is checked", before.not_before, after.not_before, Direction::stronger);
    to.flag("iat is checked", before.issued_at, after.issued_at, Direction::stronger);
    to.span("longest life", before.longest_life, after.longest_life);
    to.span("longest remaining life", before.longest_remaining, after.longest_remaining);
    to.span("leeway", before.leeway, after.leeway);
    const auto end = [](const TimeRule& rule) { return rule.path_ends ? format_time(*rule.path_ends) : "never"; };
    const bool later = !after.path_ends || (before.path_ends && *after.path_ends > *before.path_ends);
    to.text("end", end(before), end(after), later ? Direction::weaker : Direction::stronger);
}

void diff_dialect(const Recorder& to, const Dialect& before, const Dialect& after) {
    const auto duplicates = [](const Dialect& dialect) {
        return std::string(policy::schema::duplicates_words()[index(dialect.duplicates)]);
    };
    const auto rejects = [](const Dialect& dialect) { return dialect.duplicates == json::Duplicates::reject; };
    to.text("names that stand twice", duplicates(before), duplicates(after),
            rejects(before)  ? Direction::weaker
            : rejects(after) ? Direction::stronger
                             : Direction::different);
    to.set("claims read in any case", before.any_case, after.any_case, Direction::weaker);
    to.flag("lenient base64", before.lenient_base64, after.lenient_base64, Direction::weaker);
    to.flag("a list of issuers is accepted", before.issuer_array_ok, after.issuer_array_ok, Direction::weaker);
    to.flag("crit is ignored", before.ignores_crit, after.ignores_crit, Direction::weaker);
    to.flag("alg is ignored", before.ignores_alg, after.ignores_alg, Direction::weaker);
    to.flag("the algorithm none is accepted", before.accepts_none, after.accepts_none, Direction::weaker);
    to.flag("encryption alone is accepted", before.accepts_encrypted, after.accepts_encrypted, Direction::weaker);
    to.flag("the JSON serialization is accepted", before.accepts_json, after.accepts_json, Direction::weaker);
    to.text("shared cache", before.cache, after.cache);
}

std::vector<std::string> names_of(const std::vector<std::vector<std::string>>& claims) {
    std::vector<std::string> out;
    out.reserve(claims.size());
    for (const auto& path : claims) out.push_back(policy::format_claim_path(path));
    return out;
}

// Can it be met by a text alone? Of the domain claim nothing else counts; elsewhere a number or a boolean is compared
// as it is written.
bool texts_only(const ClaimRule& rule) {
    const accept::Strings& values = rule.values;
    const auto is_text = [](const std::string& value) {
        const char first = value.empty() ? ' ' : value.front();
        return first != '-' && (first < '0' || first > '9') && value != "true" && value != "false";
    };
    const bool by_values = !values.any && values.patterns.empty() && !values.exact.empty();
    return rule.role == ClaimRule::Role::domain ||
           (by_values && std::all_of(values.exact.begin(), values.exact.end(), is_text));
}

bool same_rule(const ClaimRule& a, const ClaimRule& b) {
    return a.path == b.path && a.test == b.test && a.shape == b.shape;
}

// Tests of which a larger language takes more tokens.
bool more_is_weaker(ClaimTest test) { return test != ClaimTest::has_all; }

} // namespace

void diff_claim_rules(const Recorder& to, const std::vector<ClaimRule>& before, const std::vector<ClaimRule>& after) {
    const auto name = [](const ClaimRule& rule) { return "claim " + policy::format_claim_path(rule.path); };
    const Pairing pairing = pair_up(
        pointers(before), pointers(after),
        [](const ClaimRule& a, const ClaimRule& b) {
            return same_rule(a, b) && a.absent_ok == b.absent_ok && texts_only(a) == texts_only(b) &&
                   compare(a.values, b.values) == Inclusion::equal;
        },
        same_rule, [](const ClaimRule& a, const ClaimRule& b) { return a.path == b.path; });
    for (const auto& [b, a] : pairing.both) {
        const ClaimRule &old_one = before[b], &new_one = after[a];
        if (same_rule(old_one, new_one)) {
            to.language(name(new_one), old_one.values, new_one.values,
                        more_is_weaker(new_one.test) ? Direction::weaker : Direction::stronger);
            to.flag(name(new_one) + " may be absent", old_one.absent_ok, new_one.absent_ok, Direction::weaker);
            to.flag(name(new_one) + " is a text only", texts_only(old_one), texts_only(new_one), Direction::stronger);
        } else if (old_one.test != new_one.test) {
            to.add(name(new_one), text_of(old_one), text_of(new_one), Direction::different);
        } else {
            const auto shape = [](const ClaimRule& rule) {
                return std::string(policy::schema::shape_words()[index(rule.shape)]);
            };
            to.text(name(new_one) + " is read as", shape(old_one), shape(new_one));
        }
    }
    for (const std::size_t a : pairing.come) to.came(name(after[a]), text_of(after[a]), Direction::stronger);
    for (const std::size_t b : pairing.gone) to.went(name(before[b]), text_of(before[b]), Direction::weaker);
}

void diff_path(const Recorder& to, const TwoPaths& paths, const ToldKeys& told) {
    const Path &before = paths.before, &after = paths.after;
    diff_signing(to, paths, told);
    diff_types(to, before.type, after.type);
    diff_issuer_rule(to, before.issuer, after.issuer);
    diff_audience(to, before.audience, after.audience);
    diff_time(to, before.time, after.time);
    diff_claim_rules(to, before.claims, after.claims);
    to.text("principal", join(names_of(before.principal), ", "), join(names_of(after.principal), ", "));
    to.flag("only the signature is checked", before.signature_only, after.signature_only, Direction::weaker);
    diff_dialect(to, before.dialect, after.dialect);
    to.set("constraints left out", before.dropped, after.dropped, Direction::different);
}

} // namespace jwtdomain::audit::detail
