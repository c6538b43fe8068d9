#include "jwtdomain/gateway/export.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/gateway/exporters.h"

namespace jwtdomain::gateway {
namespace {

constexpr std::array<std::string_view, 16> kLossWords{
    "keys",   "algorithms", "type",       "issuer",    "audience", "further-audiences",
    "expiry", "lifetime",   "not-before", "issued-at", "leeway",   "domain",
    "scopes", "claims",     "trust",      "reading"};

// One line an exporter.
constexpr std::array kExporters{
    Exporter{"envoy", "Envoy, the filter jwt_authn", write_envoy},
    Exporter{"istio", "Istio, RequestAuthentication and AuthorizationPolicy", write_istio},
    Exporter{"kube-apiserver", "Kubernetes, AuthenticationConfiguration of the API server", write_kubernetes},
    Exporter{"spring", "Spring Boot, the OAuth 2.0 resource server", write_spring},
    Exporter{"haproxy", "HAProxy 2.5 and later", write_haproxy},
    Exporter{"apache", "Apache httpd, mod_oauth2", write_apache},
    Exporter{"node", "Node, jwtVerify of jose", write_node},
};

} // namespace

std::span<const std::string_view> loss_words() { return kLossWords; }

std::vector<Loss> in_order(std::vector<Loss> losses) {
    const auto rank = [](const Loss& loss) {
        return std::find(kLossWords.begin(), kLossWords.end(), loss.field) - kLossWords.begin();
    };
    std::stable_sort(losses.begin(), losses.end(), [&](const Loss& a, const Loss& b) { return rank(a) < rank(b); });
    return losses;
}

std::span<const Exporter> exporters() { return kExporters; }

std::vector<std::string> exporter_names() {
    std::vector<std::string> out;
    for (const Exporter& exporter : kExporters) out.emplace_back(exporter.name);
    return out;
}

Result<Exported> write(const Order& order, std::string_view target) {
    const auto found = std::find_if(kExporters.begin(), kExporters.end(),
                                    [&](const Exporter& exporter) { return exporter.name == target; });
    if (found != kExporters.end()) {
        auto made = found->write(order);
        if (made) made->losses = in_order(std::move(made->losses));
        return made;
    }
    const std::vector<std::string> known = exporter_names();
    return fail(Fault::usage, "nothing is written for \"" + std::string(target) + "\"",
                did_you_mean(target, known) + "there are: " + join(known, ", "));
}

} // namespace jwtdomain::gateway
