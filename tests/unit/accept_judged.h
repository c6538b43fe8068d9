// What the engine says of one token on one path.
#pragma once

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "../support/mint.h"
#include "jwtdomain/accept/engine.h"

namespace jwtdomain::test {

using namespace jwtdomain::accept;

inline std::string codes(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) out += (out.empty() ? "" : " ") + std::string(info(finding.reason).code);
    return out;
}

inline std::string judged(const Path& path, std::string_view text, Time now = kNow + 10,
                          const Revocations* revocations = nullptr, std::span<const ClaimRule> further = {}) {
    PathEngine engine(path);
    UnverifiedToken token;
    token.parse(text, engine.reading());
    const Outcome outcome = engine.evaluate(token, {.now = now, .revocations = revocations}, further);
    CHECK(outcome.verified.has_value() == outcome.findings.empty());
    return outcome.verified ? "accepted" : codes(outcome.findings);
}

inline std::string part(std::string_view text) { return base64url_encode(text); }

} // namespace jwtdomain::test
