#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/keys.h"
#include "cli/issue/family_minter.h"
#include "cli/issue/request.h"

namespace jwtdomain::cli {
namespace {

using Mode = policy::RefreshRules::Mode;

Status check_domain(const policy::Domain& domain, const IssueOptions& options) {
    const auto usage = [](std::string message, std::string hint) {
        return fail(Fault::usage, std::move(message), std::move(hint));
    };
    const bool binds = domain.refresh.mode == Mode::bind || domain.refresh.mode == Mode::bind_retry;
    if (domain.refresh.mode == Mode::off)
        return usage(domain.name + " gives no refresh tokens",
                     "put refresh: {mode: rotate} into the domain's file; bind, for clients that have a key");
    if (binds && !options.dpop_key)
        return usage("refresh tokens of " + domain.name + " are bound to a key of the client",
                     "give it: --dpop-key FILE; jwtdomain keygen --out client.jwk makes one");
    if (!domain.clients.empty() && !options.client)
        return usage("for which client?",
                     "--client NAME: a refresh token is good only for the client that it was given to");
    return {};
}

refresh::Grant grant_of(const policy::IssueRequest& request) {
    refresh::Grant out;
    out.client = request.client;
    out.subject = request.subject;
    out.audiences = request.audiences;
    out.scopes = request.scopes;
    out.claims = request.claims;
    out.key_thumbprint = request.key_thumbprint.value_or("");
    return out;
}

std::string report_json(const policy::Domain& domain, const refresh::Answer& answer, Time now) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "issue";
    out["domain"] = domain.name;
    out["family"] = answer.family;
    out["expires"] = format_time(answer.minted.expires);
    out["refresh_until"] = format_time(now + domain.refresh.absolute);
    out["response"] = json_value(answer.response.expose());
    return json_text(out);
}

} // namespace

Exit issue_with_refresh(Session& session, const IssueOptions& options) {
    const auto issuer = DomainIssuer::open(session, options);
    if (!issuer) return session.report(issuer.error());
    const policy::Domain& domain = (*issuer)->of();
    if (const Status good = check_domain(domain, options); !good) return session.report(good.error());
    const auto request = request_for_domain(session, options);
    if (!request) return session.report(request.error());
    // Whatever the policy says of the request is said of the first token; a family is granted what that one carries.
    const auto plan = policy::plan_claims(domain, *request, session.now());
    if (!plan) return session.report(plan.error());
    auto minter = FamilyMinter::make(session, **issuer);
    if (!minter) return session.report(minter.error());
    auto ledger = open_ledger(session);
    if (!ledger) return session.report(ledger.error());
    const Narrowing narrowing{.audiences = {}, .scopes = {}, .lifetime = request->lifetime};
    refresh::Beginning beginning{.domain = domain.name, .grant = grant_of(*request), .rules = domain.refresh};
    beginning.grant.audiences = plan->audiences;
    beginning.grant.scopes = plan->scopes;
    const auto answer = ledger->begin(beginning, session.now(), [&](const refresh::Family& family, Time now) {
        return minter->mint(family, narrowing, now);
    });
    if (!answer) return session.report(answer.error());
    return session.emit(Exit::yes,
                        {{"text", [&] { return std::string(answer->response.expose()) + "\n"; }},
                         {"json", [&] { return report_json(domain, *answer, session.now()); }}},
                        true);
}

} // namespace jwtdomain::cli
