// What `jwtdomain issue` made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

struct IssueReport {
    std::string domain;         // empty outside of any policy
    std::string token;          // empty for a request
    std::string header, claims; // JSON
    std::string signing_input;  // of a request
    std::string algorithm;
    std::optional<std::string> kid;
    std::optional<Time> expires;
};

// Fills in what the token, or the signing input of a request, says itself.
IssueReport describe_token(std::string_view domain, std::string token);
IssueReport describe_request(std::string_view domain, std::string header, std::string claims);

std::string to_text(const IssueReport& report); // the token and nothing else
std::string to_json(const IssueReport& report);

} // namespace jwtdomain::cli
