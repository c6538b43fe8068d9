// Public documents by URL (key sets, metadata), remembered on disk as HTTP says (RFC 9111), and at most once a run
// asked for.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/net/http.h"

namespace jwtdomain::net {

struct Fetched {
    std::string url;       // that was asked for
    std::string body;      // at most 1 MiB
    Time confirmed = 0;    // when its origin last said that this is it
    Seconds lives = 0;     // after that, as the origin says: 5 minutes if it says nothing, a day at the most
    std::string etag = {}; // as sent; empty: none
    bool from_disk = false;
    Time ends() const { return confirmed + lives; }
};

// What came of each URL that was asked for.
using Answers = std::map<std::string, Result<Fetched>>;

constexpr Seconds kLongestLife = 86'400;

struct DocumentOptions {
    bool online = false;        // else nothing but what is on disk is used, however old it is
    std::string directory = {}; // of what is remembered; empty: nothing is
    Access access = {};
    std::function<Time()> clock; // the real one
    // The answers of another run, which are then all that there is.
    std::optional<Answers> kept = {};
};

class Documents {
public:
    explicit Documents(DocumentOptions options);

    bool online() const { return options_.online; }
    bool has_kept() const { return options_.kept.has_value(); }
    const Answers& answers() const { return seen_; } // of this run, so far
    Time now() const { return options_.clock(); }

    // From this run, from the disk while it lives, else from its origin, which is asked whether it is still the same.
    // Faults: not_found (404 or 410; offline: it was never fetched), unreadable (another status but 200), and those of
    // fetch(). What cannot be fetched is not taken from the disk.
    Result<Fetched> get(const std::string& url);

    // Asks the origin, however long what is on disk lives: what stands there now is the question. As get() offline.
    Result<Fetched> get_now(const std::string& url);

    // Asks the origin again: something that should be in it is not. As get(), within a minute of the last time and
    // offline. If that fails, get() still gives what it gave.
    Result<Fetched> get_again(const std::string& url);

private:
    Result<Fetched> ask(const std::string& url, const std::optional<Fetched>& known);
    std::optional<Fetched> read(const std::string& url) const;
    void write(const Fetched& document) const;
    void forget(const std::string& url) const; // its origin takes it back
    std::string file_of(const std::string& url) const;

    DocumentOptions options_;
    std::optional<Client> client_;
    Answers seen_;
    std::map<std::string, Time> asked_again_;
};

// How long an answer may be used, by its Cache-Control and Age; nullopt: it may not be kept (no-store).
std::optional<Seconds> life_of(const Response& response);

} // namespace jwtdomain::net
