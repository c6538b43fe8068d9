// Values of a configuration as the normal form takes them.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {

// Text that something else puts in later is never taken for what it says: "{{ .Values.x }}", "${X}", "$(X)", "#{X}",
// "<% x %>", "{tenant}", or a value with a tag of an application.
bool is_unresolved(std::string_view text);
bool is_unresolved(const Node& value);

// Sources of keys: as they are written, a JWK Set or PEM; keys that nobody can read, which are not proven.
Node inline_keys(std::string keys, Mark at);
Node unread_keys(std::string why, Mark at);
// Of such a source, or a place: keys that are used for these algorithms, whatever they say themselves.
Node used_for(Node source, Node algorithms);
// As they are written; unread if they are put in later.
Node keys_in(const Node& jwks);
// Where keys are fetched; unread if it cannot be fetched, or is not known.
Node keys_at(const Node& url);

// The metadata of OpenID Connect Discovery for this issuer, without one '/' at its end; unread if it is no URL, or is
// put in later.
Node discovered_keys(std::string_view issuer, Mark at);
Node discovered_keys(const Node& issuer);

// Something that accepts no token: no key verifies anything.
Node nothing_accepted(std::string name, Mark at);

// A URL that the normal form takes for the place of keys: without braces, in which it has claims.
bool is_place_of_keys(std::string_view url);

// A list of issuers or audiences, in which "any" is no word of the form.
Node one_of(std::vector<Node> texts, Mark at);

// A list of texts as it is written. `value` may be nullptr: then there is none, and the mark is `unsaid`.
struct ListedTexts {
    bool there = false;
    bool unknown = false; // it is no list, or some of it is put in later, empty, or no text
    std::vector<Node> items = {};
    Mark mark = {};
};
ListedTexts listed_texts(const Node* value, Mark unsaid);

// For names and sentences: "{tenant}" is a placeholder of policies wherever it stands.
std::string plain_name(std::string text);

// Of what is made out of a configuration: lists that are copied for each of many rules multiply.
class Budget {
public:
    bool take(std::size_t values); // false: no more is made
    bool take(const Node* copied); // with all that is in it; nullptr: nothing

private:
    std::size_t left_ = 1'000'000;
};

} // namespace jwtdomain::gateway
