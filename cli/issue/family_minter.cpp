#include "cli/issue/family_minter.h"

#include <algorithm>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

refresh::Minted refused(refresh::Cause cause, std::string why) {
    refresh::Minted out;
    out.cause = cause;
    out.refused = std::move(why);
    return out;
}

// The first of `asked` that is not in `granted`.
const std::string* first_beyond(const std::vector<std::string>& asked, const std::vector<std::string>& granted) {
    const auto beyond = std::find_if(asked.begin(), asked.end(), [&](const std::string& each) {
        return std::find(granted.begin(), granted.end(), each) == granted.end();
    });
    return beyond == asked.end() ? nullptr : &*beyond;
}

policy::IssueRequest request_of(const refresh::Grant& grant, const std::string& family) {
    policy::IssueRequest out;
    out.subject = grant.subject;
    out.client = grant.client;
    out.audiences = grant.audiences;
    out.scopes = grant.scopes;
    out.claims = grant.claims;
    out.family = family;
    if (!grant.key_thumbprint.empty()) out.key_thumbprint = grant.key_thumbprint;
    return out;
}

} // namespace

FamilyMinter::FamilyMinter(Session& session, const DomainIssuer& issuer, Mint mint)
    : issuer_(&issuer), mint_(std::move(mint)),
      acceptance_(std::make_unique<Acceptance>(session, issuer.policy(), issuer.of())) {}

Result<FamilyMinter> FamilyMinter::make(Session& session, const DomainIssuer& issuer) {
    auto mint = issuer.minter();
    if (!mint) return tl::unexpected(mint.error());
    return FamilyMinter(session, issuer, std::move(*mint));
}

Result<refresh::Minted> FamilyMinter::mint(const refresh::Family& family, const Narrowing& narrowing, Time now) {
    const policy::Domain& domain = issuer_->of();
    const std::string name = refresh::name_of_family(family.id);
    auto request = policy::narrowed(domain, request_of(family.grant, name));
    if (!request) return refused(refresh::Cause::not_allowed, request.error().message);
    refresh::Minted out;
    out.grant = family.grant;
    out.grant.audiences = request->audiences;
    out.grant.scopes = request->scopes;
    for (const auto& [asked, granted, what] : {std::tuple{&narrowing.scopes, &request->scopes, "scope"},
                                               std::tuple{&narrowing.audiences, &request->audiences, "audience"}}) {
        if (const std::string* beyond = first_beyond(*asked, *granted)) {
            return refused(refresh::Cause::wider,
                           std::string("the ") + what + " \"" + escape_text(*beyond, 100) + "\" was not granted");
        }
        if (!asked->empty()) *granted = *asked;
    }
    const Seconds longest = std::min(domain.issue.lifetime.value_or(domain.lifetime), domain.lifetime);
    request->lifetime = std::min(narrowing.lifetime.value_or(longest), family.standing.ends - now);
    const auto plan = policy::plan_claims(domain, *request, now);
    if (!plan) return refused(refresh::Cause::not_allowed, plan.error().message);
    if (out.grant.audiences.empty()) out.grant.audiences = plan->audiences;
    out.jti = ids_.next();
    std::string claims;
    plan->append(claims, out.jti);
    if (const Status minted = mint_(claims, out.access_token); !minted) return tl::unexpected(minted.error());
    if (plan->for_home) {
        const auto objections = acceptance_->objections(out.access_token, now);
        if (!objections) return tl::unexpected(objections.error());
        if (!objections->empty())
            return refused(refresh::Cause::not_allowed,
                           domain.name + " would reject the token: " + codes_of(*objections));
    }
    out.expires = plan->expires;
    out.scopes = plan->scopes;
    return out;
}

} // namespace jwtdomain::cli
