// Trust policies of IAM roles that tokens open by sts:AssumeRoleWithWebIdentity.
//
// By Amazon's documentation of policies and of OIDC federation: the provider of the principal is the issuer, its
// metadata says the keys; aud is one of the provider's client ids; exp is looked at with five minutes of leeway.
// Conditions on
// "<provider>:<claim>" hold together, of the values of one any; names of keys know no case. A condition on a key that
// is not there is false, but for ...IfExists, negated ones and ForAllValues, which is then true. In StringLike '*' and
// '?' are wildcards, in StringEquals they are themselves. The key aud is azp where a token has that (documented for
// Google, seen with others: aws/aws-sdk-net issue 3071), and oaud is then aud. Without a condition on sub the whole
// issuer is trusted. A Deny is left out, which never narrows.
#include <algorithm>

#include "jwtdomain/base/text.h"
#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/gateway/aws_trust.h"

namespace jwtdomain::gateway::aws {
namespace {

using document::Kind;

constexpr std::string_view kAction = "sts:assumerolewithwebidentity";
constexpr std::size_t kMostPaths = 1000; // of one policy

// One value, or each of a list.
std::vector<const Node*> each_of(const Node* node) {
    std::vector<const Node*> out;
    if (node == nullptr) return out;
    if (node->kind != Kind::array) return {node};
    for (const Node& one : node->elements) out.push_back(&one);
    return out;
}

// Is it, or may it be, about web identities?
bool is_of_web_identity(const Node& statement) {
    if (statement.kind != Kind::object) return false;
    if (statement.find("NotAction") != nullptr) return true;
    for (const Node* action : each_of(statement.find("Action"))) {
        const auto name = literal(action);
        if (!name || wildcard::matches(lower_case(*name), kAction, wildcard::Unit::octet)) return true;
    }
    return false;
}

// What one statement lets in by one provider.
class Statement {
public:
    Statement(const Provider& provider, const Node* condition, Mark at)
        : provider_(provider), conditions_(conditions_of(provider.name, condition)), at_(at) {}

    bool costs(Budget& budget) const {
        std::size_t values = conditions_.dropped.size() + conditions_.required.size();
        for (const Test& test : conditions_.tests) values += test.values.size();
        return budget.take(2 * values + 20) &&
               (!provider_.client_ids || budget.take(provider_.client_ids->size() * (values + 1)));
    }

    void read(const std::vector<Node>& denials, std::vector<Node>& out) const {
        const Test* const azp = test_of("azp");
        if (azp == nullptr || azp->optional) out.push_back(path(false, denials));
        out.push_back(path(true, denials));
    }

private:
    const Test* test_of(std::string_view claim) const {
        for (const Test& test : conditions_.tests) {
            if (test.claim == claim) return &test;
        }
        return nullptr;
    }

    // With azp, or without it.
    Node path(bool azp, const std::vector<Node>& denials) const {
        std::vector<Node> dropped = conditions_.dropped;
        dropped.insert(dropped.end(), denials.begin(), denials.end());
        Node path = object(at_);
        put(path, "name", text(plain_name(provider_.name) + (azp ? " with azp" : ""), at_));
        put(path, "keys", discovered_keys(provider_.issuers.front(), at_));
        put(path, "kid", text("hint", at_));
        std::vector<Node> algorithms;
        for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
            algorithms.push_back(text(name, at_));
        put(path, "algorithms", list(std::move(algorithms), at_));
        std::vector<Node> issuers;
        for (const std::string& each : provider_.issuers) issuers.push_back(text(each, at_));
        put(path, "issuer", list(std::move(issuers), at_));
        Node claims = object(at_);
        put_audience(azp, path, claims, dropped);
        put(path, "expiry", text("required", at_));
        put(path, "leeway", number(300, at_));
        for (const Test& test : conditions_.tests) put_claim(test, azp, claims);
        if (!claims.names.empty()) put(path, "claims", std::move(claims));
        if (!conditions_.required.empty()) put(path, "required", list(conditions_.required, at_));
        put(path, "principal", list({text("sub", at_)}, at_));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        return path;
    }

    // The one of the two that stands for whom a token is.
    void put_audience(bool azp, Node& path, Node& claims, std::vector<Node>& dropped) const {
        const Test* const condition = test_of("aud");
        std::optional<std::vector<Node>> values = provider_.client_ids;
        if (condition != nullptr) values = values ? both(*values, condition->values) : condition->values;
        const Mark at = condition != nullptr ? condition->at : at_;
        Node test = object(at);
        if (azp) {
            put(test, values ? "in" : "present", values ? list(*values, at) : flag(true, at));
            put(claims, "azp", std::move(test));
            const Test* const original = test_of("oaud");
            put(path, "audience",
                original != nullptr && !original->optional ? one_of(original->values, original->at) : text("any", at));
        } else {
            put(test, "present", flag(false, at));
            put(claims, "azp", std::move(test));
            Node rule = object(at);
            put(rule, "any_of", values ? one_of(*values, at) : text("any", at));
            put(path, "audience", std::move(rule));
        }
        if (!values && !provider_.for_every_client)
            dropped.push_back(text("the client ids of the provider, which are not said here", at_));
    }

