// Shared by the readers of documents; no part of the interface.
// Internal: not installed.
#pragma once

#include "jwtdomain/base/document.h"

namespace jwtdomain::document::detail {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 1'000'000;

tl::unexpected<Error> refuse(Fault fault, std::string message, const std::string& file, Mark mark,
                             std::string hint = {});

Mark mark_at(std::string_view text, std::size_t offset);

// Sets kind and value of `node` to what the YAML 1.2 core schema makes of an unquoted scalar (its section 10.3.2).
void resolve_plain(const std::string& text, Node& node);

// Several documents, for others' configurations: tags of applications become objects, names may be numbers and words.
struct Stream {
    std::uint32_t source;  // for the marks
    std::string_view text; // yaml-cpp does not say how a null was written, which may be a name
};

// Without `stream`, one document at most.
Result<std::vector<Node>> parse_yaml(std::string_view text, const std::string& file, const Stream* stream);

} // namespace jwtdomain::document::detail
