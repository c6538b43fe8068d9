#include "cli/audit/codes.h"

#include <fmt/format.h>

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kNamed = 4;

} // namespace

std::string_view code_of(audit::Service::State state) {
    switch (state) {
    case audit::Service::State::guarded: return "guarded";
    case audit::Service::State::open: return "open";
    case audit::Service::State::opaque: return "opaque";
    case audit::Service::State::unguarded: return "unguarded";
    }
    return {};
}

std::string_view code_of(audit::Crossing::Status status) {
    switch (status) {
    case audit::Crossing::Status::confirmed: return "confirmed";
    case audit::Crossing::Status::candidate: return "candidate";
    case audit::Crossing::Status::unknown: return "unknown";
    }
    return {};
}

std::string_view code_of(audit::Verdict verdict) {
    switch (verdict) {
    case audit::Verdict::leaks: return "leaks";
    case audit::Verdict::not_proven: return "not-proven";
    case audit::Verdict::isolated: return "isolated";
    case audit::Verdict::consistent: return "consistent";
    }
    return {};
}

std::string code_of(audit::Field field, const std::string& claim) {
    return field == audit::Field::claim ? "claim:" + claim : std::string(audit::name_of(field));
}

std::string title_of(audit::Field field, const std::string& claim) {
    return field == audit::Field::claim ? claim : std::string(audit::name_of(field));
}

std::string code_of(const audit::Remedy& remedy) {
    return remedy.besides.empty() ? code_of(remedy.field, remedy.claim) : remedy.besides;
}

std::string title_of(const audit::Remedy& remedy) {
    return remedy.besides.empty() ? title_of(remedy.field, remedy.claim) : remedy.besides;
}

std::string stopped_by(const audit::Remedy& remedy) {
    if (remedy.stops.empty()) return "stops nobody";
    std::string out;
    for (const audit::Attacker attacker : remedy.stops)
        out += (out.empty() ? "stops " : ", ") + std::string(name_of(attacker));
    return out;
}

std::string service_of(const AuditReport& report, std::size_t service) {
    const AuditReport::ServiceRow& row = report.services[service];
    const std::string& of = report.domains[row.domain];
    const bool says_so = row.name == of || row.name.rfind(of + " (", 0) == 0; // an unnamed verifier, with its place
    return says_so ? row.name : row.name + " of " + of;
}

std::string names_of(const std::vector<std::string>& names, std::size_t most) {
    std::string out;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) out += (i ? ", " : "") + names[i];
    return names.size() > most ? fmt::format("{} and {} more", out, names.size() - most) : out;
}

std::string sources_of(const AuditReport& report, const std::vector<std::size_t>& domains) {
    if (domains.size() == report.domains.size()) return "every domain";
    std::vector<std::string> names;
    names.reserve(domains.size());
    for (const std::size_t domain : domains) names.push_back(report.domains[domain]);
    return names_of(names, kNamed);
}

std::string services_of(const AuditReport& report, const std::vector<std::size_t>& services) {
    std::vector<std::string> names;
    names.reserve(services.size());
    for (const std::size_t service : services) names.push_back(service_of(report, service));
    return names_of(names, kNamed);
}

} // namespace jwtdomain::cli
