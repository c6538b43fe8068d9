#include "cli/revoke/target.h"

#include "cli/revoke/list.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/policy/load.h"
#include "jwtdomain/refresh/token.h"

namespace jwtdomain::cli {
namespace {

using accept::Revocation;
using accept::Revoked;

tl::unexpected<Error> usage(std::string message, std::string hint = {}) {
    return fail(Fault::usage, std::move(message), std::move(hint));
}

// The domain whose issuer the token names; nullptr if that does not tell.
const policy::Domain* domain_of_issuer(const policy::Policy& policy, std::string_view issuer,
                                       const std::optional<std::string>& claimed) {
    const policy::Domain* found = nullptr;
    for (const policy::Domain& domain : policy.domains) {
        if (domain.issuer != issuer) continue;
        if (claimed && domain.domain_value == *claimed) return &domain;
        if (found) return nullptr;
        found = &domain;
    }
    return found;
}

std::string family_id(const std::string& name) {
    std::string id;
    return base64url_decode(name, id) == Base64Defect::none && id.size() == refresh::kFamilySize ? id : std::string();
}

Result<RevokeTarget> of_family(const std::string& name, const std::string& domain) {
    const std::string id = family_id(name);
    if (id.empty()) return usage("this is no name of a family", "jwtdomain refresh list names them");
    RevokeTarget out{.domain = domain, .entry = {}, .families = {}, .access_until = {}};
    out.families.emplace().family = id;
    return out;
}

Result<RevokeTarget> of_token(const policy::Policy& policy, std::string_view text, const RevokeOptions& options) {
    if (const auto refresh = refresh::parse_token(text))
        return of_family(refresh::name_of_family(refresh->family), refresh->domain);
    UnverifiedToken token;
    token.parse(text);
    if (!token.usable() || !token.has_claims())
        return fail(Fault::invalid, "this is no token with claims", "what is it? jwtdomain inspect");
    const auto claim = [&](std::string_view name) {
        const auto value = token.claims().find(name);
        return value ? std::optional(std::string(value->text())) : std::nullopt;
    };
    std::string domain = options.domain.value_or("");
    if (domain.empty()) {
        const policy::Domain* const found = domain_of_issuer(policy, claim("iss").value_or(""), claim("domain"));
        if (!found) return usage("the token does not tell of which domain it is", "--domain NAME");
        domain = found->name;
    }
    const auto jti = claim("jti");
    if (!jti || jti->empty())
        return fail(Fault::invalid, "the token has no jti, by which it could be named",
                    "revoke its subject or its key: --subject SUBJECT --before TIME, --key KID");
    const auto expires = token.claims().find("exp");
    RevokeTarget out{.domain = domain, .entry = Revocation{.kind = Revoked::jti, .value = *jti, .domain = domain}};
    if (expires) out.access_until = expires->integer();
    return out;
}

} // namespace

Result<RevokeTarget> revoke_target(Session& session, const policy::Policy& policy, const RevokeOptions& options) {
    std::optional<Time> before;
    if (options.before) {
        const auto time = parse_time(*options.before);
        if (!time) return tl::unexpected(time.error());
        before = *time;
    }
    if (options.domain) {
        const auto known = policy::require_domain(policy, *options.domain);
        if (!known) return tl::unexpected(known.error());
    }
    if (options.token) {
        const auto text = session.read_argument(options.token, "token", kMaxToken + 1024);
        if (!text) return tl::unexpected(text.error());
        return of_token(policy, trim_token(*text), options);
    }
    const std::string domain = options.domain.value_or("");
    if (domain.empty() && policy.revocation_keys.empty())
        return usage("in which domain?", "--domain NAME: each domain signs for itself what is revoked in it");
    if (options.family) return of_family(*options.family, domain);
    RevokeTarget out{.domain = domain, .entry = {}, .families = {}, .access_until = {}};
    Revocation entry{.kind = Revoked::domain, .value = domain, .domain = domain, .before = before};
    if (options.jti) entry = {.kind = Revoked::jti, .value = *options.jti, .domain = domain, .before = before};
    if (options.key) entry = {.kind = Revoked::key, .value = *options.key, .domain = domain, .before = before};
    if (options.subject) {
        entry = {.kind = Revoked::subject, .value = *options.subject, .domain = domain, .before = before};
        out.families.emplace().subject = options.subject;
    } else if (options.client) {
        out.families.emplace().client = options.client;
    } else if (!options.jti && !options.key) {
        out.families.emplace();
    }
    if (out.families) {
        if (!domain.empty()) out.families->domain = domain;
        out.families->before = before;
    }
    if (!options.client) out.entry = std::move(entry);
    return out;
}

} // namespace jwtdomain::cli
