// What `jwtdomain revoke` did, and what goes on in spite of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

struct RevokeReport {
    struct Row {
        accept::Revocation entry;
        bool is_new = false;
    };
    std::vector<Row> rows;
    std::string list;                  // the file
    std::vector<std::string> families; // of refresh tokens, that have ended now
    std::optional<Time> access_until;  // of these, when the last access token expires
    std::vector<std::string> remains;  // what stays valid until when, a sentence each
    std::vector<std::string> steps;    // what is left to do, likewise
    Time now = 0;
};

std::string describe(const accept::Revocation& entry); // "jti X of prod"; untrusted text

std::string to_text(const RevokeReport& report, bool color);
std::string to_json(const RevokeReport& report);

} // namespace jwtdomain::cli
