// Exporters: configuration of a gateway that enforces what the policy asks for.
//
// An exporter owes the converse of an importer: what its configuration accepts is a subset of what the policy accepts,
// but for what it names in `losses`, and the domain's own tokens are among it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::gateway {

// What is to be enforced: one domain's resources, as policy::lower() gives them.
struct Order {
    std::string domain;
    // Each with the domain's own path first, and then those of trust edges. One with an empty resource guards all that
    // the domain has.
    std::vector<accept::Entry> entries;
    std::string keys_url;        // where the key set can be fetched; empty: nobody says
    std::vector<PublicJwk> keys; // the set
    std::string key_directory;   // on the gateway, of key files; empty: none can be named
};

// What a target cannot enforce, by a word of loss_words().
struct Loss {
    std::string_view field;
    std::string why; // one clause, for people
};

// keys, algorithms, type, issuer, audience, further-audiences, expiry, lifetime, not-before, issued-at, leeway, domain,
// scopes, claims, trust, reading.
std::span<const std::string_view> loss_words();

// By the order of the words.
std::vector<Loss> in_order(std::vector<Loss> losses);

struct KeyFile {
    std::string name; // in the key directory
    std::string text; // PEM
};

struct Exported {
    std::string text; // of the configuration; its comments name the losses
    std::vector<Loss> losses;
    std::vector<KeyFile> key_files; // that it refers to
};

struct Exporter {
    std::string_view name;  // as the importer's that reads it back
    std::string_view title; // "Envoy, the filter jwt_authn"
    // Faults: unsupported, if the target would refuse the domain's own tokens; the hint says what to change.
    Result<Exported> (*write)(const Order&);
};

std::span<const Exporter> exporters();

std::vector<std::string> exporter_names();

// By the exporter of that name. Faults: usage (no such exporter), and its own.
Result<Exported> write(const Order& order, std::string_view target);

} // namespace jwtdomain::gateway
