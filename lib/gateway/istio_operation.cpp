// Values are exact, "x*", "*x" or "*"; hosts are compared without case. A path with a template ("{*}") is equal to
// itself alone.
#include "jwtdomain/gateway/istio_operation.h"

#include <algorithm>

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

bool is_for_all(const Operation::Field& field, std::string_view value) {
    return value == "*" || (field.name == "paths" && value == "/*");
}

bool is_for_all(const Operation::Field& field) {
    return !field.name.starts_with("not") &&
           std::any_of(field.values.begin(), field.values.end(),
                       [&](const std::string& value) { return is_for_all(field, value); });
}

// Of two patterns: is all that `inner` stands for in `outer`?
bool value_covers(std::string_view outer, std::string_view inner) {
    if (outer == inner || outer == "*") return true;
    if (inner.find('{') != inner.npos || outer.find('{') != outer.npos) return false;
    if (outer.starts_with('*')) return inner != "*" && !inner.ends_with('*') && inner.ends_with(outer.substr(1));
    if (outer.ends_with('*')) return !inner.starts_with('*') && inner.starts_with(outer.substr(0, outer.size() - 1));
    return false;
}

bool field_covers(const Operation::Field& outer, const Operation::Field& inner) {
    const bool host = outer.name == "hosts" || outer.name == "notHosts";
    const auto in_outer = [&](const std::string& value) {
        return std::any_of(outer.values.begin(), outer.values.end(), [&](const std::string& each) {
            return host ? value_covers(lower_case(each), lower_case(value)) : value_covers(each, value);
        });
    };
    if (outer.name.starts_with("not")) return outer.values == inner.values;
    return std::all_of(inner.values.begin(), inner.values.end(), in_outer);
}

bool host_matches(std::string_view pattern, std::string_view host) {
    if (is_unresolved(pattern) || pattern == "*") return true;
    if (pattern.starts_with('*')) {
        const std::string_view end = pattern.substr(1, pattern.rfind(':') - 1); // a port may follow
        return host.ends_with(end) || host.ends_with(pattern.substr(1));
    }
    if (pattern.ends_with('*')) {
        const std::string_view begin = pattern.substr(0, pattern.size() - 1);
        return host.starts_with(begin) || begin.starts_with(std::string(host) + ":");
    }
    return pattern == host || pattern.starts_with(std::string(host) + ":");
}

} // namespace

std::string Operation::words() const {
    std::vector<std::string> out;
    for (const char* name : {"methods", "hosts", "paths", "ports", "notMethods", "notHosts", "notPaths", "notPorts"}) {
        for (const Field& field : fields) {
            if (field.name != name || is_for_all(field)) continue;
            const bool plain = field.name == "methods" || field.name == "hosts" || field.name == "paths";
            std::string prefix = plain ? "" : field.name == "ports" ? "port " : "not ";
            out.push_back(prefix + jwtdomain::join(field.values, "|"));
        }
    }
    return plain_name(jwtdomain::join(out, " "));
}

bool covers(const Operation& outer, const Operation& inner) {
    return std::all_of(outer.fields.begin(), outer.fields.end(), [&](const Operation::Field& field) {
        if (is_for_all(field)) return true;
        return std::any_of(inner.fields.begin(), inner.fields.end(), [&](const Operation::Field& other) {
            return other.name == field.name && field_covers(field, other);
        });
    });
}

bool is_same(const Operation& one, const Operation& other) { return covers(one, other) && covers(other, one); }

bool can_reach(const Operation& operation, std::string_view host) {
    const std::string wanted = lower_case(host.substr(0, host.starts_with('[') ? host.npos : host.find(':')));
    return std::all_of(operation.fields.begin(), operation.fields.end(), [&](const Operation::Field& field) {
        if (field.name != "hosts") return true;
        return std::any_of(field.values.begin(), field.values.end(),
                           [&](const std::string& value) { return host_matches(lower_case(value), wanted); });
    });
}

} // namespace jwtdomain::gateway::istio
