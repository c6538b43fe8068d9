#include "jwtdomain/probe/target.h"

#include <algorithm>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::probe {
namespace {

// An error names the URL, in which the token may stand.
std::string without(std::string text, const std::vector<std::string>& secrets) {
    for (const std::string& secret : secrets) {
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
            text.replace(at, secret.size(), "TOKEN");
    }
    return text;
}

bool among(const std::vector<Statuses>& all, int status) {
    return std::any_of(all.begin(), all.end(), [&](const Statuses& each) { return each.contains(status); });
}

class HttpDoor final : public Door {
public:
    HttpDoor(Endpoint endpoint, net::Access access) : endpoint_(std::move(endpoint)), client_(std::move(access)) {}

    bool has_query() const override { return endpoint_.carrier.kind == Carrier::Kind::bearer; }

    Answer ask(const std::string& token, bool in_query) override {
        net::Request request{.url = endpoint_.url, .method = endpoint_.method, .most = 64u << 10, .cut = true};
        if (!endpoint_.body.empty()) request.body = endpoint_.body;
        put(token, in_query ? Carrier{Carrier::Kind::query, "access_token"} : endpoint_.carrier, request);
        const auto response = client_.send(request);
        if (!response) return {Outcome::failed, without(describe(response.error()), {token, percent_encoded(token)})};
        Answer answer{Outcome::odd, std::to_string(response->status)};
        if (among(endpoint_.accepted, response->status))
            answer.outcome = Outcome::accepted;
        else if (among(endpoint_.refused, response->status))
            answer.outcome = Outcome::refused;
        return answer;
    }

private:
    static void put(const std::string& token, const Carrier& carrier, net::Request& request) {
        switch (carrier.kind) {
        case Carrier::Kind::bearer: request.headers.emplace_back("Authorization", "Bearer " + token); break;
        case Carrier::Kind::header: request.headers.emplace_back(carrier.name, token); break;
        case Carrier::Kind::cookie: request.headers.emplace_back("Cookie", carrier.name + "=" + token); break;
        case Carrier::Kind::query:
            request.url +=
                (request.url.find('?') == std::string::npos ? "?" : "&") + carrier.name + "=" + percent_encoded(token);
            break;
        case Carrier::Kind::form:
            request.body = carrier.name + "=" + percent_encoded(token);
            request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
            break;
        }
    }

    Endpoint endpoint_;
    net::Client client_;
};

} // namespace

std::unique_ptr<Door> over_http(Endpoint endpoint, net::Access access) {
    return std::make_unique<HttpDoor>(std::move(endpoint), std::move(access));
}

} // namespace jwtdomain::probe
