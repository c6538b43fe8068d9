// What `audit` has to say: a value, printed elsewhere. Names of domains and services stand in it once, and are referred
// to by number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/app/fetched.h"
#include "jwtdomain/audit/attacker.h"
#include "jwtdomain/audit/baseline.h"
#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/audit/depth.h"
#include "jwtdomain/audit/ignores.h"
#include "jwtdomain/audit/prove.h"
#include "jwtdomain/audit/remedy.h"
#include "jwtdomain/audit/rule_check.h"

namespace jwtdomain::cli {

// By whom a finding was accepted, so that it does not fail: an entry of ignores.yaml, or the baseline.
struct Acceptance {
    std::size_t ignore = audit::kNotIgnored; // in AuditReport::ignores
    std::size_t known = audit::kNotIgnored;  // in AuditReport::known
    bool given() const { return ignore != audit::kNotIgnored || known != audit::kNotIgnored; }
};

struct AuditOptions {
    audit::Attacker against = audit::Attacker::insider;
    audit::Evidence require = audit::Evidence::policy;
    std::optional<unsigned> min_depth;
    Severity fail_on = Severity::high;
};

// Its places are those of the policy's files, relative to the working directory where they are below it.
struct AuditReport {
    struct ServiceRow {
        std::string name;
        std::size_t domain = 0;
        audit::Service::State state = audit::Service::State::guarded;
        std::string why;
        audit::Evidence evidence = audit::Evidence::policy;
        audit::Verdict verdict = audit::Verdict::isolated;
        Location where;
        bool decidable = true;        // audit::is_decidable()
        bool unproven = false;        // what guards it cannot be decided about, or is not known well enough
        bool revoked = false;         // its domain publishes no key any more
        bool accepts_nothing = false; // no path of it can take any token
        audit::OwnTokens own;         // is a token of its own domain taken?
    };
    struct CrossingRow {
        std::string fingerprint;
        Acceptance accepted = {};
        audit::Crossing::Status status = audit::Crossing::Status::confirmed;
        audit::Attacker attacker = audit::Attacker::insider;
        std::vector<std::size_t> sources, services;
        bool counts = false; // the attacker is one that is to be held against
        std::string why;
        std::size_t source = 0, service = 0; // the example
        std::string path;
        Location where;
        std::vector<std::string> route; // exchanges, "a -> b"
        std::string header, claims;     // of the witness, as JSON; empty without one
        std::vector<audit::Remedy> remedies;
        std::optional<std::size_t> fix; // the smallest, among the remedies
    };
    struct FindingRow {
        audit::RuleFinding finding;
        std::string fingerprint;
        Acceptance accepted = {};
    };
    struct IgnoreRow {
        audit::Ignore ignore;
        std::size_t uses = 0;
        std::string problem; // expired, or of no use: a finding of its own; empty otherwise
    };
    struct TrustRow {
        std::size_t source = 0, service = 0;
    };

    AuditOptions options;
    audit::Verdict verdict = audit::Verdict::isolated;
    audit::Evidence evidence = audit::Evidence::policy;         // the weakest of what the verdict is about
    audit::Evidence weakest_evidence = audit::Evidence::policy; // of all that was read
    audit::Population population;
    bool policy_only = false;
    Location policy; // its file: the place of what has none of its own
    Time now = 0;
    std::vector<std::string> domains;
    std::vector<ServiceRow> services;
    std::size_t paths = 0; // of all services
    std::vector<CrossingRow> crossings;
    std::vector<FindingRow> findings;
    std::vector<TrustRow> trust;
    std::vector<IgnoreRow> ignores;
    std::vector<audit::Known> known;  // the baseline
    std::vector<FetchedLine> fetched; // documents at URLs
    audit::Depth depth;
    std::vector<std::optional<unsigned>> depths; // of each service and domain, if they are few enough to be looked at

    bool too_shallow() const;                // less than --min-depth for certain
    bool deep_enough() const;                // it is proven that --min-depth is met, or it was not asked for
    bool fails(const FindingRow& row) const; // at or above --fail-on, and not accepted
    bool ignores_fail() const;               // expired or useless ones, likewise
    audit::Cell cell(std::size_t source, std::size_t service) const;
    std::optional<unsigned> depth_of_cell(std::size_t source, std::size_t service) const;
    bool says_isolated() const;  // of a service at least, so that the assumptions are to be printed
    std::size_t leaking() const; // services with that verdict
};

// Assumptions under which ISOLATED holds, each a sentence without a full stop.
std::vector<std::string> assumptions(const AuditReport& report);

// `directory` is the working directory.
AuditReport make_report(const audit::Estate& estate, const audit::Findings& findings,
                        const std::vector<audit::RuleFinding>& rules, EphemeralKeys& keys, const AuditOptions& options,
                        const std::string& directory);

constexpr Severity kIgnoreSeverity = Severity::low; // of ignores that have expired or are of no use

// "ignored until 2026-12-01T00:00:00Z, by platform", "known since 2026-11-01T00:00:00Z, platform
// answers for it"; empty if it was not accepted.
std::string text_of(const AuditReport& report, const Acceptance& accepted);

Exit exit_of(const AuditReport& report);

std::string to_text(const AuditReport& report, bool color);
std::string to_json(const AuditReport& report);
std::string to_jsonl(const AuditReport& report);
std::string to_sarif(const AuditReport& report);
std::string to_junit(const AuditReport& report);
std::string to_github(const AuditReport& report);
std::string to_gitlab_codequality(const AuditReport& report);
std::string to_gitlab_sast(const AuditReport& report);
std::string to_markdown(const AuditReport& report);
std::string to_html(const AuditReport& report);

} // namespace jwtdomain::cli
