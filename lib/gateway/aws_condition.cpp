// Conditions of trust policies, as tests of claims.
#include <algorithm>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/aws_trust.h"

namespace jwtdomain::gateway::aws {

using document::Kind;

namespace {

constexpr std::size_t kMostTests = 100; // of one statement

// An operator: "ForAnyValue:StringLikeIfExists".
struct Operator {
    bool any = false, all = false, optional = false;
    std::string_view name;

    explicit Operator(std::string_view written) : name(written) {
        const auto cut = [&](std::string_view prefix) {
            const bool there = name.starts_with(prefix);
            if (there) name.remove_prefix(prefix.size());
            return there;
        };
        any = cut("ForAnyValue:");
        all = !any && cut("ForAllValues:");
        optional = name.ends_with("IfExists");
        if (optional) name.remove_suffix(std::string_view("IfExists").size());
    }
};

// Wildcards of a policy in those of the form, whose '?' is one octet and not one character.
std::optional<Node> pattern_of(const Node& value) {
    if (value.text.find("${") != value.text.npos) return std::nullopt; // a variable of the policy
    if (value.text.find_first_of("*?") == value.text.npos) return value;
    if (value.text.find('?') != value.text.npos) return std::nullopt;
    Node out = object(value.mark);
    put(out, "glob", value);
    return out;
}

std::optional<std::vector<Node>> language_of(std::string_view name, const Node& values) {
    auto out = literals(&values);
    if (!out || out->empty()) return std::nullopt;
    for (Node& each : *out) {
        if (name == "StringLike") {
            auto pattern = pattern_of(each);
            if (!pattern) return std::nullopt;
            each = std::move(*pattern);
        } else if (name != "StringEquals" || each.text.find("${") != each.text.npos) {
            return std::nullopt;
        }
    }
    return out;
}

void add_condition(const std::string& provider, const Operator& by, const Node::Name& key, const Node& values,
                   Conditions& out) {
    const auto drop = [&](const std::string& why) {
        out.dropped.push_back(text(plain_name(key.text) + ": " + why, key.mark));
    };
    const std::string have = lower_case(key.text), prefix = lower_case(provider) + ":";
    if (!have.starts_with(prefix) || have.size() == prefix.size()) return drop("it is no key of the provider's");
    const std::string claim = key.text.substr(prefix.size());
    if (claim.find_first_of("{}") != claim.npos) return drop("a claim with braces");
    if (claim != have.substr(prefix.size())) return drop("a claim whose name is not in small letters");
    if (claim.front() == '/') return drop("a claim with a slash before it");
    if (by.name == "Null" && !by.any && !by.all && literal(&values) == "false") {
        out.required.push_back(text(claim == "oaud" ? "aud" : claim, key.mark));
        return;
    }
    auto language = language_of(by.name, values);
    if (!language)
        return drop(by.name == "StringEquals" || by.name == "StringLike"
                        ? "a value that is not known, or with '?'"
                        : "the operator " + std::string(by.name) + " is not read here");
    const bool twice =
        std::any_of(out.tests.begin(), out.tests.end(), [&](const Test& test) { return test.claim == claim; });
    if (twice) return drop("a second condition on one claim");
    if (out.tests.size() >= kMostTests) return drop("more than 100 conditions");
    out.tests.push_back({.claim = claim,
                         .values = std::move(*language),
                         .optional = by.optional || by.all,
                         .members = by.any || by.all || claim == "amr",
                         .all = by.all,
                         .at = key.mark});
}

} // namespace

Conditions conditions_of(const std::string& provider, const Node* block) {
    Conditions out;
    if (block == nullptr) return out;
    if (block->kind != Kind::object || is_computed(block)) {
        out.dropped.push_back(text("conditions that are not known here", block->mark));
        return out;
    }
    for (std::size_t i = 0; i < block->names.size(); ++i) {
        const Node& keys = block->elements[i];
        if (keys.kind != Kind::object || is_computed(&keys)) {
            out.dropped.push_back(text("conditions that are not known here", keys.mark));
            continue;
        }
        const Operator by(block->names[i].text);
        for (std::size_t k = 0; k < keys.names.size(); ++k)
            add_condition(provider, by, keys.names[k], keys.elements[k], out);
    }
    return out;
}

} // namespace jwtdomain::gateway::aws
