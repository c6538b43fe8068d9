// What the API server would not take, or Istio not know, makes the policy one that cannot be read.
#include "jwtdomain/gateway/istio_rules.h"

#include <algorithm>
#include <array>

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

using document::Kind;

constexpr std::array<std::string_view, 8> kOperationFields{"hosts",   "notHosts",   "paths", "notPaths",
                                                           "methods", "notMethods", "ports", "notPorts"};
constexpr std::array<std::string_view, 12> kSourceFields{
    "principals",     "notPrincipals",     "namespaces",      "notNamespaces",      "ipBlocks",     "notIpBlocks",
    "remoteIpBlocks", "notRemoteIpBlocks", "serviceAccounts", "notServiceAccounts", "trustDomains", "notTrustDomains"};

template <std::size_t N> bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class Reader {
public:
    explicit Reader(std::string& fault) : fault_(fault) {}

    Rule rule(const Node& node) {
        Rule out{.mark = node.mark};
        if (node.kind != Kind::object) fail("a rule that is no object");
        std::vector<const Node*> from, to;
        Alternative when{.mark = node.mark};
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const std::string& name = node.names[i].text;
            const Node& value = node.elements[i];
            if (name == "from")
                inner(value, "source", from);
            else if (name == "to")
                inner(value, "operation", to);
            else if (name == "when")
                conditions(value, when);
            else
                fail("the field " + name + " of a rule");
        }
        for (const Node* each : to) out.operations.push_back(operation(*each));
        for (const Node* each : from) out.alternatives.push_back(source(*each, when));
        if (to.empty()) out.operations.push_back({.mark = node.mark});
        if (from.empty()) out.alternatives.push_back(std::move(when));
        return out;
    }

private:
    void fail(std::string what) {
        if (fault_.empty()) fault_ = plain_name(std::move(what));
    }

    // [{source: {...}}, ...]
    void inner(const Node& list, std::string_view name, std::vector<const Node*>& out) {
        if (list.kind != Kind::array || list.elements.empty())
            return fail("the field " + std::string(name) + " of a rule");
        for (const Node& each : list.elements) {
            const Node* const value = each.kind == Kind::object ? each.find(name) : nullptr;
            if (!is(value, Kind::object) || each.names.size() != 1 || value->names.empty())
                fail("a rule without " + std::string(name));
            else
                out.push_back(value);
        }
    }

    // Is there something in the list?
    bool some(const Node& list, const std::string& name) {
        if (list.kind == Kind::null) return false;
        if (!is_strings(list)) fail("the field " + name + " of a rule");
        return is_unresolved(list) || !list.elements.empty();
    }

    Operation operation(const Node& node) {
        Operation out{.mark = node.mark};
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const std::string& name = node.names[i].text;
            if (!is_one_of(name, kOperationFields)) fail("the field " + name + " of an operation");
            if (!some(node.elements[i], name)) continue;
            Operation::Field field{name, {}};
            for (const Node& value : node.elements[i].elements) field.values.push_back(text_of(&value));
            out.fields.push_back(std::move(field));
        }
        return out;
    }

    Alternative source(const Node& node, const Alternative& when) {
        Alternative out = when;
        Condition principal{.name = "requestPrincipals", .mark = node.mark};
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const std::string& name = node.names[i].text;
            const Node& value = node.elements[i];
            if (!some(value, name)) continue;
            if (name == "requestPrincipals")
                principal.values = &value;
            else if (name == "notRequestPrincipals")
                principal.not_values = &value;
            else if (is_one_of(name, kSourceFields))
                out.others.push_back(text("source " + name, value.mark));
            else
                fail("the field " + name + " of a source");
        }
        if (principal.values != nullptr || principal.not_values != nullptr) out.conditions.push_back(principal);
        return out;
    }

    void conditions(const Node& list, Alternative& out) {
        if (list.kind == Kind::null) return;
        if (list.kind != Kind::array) return fail("the field when of a rule");
        for (const Node& each : list.elements) condition(each, out);
    }

    void condition(const Node& node, Alternative& out) {
        const Node* const key = node.kind == Kind::object ? node.find("key") : nullptr;
        if (!is(key, Kind::string)) return fail("a condition without key");
        Condition out_condition{.name = plain_name(key->text), .mark = node.mark};
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const std::string& name = node.names[i].text;
            const Node& value = node.elements[i];
            if (name == "key") continue;
            if (name != "values" && name != "notValues") return fail("the field " + name + " of a condition");
            if (some(value, name)) (name == "values" ? out_condition.values : out_condition.not_values) = &value;
        }
        if (out_condition.values == nullptr && out_condition.not_values == nullptr)
            return fail("a condition without values");
        if (!key->text.starts_with("request.auth."))
            out.others.push_back(text(out_condition.name, node.mark));
        else if (claim_of(key->text, out_condition.claim))
            out.conditions.push_back(std::move(out_condition));
        else
            fail("the condition " + key->text);
    }

    static bool claim_of(std::string_view key, std::vector<std::string>& out) {
        constexpr std::string_view kClaims = "request.auth.claims";
        if (key == "request.auth.audiences") out = {"aud"};
        if (key == "request.auth.presenter") out = {"azp"};
        if (key == "request.auth.principal" || !out.empty()) return true;
        if (!key.starts_with(kClaims)) return false;
        key.remove_prefix(kClaims.size());
        if (key.size() < 2 || key.front() != '[' || key.back() != ']') return false;
        return nested(key, out);
    }

    // "[a][b]" is b within a; "[a[b]" is the one claim "a[b".
    static bool nested(std::string_view key, std::vector<std::string>& out) {
        const std::string whole(key.substr(1, key.size() - 2));
        while (!key.empty()) {
            const std::size_t end = key.find(']'), again = key.find('[', 1);
            if (key.front() != '[' || end == key.npos || (again != key.npos && again < end)) {
                out = {whole};
                break;
            }
            out.emplace_back(key.substr(1, end - 1));
            key.remove_prefix(end + 1);
        }
        return !out.empty();
    }

    std::string& fault_;
};

} // namespace

bool is_strings(const Node& list) {
    if (is_unresolved(list)) return true;
    return list.kind == Kind::array && std::all_of(list.elements.begin(), list.elements.end(), [](const Node& each) {
               return is_unresolved(each) || (each.kind == Kind::string && !each.text.empty());
           });
}

void read_rules(const Node* rules, Policy& out) {
    if (rules == nullptr || rules->kind == Kind::null) return;
    if (rules->kind != Kind::array) {
        out.not_known = "its rules";
        return;
    }
    for (const Node& each : rules->elements) out.rules.push_back(Reader(out.not_known).rule(each));
}

} // namespace jwtdomain::gateway::istio
