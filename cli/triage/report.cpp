#include "cli/triage/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/triage/claimed_domain.h"
#include "cli/triage/steps.h"
#include "jwtdomain/accept/claims.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/policy/presets.h"

namespace jwtdomain::cli {
namespace {

using audit::Estate;
using audit::Opening;
using State = TriageReport::State;

// The domains that have one of the keys, or may have it.
std::vector<std::size_t> publishers(const Estate& estate, const std::vector<audit::KeyIdentity>& keys) {
    std::vector<std::size_t> out;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        const auto is_one = [&](const audit::KeyIdentity& id) {
            return std::any_of(keys.begin(), keys.end(),
                               [&](const auto& key) { return same_key(key, id) != audit::SameKey::no; });
        };
        const audit::DomainKeys& held = estate.keys[d];
        if (std::any_of(held.identities.begin(), held.identities.end(), is_one) ||
            std::any_of(held.further.begin(), held.further.end(),
                        [&](const auto& further) { return is_one(further.identity); }))
            out.push_back(d);
    }
    return out;
}

// Whose key that is: the policy says so of its own, and of keys of a configuration their identity does.
void find_owner(TriageReport::Row& row, const Estate& estate, const Opening& opening) {
    if (!opening.use) return;
    const auto& keys = opening.path->signing.keys;
    const auto index = static_cast<std::size_t>(opening.use - keys.data());
    if (index >= keys.size()) return;
    const auto held = estate.path_keys.find(opening.path);
    if (held == estate.path_keys.end() || index >= held->second.used.size()) return;
    std::vector<std::string> names;
    for (const std::size_t domain : publishers(estate, {held->second.used[index]})) {
        names.push_back(estate.name(domain));
        row.key_foreign = row.key_foreign || estate.domain(domain).foreign;
    }
    row.key_of = join(names, " and ");
}

TriageReport::Row row_of(const Estate& estate, const Opening& opening) {
    const audit::Service& service = estate.services[opening.service];
    TriageReport::Row row{.service = service.name,
                          .domain = estate.name(service.domain),
                          .resource = service.entry->resource,
                          .methods = service.entry->methods,
                          .scopes = {},
                          .evidence = service.evidence,
                          .verified = opening.verified,
                          .path = opening.path->name,
                          .key = opening.key,
                          .until = opening.until,
                          .where = opening.path->where};
    for (const accept::ClaimRule& rule : opening.path->claims) {
        if (rule.role == accept::ClaimRule::Role::scope) row.scopes = rule.values.exact;
    }
    find_owner(row, estate, opening);
    return row;
}

} // namespace

std::string_view name_of(State state) {
    switch (state) {
    case State::live: return "LIVE";
    case State::later: return "NOT YET VALID";
    case State::expired: return "EXPIRED";
    case State::revoked: return "REVOKED";
    case State::refused: return "ACCEPTED NOWHERE";
    case State::unknown: return "UNKNOWN";
    }
    return {};
}

Exit exit_of(const TriageReport& report) {
    if (report.state == State::live || report.state == State::later) return Exit::no;
    return report.state == State::unknown || !report.undecided.empty() ? Exit::undecided : Exit::yes;
}

namespace {

bool is_json(const std::string& claims) {
    json::Document document;
    return !claims.empty() && !document.parse(claims);
}

// What exchanges give for tokens of the domain, or for such as pass for another's, is of a third one.
void add_exchanges(TriageReport& report, const Estate& estate, std::size_t domain) {
    for (const audit::Mintable& tokens : audit::everything_of(estate, domain, audit::Attacker::insider)) {
        if (tokens.route.empty()) continue; // its own
        const policy::ExchangeEdge& edge = estate.policy->exchange[tokens.route.back()];
        std::string line =
            fmt::format("{0}: the exchange {1} -> {0} gives tokens of it for those of {1}", edge.to, edge.from);
        const auto& told = report.undecided; // two edges between the same two differ in what they narrow
        if (std::find(told.begin(), told.end(), line) == told.end()) report.undecided.push_back(std::move(line));
    }
}

void add_undecided(TriageReport& report, const Estate& estate, const audit::BlastRadius& radius) {
    for (const audit::Undecided& each : radius.undecided)
        report.undecided.push_back(estate.services[each.service].name + ": " + each.why);
}

// Asked of the list itself, too: what accepts the token may not read it.
void look_up_revocation(TriageReport& report, std::string_view text, const accept::Context& context) {
    report.revocations_read = context.revocations != nullptr;
    if (!report.revocations_read || context.revocations->empty()) return;
    const std::string three = std::string(text) + (std::count(text.begin(), text.end(), '.') == 1 ? "." : "");
    UnverifiedToken token;
    static_cast<void>(token.parse(three)); // of one that is damaged the claims may be there all the same
    if (!token.has_claims()) return;
    const auto text_of = [&](std::string_view name) {
        const auto value = token.claims().find(name);
        return value ? value->text() : std::string_view();
    };
    const auto issued = token.claims().find("iat");
    accept::RevocationSubject subject{.jti = text_of("jti"),
                                      .family = text_of("family"),
                                      .subject = text_of("sub"),
                                      .kid = token.header().kid.value_or(std::string_view()),
                                      .thumbprint = {},
                                      .domain = {},
                                      .issued_at = issued ? accept::numeric_date(*issued) : std::nullopt};
    for (const std::string& domain : report.home) {
        subject.domain = domain;
        const accept::Revocation* const hit = context.revocations->find(subject, context.now);
        if (!hit) continue;
        report.revoked = TriageReport::Revoked{std::string(name_of(hit->kind)), hit->value, hit->reason};
        return;
    }
}

} // namespace

