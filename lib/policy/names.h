// Names that a policy gives: of domains, tenants, claims, scopes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::policy {

// Segments of [a-z0-9._-] divided by '/', none empty or of dots only, at most 253 octets together. Faults: usage, with
// a hint that suggests a name where there is an obvious one.
Status check_domain_name(std::string_view name);

// One such segment.
Status check_tenant_name(std::string_view name);

// RFC 6749 section 3.3: printable ASCII without space, '"' and '\'.
bool is_scope(std::string_view scope);

// A claim path: with a '/' in front a JSON Pointer (RFC 6901), else the name of one claim, whatever its characters.
// Faults: usage.
Result<std::vector<std::string>> parse_claim_path(std::string_view text);

// Is it a claim inside that other one?
bool is_inside(const std::vector<std::string>& path, const std::vector<std::string>& other);

// The other way: the shortest text that gives this path.
std::string format_claim_path(const std::vector<std::string>& path);

// A media type as `typ` has it (RFC 7515 section 4.1.9): a token, or two with '/' between them.
bool is_media_type(std::string_view text);

// An absolute URI as far as we need it: a scheme, ':', something behind it, no white space or controls.
bool is_absolute_uri(std::string_view text);

// https, or http to a loopback host: what keys may be fetched from.
bool is_fetchable_url(std::string_view url);

} // namespace jwtdomain::policy
