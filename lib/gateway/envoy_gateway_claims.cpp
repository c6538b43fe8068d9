// As Envoy Gateway writes it for the filter rbac, which looks at the payload that jwt_authn has verified: a claim of
// type String is a string, one of type StringArray a list with such a member; a name is split at each '.', and is never
// that of a claim with a '.' in it. jwt_authn has made the words of "scope" and "scp" a list, in one of which each
// scope must be.
#include "jwtdomain/gateway/envoy_gateway_claims.h"

#include <algorithm>

#include "jwtdomain/base/join.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy_gateway {
namespace {

using document::Kind;

constexpr std::size_t kMostSpread = 3; // scopes that are told apart by where they are

using Words = std::vector<std::string>;

class Draft {
public:
    Draft(const Node& path, const std::vector<Node>& dropped)
        : path_(path), dropped_(dropped), claims_(object(path.mark)) {}

    void drop(std::string what, Mark at) { dropped_.push_back(text(plain_name(std::move(what)), at)); }

    void test(const Words& claim, const char* operation, Node values, const char* shape) {
        const Mark at = values.mark;
        const std::string name = free_claim_name(claims_, claim);
        if (name.empty()) return drop("a further condition on " + claim.back(), at);
        Node out = object(at);
        put(out, operation, std::move(values));
        put(out, "shape", text(shape, at));
        put(claims_, name, std::move(out));
    }

    // Can a token meet it?
    bool claim(const Node& claim) {
        const Node& name = *claim.find("name");
        const Node& values = *claim.find("values");
        const bool later = is_unresolved(name) || is_unresolved(values) ||
                           std::any_of(values.elements.begin(), values.elements.end(), [](const Node& value) {
                               return is_unresolved(value) || value.text.empty(); // the normal form has no empty text
                           });
        if (later) {
            drop("the claim " + text_of(&name) + ": its values are put in later, or empty", claim.mark);
            return true;
        }
        const Words path = split(name.text, '.');
        const bool whole = text_of(claim.find("valueType")) != "StringArray";
        if (whole && name.text == "iss") return issuer(values);
        if (name.text == "aud" && is(path_.find("audience"), Kind::string)) {
            audience(values, whole);
            return true;
        }
        const bool words = name.text == "scope" || name.text == "scp";
        test(path, whole ? "in" : "has_any", values, whole ? "scalar" : words ? "words" : "list");
        return true;
    }

    Node finish() && {
        if (!claims_.names.empty()) put(path_, "claims", std::move(claims_));
        if (!dropped_.empty()) put(path_, "dropped", list(std::move(dropped_), path_.mark));
        return std::move(path_);
    }

private:
    bool issuer(const Node& values) {
        const Node* const now = path_.find("issuer");
        if (!is(now, Kind::array)) { // any
            put(path_, "issuer", one_of(values.elements, values.mark));
            return true;
        }
        std::vector<Node> both;
        for (const Node& each : now->elements) {
            const std::string known = each.kind == Kind::string ? each.text : text_of(each.find("glob"));
            const auto is_known = [&](const Node& value) { return value.text == known; };
            if (std::any_of(values.elements.begin(), values.elements.end(), is_known)) both.push_back(each);
        }
        if (both.empty()) return false;
        put(path_, "issuer", list(std::move(both), now->mark));
        return true;
    }

    void audience(const Node& values, bool whole) {
        Node rule = object(values.mark);
        put(rule, "any_of", one_of(values.elements, values.mark));
        if (whole) put(rule, "string_only", flag(true, values.mark));
        put(path_, "audience", std::move(rule));
    }

    Node path_;
    std::vector<Node> dropped_;
    Node claims_;
};

void ask(Draft& draft, const char* claim, const char* operation, std::vector<Node> scopes, Mark at) {
    if (!scopes.empty()) draft.test({claim}, operation, list(std::move(scopes), at), "words");
}

// Every way to find each scope in "scope" or in "scp".
std::vector<Draft> spread(const Draft& draft, const std::vector<Node>& scopes, Mark at) {
    if (scopes.empty()) return {draft};
    std::vector<Draft> out;
    if (scopes.size() > kMostSpread) {
        for (const char* claim : {"scope", "scp"}) {
            out.push_back(draft);
            ask(out.back(), claim, "has_all", scopes, at);
        }
        out.push_back(draft);
        for (const char* claim : {"scope", "scp"}) ask(out.back(), claim, "has_any", scopes, at);
        out.back().drop("scopes: that each of them is there, some in scope and some in scp", at);
        return out;
    }
    for (std::size_t mask = 0; mask < std::size_t{1} << scopes.size(); ++mask) {
        std::vector<Node> first, second;
        for (std::size_t i = 0; i < scopes.size(); ++i) ((mask >> i) % 2 == 0 ? first : second).push_back(scopes[i]);
        out.push_back(draft);
        ask(out.back(), "scope", "has_all", std::move(first), at);
        ask(out.back(), "scp", "has_all", std::move(second), at);
    }
    return out;
}

} // namespace

std::vector<Node> narrowed(const Node& path, const std::vector<Node>& dropped, const Node& principal) {
    Draft draft(path, dropped);
    if (const Node* const claims = principal.find("claims"); is(claims, Kind::array)) {
        for (const Node& claim : claims->elements) {
            if (!draft.claim(claim)) return {};
        }
    }
    std::vector<Node> scopes;
    const Node* const wanted = principal.find("scopes");
    if (kubernetes::is_there(wanted)) {
        bool later = wanted->kind != Kind::array;
        for (const Node& scope : wanted->elements) {
            if (is_unresolved(scope))
                later = true;
            else
                scopes.push_back(scope);
        }
        if (later) draft.drop("scopes: some are put in later", wanted->mark);
        if (is_unresolved(*wanted)) scopes.clear();
    }
    std::vector<Node> out;
    for (Draft& each : spread(draft, scopes, principal.mark)) out.push_back(std::move(each).finish());
    return out;
}

} // namespace jwtdomain::gateway::envoy_gateway
