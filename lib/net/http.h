// HTTP, as far as keys, metadata and probes need it: one request, one bounded answer, no redirects but those that
// fetch() allows. libcurl does the work; it is loaded with the first request.
//
// Only https, with the certificate verified, and http to a loopback host. What a URL resolves to is looked at when the
// connection is made, so that a name cannot change its mind: loopback, private and link-local addresses are refused
// unless Access says otherwise, or the URL itself names a loopback host. Proxies of the environment are not used.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::net {

using Milliseconds = long;

struct Access {
    std::string ca_file = {};              // PEM certificates of the authorities; empty: the system's
    bool private_addresses = false;        // may be connected to
    std::vector<std::string> resolve = {}; // HOST:PORT:ADDRESS: what a name is taken for, as with curl --resolve
    Milliseconds connect_time = 5'000, whole_time = 15'000;
    std::function<bool()> stopped = {}; // asked now and then; true ends a request
};

// The parts of a URL, normalised by libcurl's parser. `origin` as RFC 6454 4 has it: scheme, host and port.
struct Url {
    std::string text, scheme, host, origin;
    bool names_loopback() const; // localhost, 127.0.0.0/8 or ::1, as written
};
// Faults: invalid (no URL, with a user in it, or neither https nor http to a loopback host), unsupported (no libcurl).
Result<Url> parse_url(const std::string& text);
// A reference in a redirect, against the URL that gave it (RFC 3986 5). Faults: as parse_url.
Result<Url> resolve(const Url& base, const std::string& reference);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string url;
    std::string method = "GET";
    Headers headers = {};
    std::optional<std::string> body = {};
    std::size_t most = 1 << 20; // octets of an answer's body; more is an error,
    bool cut = false;           // or the transfer is ended there, and what has come is the answer
};

struct Response {
    int status = 0;
    Headers headers; // names in small letters
    std::string body;
    const std::string* header(std::string_view name) const; // the last of that name; nullptr: none
};

// Keeps connections. For one thread; several may each have one.
class Client {
public:
    explicit Client(Access access);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    // Whatever the status is, an answer is a success. Faults: invalid and unsupported (as parse_url; a header that is
    // none), unreadable (no connection, the certificate, a refused address, an answer that is none), limit (too large),
    // retry (out of time, or stopped).
    Result<Response> send(const Request& request);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// GET of a public document, over at most three redirects that stay with the origin. Faults: as send; unreadable (a
// redirect elsewhere, or too many).
Result<Response> fetch(Client& client, const std::string& url, const Headers& headers = {});

} // namespace jwtdomain::net
