// For Istio: a RequestAuthentication that verifies, an AuthorizationPolicy that denies what lacks the claims of the
// domain, and one that allows its resources with their scopes. What Istio looks at and what not: see istio.cpp.
//
// A value with '*' at its beginning or end is a pattern to Istio, and nothing escapes it.
#include <algorithm>
#include <array>

#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/envoy_keys.h"
#include "jwtdomain/gateway/exporters.h"

namespace jwtdomain::gateway {
namespace {

using accept::ClaimRule;
using accept::ClaimTest;

constexpr Seconds kSkew = 60;

bool is_pattern(std::string_view value) { return value.empty() || value.front() == '*' || value.back() == '*'; }

bool all_plain(const std::vector<std::string>& values) {
    return std::none_of(values.begin(), values.end(), is_pattern);
}

// Its text may be that of a number or boolean, which Istio does not match.
bool may_be_no_string(std::string_view value) {
    return value == "true" || value == "false" ||
           (value.find_first_not_of("0123456789.eE+-") == value.npos &&
            value.find_first_of("0123456789") != value.npos);
}

// Claims that are strings wherever they are there (RFC 7519, RFC 8693, OpenID Connect).
bool is_string_claim(const std::vector<std::string>& path) {
    constexpr std::array<std::string_view, 7> kStrings{"sub", "jti", "client_id", "azp", "sid", "nonce", "email"};
    return path.size() == 1 && std::find(kStrings.begin(), kStrings.end(), path.front()) != kStrings.end();
}

// "request.auth.claims[a][b]"; empty if a name cannot stand there.
std::string key_of(const std::vector<std::string>& path) {
    std::string out = "request.auth.claims";
    for (const std::string& name : path) {
        if (name.empty() || name.find_first_of("[]") != std::string::npos) return {};
        out += '[' + name + ']';
    }
    return out;
}

// What is asked of a claim: one of these.
struct Condition {
    std::string key;
    std::vector<std::string> values;
};

std::string text_of(const Condition& condition, std::string_view field) {
    return "{key: " + quoted(condition.key) + ", " + std::string(field) + ": " + quoted_list(condition.values) + "}";
}

// A value by one of Istio's three patterns; false: it has none.
bool add_pattern(const accept::Pattern& pattern, std::vector<std::string>& out) {
    if (pattern.text.empty() || pattern.text.front() == '*' || pattern.text.back() == '*') return false;
    if (pattern.match == accept::Match::prefix)
        out.push_back(pattern.text + "*");
    else if (pattern.match == accept::Match::suffix)
        out.push_back("*" + pattern.text);
    else
        return false;
    return true;
}

// Appends what asks for no less, but that a list counts as each of its members; false: Istio has no such condition, or
// would refuse what is a number.
bool add_conditions(const ClaimRule& rule, std::vector<Condition>& out) {
    const std::string key = key_of(rule.path);
    if (key.empty() || rule.absent_ok || rule.shape == accept::ClaimShape::words) return false;
    if (rule.test == ClaimTest::present) {
        if (!is_string_claim(rule.path)) return false;
        out.push_back({key, {"*"}});
        return true;
    }
    const auto& exact = rule.values.exact;
    if (rule.values.any || !all_plain(exact)) return false;
    if (rule.role != ClaimRule::Role::domain && std::any_of(exact.begin(), exact.end(), may_be_no_string)) return false;
    if (rule.test == ClaimTest::has_all && rule.values.patterns.empty()) {
        for (const std::string& value : exact) out.push_back({key, {value}});
        return true;
    }
    if (rule.test != ClaimTest::in && rule.test != ClaimTest::has_any) return false;
    Condition condition{key, exact};
    for (const accept::Pattern& pattern : rule.values.patterns) {
        if (!add_pattern(pattern, condition.values)) return false;
    }
    out.push_back(std::move(condition));
    return true;
}

// What a token must have whatever it is for.
class Denials {
public:
    explicit Denials(const Order& order) {
        const accept::Path& path = own_path(order.entries.front());
        all_.push_back({"request.auth.claims[iss]", {issuer_of(path)}});
        if (!path.audience.any_of.exact.empty()) all_.push_back({"request.auth.audiences", audiences_of(order)});
        if (const ClaimRule* const rule = domain_rule(path)) domain_ = add_conditions(*rule, all_);
        for (const ClaimRule* const rule : further_rules(path)) {
            const bool added = add_conditions(*rule, all_);
            claims_ = claims_ && added;
            lists_ = lists_ || (added && rule->test == ClaimTest::in);
            // The principal is of the issuer, and of some subject.
            subject_ = subject_ || (rule->test == ClaimTest::present && rule->path == std::vector<std::string>{"sub"});
        }
    }

    bool domain() const { return domain_; }
    bool claims() const { return claims_; }
    bool lists() const { return lists_; } // a list passes where the policy takes one value alone

