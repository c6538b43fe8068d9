// Providers of OIDC, as principals of trust policies name them.
#include <algorithm>
#include <set>

#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/gateway/aws_trust.h"

namespace jwtdomain::gateway::aws {
namespace {

constexpr std::string_view kOfProvider = ":oidc-provider/";
constexpr std::size_t kLongestValue = 1000; // that is matched with a pattern; a longer one may match

Provider provider_of_url(std::string_view url) {
    constexpr std::string_view kScheme = "https://";
    if (url.starts_with(kScheme)) url.remove_prefix(kScheme.size());
    return {.name = std::string(url), .issuers = {std::string(kScheme) + std::string(url)}};
}

Provider provider_in_template(const Resource& resource) {
    const auto url = literal(resource.properties->find("Url"));
    if (!url) return {.name = {}, .opaque = "the URL of its provider is resolved elsewhere"};
    Provider out = provider_of_url(*url);
    const Node* const list = resource.properties->find("ClientIdList");
    auto ids = literals(list);
    if (ids && !ids->empty()) out.client_ids = std::move(ids);
    return out;
}

} // namespace

Provider provider_of(const Node& principal, const Template* all) {
    const auto referred = reference(&principal);
    if (const Resource* found = referred && all != nullptr ? all->find(*referred) : nullptr) {
        if (found->type == "AWS::IAM::OIDCProvider") return provider_in_template(*found);
        if (found->type == "AWS::IAM::SAMLProvider") return {.name = {}, .none = true};
    }
    auto written = literal(&principal);
    if (!written) written = substitution(principal); // of which the issuer may be no reference
    if (!written) return {.name = {}, .opaque = "its provider is resolved elsewhere"};
    if (written->find(":saml-provider/") != written->npos) return {.name = {}, .none = true};
    const std::size_t at = written->find(kOfProvider);
    const std::string url = at == written->npos ? std::string() : written->substr(at + kOfProvider.size());
    if (!url.empty() && url.find_first_of("{}*?") == url.npos) return provider_of_url(url);
    if (*written == "accounts.google.com")
        return {.name = *written,
                .issuers = {"https://accounts.google.com", "accounts.google.com"},
                .for_every_client = true};
    if (*written == "cognito-identity.amazonaws.com") {
        Provider out = provider_of_url(*written);
        out.for_every_client = true;
        return out;
    }
    return {.name = {}, .opaque = "its provider is none that is known here"};
}

std::vector<Node> both(const std::vector<Node>& client_ids, const std::vector<Node>& condition) {
    std::vector<Node> out;
    std::set<std::string_view> exact;
    std::vector<std::string_view> globs;
    for (const Node& each : condition) {
        if (const Node* glob = each.find("glob"))
            globs.push_back(glob->text);
        else
            exact.insert(each.text);
    }
    for (const Node& id : client_ids) {
        const bool taken =
            exact.contains(id.text) || std::any_of(globs.begin(), globs.end(), [&](std::string_view glob) {
                return glob.size() + id.text.size() > kLongestValue ||
                       wildcard::matches(glob, id.text, wildcard::Unit::octet);
            });
        if (taken) out.push_back(id);
    }
    return out.empty() ? condition : out; // none: nothing is accepted
}

} // namespace jwtdomain::gateway::aws
