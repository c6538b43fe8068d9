// What the issuer of a domain may mint, and for whom.
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::audit::detail {
namespace {

using policy::Allowed;
using policy::Client;
using policy::Domain;
using policy::IssuanceProfile;

accept::Strings language(const Allowed& allowed, const Domain& domain) {
    switch (allowed.kind) {
    case Allowed::Kind::any: return anything();
    case Allowed::Kind::own: return exactly(domain.audiences);
    case Allowed::Kind::list: return exactly(allowed.values);
    }
    return {};
}

accept::Strings values_of(const IssuanceProfile& profile, const std::string& claim, const Domain& domain) {
    const auto found = profile.claims.find(claim);
    if (found != profile.claims.end()) return language(found->second, domain);
    return profile.other_claims ? anything() : accept::Strings{};
}

void diff_profile(const Recorder& to, const Domain& before, const Domain& after) {
    const IssuanceProfile &old_one = before.issue, &new_one = after.issue;
    to.flag("what is issued is described", old_one.declared, new_one.declared, Direction::stronger);
    if (!old_one.declared || !new_one.declared) return;
    const bool both_own = old_one.audiences.kind == Allowed::Kind::own && new_one.audiences.kind == Allowed::Kind::own;
    if (!both_own) to.language("audiences", language(old_one.audiences, before), language(new_one.audiences, after));
    to.language("scopes", language(old_one.scopes, before), language(new_one.scopes, after));
    to.flag("other claims", old_one.other_claims, new_one.other_claims, Direction::weaker);
    std::set<std::string> claims;
    for (const IssuanceProfile* profile : {&old_one, &new_one}) {
        for (const auto& [name, allowed] : profile->claims) claims.insert(name);
    }
    for (const std::string& claim : claims)
        to.language("claim " + claim, values_of(old_one, claim, before), values_of(new_one, claim, after));
    if (old_one.lifetime || new_one.lifetime)
        to.span("life", old_one.lifetime.value_or(before.lifetime), new_one.lifetime.value_or(after.lifetime));
}

void diff_client(const Recorder& to, const Client& before, const Client& after) {
    to.flag("disabled", before.disabled, after.disabled, Direction::stronger);
    if (before.disabled || after.disabled) return; // it gets nothing on one side
    to.flag("confidential", before.confidential, after.confidential, Direction::stronger);
    to.language("scopes", limit(before.scopes), limit(after.scopes));
    to.language("audiences", limit(before.audiences), limit(after.audiences));
}

void diff_clients(const Recorder& to, const Domain& before, const Domain& after) {
    for (const auto& [name, client] : after.clients) {
        if (before.clients.count(name) == 0)
            to.came("client", name, client.disabled ? Direction::neutral : Direction::weaker);
    }
    for (const auto& [name, client] : before.clients) {
        const auto found = after.clients.find(name);
        if (found == after.clients.end())
            to.went("client", name, client.disabled ? Direction::neutral : Direction::stronger);
        else
            diff_client(to.of(Change::Kind::client, "client " + name), client, found->second);
    }
}

} // namespace

void diff_issuer(const Recorder& to, const Domain& before, const Domain& after) {
    diff_profile(to.of(Change::Kind::issuance, "issued"), before, after);
    diff_clients(to.of(Change::Kind::client, ""), before, after);
    const Recorder refresh = to.of(Change::Kind::refresh, "refresh");
    const auto mode = [](const Domain& domain) {
        return std::string(policy::schema::refresh_words()[static_cast<std::size_t>(domain.refresh.mode)]);
    };
    refresh.text("mode", mode(before), mode(after));
    refresh.span("idle", before.refresh.idle, after.refresh.idle);
    refresh.span("absolute", before.refresh.absolute, after.refresh.absolute);
    refresh.span("grace", before.refresh.grace, after.refresh.grace);
    const Recorder rotation = to.of(Change::Kind::rotation, "rotation");
    rotation.text("cache", format_duration(before.rotation.cache), format_duration(after.rotation.cache));
    rotation.span("every", before.rotation.every, after.rotation.every);
}

} // namespace jwtdomain::audit::detail
