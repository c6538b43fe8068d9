#include "cli/gateway/export.h"

#include <algorithm>

#include "cli/app/json_text.h"
#include "cli/app/policy.h"
#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/order.h"

namespace jwtdomain::cli {
namespace {

using policy::KeyLocation;
using Json = nlohmann::ordered_json;

Result<const policy::Domain*> domain_of(const policy::Policy& policy, const ExportOptions& options) {
    if (options.domain) return policy::require_domain(policy, *options.domain);
    if (policy.domains.size() == 1) return &policy.domains.front();
    return fail(Fault::usage, "for which of the " + std::to_string(policy.domains.size()) + " domains?",
                "--domain NAME");
}

Status check_losses(Session& session, const ExportOptions& options, const std::vector<gateway::Loss>& losses) {
    std::vector<std::string> all = options.allow_loss, missing;
    for (const gateway::Loss& loss : losses) {
        if (std::find(all.begin(), all.end(), loss.field) != all.end()) continue;
        missing.emplace_back(loss.field);
        session.warn(std::string(loss.field) + ": " + loss.why);
        all.emplace_back(loss.field);
    }
    if (missing.empty()) return {};
    return fail(Fault::unsupported, *options.to + " cannot enforce: " + join(missing, ", "),
                "if the services behind it do, or nobody need: --allow-loss " + join(all, ","));
}

// What was made is read by the importer of the same name: it must say that the domain's own tokens are taken.
Status check_own_tokens(Session& session, policy::Policy policy, const policy::Domain& domain,
                        const ExportReport& report, const policy::KeyReader& reader) {
    const auto import = gateway::read({.file = "what was made", .text = report.made.text}, report.target);
    if (!import) return fail(Fault::internal, "what was made cannot be read back: " + describe(import.error()));
    auto verifiers = gateway::verifiers_of(*import, domain.name);
    if (!verifiers) return fail(Fault::internal, "what was made cannot be read back: " + describe(verifiers.error()));
    for (policy::DeclaredVerifier& verifier : *verifiers) {
        // What the importer has no words for only narrows a path further; the tests ask real gateways about that.
        for (policy::DeclaredPath& path : verifier.accepts) path.dropped.clear();
    }
    policy.verifiers = std::move(*verifiers);
    const policy::KeyReader as_deployed = [&](const KeyLocation& location) -> Result<JwkSet> {
        // A file or URL that the configuration names is the domain's set, wherever it lies.
        return location.kind == KeyLocation::Kind::text ? reader(location) : reader(domain.keys);
    };
    const audit::Estate estate = audit::make_estate(policy, as_deployed, session.now());
    EphemeralKeys keys;
    for (const audit::Service& service : estate.services) {
        if (estate.name(service.domain) != domain.name || service.state == audit::Service::State::unguarded) continue;
        if (service.state != audit::Service::State::guarded)
            return fail(Fault::internal, "what was made is not understood: " + service.why);
        const audit::OwnTokens own = audit::own_tokens(estate, service, keys);
        if (own.answer != audit::OwnTokens::Answer::taken)
            return fail(Fault::internal, "what was made would refuse the domain's own tokens: " + own.why);
    }
    return {};
}

} // namespace

Result<ExportReport> make_export(Session& session, const ExportOptions& options) {
    const auto policy = load_policy(session);
    if (!policy) return tl::unexpected(policy.error());
    const auto domain = domain_of(*policy, options);
    if (!domain) return tl::unexpected(domain.error());
    const policy::KeyReader reader = key_reader(session, *policy);
    const auto order = gateway::make_order(*policy, **domain, reader,
                                           {.resource = options.resource.value_or(""),
                                            .keys_url = options.keys_url.value_or(""),
                                            .key_directory = options.key_directory.value_or("")});
    if (!order) return tl::unexpected(order.error());
    auto made = gateway::write(*order, *options.to);
    if (!made) return tl::unexpected(made.error());
    if (const Status good = check_losses(session, options, made->losses); !good) return fail(good.error());
    ExportReport report{.target = *options.to, .domain = (*domain)->name, .made = std::move(*made)};
    if (const Status good = check_own_tokens(session, *policy, **domain, report, reader); !good)
        return fail(good.error());
    return report;
}

std::string to_json(const ExportReport& report) {
    Json losses = Json::array(), files = Json::array();
    for (const gateway::Loss& loss : report.made.losses) losses.push_back({{"field", loss.field}, {"why", loss.why}});
    for (const gateway::KeyFile& file : report.made.key_files)
        files.push_back({{"name", file.name}, {"text", file.text}});
    return json_text(Json{{"version", 1},
                          {"command", "export"},
                          {"target", report.target},
                          {"domain", report.domain},
                          {"losses", std::move(losses)},
                          {"key_files", std::move(files)},
                          {"configuration", report.made.text}});
}

} // namespace jwtdomain::cli
