#include "jwtdomain/policy/tenants.h"

#include <algorithm>
#include <unordered_set>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::policy {

namespace {

constexpr std::string_view kPlaceholder = "{tenant}";

void substitute(std::string& text, const std::string& tenant) {
    for (std::size_t at = text.find(kPlaceholder); at != std::string::npos;
         at = text.find(kPlaceholder, at + tenant.size())) {
        text.replace(at, kPlaceholder.size(), tenant);
    }
}

template <class F> void each(std::vector<std::string>& strings, F& f) {
    for (std::string& string : strings) f(string);
}

template <class F> void each(std::optional<std::vector<std::string>>& strings, F& f) {
    if (strings) each(*strings, f);
}

template <class T, class F> void each_name(std::map<std::string, T>& map, F& f) {
    std::map<std::string, T> renamed;
    bool changed = false;
    for (const auto& [name, value] : map) {
        std::string copy = name;
        f(copy);
        changed = changed || copy != name;
    }
    if (!changed) return;
    for (auto& [name, value] : map) {
        std::string copy = name;
        f(copy);
        renamed[copy] = std::move(value);
    }
    map = std::move(renamed);
}

template <class F> void each(accept::ClaimRule& rule, F& f) {
    each(rule.path, f);
    each(rule.values.exact, f);
    for (auto& pattern : rule.values.patterns) f(pattern.text);
}

template <class F> void each(IssuanceProfile& profile, F& f) {
    each(profile.audiences.values, f);
    each(profile.scopes.values, f);
    for (auto& [name, allowed] : profile.claims) each(allowed.values, f);
    each_name(profile.claims, f);
}

// Every string of a domain that the policy can set, but Location.
template <class F> void each(Domain& domain, F& f) {
    for (std::string* s : {&domain.name, &domain.parent, &domain.issuer, &domain.domain_claim, &domain.domain_value,
                           &domain.scope_claim, &domain.keys.value}) {
        f(*s);
    }
    for (auto* list :
         {&domain.audiences, &domain.neutral_audiences, &domain.audience_fallback, &domain.types, &domain.required}) {
        each(*list, f);
    }
    for (auto& rule : domain.match) each(rule, f);
    for (auto& resource : domain.resources) {
        f(resource.uri);
        each(resource.audiences, f);
        for (auto& [method, scopes] : resource.methods) each(scopes, f);
    }
    for (auto& [name, client] : domain.clients) {
        each(client.scopes, f);
        each(client.audiences, f);
    }
    each_name(domain.clients, f);
    each(domain.issue, f);
}

tl::unexpected<Error> bad_line(const std::string& file, unsigned line, std::string message, std::string hint = {}) {
    return fail(Error{
        .fault = Fault::invalid, .message = std::move(message), .where = {file, line, 0}, .hint = std::move(hint)});
}

// A comment begins the line, or follows white space: a tenant may have a '#' in its name.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return trimmed(line.substr(0, at), " \t\r");
    }
    return trimmed(line, " \t\r");
}

} // namespace

Result<std::vector<std::string>> parse_tenants(std::string_view text, const std::string& file) {
    std::vector<std::string> tenants;
    std::unordered_set<std::string_view> seen;
    unsigned line = 0;
    while (!text.empty()) {
        ++line;
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view name = without_comment(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (name.empty()) continue;
        if (auto ok = check_tenant_name(name); !ok) return bad_line(file, line, ok.error().message, ok.error().hint);
        if (!seen.insert(name).second)
            return bad_line(file, line, "the tenant '" + std::string(name) + "' stands here twice");
        tenants.emplace_back(name);
    }
    if (tenants.empty()) return bad_line(file, 0, "no tenant", "write one name a line");
    return tenants;
}

Domain instantiate(const Domain& pattern, const std::string& tenant) {
    Domain domain = pattern;
    for (accept::ClaimRule& rule : domain.match) {
        for (accept::Pattern& test : rule.values.patterns) {
            // One that has become too long has no automaton, and matches nothing.
            if (test.match == accept::Match::regex) static_cast<void>(instantiate(test, tenant));
        }
    }
    auto put_in = [&](std::string& text) { substitute(text, tenant); };
    each(domain, put_in);
    return domain;
}

Status instantiate(accept::Pattern& expression, const std::string& tenant) {
    const bool same = expression.text.find(kPlaceholder) == std::string::npos;
    if (same && expression.automaton) return {};
    substitute(expression.text, "(?:" + accept::quote_regex(tenant) + ")");
    return accept::compile(expression);
}

bool has_placeholder(const Domain& domain) {
    Domain copy = domain;
    bool found = false;
    auto look = [&](std::string& text) { found = found || text.find(kPlaceholder) != std::string::npos; };
    each(copy, look);
    return found;
}

} // namespace jwtdomain::policy
