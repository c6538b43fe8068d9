#include <algorithm>
#include <atomic>
#include <mutex>

#include "cli/app/lines.h"
#include "cli/app/number.h"
#include "cli/issue/run.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kBlock = 64u << 10;
constexpr std::size_t kMostTokens = 100'000'000;
constexpr std::size_t kToldErrors = 20;

// What went wrong, line by line, from all threads.
class Troubles {
public:
    void add(std::size_t line, const Error& error) {
        const std::lock_guard lock(mutex_);
        ++count_;
        told_.push_back({line, error});
        std::sort(told_.begin(), told_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        if (told_.size() > kToldErrors) told_.pop_back();
    }
    Exit tell(Session& session) const {
        Exit status = Exit::yes;
        for (const auto& [line, error] : told_) {
            Error located = error;
            located.message = "line " + std::to_string(line) + ": " + error.message;
            session.report(located);
            status = worse(status, error.fault == Fault::internal ? Exit::internal : Exit::undecided);
        }
        if (count_ > told_.size()) session.warn("and " + std::to_string(count_ - told_.size()) + " lines more");
        return status;
    }

private:
    std::mutex mutex_;
    std::vector<std::pair<std::size_t, Error>> told_;
    std::size_t count_ = 0;
};

class LineMinter {
public:
    LineMinter(Mint mint, LineClaims claims, Troubles& troubles)
        : mint_(std::move(mint)), claims_(std::move(claims)), troubles_(troubles) {}

    void operator()(std::string_view line, std::size_t number, std::string& out) {
        text_.clear();
        Status done = claims_(line, ids_.next(), text_);
        if (done) done = mint_(text_, out);
        if (!done) troubles_.add(number, done.error());
        out += '\n';
    }

private:
    Mint mint_;
    LineClaims claims_;
    Troubles& troubles_;
    TokenIds ids_;
    std::string text_;
};

} // namespace

Exit issue_count(Session& session, const IssueOptions& options, const Issuer& issuer, const ClaimsWriter& claims) {
    const auto count = parse_number(*options.count, "--count", kMostTokens);
    if (!count) return session.report(count.error());
    const auto mint = issuer.minter();
    if (!mint) return session.report(mint.error());
    TokenIds ids;
    std::string out, text;
    for (std::size_t i = 0; i < *count; ++i) {
        text.clear();
        claims(text, ids.next());
        if (const Status minted = (*mint)(text, out); !minted) return session.report(minted.error());
        out += '\n';
        if (out.size() < kBlock && i + 1 < *count) continue;
        session.print(out);
        out.clear();
        if (session.output_failed()) return Exit::yes; // finish() tells of it
        if (const int signal = session.world().interrupted(); signal != 0) return static_cast<Exit>(128 + signal);
    }
    return Exit::yes;
}

Exit issue_lines(Session& session, const IssueOptions& options, const Issuer& issuer,
                 const std::function<LineClaims()>& make) {
    std::size_t threads = issuer.one_at_a_time() ? 1 : std::min(session.world().processors(), 256u);
    if (options.jobs) {
        const auto jobs = parse_number(*options.jobs, "--jobs", 256);
        if (!jobs) return session.report(jobs.error());
        threads = issuer.one_at_a_time() ? 1 : *jobs;
    }
    if (const auto mint = issuer.minter(); !mint) return session.report(mint.error()); // the same for all threads
    Troubles troubles;
    std::atomic<std::size_t> lines = 0;
    LineJob job{.threads = static_cast<unsigned>(threads), .make_worker = {}};
    job.make_worker = [&]() -> LineWorker {
        auto mint = issuer.minter();
        auto worker = mint ? std::make_shared<LineMinter>(std::move(*mint), make(), troubles) : nullptr;
        return [worker, &lines, &troubles](std::string_view line, std::size_t number, std::string& out) {
            if (line.find_first_not_of(" \t") == std::string_view::npos) return;
            ++lines;
            if (worker)
                (*worker)(line, number, out);
            else
                troubles.add(number, {.fault = Fault::internal, .message = "cannot sign on this thread"});
        };
    };
    const auto totals = for_each_line(session.world(), job);
    const Exit status = troubles.tell(session);
    if (const auto early = ended_early(session, totals, status)) return *early;
    if (lines == 0)
        return session.report({.fault = Fault::no_input,
                               .message = "there is no line in the input",
                               .hint = "a line is a JSON object: {\"subject\": \"alice\"}"});
    return status;
}

} // namespace jwtdomain::cli
