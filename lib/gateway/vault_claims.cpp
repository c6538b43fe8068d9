// bound_subject, bound_claims and the claims without which nobody logs in.
//
// A name that begins with '/' is a JSON Pointer, into lists, too. A claim that is a list holds a bound value if one of
// its members is that. Types count: a number is cut to an integer before it is compared with one.
#include <algorithm>

#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/values.h"
#include "jwtdomain/gateway/vault.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::vault {
namespace {

using document::Kind;

// Empty: it may lead into a list, or nowhere.
std::vector<std::string> path_of(const std::string& claim, bool pointer) {
    if (claim.empty() || is_unresolved(std::string_view(claim))) return {};
    if (!pointer) return {claim};
    auto path = policy::parse_claim_path(claim);
    if (!path) return {};
    const bool names = std::all_of(path->begin(), path->end(), [](const std::string& each) {
        return !each.empty() && each.find_first_not_of("0123456789") != std::string::npos;
    });
    return names ? std::move(*path) : std::vector<std::string>();
}

class Claims {
public:
    Claims(Node& path, std::vector<Node>& dropped) : path_(path), dropped_(dropped), tests_(object(path.mark)) {}

    void subject(const Node& role) {
        const Node* const bound = role.find("bound_subject");
        if (bound == nullptr || (bound->kind == Kind::string && bound->text.empty()) || bound->kind == Kind::null)
            return;
        if (bound->kind != Kind::string || is_unresolved(*bound))
            return drop("bound_subject: it is put in later", bound->mark);
        Node test = object(bound->mark);
        put(test, "in", list({*bound}, bound->mark));
        put(tests_, "sub", std::move(test));
    }

    void bound(const Node& role) {
        const Node* const claims = role.find("bound_claims");
        if (claims == nullptr || claims->kind == Kind::null) return;
        if (claims->kind != Kind::object || is_unresolved(*claims))
            return drop("bound_claims: they are not read here", claims->mark);
        const Node* const type = role.find("bound_claims_type");
        const std::string kind = text_of(type);
        const bool globs = kind == "glob";
        const bool known = globs || kind == "string" || kind.empty();
        for (std::size_t i = 0; i < claims->names.size(); ++i)
            bound(claims->names[i].text, claims->elements[i], globs, known);
    }

    // It must be there.
    void required(const Node& name, bool pointer) {
        const std::vector<std::string> path = path_of(name.text, pointer);
        const std::string written = path.empty() ? std::string() : free_claim_name(object(name.mark), path);
        if (written.empty()) return drop("a claim that must be there: " + plain_name(name.text), name.mark);
        required_.push_back(text(written, name.mark));
    }

    void done() && {
        if (!tests_.names.empty()) put(path_, "claims", std::move(tests_));
        if (!required_.empty()) put(path_, "required", list(std::move(required_), path_.mark));
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    void bound(const std::string& claim, const Node& value, bool globs, bool known) {
        const std::vector<std::string> path = path_of(claim, claim.starts_with('/'));
        const std::string name = path.empty() ? std::string() : free_claim_name(tests_, path);
        const std::string what = "bound_claims: " + plain_name(claim);
        if (name.empty()) return drop(what, value.mark);
        std::vector<Node> values = known ? values_of(value, globs) : std::vector<Node>();
        Node test = object(value.mark);
        if (values.empty()) {
            put(test, "present", flag(true, value.mark));
            drop(what, value.mark);
        } else {
            put(test, "has_any", list(std::move(values), value.mark));
        }
        put(tests_, name, std::move(test));
    }

    // Empty: one of them is not said here. Its '*' is ours, its '?' is a literal.
    static std::vector<Node> values_of(const Node& value, bool globs) {
        std::vector<Node> out;
        const std::vector<Node> one{value};
        for (const Node& each : value.kind == Kind::array ? value.elements : one) {
            const bool plain = each.kind == Kind::string && !each.text.empty() && !is_unresolved(each);
            if (!plain || (globs && each.text.find('?') != std::string::npos)) return {};
            if (globs && each.text.find('*') != std::string::npos) {
                Node pattern = object(each.mark);
                put(pattern, "glob", each);
                out.push_back(std::move(pattern));
            } else {
                out.push_back(each);
            }
        }
        return out;
    }

    Node& path_;
    std::vector<Node>& dropped_;
    Node tests_;
    std::vector<Node> required_ = {};
};

} // namespace

void put_claims(const Node& role, bool fetched, Node& path, std::vector<Node>& dropped) {
    Claims claims(path, dropped);
    claims.subject(role);
    if (const Node* const bound = role.find("bound_claims"); fetched && bound != nullptr && !bound->elements.empty())
        dropped.push_back(text("bound_claims: provider_config fetches claims from elsewhere", bound->mark));
    else
        claims.bound(role);
    if (const Node* const user = role.find("user_claim"); is(user, Kind::string) && !user->text.empty()) {
        const Node* const pointer = role.find("user_claim_json_pointer");
        // Where that is no boolean, a name without '/' means the same either way.
        const bool by_pointer = pointer != nullptr && text_of(pointer) != "false" && user->text.starts_with('/');
        claims.required(*user, by_pointer);
        if (!user->text.starts_with('/') && !is_unresolved(*user)) put(path, "principal", list({*user}, user->mark));
    }
    if (const Node* const groups = role.find("groups_claim"); is(groups, Kind::string) && !groups->text.empty()) {
        if (fetched)
            dropped.push_back(text("groups_claim: provider_config fetches groups from elsewhere", groups->mark));
        else
            claims.required(*groups, groups->text.starts_with('/'));
    }
    std::move(claims).done();
}

} // namespace jwtdomain::gateway::vault