TriageReport triage_token(const Estate* estate, std::string_view text, const accept::Context& context,
                          audit::Engines* engines) {
    TriageReport report;
    report.now = context.now;
    report.policy_read = estate != nullptr;
    report.token = inspect::inspect_compact(text, {.now = context.now, .findings = false});
    const std::string claims = report.token->claims.json;
    report.token->header.json = redact_json(report.token->header.json);
    report.token->claims.json = redact_json(claims);
    const bool expired = report.token->expires && *report.token->expires <= context.now;
    if (!estate) {
        if (expired) report.state = State::expired;
        return report;
    }
    const std::vector<std::size_t> domains = claimed_domains(*estate, claims);
    for (const std::size_t domain : domains) {
        const policy::Domain& one = estate->domain(domain);
        report.home.push_back(one.name);
        report.foreign = report.foreign || one.foreign;
        if (one.foreign && report.issuer_kind.empty())
            report.issuer_kind = policy::preset_of(one.issuer, one.keys.value).value_or("");
    }
    report.domain = join(report.home, " or ");
    look_up_revocation(report, text, context);
    const audit::BlastRadius radius = audit::blast_radius(*estate, text, context, {}, engines);
    bool forever = false;
    for (const Opening& opening : radius.openings) {
        // Of a domain that names its resources, these say more than that it takes the token at all.
        const audit::Service& service = estate->services[opening.service];
        if (estate->policy_only && service.entry->resource.empty() &&
            !estate->domain(service.domain).resources.empty() && radius.openings.size() > 1)
            continue;
        report.accepts.push_back(row_of(*estate, opening));
        if (!opening.until)
            forever = true;
        else
            report.until = std::max(report.until.value_or(*opening.until), *opening.until);
    }
    if (forever) report.until.reset();
    add_undecided(report, *estate, radius);
    const bool damaged = !is_json(claims) || !report.token->claims.whole;
    if (damaged) report.undecided.emplace_back("the token: its claims are cut off, or were changed");
    for (const std::size_t domain : domains) add_exchanges(report, *estate, domain);
    if (!report.accepts.empty())
        report.state = State::live;
    else if (damaged)
        report.state = State::unknown;
    else if (!radius.later.empty())
        report.state = State::later;
    else if (radius.revoked)
        report.state = State::revoked;
    else if (expired)
        report.state = State::expired;
    else
        report.state = radius.undecided.empty() ? State::refused : State::unknown;
    for (Step& step : steps_of(report)) report.actions.push_back(std::move(step.text));
    return report;
}

TriageReport triage_keys(const Estate& estate, StolenKeys stolen) {
    TriageReport report;
    report.of_key = report.policy_read = true;
    report.subject = std::move(stolen.subject);
    report.now = estate.now;
    const audit::BlastRadius radius = audit::blast_radius(estate, stolen.keys);
    for (const Opening& opening : radius.openings) report.accepts.push_back(row_of(estate, opening));
    add_undecided(report, estate, radius);
    if (!stolen.unread.empty()) report.undecided.push_back(report.subject + ": " + stolen.unread);
    const std::vector<std::size_t> owners = publishers(estate, stolen.keys);
    for (const std::size_t owner : owners) add_exchanges(report, estate, owner);
    report.state = !report.accepts.empty() ? State::live : report.undecided.empty() ? State::refused : State::unknown;
    if (report.accepts.empty()) return report;
    for (const std::size_t owner : owners)
        report.actions.push_back(
            fmt::format("make a new key for {0}: jwtdomain keygen --domain {0}", estate.name(owner)));
    report.actions.emplace_back("take the stolen key out of every key set that holds it, and publish them");
    report.actions.emplace_back("wait until the caches of those who read the key sets have let go of it: until then it "
                                "opens all of this");
    report.actions.emplace_back("take every token that it has signed for forged; do not wait for them to expire");
    return report;
}

} // namespace jwtdomain::cli
