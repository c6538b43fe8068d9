#include "cli/probe/model.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/app/paths.h"
#include "cli/audit/codes.h"
#include "cli/audit/saved_witnesses.h"
#include "jwtdomain/audit/blast_radius.h"
#include "jwtdomain/audit/remedy.h"

namespace jwtdomain::cli {

using probe::Modelled;

ProbeModel::ProbeModel(const audit::Estate& estate, const store::KeyStore& keys, std::string directory)
    : estate_(estate), keys_(keys), directory_(std::move(directory)), findings_(audit::prove(estate, ephemeral_)) {}

std::vector<probe::Foreign> ProbeModel::crossings_into(std::size_t domain, audit::Attacker against) const {
    std::vector<probe::Foreign> out;
    std::set<std::pair<std::size_t, std::size_t>> told; // sources and services; the weakest attacker comes first
    for (const audit::Crossing& crossing : findings_.crossings) {
        if (crossing.status == audit::Crossing::Status::unknown || crossing.attacker > against) continue;
        for (const std::size_t service : crossing.services) {
            if (estate_.services[service].domain != domain) continue;
            for (const std::size_t source : crossing.sources) {
                if (source == domain || told.count({source, service}) != 0) continue;
                auto found = audit::crossing_at(estate_, crossing, source, service);
                if (!found) continue;
                told.emplace(source, service);
                out.push_back(foreign_of(std::move(*found)));
                if (crossing.attacker == audit::Attacker::outsider) break; // it is anybody's
            }
        }
    }
    return out;
}

probe::Foreign ProbeModel::foreign_of(audit::Crossing crossing) const {
    const std::string label = "the witness of the audit, for " + std::string(name_of(crossing.attacker)) + " into " +
                              estate_.services[crossing.service].name;
    const std::string& source = estate_.name(crossing.source);
    const auto make = [this, crossing = std::move(crossing)]() -> Result<std::string> {
        auto witness = real_witness(estate_, crossing, keys_);
        if (!witness && witness.error().fault == Fault::unreadable) // as a rule of a domain whose issuer is another's
            return fail(Fault::not_found, "the private key that it needs is not here");
        if (!witness) return tl::unexpected(witness.error());
        return std::move(witness->token);
    };
    return {source, label, make, nullptr};
}

std::string ProbeModel::fix_of(const std::string& source, std::size_t target) const {
    if (estate_.policy_only) return {};
    for (const audit::Crossing& crossing : findings_.crossings) { // the weakest attacker comes first
        if (crossing.status != audit::Crossing::Status::confirmed) continue;
        for (const std::size_t service : crossing.services) {
            if (estate_.services[service].domain != target) continue;
            for (const std::size_t from : crossing.sources) {
                if (estate_.name(from) != source) continue;
                const auto found = audit::crossing_at(estate_, crossing, from, service);
                if (!found) continue;
                const auto remedies = audit::remedies(estate_, *found);
                const auto best = audit::smallest_fix(remedies, found->attacker);
                if (!best) return {};
                const audit::Remedy& fix = remedies[*best];
                const std::string change = fmt::format("{}: {} -> {}", title_of(fix), fix.now, fix.then);
                if (fix.where.file.empty()) return change;
                return fmt::format("{}:{}: {}", path_if_below(directory_, fix.where.file), fix.where.line, change);
            }
        }
    }
    return {};
}

Modelled ProbeModel::answer(std::size_t domain, const std::string& token, Time now) const {
    if (estate_.policy_only) return Modelled::unknown;
    const audit::BlastRadius radius = audit::blast_radius(estate_, token, {.now = now}, domain);
    if (!radius.undecided.empty()) return Modelled::unknown;
    std::set<std::size_t> taken;
    for (const audit::Opening& each : radius.openings) {
        if (!each.verified) continue;
        if (!each.path->exact()) return Modelled::unknown;
        taken.insert(each.service);
    }
    std::size_t all = 0, takes = 0;
    for (std::size_t s = 0; s < estate_.services.size(); ++s) {
        const audit::Service& service = estate_.services[s];
        if (service.domain != domain) continue;
        ++all;
        takes += service.state == audit::Service::State::open ? 1 : taken.count(s);
    }
    if (all == 0 || (takes != 0 && takes != all)) return Modelled::unknown;
    return takes == 0 ? Modelled::refuses : Modelled::accepts;
}

} // namespace jwtdomain::cli
