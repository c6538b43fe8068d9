#include "jwtdomain/net/clients.h"

#include <chrono>
#include <optional>

namespace jwtdomain::net {

Result<Response> Clients::send(const Request& request, Milliseconds& took) {
    std::optional<Client> client;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            client.emplace(std::move(idle_.back()));
            idle_.pop_back();
        }
    }
    if (!client) client.emplace(access_);
    using Clock = std::chrono::steady_clock;
    const auto begun = Clock::now();
    auto response = client->send(request);
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    took = static_cast<Milliseconds>(spent.count());
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(*client));
    return response;
}

} // namespace jwtdomain::net
