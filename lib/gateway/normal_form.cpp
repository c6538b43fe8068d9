// The normal form itself: one verifier, a list of them, or an object with the list `verifiers`, as `describe --format
// json` writes it. So anybody can write an importer in any language.
#include <algorithm>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

bool is_verifier(const Node& node) {
    return node.kind == Kind::object && (node.find("accepts") != nullptr || node.find("guard") != nullptr);
}

void collect(const Node& node, Verifiers& out) {
    if (is_verifier(node)) {
        out.push_back(node);
    } else if (node.kind == Kind::array) {
        for (const Node& each : node.elements) collect(each, out);
    } else if (const Node* inner = node.find("verifiers")) {
        collect(*inner, out);
    }
}

} // namespace

Verifiers read_normal_form(const Content& content) {
    Verifiers out;
    for (const Node& each : content.documents) collect(each, out);
    return out;
}

bool recognises_normal_form(const Content& content) { return !read_normal_form(content).empty(); }

} // namespace jwtdomain::gateway
