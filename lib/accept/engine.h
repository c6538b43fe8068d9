// The one engine that says "accepted". verify, proofs, triage and scans all ask it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::accept {

// The proof of possession that came with the token (accept/dpop.h).
struct PresentedProof {
    std::string text;
    std::string method, uri; // of the request that it came with
};

// What came of checking the signature of one token by the keys that it was checked by: of several paths that have the
// same keys only the first needs to. Belongs to one thread. Only the engine writes into it.
class CheckedSignatures {
private:
    friend class PathEngine;
    struct Check {
        std::string thumbprint; // RFC 7638, of a public key
        Algorithm algorithm;
        bool good;
    };
    // Nullptr: not yet. All is forgotten where it is asked of another token.
    const Check* find(std::string_view input, std::string_view signature, std::string_view thumbprint,
                      Algorithm algorithm);
    std::string input_, signature_;
    std::vector<Check> checks_;
};

struct Context {
    Time now = 0;
    const Revocations* revocations = nullptr; // not owned; may be absent
    CheckedSignatures* checked = nullptr;     // likewise
    // Not owned. If it is there it must hold, and be of the key to which the token is bound. A token that is bound and
    // comes without one is judged as if it were not: whether a proof is due depends on how it was sent.
    const PresentedProof* proof = nullptr;
};

// A token whose every check passed. Only the engine makes one. It refers to the UnverifiedToken that it was made from.
class VerifiedToken {
public:
    json::Value header() const { return token_->header_json(); }
    json::Value claims() const { return token_->claims(); }
    const Path& path() const { return *path_; }
    const KeyUse* key() const { return key_; } // nullptr where no signature of a known key was checked
    std::optional<Algorithm> algorithm() const { return algorithm_; }

private:
    friend class PathEngine;
    VerifiedToken(const UnverifiedToken& token, const Path& path, const KeyUse* key, std::optional<Algorithm> algorithm)
        : token_(&token), path_(&path), key_(key), algorithm_(algorithm) {}
    const UnverifiedToken* token_;
    const Path* path_;
    const KeyUse* key_;
    std::optional<Algorithm> algorithm_;
};

// Either `verified` is set and there are no findings, or there is at least one finding: every check that failed.
struct Outcome {
    std::optional<VerifiedToken> verified;
    std::vector<Finding> findings;
};

// One path made ready for evaluating many tokens. Belongs to one thread; the path must outlive it and not change.
class PathEngine {
public:
    explicit PathEngine(const Path& path);
    PathEngine(PathEngine&&) noexcept;
    ~PathEngine();

    const Path& path() const;
    // How to parse a token before this engine may see it.
    Reading reading() const;
    // `further` are claim rules beyond the path's own (a scope that the caller asks for).
    Outcome evaluate(const UnverifiedToken& token, const Context& context, std::span<const ClaimRule> further = {});

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace jwtdomain::accept
