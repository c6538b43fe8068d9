// Spring Boot's configuration, before it means anything: documents of properties, and which of them hold together.
// Internal: not installed.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::spring {

// The names of a property by Spring's relaxed binding are one here: lower case, without '-' and '_'. "a.b[0]".
struct Property {
    std::string name;
    std::string text;
    Mark mark;
    std::string unknown = {}; // why Spring may read another text; empty: it reads this one
};

struct Document {
    std::vector<Property> properties; // those of `spring` alone
    std::string profile = {};         // of a file for one profile: application-prod.yml
    bool preferred = false;           // application.properties goes before application.yml

    bool has(std::string_view prefix) const;
};

// Faults: those of YAML; invalid for what is neither.
Result<std::vector<Document>> documents_of(const Source& source, std::uint32_t number);

// Of the two syntaxes (spring_text.cpp).
std::vector<Document> properties_documents(std::string_view text, std::uint32_t number);
std::string relaxed(std::string_view name);
std::string unknown_text(std::string_view text); // a placeholder, or text that is not told from others

// The value of a property in documents that are in force.
struct Value {
    enum class Kind : std::uint8_t { absent, known, unknown } kind = Kind::absent;
    std::vector<Node> items = {}; // of known; one that is written with commas is taken apart
    Mark mark = {};
    std::string why = {}; // of unknown

    bool known() const { return kind == Kind::known; }
    bool unknown() const { return kind == Kind::unknown; }
    bool absent() const { return kind == Kind::absent; }
};

using Documents = std::vector<const Document*>; // the last goes before all others

Value value_of(const Documents& documents, std::string_view name); // one text; blank is absent
Value list_of(const Documents& documents, std::string_view name);  // split at commas
Value list_in(const Document& document, std::string_view name);

using Profiles = std::vector<std::string>;

// An expression such as "prod & !eu"; nullopt: it is none.
std::optional<bool> holds(std::string_view expression, const Profiles& active);

// What can be active together, as far as these documents tell profiles apart: none, each by itself, and those that an
// expression joins. At most `most` + 1.
std::vector<Profiles> choices(const std::vector<Document>& documents, std::size_t most);

// Those that are in force with these profiles, which grow by what includes and groups add. `doubt`: why it is not known
// of one of them.
Documents in_force(const std::vector<Document>& documents, Profiles active, std::string& doubt);

} // namespace jwtdomain::gateway::spring
