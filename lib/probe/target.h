// What is probed: an endpoint over HTTP, or whatever the caller asks in another way, with how it is told what a token
// and an answer are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/net/clients.h"

namespace jwtdomain::probe {

enum class Outcome : std::uint8_t {
    accepted,
    refused,
    odd,      // an answer that says neither: 302, 404, 429
    error,    // the server's own failure: 5xx
    late,     // out of time
    failed,   // no answer: no connection, or what is none
    flapping, // of several answers to one token: they differ
};
std::string_view name_of(Outcome outcome); // "server-error"
std::optional<Outcome> find_outcome(std::string_view name);
inline bool is_clear(Outcome outcome) { return outcome == Outcome::accepted || outcome == Outcome::refused; }

struct Answer {
    Outcome outcome = Outcome::failed;
    std::string detail;    // "401", "exit status 1", why there is none
    std::string body = {}; // how it begins, as it came
    net::Milliseconds took = 0;
};

// How a question travels, without the token.
struct Way {
    std::string method, where, place; // "GET", the URL, "Authorization: Bearer"
};

// Takes a token to what guards the target. `in_query` (RFC 6750 2.3) is for HTTP alone. May be asked by several threads
// at once.
class Door {
public:
    virtual ~Door() = default;
    virtual Answer ask(const std::string& token, bool in_query) = 0;
    virtual bool has_query() const { return false; }
    virtual Way way(bool /*in_query*/) const { return {}; }
};

// Where the token stands in a request.
struct Carrier {
    enum class Kind : std::uint8_t { bearer, header, cookie, query, form } kind = Kind::bearer;
    std::string name = {}; // of all but bearer
};

struct Statuses {
    int first = 0, last = 0;
    bool contains(int status) const { return first <= status && status <= last; }
};

struct Endpoint {
    std::string url;
    std::string method = "GET";
    Carrier carrier = {};
    std::vector<Statuses> accepted = {{200, 299}};
    std::vector<Statuses> refused = {{400, 401}, {403, 403}};
    std::string body = {}; // of a method that has one
};

// By clients that doors may share.
std::unique_ptr<Door> over_http(Endpoint endpoint, std::shared_ptr<net::Clients> clients);

} // namespace jwtdomain::probe
