#include "jwtdomain/gateway/demand.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/gateway/places.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {

using accept::ClaimRule;
using accept::Path;

const Path& own_path(const accept::Entry& entry) { return entry.paths.front(); }

std::string issuer_of(const Path& path) {
    return path.issuer.allowed.any || path.issuer.allowed.exact.empty() ? "" : path.issuer.allowed.exact.front();
}

namespace {

const ClaimRule* rule_of(const Path& path, ClaimRule::Role role) {
    const auto found =
        std::find_if(path.claims.begin(), path.claims.end(), [&](const ClaimRule& rule) { return rule.role == role; });
    return found == path.claims.end() ? nullptr : &*found;
}

// What the paths of one entry ask for.
void add_losses(const accept::Entry& entry, const Enforced& enforced, std::vector<Loss>& out) {
    const auto lose = [&](std::string_view field, std::string why) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const Loss& loss) { return loss.field == field; });
        if (!known) out.push_back({field, std::move(why)});
    };
    const Path& path = own_path(entry);
    if (path.signing.keys.size() > 1 && path.signing.kid == accept::KidRule::must_match && !enforced.key_by_id)
        lose("keys", "a token without kid is tried with each key");
    if (entry.paths.size() > 1) lose("trust", "tokens of other domains that trust edges let in are refused here");
    if (!path.type.any && !enforced.type)
        lose("type", "typ is not looked at, and must be " + jwtdomain::join(path.type.allowed, " or "));
    if (!enforced.exact_audience && !path.audience.any)
        lose("audience", "http:// and https:// before an audience, and a slash behind it, do not count");
    if (path.audience.subset_of && !enforced.further_audiences)
        lose("further-audiences", "a token for the domain and for others as well is taken");
    if (path.time.expiry == accept::Presence::required && !enforced.expiry)
        lose("expiry", "a token without exp is taken");
    if ((path.time.longest_remaining || path.time.longest_life) && !enforced.lifetime)
        lose("lifetime", "a token that lives longer than the policy allows is taken");
    if (path.time.not_before && !enforced.not_before) lose("not-before", "nbf is not looked at");
    if (path.time.issued_at && !enforced.issued_at) lose("issued-at", "an iat in the future is taken");
    if (enforced.leeway > path.time.leeway)
        lose("leeway", "clocks may differ by " + std::to_string(enforced.leeway) + " s, the policy allows " +
                           std::to_string(path.time.leeway));
    if (domain_rule(path) != nullptr && !enforced.domain) lose("domain", "the domain claim is not looked at");
    if (scope_rule(path) != nullptr && !enforced.scopes) lose("scopes", "scopes are not looked at");
    if (!further_rules(path).empty() && !enforced.claims) lose("claims", "further claims are not looked at");
    if (!enforced.reads_strictly)
        lose("reading", "names that stand twice, padded base64 and crit are not refused as we refuse them" +
                            (enforced.reading.empty() ? "" : "; " + enforced.reading));
}

} // namespace

const ClaimRule* domain_rule(const Path& path) { return rule_of(path, ClaimRule::Role::domain); }
const ClaimRule* scope_rule(const Path& path) { return rule_of(path, ClaimRule::Role::scope); }

std::vector<const ClaimRule*> further_rules(const Path& path) {
    std::vector<const ClaimRule*> out;
    for (const ClaimRule& rule : path.claims) {
        if (rule.role == ClaimRule::Role::plain || rule.role == ClaimRule::Role::required) out.push_back(&rule);
    }
    return out;
}

std::vector<Algorithm> algorithms_of(const Order& order) {
    std::vector<Algorithm> out;
    if (order.entries.empty()) return out;
    for (const accept::KeyUse& use : own_path(order.entries.front()).signing.keys) {
        for (const Algorithm algorithm : use.algorithms) {
            if (std::find(out.begin(), out.end(), algorithm) == out.end()) out.push_back(algorithm);
        }
    }
    return out;
}

UsedKeys used_keys(const Order& order) {
    UsedKeys out;
    if (order.entries.empty()) return out;
    const auto& uses = own_path(order.entries.front()).signing.keys;
    for (const PublicJwk& key : order.keys) {
        const auto use = std::find_if(uses.begin(), uses.end(), [&](const accept::KeyUse& candidate) {
            return identity_of(candidate.key) == key.key.identity() && candidate.kid == key.metadata.kid;
        });
        if (use == uses.end()) continue;
        out.keys.push_back(key);
        std::optional<std::string>& named = out.keys.back().metadata.algorithm;
        const AlgorithmInfo& first = info(use->algorithms.front());
        if (use->algorithms.size() > 1)
            out.one_algorithm_each = false;
        else if (!named)
            named = first.family == Family::eddsa ? "EdDSA" : std::string(first.name);
    }
    return out;
}