    static void put_claim(const Test& test, bool azp, Node& claims) {
        if (test.claim == "aud" || test.claim == "oaud" || (test.claim == "azp" && !azp)) return;
        Node out = object(test.at);
        put(out, test.all ? "all_in" : test.members ? "has_any" : "in", list(test.values, test.at));
        if (test.optional) put(out, "optional", flag(true, test.at));
        put(claims, test.claim, std::move(out));
    }

    const Provider& provider_;
    Conditions conditions_;
    Mark at_;
};

// What a policy comes to; `unknown`: why no more can be said of it.
struct Trust {
    std::vector<Node> paths = {};
    std::string unknown = {};
    Mark at = {};
};

void read_federated(const Node& federated, const Node& statement, const std::vector<Node>& denials, const Template* all,
                    Budget& budget, Trust& out) {
    const auto give_up = [&](std::string why, Mark at) {
        if (out.unknown.empty()) out.at = at;
        if (out.unknown.empty()) out.unknown = std::move(why);
    };
    for (const Node* each : each_of(&federated)) {
        const Provider provider = provider_of(*each, all);
        if (provider.none) continue;
        if (!provider.opaque.empty()) {
            give_up(provider.opaque, each->mark);
            continue;
        }
        const Statement one(provider, statement.find("Condition"), each->mark);
        if (!one.costs(budget) || !budget.take(denials.size()) || out.paths.size() > kMostPaths)
            return give_up("its statements come to too much", each->mark);
        one.read(denials, out.paths);
    }
}

bool is_for_everybody(const Node* principals) {
    const auto all = each_of(principals);
    return std::any_of(all.begin(), all.end(), [](const Node* each) { return text_of(each) == "*"; });
}

void read_statement(const Node& statement, const std::vector<Node>& denials, const Template* all, Budget& budget,
                    Trust& out) {
    const Node* const principal = statement.find("Principal");
    if (is(principal, Kind::object) && !is_computed(principal)) {
        if (const Node* federated = principal->find("Federated"))
            read_federated(*federated, statement, denials, all, budget, out);
        if (!is_for_everybody(principal->find("AWS"))) return;
    }
    // Everybody, everybody but some, or not known who: of any provider.
    out.at = statement.mark;
    out.unknown = "its principal is not one provider";
}

std::vector<const Node*> statements_of(const Node& policy) {
    return each_of(policy.kind == Kind::object ? policy.find("Statement") : nullptr);
}

} // namespace

bool is_trust(const Node& policy) {
    const auto all = statements_of(policy);
    return std::any_of(all.begin(), all.end(), [](const Node* each) {
        if (is_computed(each)) return true;
        if (!is(each, Kind::object) || !is_of_web_identity(*each)) return false;
        const Node* const principal = each->find("Principal");
        if (!is(principal, Kind::object)) return principal != nullptr || each->find("NotPrincipal") != nullptr;
        return is_computed(principal) || principal->find("Federated") != nullptr ||
               is_for_everybody(principal->find("AWS"));
    });
}

void read_trust(const std::string& name, const Node& policy, const Template* all, Budget& budget, Verifiers& out) {
    std::vector<Node> denials;
    std::vector<const Node*> allowed;
    Trust trust{.paths = {}, .unknown = {}, .at = policy.mark};
    for (const Node* each : statements_of(policy)) {
        if (!is(each, Kind::object) || is_computed(each)) {
            trust.unknown = "a statement is not known here";
        } else if (is_of_web_identity(*each)) {
            const auto effect = literal(each->find("Effect"));
            if (effect == "Deny")
                denials.push_back(text("a statement that denies", each->mark));
            else if (effect == "Allow")
                allowed.push_back(each);
            else
                trust.unknown = "a statement whose effect is not known here";
        }
    }
    if (denials.size() > 1) denials.resize(1);
    for (const Node* each : allowed) read_statement(*each, denials, all, budget, trust);
    if (!trust.unknown.empty())
        out.push_back(opaque(plain_name(name), trust.unknown, trust.at));
    else if (!trust.paths.empty())
        out.push_back(guarded(plain_name(name), std::move(trust.paths), policy.mark));
}

void read_roles(const Template& all, Budget& budget, Verifiers& out) {
    for (const Resource& each : all.resources()) {
        const Node* const policy = each.properties->find("AssumeRolePolicyDocument");
        if (policy == nullptr) continue;
        const std::string name = "role " + literal(each.properties->find("RoleName")).value_or(each.name);
        if (policy->kind != Kind::object || is_computed(policy))
            out.push_back(opaque(plain_name(name), "its trust policy is not known here", policy->mark));
        else if (is_trust(*policy))
            read_trust(name, *policy, &all, budget, out);
    }
}

} // namespace jwtdomain::gateway::aws
