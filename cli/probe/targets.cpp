#include "cli/probe/targets.h"

#include <charconv>
#include <chrono>

#include "cli/app/paths.h"
#include "cli/app/program.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {
namespace {

using probe::Carrier;

constexpr Seconds kLongestWait = 300;
constexpr std::size_t kMostOfOutput = 512; // of a program, that is kept

// A program that reads a token on its standard input: it ends with 0 if it takes it, with 1 if not.
class ProgramDoor final : public probe::Door {
public:
    ProgramDoor(std::string name, std::vector<std::string> words, net::Milliseconds time)
        : name_(std::move(name)), words_(std::move(words)) {
        limits_.milliseconds = static_cast<int>(time);
    }
    probe::Answer ask(const std::string& token, bool) override {
        using Clock = std::chrono::steady_clock;
        const auto begun = Clock::now();
        const auto ended = run_to_end(words_, token + "\n", limits_);
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count();
        probe::Answer answer;
        answer.took = static_cast<net::Milliseconds>(took);
        if (ended) {
            answer.outcome = ended->status == 0   ? probe::Outcome::accepted
                             : ended->status == 1 ? probe::Outcome::refused
                                                  : probe::Outcome::odd;
            answer.detail = "exit status " + std::to_string(ended->status);
            answer.body = ended->output.substr(0, kMostOfOutput);
        } else {
            answer.outcome = took >= limits_.milliseconds ? probe::Outcome::late : probe::Outcome::failed;
            answer.detail = describe(ended.error());
        }
        return answer;
    }
    probe::Way way(bool) const override { return {"run", name_, "standard input"}; }

private:
    std::string name_;
    std::vector<std::string> words_;
    ProgramLimits limits_;
};

Result<Carrier> carrier_of(const std::optional<std::string>& text) {
    if (!text || *text == "bearer") return Carrier{};
    const std::size_t colon = std::min(text->find(':'), text->size());
    const std::string kind = text->substr(0, colon), name = text->substr(std::min(colon + 1, text->size()));
    const auto known = kind == "header"   ? std::optional(Carrier::Kind::header)
                       : kind == "cookie" ? std::optional(Carrier::Kind::cookie)
                       : kind == "query"  ? std::optional(Carrier::Kind::query)
                       : kind == "form"   ? std::optional(Carrier::Kind::form)
                                          : std::nullopt;
    if (!known || name.empty())
        return fail(Fault::usage, "'" + *text + "' is no place for a token",
                    "bearer, header:NAME, cookie:NAME, query:NAME or form:NAME");
    return Carrier{*known, name};
}

std::optional<int> status_of(std::string_view text) {
    int status = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    const bool whole = error == std::errc() && at == text.data() + text.size();
    return whole && status >= 100 && status <= 599 ? std::optional(status) : std::nullopt;
}

// "200-299,302"
Result<std::vector<probe::Statuses>> statuses_of(const std::string& text) {
    std::vector<probe::Statuses> out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string one = text.substr(at, end - at);
        const std::size_t dash = std::min(one.find('-'), one.size());
        const auto first = status_of(one.substr(0, dash));
        const auto last = dash == one.size() ? first : status_of(one.substr(dash + 1));
        if (!first || !last || *first > *last)
            return fail(Fault::usage, "'" + one + "' is no HTTP status", "for example 200-299,302");
        out.push_back({*first, *last});
        at = end + 1;
    }
    return out;
}

Result<net::Milliseconds> wait_of(const std::optional<std::string>& text) {
    if (!text) return 10'000;
    const auto seconds = parse_duration(*text);
    if (!seconds || *seconds < 1 || *seconds > kLongestWait)
        return fail(Fault::usage, "'" + *text + "' is no time to wait", "from 1s to 5m");
    return static_cast<net::Milliseconds>(*seconds * 1000);
}

class Targets {
public:
    Targets(Session& session, const ProbeOptions& options, const policy::Policy& policy, Pace& pace)
        : session_(session), options_(options), policy_(policy), pace_(pace) {}

