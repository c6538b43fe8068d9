#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/keygen/check_published.h"

namespace jwtdomain::cli {

std::string to_json(const PublishedCheck& report) {
    using Json = nlohmann::ordered_json;
    Json out{{"version", 1},
             {"command", "jwks"},
             {"verdict", !report.good()    ? "differs"
                         : report.compared ? "same"
                                           : "good"},
             {"domain", report.domain},
             {"url", report.url},
             {"as_of", format_time(report.now)},
             {"published", report.published},
             {"compared", report.compared}};
    out["differences"] = Json::array();
    for (const auto& each : report.differences)
        out["differences"].push_back({{"code", each.code}, {"key", each.key}, {"what", each.what}});
    out["rules"] = Json::array();
    for (const auto& each : report.broken)
        out["rules"].push_back({{"rule", each.rule}, {"severity", name_of(each.severity)}, {"message", each.message}});
    return json_text(out);
}

} // namespace jwtdomain::cli
