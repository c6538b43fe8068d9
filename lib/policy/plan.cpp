#include "jwtdomain/policy/plan.h"

#include <algorithm>

#include "jwtdomain/base/document.h"
#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/collide.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/yaml_text.h"

namespace jwtdomain::policy {

namespace {

constexpr const char* kPolicyText =
    R"(# A jwtdomain policy: which token belongs to which domain. Public material only: commit it.
# Its fields: jwtdomain schema policy
version: 1
include: [domains/**/*.yaml] # one file a domain
claims: {domain: domain, scope: scope}
defaults: # what a domain has that says nothing else
  algorithms: [ES256]
  types: [at+jwt]
  lifetime: 10m
  leeway: 30s
  required: [iss, aud, exp, iat, sub, jti]
)";

std::string parent_of(const std::string& name, const std::vector<std::string>& names) {
    for (std::string parent = name; parent.find('/') != std::string::npos;) {
        parent.erase(parent.rfind('/'));
        if (std::find(names.begin(), names.end(), parent) != names.end()) return parent;
    }
    return {};
}

Result<std::string> own_text(const NewDomain& domain, const std::string& base_url, const std::string& parent) {
    const auto issuer = derive_url(base_url, "auth", domain.name);
    if (!issuer) return fail(issuer.error());
    const auto audience = derive_url(base_url, "api", domain.name);
    std::string text = "domain: " + yaml_string(domain.name) + "\n";
    if (!parent.empty()) text += "parent: " + yaml_string(parent) + "\n";
    text += "issuer: " + yaml_string(*issuer) + "\n";
    text += "audiences: [" + yaml_string(*audience) + "]\n";
    if (!domain.algorithm.empty()) text += "algorithms: [" + yaml_string(domain.algorithm) + "]\n";
    text += "jwks: " + yaml_string("jwks/" + domain.name + ".json") + " # its public keys\n";
    text += "issue: # what can be minted for it\n  audiences: own\n";
    return text;
}

// What the loader would make of the text.
Result<Domain> read_back(const std::string& text, const std::string& file, const Policy* existing) {
    auto node = document::parse(text, file);
    if (!node) return fail(node.error());
    if (auto ok = schema::check(*node, schema::domain_object(), file); !ok) return fail(ok.error());
    if (existing != nullptr) return bind::domain(*node, existing->prototype, file);
    const auto root = document::parse(kPolicyText, "policy.yaml");
    auto prototype = bind::prototype(*root, "policy.yaml");
    if (!prototype) return fail(prototype.error());
    return bind::domain(*node, *prototype, file);
}

Status check_included(const PlanInput& input, const std::string& path) {
    if (input.existing == nullptr) return {};
    const auto& include = input.existing->include;
    const bool read = std::any_of(include.begin(), include.end(),
                                  [&](const auto& pattern) { return wildcard::path_matches(pattern, path); });
    if (read) return {};
    return fail(Error{.fault = Fault::conflict,
                      .message = "the policy does not read " + path,
                      .where = {input.existing->file},
                      .hint = "add it to include, for example: include: [domains/**/*.yaml]"});
}

} // namespace

Result<std::string> derive_url(std::string_view base_url, std::string_view prefix, std::string_view domain) {
    const auto bad = [&] {
        return fail(Fault::usage, "'" + std::string(base_url) + "' is not a base URL",
                    "write it like https://example.com");
    };
    if (!is_fetchable_url(base_url) || base_url.find_first_of("?#@") != std::string_view::npos) return bad();
    const std::size_t start = base_url.find("://") + 3;
    const std::size_t end = std::min(base_url.find('/', start), base_url.size());
    std::string host(base_url.substr(start, end - start));
    if (host.empty() || host.front() == '[' || host.front() == ':' || host.front() == '.') return bad();
    for (std::string_view rest = domain; !rest.empty();) { // outer segments stand further right
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        std::string label(rest.substr(0, slash));
        std::replace(label.begin(), label.end(), '_', '-'); // no letter of a host name
        host.insert(0, label + ".");
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    std::string path(base_url.substr(end));
    while (!path.empty() && path.back() == '/') path.pop_back();
    return std::string(base_url.substr(0, start)) + std::string(prefix) + "." + host + path;
}

Result<Plan> plan(const PlanInput& input) {
    if (input.domains.empty())
        return fail(Fault::usage, "no domain to make", "name one: --domain staging --domain prod");
    std::vector<std::string> names;
    detail::Collisions collisions(input.shared);
    if (input.existing != nullptr) {
        for (const Domain& domain : input.existing->domains) {
            names.push_back(domain.name);
            collisions.know(domain);
        }
    }
    for (const KeyOwner& key : input.existing_keys) collisions.know_key(key);
    for (const NewDomain& domain : input.domains) {
        if (auto ok = check_domain_name(domain.name); !ok) return fail(ok.error());
        names.push_back(domain.name);
    }
    Plan out;
    if (input.existing == nullptr) out.files.push_back({"policy.yaml", kPolicyText});
    out.domains.reserve(input.domains.size()); // the collisions refer to its elements
    for (const NewDomain& wanted : input.domains) {
        const std::string path = "domains/" + wanted.name + ".yaml";
        if (auto ok = check_included(input, path); !ok) return fail(ok.error());
        auto text = wanted.text.empty() ? own_text(wanted, input.base_url, parent_of(wanted.name, names))
                                        : Result<std::string>(wanted.text);
        if (!text) return fail(text.error());
        auto domain = read_back(*text, path, input.existing);
        if (!domain) return fail(domain.error());
        if (domain->name != wanted.name) return fail(Fault::internal, "the text of " + path + " is of another domain");
        domain->where = {};
        out.domains.push_back(std::move(*domain));
        if (auto ok = collisions.add(out.domains.back(), wanted.keys); !ok) return fail(ok.error());
        out.files.push_back({path, std::move(*text)});
    }
    out.warnings = collisions.take_warnings();
    return out;
}

} // namespace jwtdomain::policy
