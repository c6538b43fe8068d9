// oauth2-proxy's configuration, before it means anything. Its two kinds of files come to the same settings here, by the
// names of the older one.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::oauth2_proxy {

struct Settings {
    Node node = {};         // an object
    std::string fault = {}; // why it is not known; empty: it is
    Mark at = {};           // of the fault
};

// A .cfg file, which is TOML without tables (oauth2_proxy_text.cpp).
Settings settings_of(std::string_view text, std::uint32_t source);

// Of the configuration called alpha, in YAML (oauth2_proxy_alpha.cpp): the providers of a document, each with the names
// that a .cfg file has. nullopt: it is none.
std::optional<std::vector<Settings>> providers_of(const Node& document);

// A setting that is a list; one text is taken apart at its commas.
struct Texts {
    bool there = false, unknown = false; // unknown: something else puts it in later, or it is of another kind
    std::vector<Node> items = {};
    Mark mark = {};
};
Texts texts_of(const Node& settings, std::string_view name);

enum class Answer : std::uint8_t { unsaid, no, yes, unknown };
Answer answer_of(const Node& settings, std::string_view name);

// The ways in which bearer tokens are accepted (oauth2_proxy_path.cpp). `core` has what no provider has: further
// issuers, the domains of addresses.
struct Accepted {
    std::vector<Node> paths = {};
    std::string opaque = {}; // why it is not known
    Mark at = {};            // of that
};
Accepted accepted_by(const Node& core, const std::vector<Settings>& providers);

} // namespace jwtdomain::gateway::oauth2_proxy
