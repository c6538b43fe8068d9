// What one real token tells about its issuer. All of it is untrusted: it is written into a file that a person reads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::policy {

struct Sample {
    std::optional<std::string> type;          // typ of the header; nullopt: there is none
    std::optional<std::string> algorithm;     // as written
    std::vector<std::string> audiences;       // of aud, one string or a list
    std::map<std::string, std::string> texts; // string claims at the top level, by name; long ones are left out
    std::vector<std::string> names;           // of all claims
    std::optional<Seconds> life;              // exp - iat, if it is positive
    std::string kubernetes_namespace;         // of the claim "kubernetes.io"

    bool has(std::string_view name) const;
    std::optional<std::string> text(const std::string& name) const;
};

Sample sample_of(const json::Value& header, const json::Value& claims);

} // namespace jwtdomain::policy
