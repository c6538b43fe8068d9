// Judges tokens against a whole verifier: which entry guards the request, and whether one of its paths accepts.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/accept/engine.h"

namespace jwtdomain::accept {

// What the caller wants to do with the token.
struct Request {
    std::string resource;           // an absolute URI; empty: no particular one
    std::string method;             // empty: any
    std::vector<ClaimRule> further; // scopes asked for beyond the entry's own
};

struct Decision {
    std::optional<VerifiedToken> verified;
    // Of the path that came nearest, or of the selection of an entry; empty if and only if verified.
    std::vector<Finding> findings;
    const Path* nearest = nullptr; // the path that `findings` are of, if any
    bool accepted() const { return verified.has_value(); }
};

// One token, parsed at most once for each way of reading. Reusable; belongs to one thread.
class TokenReadings {
public:
    // The token's text must outlive the readings.
    void reset(std::string_view token);
    std::string_view text() const { return text_; }
    const UnverifiedToken& read(const Reading& reading = {});

private:
    struct Parsed {
        Reading reading;
        bool current = false;
        std::unique_ptr<UnverifiedToken> token;
    };
    std::string_view text_;
    std::vector<Parsed> parsed_;
};

// Belongs to one thread. The verifier must outlive it. A Decision refers to the readings: it is valid until their next
// reset.
class Judge {
public:
    explicit Judge(const Verifier& verifier);
    Judge(Judge&&) noexcept;
    ~Judge();

    const Verifier& verifier() const;
    Decision decide(TokenReadings& token, const Context& context, const Request& request = {});

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Does the URI `request` fall under the resource `declared`: equal, or below it at a '/' boundary? Query and fragment
// of the request do not count.
bool covers(std::string_view declared, std::string_view request);

// Which of these declared resources something that guards `resource` guards a part of: those below it, and else those
// that a request for it is judged by, which are the longest that cover it. Indices, in order.
std::vector<std::size_t> guarded_by(std::string_view resource, const std::vector<std::string_view>& declared);

} // namespace jwtdomain::accept
