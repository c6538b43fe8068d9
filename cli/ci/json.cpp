#include "cli/app/json_text.h"
#include "cli/ci/plan.h"

namespace jwtdomain::cli {

std::string ci_json(const CiPlan& plan, std::string_view name) {
    return json_text({{"version", 1},
                      {"command", "export"},
                      {"target", name},
                      {"probes", plan.probes},
                      {"variables", plan.variables},
                      {"configuration", write_ci(plan, name)}});
}

} // namespace jwtdomain::cli
