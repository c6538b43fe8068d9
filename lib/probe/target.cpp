#include "jwtdomain/probe/target.h"

#include <algorithm>
#include <utility>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::probe {
namespace {

constexpr std::size_t kMostOfBody = 512; // of an answer, that is kept

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
    HttpDoor(Endpoint endpoint, std::shared_ptr<net::Clients> clients)
        : endpoint_(std::move(endpoint)), clients_(std::move(clients)) {}

    bool has_query() const override { return endpoint_.carrier.kind == Carrier::Kind::bearer; }

    Answer ask(const std::string& token, bool in_query) override {
        net::Request request{.url = endpoint_.url, .method = endpoint_.method, .most = 64u << 10, .cut = true};
        if (!endpoint_.body.empty()) request.body = endpoint_.body;
        put(token, carrier(in_query), request);
        Answer answer;
        const auto response = clients_->send(request, answer.took);
        if (response) {
            answer.outcome = outcome_of(response->status);
            answer.detail = std::to_string(response->status);
            answer.body = response->body.substr(0, kMostOfBody);
        } else {
            answer.outcome = response.error().fault == Fault::retry ? Outcome::late : Outcome::failed;
            answer.detail = without(describe(response.error()), {token, percent_encoded(token)});
        }
        return answer;
    }

    Way way(bool in_query) const override {
        Way out{endpoint_.method, endpoint_.url, {}};
        const Carrier by = carrier(in_query);
        switch (by.kind) {
        case Carrier::Kind::bearer: out.place = "Authorization: Bearer"; break;
        case Carrier::Kind::header: out.place = "header " + by.name; break;
        case Carrier::Kind::cookie: out.place = "cookie " + by.name; break;
        case Carrier::Kind::query: out.place = "query " + by.name; break;
        case Carrier::Kind::form: out.place = "form " + by.name; break;
        }
        return out;
    }

private:
    Carrier carrier(bool in_query) const {
        return in_query ? Carrier{Carrier::Kind::query, "access_token"} : endpoint_.carrier;
    }

    Outcome outcome_of(int status) const {
        if (among(endpoint_.accepted, status)) return Outcome::accepted;
        if (among(endpoint_.refused, status)) return Outcome::refused;
        return status >= 500 ? Outcome::error : Outcome::odd;
    }

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
    std::shared_ptr<net::Clients> clients_;
};

constexpr std::pair<Outcome, std::string_view> kOutcomes[] = {
    {Outcome::accepted, "accepted"},  {Outcome::refused, "refused"}, {Outcome::odd, "unclear"},
    {Outcome::error, "server-error"}, {Outcome::late, "timed-out"},  {Outcome::failed, "no-answer"},
    {Outcome::flapping, "flapping"},
};

} // namespace

std::string_view name_of(Outcome outcome) {
    for (const auto& [each, name] : kOutcomes) {
        if (each == outcome) return name;
    }
    return {};
}

std::optional<Outcome> find_outcome(std::string_view wanted) {
    for (const auto& [each, name] : kOutcomes) {
        if (name == wanted) return each;
    }
    return std::nullopt;
}

std::unique_ptr<Door> over_http(Endpoint endpoint, std::shared_ptr<net::Clients> clients) {
    return std::make_unique<HttpDoor>(std::move(endpoint), std::move(clients));
}

} // namespace jwtdomain::probe
