// Internal: what the files of this room define, one function a rule.
#pragma once

#include "jwtdomain/audit/rule_check.h"

namespace jwtdomain::audit::rules {

void alg_01(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_02(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_03(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_04(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_05(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_06(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_07(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_08(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_09(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_10(const RuleInput& input, std::vector<RuleFinding>& out);
void alg_12(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_01(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_02(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_03(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_04(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_05(const RuleInput& input, std::vector<RuleFinding>& out);
void aud_06(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_01(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_02(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_03(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_04(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_05(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_06(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_07(const RuleInput& input, std::vector<RuleFinding>& out);
void clm_08(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_01(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_02(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_03(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_04(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_05(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_06(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_07(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_08(const RuleInput& input, std::vector<RuleFinding>& out);
void iss_09(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_01(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_02(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_03(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_04(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_05(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_06(const RuleInput& input, std::vector<RuleFinding>& out);
void jwk_07(const RuleInput& input, std::vector<RuleFinding>& out);
void key_01(const RuleInput& input, std::vector<RuleFinding>& out);
void key_02(const RuleInput& input, std::vector<RuleFinding>& out);
void key_03(const RuleInput& input, std::vector<RuleFinding>& out);
void key_04(const RuleInput& input, std::vector<RuleFinding>& out);
void key_05(const RuleInput& input, std::vector<RuleFinding>& out);
void key_06(const RuleInput& input, std::vector<RuleFinding>& out);
void key_07(const RuleInput& input, std::vector<RuleFinding>& out);
void key_08(const RuleInput& input, std::vector<RuleFinding>& out);
void key_09(const RuleInput& input, std::vector<RuleFinding>& out);
void key_10(const RuleInput& input, std::vector<RuleFinding>& out);
void lif_01(const RuleInput& input, std::vector<RuleFinding>& out);
void lif_02(const RuleInput& input, std::vector<RuleFinding>& out);
void lif_03(const RuleInput& input, std::vector<RuleFinding>& out);
void lif_04(const RuleInput& input, std::vector<RuleFinding>& out);
void par_01(const RuleInput& input, std::vector<RuleFinding>& out);
void par_02(const RuleInput& input, std::vector<RuleFinding>& out);
void ref_01(const RuleInput& input, std::vector<RuleFinding>& out);
void ref_02(const RuleInput& input, std::vector<RuleFinding>& out);
void ref_03(const RuleInput& input, std::vector<RuleFinding>& out);
void run_02(const RuleInput& input, std::vector<RuleFinding>& out);
void run_03(const RuleInput& input, std::vector<RuleFinding>& out);
void run_04(const RuleInput& input, std::vector<RuleFinding>& out);
void run_05(const RuleInput& input, std::vector<RuleFinding>& out);
void typ_01(const RuleInput& input, std::vector<RuleFinding>& out);
void typ_02(const RuleInput& input, std::vector<RuleFinding>& out);
void typ_03(const RuleInput& input, std::vector<RuleFinding>& out);

// Calls `visit` with every path of every service that is guarded by paths; what passes for no token is no path
// (ISS-09).
template <class Visit> void for_each_path(const Estate& estate, Visit visit) {
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        const Service& service = estate.services[s];
        if (service.state != Service::State::guarded) continue;
        for (const accept::Path& path : service.entry->paths) {
            if (!path.anonymous) visit(s, path);
        }
    }
}

} // namespace jwtdomain::audit::rules
