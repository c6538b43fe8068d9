// From checked documents to the model. Every node given here has passed schema::check, so kinds are right; what remains
// is meaning.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy::bind {

using document::Node;

// --- Scalars and lists (bind_values.cpp) -----------------------------------------------------------------------------

std::string value_text(const Node& node); // of a string, number or boolean: its text as in JSON
std::vector<std::string> texts(const Node& node);
Seconds span(const Node& node);
Time time(const Node& node);
Location place(const std::string& file, document::Mark mark);
// The index of the word in the table that it was checked against.
std::size_t word_index(const Node& node, std::span<const std::string_view> words);
std::vector<Algorithm> algorithms(const Node& node); // EdDSA is Ed25519 and Ed448

// Sets `out` if the member is there.
void set(const Node& object, std::string_view name, std::string& out);
void set(const Node& object, std::string_view name, bool& out);
void set(const Node& object, std::string_view name, std::vector<std::string>& out);
void set_span(const Node& object, std::string_view name, Seconds& out);

// Media types; the word any becomes {"any"}. Faults: invalid.
Result<std::vector<std::string>> types(const Node& node, const std::string& file);
Result<std::vector<std::string>> claim_names(const Node& node, const std::string& file);
// The same for claims at the top: a JSON Pointer is refused.
Result<std::vector<std::string>> top_claim_names(const Node& node, const std::string& file);
Result<std::vector<std::string>> scopes(const Node& node, const std::string& file);
Result<KeyLocation> key_location(const Node& node, const std::string& issuer, const std::string& file);

// --- Languages and claims (bind_claims.cpp)
// ---------------------------------------------------------------------------

// A value, a list of values and patterns, or a pattern; with `any_word`, the word any too.
Result<accept::Strings> language(const Node& node, const std::string& file, bool any_word = false);
Result<std::vector<accept::ClaimRule>> tests(const Node& node, const std::string& file);

// --- Domains and verifiers ------------------------------------------------------------------------------------------

// What a domain has that says nothing, and what the policy's `claims` and `defaults` make of it. `node` is policy.yaml.
// Faults: invalid.
Result<Domain> prototype(const Node& node, const std::string& file);

Result<Domain> domain(const Node& node, const Domain& prototype, const std::string& file);

// Of a domain that a tenant was put into: that the claims which its name has become part of are still different ones.
// Faults: invalid, at `mark`.
Status check_tenant_claims(const Domain& domain, document::Mark mark, const std::string& file);

// From words of the policy: any, absent, media types.
accept::TypeRule type_rule(const std::vector<std::string>& types);

// `number`: among the verifiers of its domain, from 1; what has no name is called by it.
Result<DeclaredVerifier> verifier(const Node& node, const std::string& file, std::size_t number);

} // namespace jwtdomain::policy::bind
