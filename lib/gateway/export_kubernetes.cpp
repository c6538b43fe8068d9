// For the API server of Kubernetes: an AuthenticationConfiguration with one authenticator.
//
// What it does, by its own source (apiserver/plugin/pkg/authenticator/token/oidc, go-oidc): keys are found through the
// issuer's metadata alone; RS, ES and PS of 256, 384 and 512 are taken, whatever a key says of itself; exp is required,
// without leeway, nbf may be a minute ahead; iss and one of the audiences are compared exactly. A rule with
// requiredValue asks for a string; an expression of CEL that fails or cannot be evaluated refuses the token.
#include <algorithm>

#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"

namespace jwtdomain::gateway {
namespace {

using accept::ClaimRule;
using accept::ClaimTest;

constexpr Seconds kNotBeforeSkew = 60;
constexpr std::string_view kGoogle = "https://accounts.google.com"; // its tokens may say it without https://

// A string of CEL without any escape; empty: it needs one, which is left to nobody's reading.
std::string cel_text(std::string_view text) {
    const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return c == '\\' || octet < 0x20 || octet == 0x7f;
    });
    for (const char quote : {'"', '\''}) {
        if (plain && text.find(quote) == text.npos) return quote + std::string(text) + quote;
    }
    return {};
}

// That can stand behind a dot: CEL reserves some words, and Kubernetes gives "__" a meaning of its own.
bool is_identifier(std::string_view name) {
    constexpr std::string_view kReserved =
        " as break const continue else false for function if import in let loop namespace null package return true "
        "var void while ";
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) && name.find("__") == name.npos &&
           kReserved.find(" " + std::string(name) + " ") == kReserved.npos &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// "claims.a.b", "claims['a b']"; empty: it cannot be written.
std::string cel_claim(const std::vector<std::string>& path) {
    std::string out = "claims";
    for (const std::string& name : path) {
        const std::string text = cel_text(name);
        if (name.empty() || text.empty() || name.find_first_of("[]") != std::string::npos) return {};
        out += is_identifier(name) ? "." + name : "[" + text + "]";
    }
    return out;
}

class Rules {
public:
    explicit Rules(const accept::Path& path) {
        if (const ClaimRule* const rule = domain_rule(path)) domain_ = add(*rule);
        for (const ClaimRule* const rule : further_rules(path)) claims_ = add(*rule) && claims_;
        if (path.time.longest_life)
            expression("claims.exp - claims.iat <= " + std::to_string(*path.time.longest_life),
                       "the token lives longer than it may");
    }

    bool domain() const { return domain_; }
    bool claims() const { return claims_; }
    std::string text() const { return text_.empty() ? "" : "    claimValidationRules:\n" + text_; }

private:
    // False: it is not asked for here.
    bool add(const ClaimRule& rule) {
        if (rule.absent_ok) return false;
        const std::string claim = cel_claim(rule.path);
        if (rule.test == ClaimTest::present) {
            if (claim.empty() || !is_identifier(rule.path.back())) return false;
            expression("has(" + claim + ")", "a claim is missing");
            return true;
        }
        const std::vector<std::string>& values = rule.values.exact;
        const bool strings = rule.role == ClaimRule::Role::domain ||
                             std::none_of(values.begin(), values.end(), [](const std::string& value) {
                                 return value == "true" || value == "false" ||
                                        value.find_first_not_of("0123456789.eE+-") == std::string::npos;
                             });
        const bool exact = !rule.values.any && rule.values.patterns.empty() && !values.empty();
        if (rule.test != ClaimTest::in || rule.shape != accept::ClaimShape::scalar || !exact || !strings) return false;
        if (rule.role == ClaimRule::Role::domain && rule.path.size() == 1 && values.size() == 1) {
            text_ += "      - claim: " + quoted(rule.path[0]) + "\n        requiredValue: " + quoted(values[0]) + "\n";
            return true;
        }
        std::string any;
        for (const std::string& value : values) {
            if (cel_text(value).empty()) return false;
            any += (any.empty() ? "" : ", ") + cel_text(value);
        }
        if (claim.empty()) return false;
        expression(values.size() == 1 ? claim + " == " + any : claim + " in [" + any + "]", "a claim is another");
        return true;
    }

    // One that stands there twice is refused.
    void expression(const std::string& cel, std::string_view message) {
        const std::string rule = "      - expression: " + quoted(cel) + "\n";
        if (text_.find(rule) != std::string::npos) return;
        text_ += rule + "        message: " + quoted(message) + "\n";
    }

    std::string text_;
    bool domain_ = true, claims_ = true;
};

bool knows(Algorithm algorithm) {
    const AlgorithmInfo& known = info(algorithm);
    return algorithm != Algorithm::ES256K && known.family != Family::eddsa && known.family != Family::hmac;
}

Status check_domain(const Order& order) {
    if (auto known = check_algorithms(order, "the API server", knows); !known) return tl::unexpected(known.error());
    const std::string issuer = issuer_of(own_path(order.entries.front()));
    const UrlParts parts = parts_of(issuer);
    if (parts.scheme != "https" || parts.host.empty() || issuer.find_first_of("?#@") != std::string::npos)
        return cannot(order, "the API server finds keys through an issuer that is an https URL",
                      "give the domain such an issuer");
    return {};
}

// A P-256 key has one algorithm, an RSA key six.
bool takes_other_algorithms(const Order& order) {
    constexpr std::size_t kOfRsa = 6;
    const auto& uses = own_path(order.entries.front()).signing.keys;
    return used_keys(order).keys.size() < order.keys.size() ||
           std::any_of(uses.begin(), uses.end(), [](const accept::KeyUse& use) {
               return type_of(use.key) == KeyType::rsa && use.algorithms.size() < kOfRsa;
           });
}

std::vector<Loss> losses(const Order& order, const Rules& rules) {
    const accept::Path& path = own_path(order.entries.front());
    const std::string issuer = issuer_of(path);
    std::vector<Loss> out = losses_of(order, {.resource_audiences = false,
                                              .expiry = true,
                                              .lifetime = path.time.longest_life.has_value(),
                                              .not_before = true,
                                              .domain = rules.domain(),
                                              .claims = rules.claims(),
                                              .leeway = kNotBeforeSkew});
    out.push_back({"keys", "they are those that the metadata of " + issuer + " leads to, and no others can be named"});
    if (takes_other_algorithms(order))
        out.push_back({"algorithms", "each key is used with any of RS, ES and PS that fits it"});
    if (issuer == kGoogle) out.push_back({"issuer", "accounts.google.com is taken as well"});
    return out;
}

} // namespace

Result<Exported> write_kubernetes(const Order& order) {
    for (const Status& good :
         {check_domain(order), check_audience(order, "the API server"), check_placeholders(order)}) {
        if (!good) return fail(good.error());
    }
    const accept::Path& path = own_path(order.entries.front());
    const Rules rules(path);
    Exported out;
    out.losses = losses(order, rules);
    out.text =
        comments(order, out.losses, "#") +
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n  - issuer:\n      url: " +
        quoted(issuer_of(path)) + "\n      audiences: " + quoted_list(path.audience.any_of.exact) +
        "\n      audienceMatchPolicy: MatchAny\n" + rules.text() +
        "    claimMappings:\n      username:\n        claim: sub\n        prefix: " + quoted(issuer_of(path) + "#") +
        "\n";
    return out;
}

} // namespace jwtdomain::gateway
