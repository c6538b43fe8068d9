// From what was typed, or a line of input, to what is asked of the issuer.
#pragma once

#include <string>
#include <string_view>

#include "cli/app/session.h"
#include "cli/issue/options.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/policy/issuance.h"

namespace jwtdomain::cli {

// "name=text" or "name:=JSON". `option` is its name, for errors. Faults: usage.
Result<RawMember> parse_member(const std::string& text, const char* option);
Result<std::vector<RawMember>> parse_members(const std::vector<std::string>& texts, const char* option);

// A time as parse_time reads it, or "+5m": from now.
Result<Time> parse_moment(const std::string& text, Time now);

// The header's members that --header names. Those that have a meaning of their own are refused: all for tokens of a
// domain, only those with an option of their own for others. Faults: usage.
Result<std::vector<RawMember>> parse_headers(const IssueOptions& options);

Result<policy::IssueRequest> request_of(const IssueOptions& options, Time now);
// The same with the key of --dpop-key. Faults also: those of reading it.
Result<policy::IssueRequest> request_for_domain(Session& session, const IssueOptions& options);

// A JSON object: subject, audience, scope, client, ttl, not_before, claims. What it lacks is taken from `defaults`; its
// claims are added to theirs. Faults: invalid.
Result<policy::IssueRequest> request_of_line(json::Document& document, std::string_view line,
                                             const policy::IssueRequest& defaults, Time now);

} // namespace jwtdomain::cli