    // Each a rule by itself: one that holds is enough.
    std::string rules() const {
        std::string out;
        for (const Condition& condition : all_) {
            if (&condition == &all_.front() && subject_)
                out += "    - from: [{source: {notRequestPrincipals: " + quoted_list({condition.values[0] + "/*"}) +
                       "}}]\n";
            else if (!(subject_ && condition.key == "request.auth.claims[sub]" && condition.values[0] == "*"))
                out += "    - when: [" + text_of(condition, "notValues") + "]\n";
        }
        return out;
    }

private:
    // Of all resources together.
    static std::vector<std::string> audiences_of(const Order& order) {
        std::vector<std::string> out;
        for (const accept::Entry& entry : order.entries) {
            for (const std::string& audience : own_path(entry).audience.any_of.exact) {
                if (std::find(out.begin(), out.end(), audience) == out.end()) out.push_back(audience);
            }
        }
        return out;
    }

    std::vector<Condition> all_;
    bool domain_ = true, claims_ = true, lists_ = false, subject_ = false;
};

// Where requests to a resource go.
struct Place {
    std::vector<std::string> hosts;
    std::string path; // without a slash at its end; empty: all
};

Place place_of(const std::string& resource) {
    const UrlParts parts = parts_of(resource);
    Place out{{parts.host}, parts.path};
    while (out.path.ends_with('/')) out.path.pop_back();
    const bool port = parts.host.find(':', parts.host.rfind(']') == std::string::npos ? 0 : parts.host.rfind(']')) !=
                      std::string::npos;
    if (!port && parts.scheme == "https") out.hosts.push_back(parts.host + ":443");
    if (!port && parts.scheme == "http") out.hosts.push_back(parts.host + ":80");
    return out;
}

bool is_below(const Place& inner, const Place& outer) {
    return inner.hosts == outer.hosts && inner.path.size() > outer.path.size() &&
           inner.path.starts_with(outer.path + "/");
}

std::vector<std::string> paths_of(const Place& place) { return {place.path, place.path + "/*"}; }

bool can_route(const std::string& resource) {
    const UrlParts parts = parts_of(resource);
    return !parts.host.empty() && parts.host.find_first_of("*@{}?#") == std::string::npos &&
           parts.path.find_first_of("*{}?#") == std::string::npos;
}

// Resources that lie within it have rules of their own.
std::string operation_of(const Order& order, const accept::Entry& entry) {
    const Place place = place_of(entry.resource);
    std::vector<std::string> not_paths;
    for (const accept::Entry& other : order.entries) {
        if (other.resource.empty() || !is_below(place_of(other.resource), place)) continue;
        for (const std::string& path : paths_of(place_of(other.resource))) {
            if (std::find(not_paths.begin(), not_paths.end(), path) == not_paths.end()) not_paths.push_back(path);
        }
    }
    std::string out = "hosts: " + quoted_list(place.hosts);
    if (!entry.methods.empty()) out += ", methods: " + quoted_list(entry.methods);
    if (!place.path.empty()) out += ", paths: " + quoted_list(paths_of(place));
    if (!not_paths.empty()) out += ", notPaths: " + quoted_list(not_paths);
    return "{" + out + "}";
}

// Scopes that Istio takes apart into words: "scope" and "permission" by itself, others where the JWT rule says so.
bool has_scope_words(const ClaimRule& rule) {
    return rule.path.size() == 1 && rule.test == ClaimTest::has_all && !key_of(rule.path).empty();
}

const ClaimRule* first_scope_rule(const Order& order) {
    for (const accept::Entry& entry : order.entries) {
        if (const ClaimRule* const rule = scope_rule(own_path(entry))) return rule;
    }
    return nullptr;
}

std::string allow_rule(const Order& order, const accept::Entry& entry) {
    std::vector<Condition> when;
    if (narrows_audience(order, entry))
        when.push_back({"request.auth.audiences", own_path(entry).audience.any_of.exact});
    const ClaimRule* const scopes = scope_rule(own_path(entry));
    if (scopes != nullptr && has_scope_words(*scopes)) {
        for (const std::string& scope : scopes->values.exact) when.push_back({key_of(scopes->path), {scope}});
    }
    std::string out = "    - to: [{operation: " + operation_of(order, entry) + "}]\n";
    for (const Condition& condition : when)
        out +=
            (&condition == &when.front() ? "      when:\n" : "") + ("        - " + text_of(condition, "values")) + "\n";
    return out;
}

std::string digest_of(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::size_t kOctets = 4;
    unsigned char octets[sha2::kMaxDigest];
    sha2::digest(256, text, octets);
    std::string out;
    for (std::size_t i = 0; i < kOctets; ++i) {
        out += kHex[octets[i] >> 4U];
        out += kHex[octets[i] & 0xfU];
    }
    return out;
}

// A name of Kubernetes; two domains have two.
std::string object_name(const std::string& domain) {
    constexpr std::size_t kLongest = 40;
    std::string out;
    for (const char c : domain) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (!out.empty() && out.back() != '-')) out += plain ? c : '-';
    }
    out.resize(std::min(out.size(), kLongest));
    while (out.ends_with('-')) out.pop_back();
    return "jwtdomain-" + out + (out == domain ? "" : "-" + digest_of(domain));
}

