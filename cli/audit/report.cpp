#include "cli/audit/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/paths.h"
#include "jwtdomain/audit/certificate.h"

namespace jwtdomain::cli {
namespace {

using audit::Crossing;
using audit::Estate;
using audit::Service;
using audit::Verdict;

// No path of it takes any token at all, whoever signs it.
bool accepts_nothing(const Estate& estate, const Service& service) {
    if (service.state != Service::State::guarded) return false;
    return std::all_of(service.entry->paths.begin(), service.entry->paths.end(), [&](const accept::Path& path) {
        const bool no_key = path.signing.source == accept::KeySource::keys && path.signing.keys.empty();
        return no_key || audit::check_satisfiable(estate, path).separated();
    });
}

AuditReport::ServiceRow service_row(const Estate& estate, const audit::Findings& findings, std::size_t index,
                                    const AuditOptions& options, EphemeralKeys& keys) {
    const Service& service = estate.services[index];
    AuditReport::ServiceRow row{.name = service.name,
                                .domain = service.domain,
                                .state = service.state,
                                .why = service.why,
                                .evidence = service.evidence,
                                .verdict = verdict_of_service(estate, findings, index, options.against),
                                .where = service.where,
                                .revoked =
                                    service.state == Service::State::guarded && estate.keys[service.domain].revoked(),
                                .accepts_nothing = accepts_nothing(estate, service),
                                .own = own_tokens(estate, service, keys)};
    const bool short_of_evidence = is_known(service.state) && service.evidence < options.require;
    const bool broken = row.own.answer == audit::OwnTokens::Answer::refused;
    const accept::UnsignedInput* const believed = believed_unsigned(service);
    row.decidable = is_decidable(service);
    row.unproven = !row.decidable || short_of_evidence || broken;
    if (believed) row.why = "it believes what nobody has signed: " + believed->name;
    if (broken) row.why = "it takes no token of its own domain: " + row.own.why;
    if (short_of_evidence && row.verdict != Verdict::leaks) {
        row.verdict = Verdict::not_proven;
        row.why = fmt::format("known from the {} only, and --require asks for {}", name_of(service.evidence),
                              name_of(options.require));
    }
    return row;
}

AuditReport::CrossingRow crossing_row(const Estate& estate, const Crossing& crossing, const AuditOptions& options) {
    AuditReport::CrossingRow row{.fingerprint = audit::fingerprint(estate, crossing),
                                 .status = crossing.status,
                                 .attacker = crossing.attacker,
                                 .sources = crossing.sources,
                                 .services = crossing.services,
                                 .counts = crossing.attacker <= options.against,
                                 .why = crossing.why,
                                 .source = crossing.source,
                                 .service = crossing.service,
                                 .path = crossing.path->name,
                                 .where = crossing.path->where,
                                 .route = {},
                                 .header = {},
                                 .claims = {},
                                 .remedies = audit::remedies(estate, crossing),
                                 .fix = {}};
    for (const std::size_t edge : crossing.route) {
        const policy::ExchangeEdge& exchange = estate.policy->exchange[edge];
        row.route.push_back(exchange.from + " -> " + exchange.to);
    }
    if (crossing.witness) {
        row.header = crossing.witness->header;
        row.claims = crossing.witness->claims;
    }
    row.fix = audit::smallest_fix(row.remedies, crossing.attacker);
    return row;
}

} // namespace

std::optional<unsigned> AuditReport::depth_of_cell(std::size_t source, std::size_t service) const {
    return depths.empty() ? std::nullopt : depths[service * domains.size() + source];
}

bool AuditReport::too_shallow() const { return options.min_depth && depth.edits && *depth.edits < *options.min_depth; }

bool AuditReport::deep_enough() const {
    const unsigned asked = options.min_depth.value_or(0);
    return asked == 0 || (depth.edits && !depth.undecided && *depth.edits >= asked);
}

bool AuditReport::fails(const FindingRow& row) const {
    return row.finding.severity <= options.fail_on && !row.accepted.given();
}

bool AuditReport::ignores_fail() const {
    return kIgnoreSeverity <= options.fail_on &&
           std::any_of(ignores.begin(), ignores.end(), [](const IgnoreRow& row) { return !row.problem.empty(); });
}

bool AuditReport::says_isolated() const {
    return std::any_of(services.begin(), services.end(), [](const ServiceRow& row) {
        return row.verdict == Verdict::isolated || row.verdict == Verdict::consistent;
    });
}

std::size_t AuditReport::leaking() const {
    return static_cast<std::size_t>(std::count_if(services.begin(), services.end(),
                                                  [](const ServiceRow& row) { return row.verdict == Verdict::leaks; }));
}

audit::Cell AuditReport::cell(std::size_t source, std::size_t service) const {
    audit::Cell out;
    if (services[service].domain == source) return out;
    if (!services[service].decidable) out.unknown = audit::Attacker::outsider;
    for (const CrossingRow& row : crossings) {
        if (!std::binary_search(row.services.begin(), row.services.end(), service) ||
            !std::binary_search(row.sources.begin(), row.sources.end(), source))
            continue;
        out.let_in(row.status, row.attacker);
    }
    out.declared = std::any_of(trust.begin(), trust.end(),
                               [&](const TrustRow& row) { return row.source == source && row.service == service; });
    return out;
}

std::vector<std::string> assumptions(const AuditReport& report) {
    return audit::assumptions(report.weakest_evidence, report.population, report.now);
}

namespace {

// What is known least of those that the verdict is about: of those that leak, if any does.
audit::Evidence evidence_of(const AuditReport& report) {
    std::optional<audit::Evidence> out;
    for (const AuditReport::ServiceRow& row : report.services) {
        if (row.verdict == report.verdict) out = std::min(out.value_or(row.evidence), row.evidence);
    }
    return out.value_or(report.weakest_evidence);
}

} // namespace

AuditReport make_report(const Estate& estate, const audit::Findings& findings,
                        const std::vector<audit::RuleFinding>& rules, EphemeralKeys& keys, const AuditOptions& options,
                        const std::string& directory) {
    AuditReport report;
    report.options = options;
    report.population = estate.population();
    report.policy_only = estate.policy_only;
    report.policy.file = estate.policy->file;
    report.now = estate.now;
    for (const policy::Domain& domain : estate.policy->domains) report.domains.push_back(domain.name);
    report.evidence = report.weakest_evidence = audit::Evidence::probed;
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        report.services.push_back(service_row(estate, findings, s, options, keys));
        report.weakest_evidence = std::min(report.weakest_evidence, estate.services[s].evidence);
        if (estate.services[s].entry) report.paths += estate.services[s].entry->paths.size();
    }
    for (const Crossing& crossing : findings.crossings)
        report.crossings.push_back(crossing_row(estate, crossing, options));
    for (const audit::RuleFinding& finding : rules)
        report.findings.push_back({finding, audit::fingerprint(estate, finding)});
    for (const audit::DeclaredTrust& trust : findings.declared) report.trust.push_back({trust.source, trust.service});
    const auto place = [&](Location& where) {
        if (!where.file.empty()) where.file = path_if_below(directory, where.file);
    };
    place(report.policy);
    for (auto& row : report.services) place(row.where);
    for (auto& row : report.crossings) {
        place(row.where);
        for (audit::Remedy& remedy : row.remedies) place(remedy.where);
    }
    for (auto& row : report.findings) place(row.finding.where);
    audit::Depths depths = audit::depths_of(estate, findings);
    report.depth = std::move(depths.nearest);
    report.depths = std::move(depths.of_pairs);
    report.verdict = verdict_of(estate, findings, options.against);
    const bool short_of_evidence = std::any_of(report.services.begin(), report.services.end(),
                                               [](const auto& row) { return row.verdict == Verdict::not_proven; });
    if (report.verdict != Verdict::leaks && short_of_evidence) report.verdict = Verdict::not_proven;
    report.evidence = evidence_of(report);
    return report;
}

Exit exit_of(const AuditReport& report) {
    const auto stands = [&](bool certain) {
        return std::any_of(report.crossings.begin(), report.crossings.end(), [&](const auto& row) {
            return row.counts && !row.accepted.given() && (row.status == Crossing::Status::confirmed) == certain;
        });
    };
    const auto unproven = [](const AuditReport::ServiceRow& row) { return row.unproven; };
    const auto failing = [&](const AuditReport::FindingRow& row) { return report.fails(row); };
    Exit status = Exit::yes;
    if (stands(true) || report.too_shallow() || report.ignores_fail() ||
        std::any_of(report.findings.begin(), report.findings.end(), failing))
        status = worse(status, Exit::no);
    if (stands(false) || !report.deep_enough() || std::any_of(report.services.begin(), report.services.end(), unproven))
        status = worse(status, Exit::undecided);
    return status;
}

} // namespace jwtdomain::cli
