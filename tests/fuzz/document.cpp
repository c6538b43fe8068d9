// YAML and JSON: a tree within its bounds, or an error that names a place.
#include "jwtdomain/base/document.h"
#include "check.h"

using namespace jwtdomain;

namespace {

std::size_t check_node(const document::Node& node, std::size_t depth) {
    CHECK(depth <= 64);
    if (node.kind != document::Kind::null)
        CHECK(node.mark.line >= 1 && node.mark.column >= 1); // an empty file has no place
    CHECK(node.names.size() == (node.kind == document::Kind::object ? node.elements.size() : 0));
    std::size_t count = 1;
    for (const auto& name : node.names) CHECK(node.find(name.text));
    for (const auto& element : node.elements) count += check_node(element, depth + 1);
    return count;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const char* file : {"f.yaml", "f.json"}) {
        const auto tree = document::parse(view(data, size), file);
        if (tree) check_node(*tree, 0);
        if (!tree) CHECK(!tree.error().message.empty() && tree.error().where.file == file);
    }
    return 0;
}
