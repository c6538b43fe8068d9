// Clients for several threads, so that few connections are kept open.
#pragma once

#include <mutex>
#include <vector>

#include "jwtdomain/net/http.h"

namespace jwtdomain::net {

class Clients {
public:
    // `access.stopped` is called by all threads.
    explicit Clients(Access access) : access_(std::move(access)) {}

    // As Client::send, by a client that nobody else is using. `took`: how long it was sent and waited for.
    Result<Response> send(const Request& request, Milliseconds& took);

private:
    Access access_;
    std::mutex mutex_;
    std::vector<Client> idle_;
};

} // namespace jwtdomain::net
