#include "jwtdomain/audit/rules/table.h"

#include <array>

namespace jwtdomain::audit {
namespace {

// clang-format off
constexpr std::array kChecks{
    RuleEntry{"ALG-01", rules::alg_01},
    RuleEntry{"ALG-02", rules::alg_02},
    RuleEntry{"ALG-03", rules::alg_03},
    RuleEntry{"ALG-04", rules::alg_04},
    RuleEntry{"ALG-05", rules::alg_05},
    RuleEntry{"ALG-06", rules::alg_06},
    RuleEntry{"ALG-07", rules::alg_07},
    RuleEntry{"ALG-08", rules::alg_08},
    RuleEntry{"ALG-09", rules::alg_09},
    RuleEntry{"ALG-10", rules::alg_10},
    RuleEntry{"ALG-12", rules::alg_12},
    RuleEntry{"AUD-01", rules::aud_01},
    RuleEntry{"AUD-02", rules::aud_02},
    RuleEntry{"AUD-03", rules::aud_03},
    RuleEntry{"AUD-04", rules::aud_04},
    RuleEntry{"AUD-05", rules::aud_05},
    RuleEntry{"AUD-06", rules::aud_06},
    RuleEntry{"CLM-01", rules::clm_01},
    RuleEntry{"CLM-02", rules::clm_02},
    RuleEntry{"CLM-03", rules::clm_03},
    RuleEntry{"CLM-04", rules::clm_04},
    RuleEntry{"CLM-05", rules::clm_05},
    RuleEntry{"CLM-06", rules::clm_06},
    RuleEntry{"CLM-07", rules::clm_07},
    RuleEntry{"CLM-08", rules::clm_08},
    RuleEntry{"ISS-01", rules::iss_01},
    RuleEntry{"ISS-02", rules::iss_02},
    RuleEntry{"ISS-03", rules::iss_03},
    RuleEntry{"ISS-04", rules::iss_04},
    RuleEntry{"ISS-05", rules::iss_05},
    RuleEntry{"ISS-06", rules::iss_06},
    RuleEntry{"ISS-07", rules::iss_07},
    RuleEntry{"ISS-08", rules::iss_08},
    RuleEntry{"ISS-09", rules::iss_09},
    RuleEntry{"JWK-01", rules::jwk_01},
    RuleEntry{"JWK-02", rules::jwk_02},
    RuleEntry{"JWK-03", rules::jwk_03},
    RuleEntry{"JWK-04", rules::jwk_04},
    RuleEntry{"JWK-05", rules::jwk_05},
    RuleEntry{"JWK-06", rules::jwk_06},
    RuleEntry{"JWK-07", rules::jwk_07},
    RuleEntry{"KEY-01", rules::key_01},
    RuleEntry{"KEY-02", rules::key_02},
    RuleEntry{"KEY-03", rules::key_03},
    RuleEntry{"KEY-04", rules::key_04},
    RuleEntry{"KEY-05", rules::key_05},
    RuleEntry{"KEY-06", rules::key_06},
    RuleEntry{"KEY-07", rules::key_07},
    RuleEntry{"KEY-08", rules::key_08},
    RuleEntry{"KEY-09", rules::key_09},
    RuleEntry{"KEY-10", rules::key_10},
    RuleEntry{"LIF-01", rules::lif_01},
    RuleEntry{"LIF-02", rules::lif_02},
    RuleEntry{"LIF-03", rules::lif_03},
    RuleEntry{"LIF-04", rules::lif_04},
    RuleEntry{"PAR-01", rules::par_01},
    RuleEntry{"PAR-02", rules::par_02},
    RuleEntry{"REF-01", rules::ref_01},
    RuleEntry{"REF-02", rules::ref_02},
    RuleEntry{"REF-03", rules::ref_03},
    RuleEntry{"RUN-02", rules::run_02},
    RuleEntry{"RUN-03", rules::run_03},
    RuleEntry{"RUN-04", rules::run_04},
    RuleEntry{"RUN-05", rules::run_05},
    RuleEntry{"TYP-01", rules::typ_01},
    RuleEntry{"TYP-02", rules::typ_02},
    RuleEntry{"TYP-03", rules::typ_03},
};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 1; i < kChecks.size(); ++i) {
        if (!(kChecks[i - 1].id < kChecks[i].id)) return false;
    }
    return true;
}
static_assert(in_order(), "the table is ordered by id, each once");

} // namespace

std::span<const RuleEntry> rule_checks() { return kChecks; }

} // namespace jwtdomain::audit
