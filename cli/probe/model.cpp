#include "cli/probe/model.h"

#include <algorithm>
#include <set>

#include "cli/audit/saved_witnesses.h"
#include "jwtdomain/audit/blast_radius.h"

namespace jwtdomain::cli {

using probe::Modelled;

ProbeModel::ProbeModel(const audit::Estate& estate, const store::KeyStore& keys)
    : estate_(estate), keys_(keys), findings_(audit::prove(estate, ephemeral_)) {}

std::vector<probe::Foreign> ProbeModel::crossings_into(std::size_t domain, audit::Attacker against) const {
    std::vector<probe::Foreign> out;
    for (const audit::Crossing& crossing : findings_.crossings) {
        const audit::Service& into = estate_.services[crossing.service];
        if (!crossing.witness || crossing.attacker > against || into.domain != domain) continue;
        out.push_back(
            {estate_.name(crossing.source),
             "the witness of the audit, for " + std::string(name_of(crossing.attacker)) + " into " + into.name,
             [this, &crossing]() -> Result<std::string> {
                 auto witness = real_witness(estate_, crossing, keys_);
                 if (!witness) return tl::unexpected(witness.error());
                 return std::move(witness->token);
             },
             nullptr});
    }
    return out;
}

bool ProbeModel::is_described(std::size_t domain) const {
    const auto& all = estate_.services;
    return !estate_.policy_only && std::any_of(all.begin(), all.end(), [&](const audit::Service& service) {
        return service.domain == domain && is_known(service.state);
    });
}

Modelled ProbeModel::answer(std::size_t domain, const std::string& token, Time now) const {
    if (!is_described(domain)) return Modelled::unknown;
    const audit::BlastRadius radius = audit::blast_radius(estate_, token, {.now = now});
    std::set<std::size_t> unsure, taken;
    for (const audit::Undecided& each : radius.undecided) unsure.insert(each.service);
    for (const audit::Opening& each : radius.openings) {
        if (each.verified) (each.path->exact() ? taken : unsure).insert(each.service);
    }
    std::size_t all = 0, takes = 0;
    for (std::size_t s = 0; s < estate_.services.size(); ++s) {
        if (estate_.services[s].domain != domain) continue;
        if (unsure.count(s) != 0) return Modelled::unknown;
        ++all;
        const bool open = estate_.services[s].state == audit::Service::State::open;
        takes += open ? 1 : taken.count(s);
    }
    return takes == 0 ? Modelled::refuses : takes == all ? Modelled::accepts : Modelled::unknown;
}

} // namespace jwtdomain::cli
