// Making a policy, or adding domains to one: what `init` does, and what it has to say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/network.h"
#include "cli/app/session.h"
#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

struct InitOptions {
    std::vector<std::string> domains, audiences;
    std::optional<std::string> base_url, algorithm;          // of domains that we mint for
    std::optional<std::string> issuer, preset, jwks, sample; // of somebody else's issuer
    std::optional<std::string> resource;                     // whose metadata say which issuer it has
    bool shared_issuer = false, shared_audience = false, dry_run = false;
    NetworkOptions network;

    bool is_foreign() const { return issuer || preset || resource; }
};

struct InitReport {
    struct DomainLine {
        std::string name, issuer, kid;
        std::vector<std::string> audiences;
        bool foreign = false;
    };
    std::string directory;
    bool planned = false; // --dry-run: nothing was written
    bool fresh = false;   // there was no policy before
    std::vector<DomainLine> domains;
    std::vector<std::string> facts; // of an issuer that was asked
    struct File {
        std::string path; // with the directory
        std::string text; // of a planned file
    };
    std::vector<File> files;                // public: to be committed
    std::vector<std::string> private_files; // never to be committed
    std::string key_store;                  // where they are
    std::vector<std::string> next;          // commands to type
};

// All is written, or what was written is taken away again. Faults: usage, conflict (with the rule), those of reading
// and writing.
Result<InitReport> create(Session& session, const InitOptions& options);

std::string to_text(const InitReport& report, bool color);
std::string to_json(const InitReport& report);

} // namespace jwtdomain::cli
