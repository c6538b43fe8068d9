#include "cli/audit/resource_metadata.h"

#include <algorithm>
#include <set>

#include "jwtdomain/net/metadata.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostAsked = 200; // resources

using Domains = std::vector<std::size_t>;

// Whose tokens it may take by the policy.
bool is_declared(const policy::Policy& policy, const policy::Domain& domain, const std::string& issuer) {
    if (domain.issuer == issuer) return true;
    return std::any_of(policy.trust.begin(), policy.trust.end(), [&](const policy::TrustEdge& edge) {
        const policy::Domain* const from = edge.to == domain.name ? policy.find(edge.from) : nullptr;
        return from != nullptr && from->issuer == issuer;
    });
}

Domains with_issuer(const policy::Policy& policy, std::size_t own, const std::string& issuer) {
    Domains out{own};
    for (std::size_t d = 0; d < policy.domains.size(); ++d) {
        if (d != own && policy.domains[d].issuer == issuer) out.push_back(d);
    }
    std::sort(out.begin(), out.end());
    return out;
}

audit::RuleFinding finding_of(const policy::Policy& policy, std::size_t own, const policy::Resource& resource,
                              const std::string& server, const std::string& url) {
    Domains domains = with_issuer(policy, own, server);
    const std::string whose = domains.size() > 1 ? "the issuer of another domain" : "which no domain has as its issuer";
    return {.rule = "ISS-03",
            .severity = Severity::high,
            .domains = std::move(domains),
            .where = resource.where,
            .message = resource.uri + " names the authorization server " + server + ", " + whose +
                       ", and no trust edge declares it (" + url + ")",
            .subject = resource.uri + " " + server};
}

} // namespace

std::vector<audit::RuleFinding> check_resource_metadata(Session& session, const audit::Estate& estate) {
    const policy::Policy& policy = *estate.policy;
    std::vector<audit::RuleFinding> out;
    std::set<std::string> silent; // origins
    std::size_t asked = 0;
    for (std::size_t d = 0; d < policy.domains.size(); ++d) {
        const policy::Domain& domain = policy.domains[d];
        for (const policy::Resource& resource : domain.resources) {
            const auto url = net::parse_url(resource.uri);
            if (!url || silent.count(url->origin) != 0) continue; // what is no address publishes nothing
            if (++asked > kMostAsked) {
                session.warn("only the first 200 resources were asked for their metadata");
                return out;
            }
            const auto metadata = net::resource_metadata(session.documents(), resource.uri);
            if (!metadata) {
                const Error& error = metadata.error();
                if (error.fault == Fault::not_found) {
                    session.note(resource.uri + " publishes no metadata: " + describe(error));
                    continue;
                }
                if (error.fault == Fault::retry || error.fault == Fault::unreadable) silent.insert(url->origin);
                session.warn("the metadata of " + resource.uri + " cannot be used: " + describe(error));
                continue;
            }
            for (const std::string& server : metadata->authorization_servers) {
                if (!is_declared(policy, domain, server))
                    out.push_back(finding_of(policy, d, resource, server, metadata->url));
            }
        }
    }
    return out;
}

} // namespace jwtdomain::cli