std::string head_of(std::string_view kind, const std::string& name) {
    return "apiVersion: security.istio.io/v1\nkind: " + std::string(kind) + "\nmetadata:\n  name: " + quoted(name) +
           "\nspec:\n";
}

std::string authentication_of(const Order& order, const UsedKeys& keys) {
    const accept::Path& path = own_path(order.entries.front());
    std::string out = head_of("RequestAuthentication", object_name(order.domain)) + "  jwtRules:\n";
    out += "    - issuer: " + quoted(issuer_of(path)) + "\n";
    if (!path.audience.any_of.exact.empty())
        out += "      audiences: " + quoted_list(path.audience.any_of.exact) + "\n";
    if (order.keys_url.empty())
        out += "      jwks: " + quoted(jwks_in_one_line(keys.keys)) + "\n";
    else
        out += "      jwksUri: " + quoted(order.keys_url) + "\n";
    const ClaimRule* const scopes = first_scope_rule(order);
    if (scopes != nullptr && has_scope_words(*scopes) && scopes->path[0] != "scope" && scopes->path[0] != "permission")
        out += "      spaceDelimitedClaims: " + quoted_list(scopes->path) + "\n";
    return out + "      forwardOriginalToken: true\n";
}

std::string denial_of(const Order& order, const Denials& denials) {
    return head_of("AuthorizationPolicy", object_name(order.domain) + "-deny") + "  action: DENY\n  rules:\n" +
           denials.rules();
}

// Empty where there is no resource: what is not denied is let pass.
std::string allowance_of(const Order& order) {
    std::string rules;
    for (const accept::Entry& entry : order.entries) {
        if (!entry.resource.empty()) rules += allow_rule(order, entry);
    }
    if (rules.empty()) return {};
    return "---\n" + head_of("AuthorizationPolicy", object_name(order.domain) + "-allow") +
           "  action: ALLOW\n  rules:\n" + rules;
}

// What would become a pattern, or cannot be said at all.
Status check_values(const Order& order) {
    const auto star = [&](const std::string& value) {
        return cannot(order, "to Istio '*' at the beginning or end of \"" + value + "\" is a pattern",
                      "give it another name in the policy");
    };
    const accept::Path& path = own_path(order.entries.front());
    if (issuer_of(path).empty())
        return cannot(order, "Istio asks for an issuer, and the policy names none", "give the domain an issuer");
    if (is_pattern(issuer_of(path))) return star(issuer_of(path));
    const ClaimRule* const domain = domain_rule(path);
    if (domain != nullptr && !all_plain(domain->values.exact)) return star(domain->values.exact.front());
    for (const accept::Entry& entry : order.entries) {
        std::vector<std::string> values = own_path(entry).audience.any_of.exact;
        values.insert(values.end(), entry.methods.begin(), entry.methods.end());
        if (const ClaimRule* const scopes = scope_rule(own_path(entry)))
            values.insert(values.end(), scopes->values.exact.begin(), scopes->values.exact.end());
        const auto found = std::find_if(values.begin(), values.end(), is_pattern);
        if (found != values.end()) return star(*found);
        if (!entry.resource.empty() && !can_route(entry.resource))
            return cannot(order, "Istio cannot tell requests to " + entry.resource + " by host and path",
                          "give the resource a URL without a query, braces and '*'");
    }
    return {};
}

} // namespace

Result<Exported> write_istio(const Order& order) {
    for (const Status& good : {check_envoy_keys(order, "Istio"), check_audience(order, "Istio"), check_values(order),
                               check_placeholders(order)}) {
        if (!good) return fail(good.error());
    }
    const UsedKeys keys = used_keys(order);
    const Denials denials(order);
    const ClaimRule* const scopes = first_scope_rule(order);
    const accept::Path& path = own_path(order.entries.front());
    Exported out;
    out.losses = losses_of(order, {.not_before = true,
                                   .domain = denials.domain(),
                                   .scopes = scopes == nullptr || has_scope_words(*scopes),
                                   .claims = denials.claims(),
                                   .leeway = kSkew});
    if (domain_rule(path) != nullptr && denials.domain())
        out.losses.push_back({"domain", "a domain claim that is a list passes, if it is one of them"});
    if (denials.claims() && denials.lists())
        out.losses.push_back({"claims", "a claim that is a list passes, if one of them does"});
    add_envoy_key_losses(order, keys, out.losses);
    out.text = comments(order, out.losses, "#") +
               "# It is for every workload of the namespace, unless a selector is added to each spec.\n" +
               authentication_of(order, keys) + "---\n" + denial_of(order, denials) + allowance_of(order);
    return out;
}

} // namespace jwtdomain::gateway