    Result<std::vector<ProbeTarget>> get() {
        if (const Status read = read_endpoint(); !read) return tl::unexpected(read.error());
        for (const std::string& typed : options_.targets) {
            if (const Status added = add_typed(typed); !added) return tl::unexpected(added.error());
        }
        if (options_.targets.empty()) add_resources();
        if (out_.empty())
            return fail(Fault::no_input, "there is nothing to ask: the policy names no resource with an https URL",
                        "--target DOMAIN=URL, or DOMAIN=cmd:PROGRAM");
        return std::move(out_);
    }

private:
    Status read_endpoint() {
        const auto carrier = carrier_of(options_.carrier);
        if (!carrier) return tl::unexpected(carrier.error());
        const auto wait = wait_of(options_.seconds);
        if (!wait) return tl::unexpected(wait.error());
        endpoint_.carrier = *carrier;
        endpoint_.method = options_.method.value_or(carrier->kind == Carrier::Kind::form ? "POST" : "GET");
        endpoint_.body = options_.body.value_or("");
        for (const auto& [text, to] :
             {std::pair{&options_.accepted, &endpoint_.accepted}, std::pair{&options_.refused, &endpoint_.refused}}) {
            if (!*text) continue;
            auto statuses = statuses_of(**text);
            if (!statuses) return tl::unexpected(statuses.error());
            *to = std::move(*statuses);
        }
        net::Access access = access_of(session_, options_.network);
        access.private_addresses = true; // the user, or the policy, says where it goes
        access.whole_time = wait_ = *wait;
        access.stopped = [pace = &pace_] { return !pace->stopped().empty(); };
        clients_ = std::make_shared<net::Clients>(std::move(access));
        return {};
    }

    Status add_typed(const std::string& typed) {
        const std::size_t equals = typed.find('=');
        if (equals == std::string::npos || equals + 1 == typed.size())
            return fail(Fault::usage, "'" + typed + "' is no target", "DOMAIN=URL, or DOMAIN=cmd:PROGRAM");
        const auto domain = policy::require_domain(policy_, typed.substr(0, equals));
        if (!domain) return tl::unexpected(domain.error());
        const auto number = static_cast<std::size_t>(*domain - policy_.domains.data());
        const std::string where = typed.substr(equals + 1);
        if (const auto command = command_in(where)) {
            auto words = split_command(*command);
            if (!words) return tl::unexpected(words.error());
            out_.push_back(
                {.domain = number,
                 .name = where,
                 .resource = nullptr,
                 .method = endpoint_.method,
                 .origin = where,
                 .door = paced(std::make_unique<ProgramDoor>(where, std::move(*words), wait_), where, pace_)});
            return {};
        }
        const auto url = net::parse_url(where);
        if (!url) return tl::unexpected(url.error());
        add(number, where, url->origin, nullptr);
        return {};
    }

    void add_resources() {
        for (std::size_t d = 0; d < policy_.domains.size(); ++d) {
            for (const policy::Resource& resource : policy_.domains[d].resources) {
                if (const auto url = net::parse_url(resource.uri))
                    add(d, resource.uri, url->origin, &resource);
                else
                    session_.warn(resource.uri + " is not asked: " + describe(url.error()));
            }
        }
    }

    void add(std::size_t domain, const std::string& url, const std::string& origin, const policy::Resource* resource) {
        probe::Endpoint endpoint = endpoint_;
        endpoint.url = url;
        out_.push_back({domain, url, resource, endpoint_.method, origin,
                        paced(probe::over_http(std::move(endpoint), clients_), origin, pace_)});
    }

    Session& session_;
    const ProbeOptions& options_;
    const policy::Policy& policy_;
    probe::Endpoint endpoint_;
    net::Milliseconds wait_ = 0;
    std::shared_ptr<net::Clients> clients_;
    Pace& pace_;
    std::vector<ProbeTarget> out_;
};

} // namespace

ProbePlaces places_of(Session& session, const policy::Policy& policy, const ProbeTarget& target) {
    const policy::Domain& domain = policy.domains[target.domain];
    ProbePlaces out{.declared = domain.where, .guard = {}};
    for (const policy::Resource& resource : domain.resources) {
        if (resource.uri == target.name) out.declared = resource.where;
    }
    if (out.declared.file.empty()) out.declared.file = policy.file;
    for (const policy::DeclaredVerifier& verifier : policy.verifiers) {
        if (verifier.domain == domain.name && out.guard.file.empty()) out.guard = verifier.where;
    }
    for (Location* const where : {&out.declared, &out.guard}) {
        if (!where->file.empty()) where->file = path_if_below(session.world().directory(), where->file);
    }
    return out;
}

Result<std::vector<ProbeTarget>> targets_of(Session& session, const ProbeOptions& options, const policy::Policy& policy,
                                            Pace& pace) {
    return Targets(session, options, policy, pace).get();
}

} // namespace jwtdomain::cli
