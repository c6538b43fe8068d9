// What the audit says of the targets of a probe: tokens that cross, and what the verifiers that it knows of would
// answer.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/audit/prove.h"
#include "jwtdomain/probe/run.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {

class ProbeModel {
public:
    // Proves; `estate` and `keys` must outlive it.
    // `directory`: places below it are told from there.
    ProbeModel(const audit::Estate& estate, const store::KeyStore& keys, std::string directory);

    // Of each other domain and each service of this one, where tokens cross for an attacker up to `against`: one that
    // does, signed with the real key; of what anybody can write, one.
    std::vector<probe::Foreign> crossings_into(std::size_t domain, audit::Attacker against) const;

    // `unknown` also where nothing but the policy says what guards the domain.
    probe::Modelled answer(std::size_t domain, const std::string& token, Time now) const;

    // What of the configuration lets tokens of the source into the target, and what would keep them out:
    // "haproxy.cfg:26: aud: a, b -> a"; empty: by what is known of it none get in, or no single change would.
    std::string fix_of(const std::string& source, std::size_t target) const;

private:
    probe::Foreign foreign_of(audit::Crossing crossing) const;

    const audit::Estate& estate_;
    const store::KeyStore& keys_;
    std::string directory_;
    EphemeralKeys ephemeral_;
    audit::Findings findings_;
};

} // namespace jwtdomain::cli
