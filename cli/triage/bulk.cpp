#include "cli/triage/bulk.h"

#include "cli/app/lines.h"
#include "cli/app/token_line.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/jwt/unwrap.h"

namespace jwtdomain::cli {
namespace {

class Lines {
public:
    explicit Lines(const TriageBasis& basis) : basis_(basis) {}

    void operator()(std::string_view text, std::size_t number, std::string& out) {
        if (text.find_first_not_of(" \t") == std::string_view::npos) return;
        ++read_;
        if (text.size() > LineJob().longest) return refuse(number, "the line is too long", out);
        TokenLine line;
        if (const char* const problem = read_token_line(text, line)) return refuse(number, problem, out);
        const auto found = unwrap_token(line.token);
        if (!found) return refuse(number, found.error().message, out);
        const TriageReport report = basis_.judge_alone(found->token);
        status_ = worse(status_, exit_of(report));
        out += to_json_line(report, number, line.id);
    }

    std::size_t answered() const { return read_; }
    Exit status() const { return status_; }

private:
    void refuse(std::size_t number, std::string_view problem, std::string& out) {
        status_ = worse(status_, Exit::undecided);
        out += "{\"line\":" + std::to_string(number) + ",\"state\":\"error\",\"message\":";
        json::append_ascii_string(out, problem);
        out += "}\n";
    }

    const TriageBasis& basis_;
    std::size_t read_ = 0;
    Exit status_ = Exit::yes;
};

} // namespace

Exit triage_lines(Session& session, const TriageBasis& basis) {
    Lines lines(basis);
    LineJob job;
    job.make_worker = [&]() -> LineWorker {
        return [&](std::string_view line, std::size_t number, std::string& out) { lines(line, number, out); };
    };
    const auto totals = for_each_line(session.world(), job);
    if (const auto early = ended_early(session, totals)) return *early;
    if (lines.answered() == 0) return session.report({Fault::no_input, "there is no token in the input"});
    return lines.status();
}

} // namespace jwtdomain::cli
