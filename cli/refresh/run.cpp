#include "cli/refresh/run.h"

#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/lines.h"
#include "cli/refresh/exchanger.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

std::string_view word_of(refresh::Act act) {
    switch (act) {
    case refresh::Act::rotate: return "rotated";
    case refresh::Act::renew: return "renewed";
    case refresh::Act::repeat: return "repeated";
    case refresh::Act::refuse:
    case refresh::Act::end:
    case refresh::Act::revoke: return "refused";
    }
    return "refused";
}

// Why it was refused is for the audit log: a stranger who tries tokens learns nothing.
std::string report_json(const std::string& domain, const refresh::Answer& answer) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "refresh";
    out["domain"] = domain;
    out["result"] = word_of(answer.decision.act);
    if (answer.response.empty())
        out["error"] = error_code(answer.decision.cause);
    else
        out["response"] = json_value(answer.response.expose());
    return json_text(out);
}

std::string body_of(const refresh::Answer& answer) {
    if (answer.response.empty()) return error_response(answer.decision.cause) + "\n";
    return std::string(answer.response.expose()) + "\n";
}

Exit exit_of(const refresh::Answer& answer) { return answer.response.empty() ? Exit::no : Exit::yes; }

} // namespace

Exit refresh_token(Session& session, const RefreshOptions& options) {
    const std::optional<std::string> place =
        options.words.empty() ? std::nullopt : std::optional(options.words.front());
    const auto text = session.read_argument(place, "refresh token", refresh::kMaxRefreshToken + 16);
    if (!text) return session.report(text.error());
    const std::string_view token = trimmed(*text);
    if (token.empty())
        return session.report({.fault = Fault::no_input,
                               .message = "there is no refresh token in the input",
                               .hint = "jwtdomain refresh --domain NAME @FILE"});
    const auto exchanger = Exchanger::open(session, options);
    if (!exchanger) return session.report(exchanger.error());
    const auto answer = (*exchanger)->exchange(token);
    if (!answer) return session.report(answer.error());
    if (answer->decision.cause == refresh::Cause::malformed) // as anybody can see, whatever is in the store
        session.warn("refused: this is no refresh token of jwtdomain, or not all of it");
    else if (answer->response.empty())
        session.warn("refused; why stands in the audit log: jwtdomain audit log --domain " + (*exchanger)->domain());
    return session.emit(exit_of(*answer),
                        {{"text", [&] { return body_of(*answer); }},
                         {"json", [&] { return report_json((*exchanger)->domain(), *answer); }}},
                        true);
}

Exit refresh_lines(Session& session, const RefreshOptions& options) {
    const auto exchanger = Exchanger::open(session, options);
    if (!exchanger) return session.report(exchanger.error());
    Exit status = Exit::yes;
    std::size_t count = 0;
    LineJob job{.threads = 1, .longest = 4096, .make_worker = {}};
    job.make_worker = [&]() -> LineWorker {
        return [&](std::string_view line, std::size_t number, std::string& out) {
            const std::string_view token = trimmed(line);
            if (token.empty()) return;
            ++count;
            const auto answer = (*exchanger)->exchange(token);
            if (answer) {
                out += body_of(*answer);
                status = worse(status, exit_of(*answer));
                return;
            }
            out += "{\"error\":\"server_error\"}\n";
            Error error = answer.error();
            error.message = "line " + std::to_string(number) + ": " + error.message;
            status = worse(status, session.report(error));
        };
    };
    const auto totals = for_each_line(session.world(), job);
    if (const auto early = ended_early(session, totals, status)) return *early;
    if (count > 0) return status;
    return session.report(
        {.fault = Fault::no_input, .message = "there is no line in the input", .hint = "a line is a refresh token"});
}

} // namespace jwtdomain::cli
