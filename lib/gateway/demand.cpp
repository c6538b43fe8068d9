#include "jwtdomain/gateway/demand.h"

#include <algorithm>
#include <set>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/json_write.h"

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
    if (entry.paths.size() > 1) lose("trust", "tokens of other domains that trust edges let in are refused here");
    if (!path.type.any && !enforced.type)
        lose("type", "typ is not looked at, and must be " + jwtdomain::join(path.type.allowed, " or "));
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

bool name_algorithms(const Order& order, std::vector<PublicJwk>& keys) {
    bool each = true;
    const auto& uses = own_path(order.entries.front()).signing.keys;
    for (PublicJwk& key : keys) {
        const auto use = std::find_if(uses.begin(), uses.end(), [&](const accept::KeyUse& candidate) {
            return identity_of(candidate.key) == key.key.identity();
        });
        if (use != uses.end() && use->algorithms.size() == 1)
            key.metadata.algorithm = std::string(info(use->algorithms.front()).name);
        else
            each = false;
    }
    return each;
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
    return out;
}

std::string comments(const Order& order, const std::vector<Loss>& losses, std::string_view mark) {
    const std::string start = std::string(mark) + " ";
    std::string out = start + "Tokens of " + escape_text(order.domain) + ", as the policy of jwtdomain has it.\n";
    for (const Loss& loss : losses)
        out += start + "not enforced: " + std::string(loss.field) + ": " + escape_text(loss.why) + "\n";
    return out;
}

tl::unexpected<Error> cannot(const Order& order, std::string what, std::string change) {
    return fail(Fault::unsupported, "tokens of " + order.domain + " would be refused: " + std::move(what),
                std::move(change));
}

std::string quoted(std::string_view text) { return json::quote(text); }

} // namespace jwtdomain::gateway