bool narrows_audience(const Order& order, const accept::Entry& entry) {
    return own_path(entry).audience.any_of.exact != own_path(order.entries.front()).audience.any_of.exact;
}

UrlParts parts_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return {};
    const std::size_t host = scheme + 3, path = url.find('/', host);
    UrlParts out{url.substr(0, scheme), url.substr(host, path == std::string::npos ? path : path - host), ""};
    if (path != std::string::npos && path + 1 < url.size()) out.path = url.substr(path);
    return out;
}

std::vector<Loss> losses_of(const Order& order, const Enforced& enforced) {
    std::vector<Loss> out;
    for (const accept::Entry& entry : order.entries) add_losses(entry, enforced, out);
    const bool narrowed = std::any_of(order.entries.begin(), order.entries.end(),
                                      [&](const accept::Entry& entry) { return narrows_audience(order, entry); });
    if (narrowed && !enforced.resource_audiences) {
        const std::string why = "a resource takes fewer audiences than the domain, which is not enforced";
        const auto known =
            std::find_if(out.begin(), out.end(), [](const Loss& loss) { return loss.field == "audience"; });
        if (known == out.end())
            out.push_back({"audience", why});
        else
            known->why += ", and " + why;
    }
    return out;
}

std::string comments(const Order& order, const std::vector<Loss>& losses, std::string_view mark) {
    const std::string start = std::string(mark) + " ";
    std::string out = start + "Tokens of " + escape_text(order.domain) + ", as the policy of jwtdomain has it.\n";
    for (const Loss& loss : in_order(losses))
        out += start + "not enforced: " + std::string(loss.field) + ": " + escape_text(loss.why) + "\n";
    return out;
}

tl::unexpected<Error> cannot(const Order& order, std::string what, std::string change) {
    return fail(Fault::unsupported, "tokens of " + order.domain + " would be refused: " + std::move(what),
                std::move(change));
}

std::string quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const std::string written = json::quote(text);
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto c = static_cast<unsigned char>(written[i]);
        const std::size_t more = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if ((c < 0x80 && c != 0x7f) || more == 3 || i + more >= written.size()) {
            out += written.substr(i, more + 1);
        } else {
            unsigned point = more == 0 ? c : more == 1 ? c & 0x1fU : c & 0x0fU;
            for (std::size_t k = 1; k <= more; ++k)
                point = point << 6U | (static_cast<unsigned char>(written[i + k]) & 0x3fU);
            out += "\\u";
            for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHex[point >> shift & 0xfU];
        }
        i += more;
    }
    return out;
}

std::string quoted_list(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
    return "[" + out + "]";
}

tl::unexpected<Error> unknown_algorithm(const Order& order, std::string_view name, std::string_view algorithm) {
    return cannot(order, std::string(name) + " knows no " + std::string(algorithm),
                  "give the domain a key of another type: jwtdomain keygen --domain " + order.domain + " --alg ES256");
}

Status check_algorithms(const Order& order, std::string_view name, bool (*knows)(Algorithm)) {
    for (const Algorithm algorithm : algorithms_of(order)) {
        if (!knows(algorithm)) return unknown_algorithm(order, name, info(algorithm).name);
    }
    return {};
}

Status check_audience(const Order& order, std::string_view name) {
    const std::string who(name);
    for (const accept::Entry& entry : order.entries) {
        const accept::AudienceRule& audience = own_path(entry).audience;
        if (!audience.fallback_claims.empty())
            return cannot(order,
                          who + " looks for the audience in aud alone, not in " + audience.fallback_claims.front(),
                          "give the domain's issuer an audience that it writes into aud");
    }
    if (wants_no_audience(order))
        return cannot(order, who + " cannot ask for a token without aud", "give the domain an audience");
    return {};
}

namespace {

std::vector<std::string> texts_of(const Order& order) {
    std::vector<std::string> out{order.domain, order.keys_url};
    const auto add = [&](const std::vector<std::string>& values) {
        out.insert(out.end(), values.begin(), values.end());
    };
    for (const accept::Entry& entry : order.entries) {
        const Path& path = own_path(entry);
        out.push_back(entry.resource);
        add(entry.methods);
        add(path.issuer.allowed.exact);
        add(path.audience.any_of.exact);
        for (const ClaimRule& rule : path.claims) {
            add(rule.path);
            add(rule.values.exact);
            for (const accept::Pattern& pattern : rule.values.patterns) out.push_back(pattern.text);
        }
    }
    return out;
}

} // namespace

Status check_placeholders(const Order& order) {
    for (const std::string& text : texts_of(order)) {
        if (is_unresolved(text))
            return cannot(order, "what deploys it would put something else for \"" + text + "\"",
                          "give it another name in the policy");
    }
    return {};
}

} // namespace jwtdomain::gateway
