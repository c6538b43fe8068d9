#include "cli/triage/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/triage/claimed_domain.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

using audit::Estate;
using audit::Opening;
using State = TriageReport::State;

TriageReport::Row row_of(const Estate& estate, const Opening& opening) {
    const audit::Service& service = estate.services[opening.service];
    TriageReport::Row row{.service = service.name,
                          .domain = estate.name(service.domain),
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
    return row;
}

void add_actions(TriageReport& report, const std::vector<std::string>& home) {
    auto& actions = report.actions;
    const inspect::Token& token = *report.token;
    if (report.accepts.empty()) return;
    const std::string jti = claim_text(token.claims.json, "jti");
    if (report.foreign)
        actions.push_back(fmt::format("end the session at its issuer, {}: nothing here can revoke what it mints",
                                      claim_text(token.claims.json, "iss")));
    if (!jti.empty())
        actions.push_back(
            fmt::format("put its jti {} into the revocation list of the policy: jwtdomain verify reads it; "
                        "a gateway does not",
                        jti));
    for (const auto& row : report.accepts) {
        if (home.empty() || std::find(home.begin(), home.end(), row.domain) != home.end()) continue;
        actions.push_back(
            fmt::format("close {} of {}, which takes tokens of {}: jwtdomain audit shows the smallest fix", row.service,
                        row.domain, report.domain));
    }
    if (report.until)
        actions.push_back(fmt::format("otherwise wait: time ends it at {}", format_time(*report.until)));
    else
        actions.emplace_back("time does not end it: some path does not ask for an expiry");
    const auto& first = report.accepts.front();
    if (!first.key.empty())
        actions.push_back(
            fmt::format("as a last resort take the key {} out of the key set{}: that ends every token that "
                        "it has signed, once caches have let go of it",
                        first.key, report.domain.empty() ? "" : " of " + report.domain));
}

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

} // namespace

TriageReport triage_token(const Estate* estate, std::string_view text, const accept::Context& context) {
    TriageReport report;
    report.now = context.now;
    report.policy_read = estate != nullptr;
    report.token = inspect::inspect_compact(text, {.now = context.now});
    const std::string claims = report.token->claims.json;
    report.token->header.json = redact_json(report.token->header.json);
    report.token->claims.json = redact_json(claims);
    const bool expired = report.token->expires && *report.token->expires <= context.now;
    if (!estate) {
        if (expired) report.state = State::expired;
        return report;
    }
    const std::vector<std::size_t> domains = claimed_domains(*estate, claims);
    std::vector<std::string> home;
    for (const std::size_t domain : domains) {
        home.push_back(estate->name(domain));
        report.foreign = report.foreign || estate->domain(domain).foreign;
    }
    report.domain = join(home, " or ");
    const audit::BlastRadius radius = audit::blast_radius(*estate, text, context);
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
    add_actions(report, home);
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
