#include "jwtdomain/gateway/kube_claims.h"

#include <algorithm>
#include <utility>

#include "jwtdomain/gateway/cel_claims.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::kube {
namespace {

using document::Kind;

constexpr std::size_t kMostChoices = 16;

class Reader {
public:
    Reader(std::vector<Node>& dropped, std::optional<Node>& longest_life)
        : dropped_(dropped), longest_life_(longest_life) {}

    std::vector<Node> read(const Node& authenticator) {
        choices_.push_back(object(authenticator.mark));
        const Node* const rules = authenticator.find("claimValidationRules");
        if (rules != nullptr && rules->kind != Kind::array) drop("claimValidationRules: they are no list", rules->mark);
        for (std::size_t i = 0; is(rules, Kind::array) && i < rules->elements.size(); ++i) rule(rules->elements[i]);
        mappings(member(&authenticator, "claimMappings"));
        const Node* const users = authenticator.find("userValidationRules");
        if (users != nullptr && (users->kind != Kind::array || !users->elements.empty()))
            drop("userValidationRules: they are about the user, not the token", users->mark);
        return std::move(choices_);
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    void rule(const Node& node) {
        const Node* const claim = member(&node, "claim");
        const Node* const expression = member(&node, "expression");
        if (is(claim, Kind::string) && !claim->text.empty() && !is_unresolved(*claim)) return required(node, *claim);
        if (!is(expression, Kind::string) || is_unresolved(*expression))
            return drop("claimValidationRules: a rule that is not read here", node.mark);
        const cel::Conjunction all = cel::read(expression->text);
        bool whole = all.whole;
        for (const cel::Test& test : all.tests) whole = take(test, expression->mark) && whole;
        if (!whole) drop("claimValidationRules: an expression that is not read here in full", expression->mark);
    }

    // null counts as the empty text.
    void required(const Node& node, const Node& claim) {
        const Node* const value = node.find("requiredValue");
        const bool unresolved = value != nullptr && is_unresolved(*value);
        Node test = object(claim.mark);
        if (unresolved || text_of(value).empty()) {
            put(test, "present", flag(true, claim.mark));
            drop("claimValidationRules: the value of a claim that is put in later, or empty", claim.mark);
        } else {
            put(test, "in", list({text(text_of(value), value->mark)}, value->mark));
        }
        add({claim.text}, std::move(test));
    }

    bool take(const cel::Test& test, Mark at) {
        using Asked = cel::Test::Kind;
        std::vector<Node> values;
        if (std::find(test.values.begin(), test.values.end(), "") != test.values.end()) return false;
        for (const std::string& value : test.values)
            values.push_back(test.kind == Asked::truth ? flag(value == "true", at) : text(value, at));
        Node out = object(at);
        switch (test.kind) {
        case Asked::present: put(out, "present", flag(true, at)); break;
        case Asked::equal:
        case Asked::truth: put(out, "in", list(std::move(values), at)); break;
        case Asked::prefix: put(out, "prefix", std::move(values.front())); break;
        case Asked::suffix: put(out, "suffix", std::move(values.front())); break;
        case Asked::contains: put(out, "contains", std::move(values.front())); break;
        case Asked::member: return add_member(test, at);
        case Asked::life: return add_life(std::stoll(test.values.front()), at);
        }
        return add(test.claim, std::move(out));
    }

    // Of several the shortest.
    bool add_life(std::int64_t seconds, Mark at) {
        if (!longest_life_ || seconds < longest_life_->integer)
            longest_life_ = {.kind = Kind::integer, .mark = at, .integer = seconds, .text = std::to_string(seconds)};
        return true;
    }

    // Of a list a member; of an object the name of one.
    bool add_member(const cel::Test& test, Mark at) {
        if (choices_.size() * 2 > kMostChoices) return false;
        std::vector<std::string> inner = test.claim;
        inner.push_back(test.values.front());
        Node there = object(at), has = object(at);
        put(there, "present", flag(true, at));
        put(has, "has_any", list({text(test.values.front(), at)}, at));
        put(has, "shape", text("list", at));
        const std::vector<Node> before = choices_;
        bool taken = add(inner, there);
        std::vector<Node> objects = std::exchange(choices_, before);
        taken = add(test.claim, has) && taken;
        std::move(objects.begin(), objects.end(), std::back_inserter(choices_));
        return taken;
    }

    // A claim can be tested twice: under its name, and under the pointer to it. False: it is left out.
    bool add(const std::vector<std::string>& path, const Node& test) {
        bool all = true;
        for (Node& claims : choices_) {
            const std::string name = free_claim_name(claims, path);
            if (name.empty())
                all = false;
            else
                put(claims, name, test);
        }
        return all;
    }

    // Whether it is there; of a text that it is one, too, but null counts as one.
    void present(const std::vector<std::string>& path, Mark at) {
        Node test = object(at);
        put(test, "present", flag(true, at));
        for (Node& claims : choices_) {
            if (path.size() == 1 && claims.find(path[0]) != nullptr) continue; // is asked for already
            const std::string name = free_claim_name(claims, path);
            if (!name.empty()) put(claims, name, test);
        }
    }

    void mappings(const Node* mappings) {
        const Node* const username = member(mappings, "username");
        const Node* const claim = member(username, "claim");
        if (is(claim, Kind::string) && claim->text == "email") email(claim->mark);
        mapped("username", username);
        mapped("uid", member(mappings, "uid"));
        const Node* const groups = member(member(mappings, "groups"), "expression");
        if (groups != nullptr) expression("groups", *groups);
        const Node* const extra = member(mappings, "extra");
        if (is(extra, Kind::array)) {
            for (const Node& each : extra->elements) {
                if (const Node* const value = member(&each, "valueExpression")) expression("extra", *value);
            }
        }
    }

    void mapped(const std::string& name, const Node* mapping) {
        const Node* const claim = member(mapping, "claim");
        if (is(claim, Kind::string) && !claim->text.empty() && !is_unresolved(*claim))
            present({claim->text}, claim->mark);
        if (const Node* const written = member(mapping, "expression")) expression(name, *written);
    }

    // It must have a value at all.
    void expression(const std::string& name, const Node& written) {
        const auto claims = is_unresolved(written) ? std::nullopt : cel::read_text(text_of(&written));
        if (!claims) return drop("claimMappings: what the expression of " + name + " needs", written.mark);
        for (const auto& path : *claims) present(path, written.mark);
    }

    // email_verified must be true where it is there.
    void email(Mark at) {
        Node test = object(at);
        put(test, "in", list({flag(true, at)}, at));
        put(test, "optional", flag(true, at));
        add({"email_verified"}, test);
    }

    std::vector<Node>& dropped_;
    std::optional<Node>& longest_life_;
    std::vector<Node> choices_ = {};
};

} // namespace

std::vector<Node> claims_of(const Node& authenticator, std::vector<Node>& dropped, std::optional<Node>& longest_life) {
    return Reader(dropped, longest_life).read(authenticator);
}

} // namespace jwtdomain::gateway::kube
