// What a domain accepts.
#include <algorithm>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::audit::detail {
namespace {

using policy::Domain;
using policy::Resource;

void diff_methods(const Recorder& to, const Resource& before, const Resource& after) {
    const auto names = [](const Resource& resource) {
        std::vector<std::string> out;
        for (const auto& [method, scopes] : resource.methods) out.push_back(method);
        return resource.methods.empty() ? anything() : exactly(std::move(out));
    };
    to.language("methods", names(before), names(after));
    static const std::vector<std::string> kNoScope;
    const auto scopes_of = [](const Resource& resource, const std::string& method) {
        const auto found = resource.methods.find(method);
        return resource.methods.empty() ? &kNoScope : found == resource.methods.end() ? nullptr : &found->second;
    };
    std::set<std::string> methods;
    for (const Resource* resource : {&before, &after}) {
        for (const auto& [method, scopes] : resource->methods) methods.insert(method);
    }
    for (const std::string& method : methods) {
        const auto *old_scopes = scopes_of(before, method), *new_scopes = scopes_of(after, method);
        if (old_scopes && new_scopes)
            to.set("scopes needed by " + method, *old_scopes, *new_scopes, Direction::stronger);
    }
}

// A resource of its own changes nothing for others, unless one of these answered for it.
Direction direction_of(const Resource& resource, const Domain& other) {
    const bool covered = std::any_of(other.resources.begin(), other.resources.end(),
                                     [&](const Resource& around) { return accept::covers(around.uri, resource.uri); });
    return covered ? Direction::different : Direction::neutral;
}

void diff_resources(const Recorder& to, const Domain& before, const Domain& after) {
    const auto by_uri = [](const Domain& domain) {
        std::map<std::string_view, const Resource*> out;
        for (const Resource& resource : domain.resources) out.emplace(resource.uri, &resource);
        return out;
    };
    const auto old_ones = by_uri(before), new_ones = by_uri(after);
    for (const auto& [uri, resource] : new_ones) {
        if (old_ones.count(uri) == 0) to.came("resource", resource->uri, direction_of(*resource, before));
    }
    for (const auto& [uri, resource] : old_ones) {
        const auto found = new_ones.find(uri);
        if (found == new_ones.end()) {
            to.went("resource", resource->uri, direction_of(*resource, after));
            continue;
        }
        const Recorder one = to.of(Change::Kind::resource, "resource " + resource->uri);
        diff_methods(one, *resource, *found->second);
        const auto takes = [](const Resource& each) {
            return each.audiences.empty() ? anything() : exactly(each.audiences);
        };
        one.language("audiences", takes(*resource), takes(*found->second));
    }
}

void diff_issuer_of_tokens(const Recorder& to, const Domain& before, const Domain& after) {
    to.text("issuer", before.issuer, after.issuer);
    to.flag("iss may be absent", before.issuer_optional, after.issuer_optional, Direction::weaker);
    to.flag("issuer is somebody else's", before.foreign, after.foreign, Direction::different);
    to.text("parent", before.parent, after.parent, Direction::neutral); // nothing is inherited
}

void diff_audiences(const Recorder& to, const Domain& before, const Domain& after) {
    to.set("audiences", before.audiences, after.audiences);
    to.set("neutral audiences", before.neutral_audiences, after.neutral_audiences);
    to.list("claims read where aud is absent", before.audience_fallback, after.audience_fallback);
    to.flag("aud may be absent", before.audience_optional, after.audience_optional, Direction::weaker);
}

void diff_claims(const Recorder& to, const Domain& before, const Domain& after) {
    const auto binding = [](const Domain& domain) {
        return domain.domain_claim.empty() ? "" : domain.domain_claim + " = " + domain.domain_value;
    };
    const std::string old_claim = binding(before), new_claim = binding(after);
    to.text("domain claim", old_claim, new_claim,
            new_claim.empty()   ? Direction::weaker
            : old_claim.empty() ? Direction::stronger
                                : Direction::different);
    to.text("claim of the scopes", before.scope_claim, after.scope_claim);
    to.set("required claims", before.required, after.required, Direction::stronger);
    diff_claim_rules(to, before.match, after.match);
}

} // namespace

void diff_types(const Recorder& to, const accept::TypeRule& before, const accept::TypeRule& after) {
    const auto language = [](const accept::TypeRule& rule) {
        accept::Strings out;
        out.any = rule.any;
        for (const std::string& type : rule.allowed) out.exact.push_back(accept::plain_media_type(type));
        return out;
    };
    to.language("types", language(before), language(after));
    const auto absent_ok = [](const accept::TypeRule& rule) { return rule.any || rule.absent_ok; };
    if (before.any == after.any) to.flag("typ may be absent", absent_ok(before), absent_ok(after), Direction::weaker);
}

void diff_domain(const Recorder& to, const Domain& before, const Domain& after) {
    diff_issuer_of_tokens(to, before, after);
    diff_audiences(to, before, after);
    diff_types(to, policy::bind::type_rule(before.types), policy::bind::type_rule(after.types));
    to.set("algorithms", names_of(before.algorithms), names_of(after.algorithms));
    diff_claims(to, before, after);
    to.span("access token life", before.lifetime, after.lifetime);
    to.span("leeway", before.leeway, after.leeway);
    const auto index = [](auto word) { return static_cast<std::size_t>(word); };
    to.text("sender constraint", std::string(policy::schema::sender_words()[index(before.sender_constraint)]),
            std::string(policy::schema::sender_words()[index(after.sender_constraint)]),
            after.sender_constraint == policy::SenderConstraint::none ? Direction::weaker : Direction::stronger);
    to.text("profile", std::string(policy::schema::profile_words()[index(before.profile)]),
            std::string(policy::schema::profile_words()[index(after.profile)]),
            after.profile == policy::Profile::none ? Direction::weaker : Direction::stronger);
    const auto earlier = [](const Domain& domain) {
        std::vector<std::string> out;
        for (const policy::KeyLocation& location : domain.earlier_keys) out.push_back(location.value);
        return out;
    };
    to.set("earlier key sets", earlier(before), earlier(after), Direction::different);
    diff_resources(to.of(Change::Kind::resource, ""), before, after);
}

} // namespace jwtdomain::audit::detail
