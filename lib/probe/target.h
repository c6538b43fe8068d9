// What is probed: an endpoint over HTTP, or whatever the caller asks in another way, with how it is told what a token
// and an answer are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/net/http.h"

namespace jwtdomain::probe {

enum class Outcome : std::uint8_t {
    accepted,
    refused,
    odd,    // an answer that says neither: 404, 429, 500
    failed, // no answer: no connection, out of time
};

struct Answer {
    Outcome outcome = Outcome::failed;
    std::string detail; // "401", "exit status 1", why there is none
};

// Takes a token to what guards the target. `in_query` (RFC 6750 2.3) is for HTTP alone.
class Door {
public:
    virtual ~Door() = default;
    virtual Answer ask(const std::string& token, bool in_query) = 0;
    virtual bool has_query() const { return false; }
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

std::unique_ptr<Door> over_http(Endpoint endpoint, net::Access access);

} // namespace jwtdomain::probe
