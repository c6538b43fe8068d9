#include <algorithm>
#include <atomic>
#include <charconv>

#include "cli/app/lines.h"
#include "cli/app/number.h"
#include "cli/app/policy.h"
#include "cli/verify/expectation.h"
#include "cli/verify/options.h"
#include "cli/verify/renewal.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/jwt/spot.h"
#include "jwtdomain/policy/verifier_set.h"

namespace jwtdomain::cli {
namespace {

using namespace std::string_view_literals;

// One line of input: a token, or an object that holds one beside what is asked.
struct Line {
    std::string_view token;
    std::optional<std::string_view> domain, resource, method, id;
};

void append_number(std::string& out, std::int64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

struct Tally {
    std::atomic<std::size_t> judged = 0, unlike = 0, undecided = 0;
};

// Judges the lines of one thread.
class Bulk {
public:
    Bulk(const VerifyOptions& options, const Expectation& expected, policy::VerifierSet* set, Renewal* renewal,
         const accept::Verifier* ad_hoc, accept::Context context, Tally& tally)
        : options_(options), expected_(expected), set_(set), renewal_(renewal), context_(context), tally_(tally) {
        if (set) judge_.emplace(*set);
        if (ad_hoc) ad_hoc_.emplace(*ad_hoc);
    }

    void operator()(std::string_view text, std::size_t number, std::string& out) {
        if (text.find_first_not_of(" \t") == std::string_view::npos) return;
        ++tally_.judged;
        Line line;
        out += R"({"line":)"sv;
        append_number(out, static_cast<std::int64_t>(number));
        if (const char* const problem = read(text, line)) return error(out, problem);
        if (line.id) {
            out += ",\"id\":";
            json::append_ascii_string(out, *line.id);
        }
        if (ad_hoc_) {
            readings_.reset(line.token);
            return tell(out, ad_hoc_->decide(readings_, context_), {}, {});
        }
        by_policy(line, out);
    }

private:
    const char* read(std::string_view text, Line& line) {
        line.token = trim_token(text);
        if (line.token.empty() || line.token.front() != '{') return nullptr;
        if (object_.parse(line.token)) return "the line is neither a token nor a JSON object";
        const json::Value root = object_.root();
        for (const json::Member& member : root) {
            if (!member.value.is(json::Kind::string)) return "a member of the line is not a string";
            const std::string_view value = member.value.text();
            if (member.name == "token")
                line.token = trim_token(value);
            else if (member.name == "domain")
                line.domain = value;
            else if (member.name == "resource")
                line.resource = value;
            else if (member.name == "method")
                line.method = value;
            else if (member.name == "id")
                line.id = value;
            else
                return "the line has a member beside token, domain, resource, method and id";
        }
        return root.find("token") ? nullptr : "the line has no member \"token\"";
    }

    // A kid that no key of the domain has may be that of a new one: then all is asked once more.
    bool is_to_be_asked_again(std::size_t domain, const accept::Decision& decision, std::string_view token) {
        const auto unknown = [](const Finding& finding) { return finding.reason == Reason::key_unknown; };
        if (std::none_of(decision.findings.begin(), decision.findings.end(), unknown)) return false;
        renewal_->renew(domain, token);
        return judge_->outdated();
    }

    void by_policy(const Line& line, std::string& out, bool again = false) {
        const std::string_view name = line.domain ? *line.domain : std::string_view(*options_.domain);
        const policy::Policy& policy = set_->policy();
        judge_->reset(line.token, context_);
        std::optional<std::size_t> index;
        if (name == "auto") {
            const auto accepting = judge_->accepting();
            if (accepting.size() > 1) {
                accept::Decision ambiguous;
                ambiguous.findings.push_back({Reason::domain_ambiguous, {}});
                return tell(out, ambiguous, {}, accepting);
            }
            index = accepting.empty() ? judge_->claimed() : std::optional(accepting.front());
            if (!index) {
                accept::Decision none;
                none.findings.push_back({Reason::domain_none, {}});
                return tell(out, none, {}, {});
            }
        } else {
            if (name != last_name_) {
                last_name_ = name;
                const policy::Domain* const domain = policy.find(name);
                last_index_ =
                    domain ? std::optional(static_cast<std::size_t>(domain - policy.domains.data())) : std::nullopt;
            }
            index = last_index_;
            if (!index) return error(out, "there is no such domain");
        }
        const policy::Domain& domain = policy.domains[*index];
        const bool asks =
            line.resource || line.method || options_.resource || options_.method || !options_.scopes.empty();
        accept::Request request;
        if (asks) {
            request = request_of(options_, domain);
            if (line.resource) request.resource = *line.resource;
            if (line.method) request.method = *line.method;
        }
        const accept::Decision& decision = judge_->decide(*index, request);
        if (decision.accepted()) return tell(out, decision, domain.name, {});
        if (!again && is_to_be_asked_again(*index, decision, line.token)) return by_policy(line, out, true);
        auto others = judge_->accepting();
        std::erase(others, *index);
        tell(out, decision, domain.name, others);
    }

    void tell(std::string& out, const accept::Decision& decision, std::string_view domain,
              const std::vector<std::size_t>& others) {
        out += decision.accepted() ? R"(,"verdict":"accepted")"sv : R"(,"verdict":"rejected")"sv;
        if (!meets(expected_, decision.accepted(), decision.findings)) ++tally_.unlike;
        if (!domain.empty()) {
            out += R"(,"domain":)"sv;
            json::append_ascii_string(out, domain);
        }
        if (decision.verified) {
            append_claims(out, *decision.verified);
        } else {
            out += ",\"reasons\":[";
            bool first = true;
            for (const Finding& finding : decision.findings) {
                if (!first) out += ',';
                first = false;
                out += '"';
                out += info(finding.reason).code;
                out += '"';
                if (finding.reason == Reason::keys_unavailable) ++tally_.undecided;
            }
            out += ']';
            append_others(out, others);
        }
        out += "}\n"sv;
    }

    static void append_claims(std::string& out, const accept::VerifiedToken& verified) {
        if (verified.path().signature_only) return;
        for (const json::Member& member : verified.claims()) {
            if (member.name != "sub" && member.name != "jti") continue;
            if (!member.value.is(json::Kind::string)) continue;
            out += member.name == "sub" ? R"(,"sub":)"sv : R"(,"jti":)"sv;
            const std::string_view text = member.value.text();
            if (spot_token(text))
                json::append_ascii_string(out, redact_text(text));
            else
                json::append_ascii_string(out, text);
        }
    }

    void append_others(std::string& out, const std::vector<std::size_t>& others) const {
        if (others.empty()) return;
        out += ",\"accepted_by\":[";
        for (std::size_t i = 0; i < others.size(); ++i) {
            if (i > 0) out += ',';
            json::append_ascii_string(out, set_->policy().domains[others[i]].name);
        }
        out += ']';
    }

    void error(std::string& out, const char* problem) {
        ++tally_.undecided;
        out += ",\"verdict\":\"error\",\"message\":";
        json::append_ascii_string(out, problem);
        out += "}\n";
    }

    const VerifyOptions& options_;
    const Expectation& expected_;
    policy::VerifierSet* set_;
    Renewal* renewal_;
    accept::Context context_;
    Tally& tally_;
    std::optional<policy::DomainJudge> judge_;
    std::optional<accept::Judge> ad_hoc_;
    accept::TokenReadings readings_;
    json::Document object_;
    std::string last_name_;
    std::optional<std::size_t> last_index_;
};

Result<unsigned> threads_of(Session& session, const VerifyOptions& options) {
    if (!options.jobs) return std::min(session.world().processors(), 256u);
    const auto count = parse_number(*options.jobs, "--jobs", 256);
    if (!count) return tl::unexpected(count.error());
    return static_cast<unsigned>(*count);
}

Exit judge_lines(Session& session, const VerifyOptions& options, const Expectation& expected, policy::VerifierSet* set,
                 Renewal* renewal, const accept::Verifier* ad_hoc, const accept::Context& context) {
    const auto threads = threads_of(session, options);
    if (!threads) return session.report(threads.error());
    Tally tally;
    LineJob job{.threads = *threads, .make_worker = {}};
    job.make_worker = [&]() -> LineWorker {
        auto bulk = std::make_shared<Bulk>(options, expected, set, renewal, ad_hoc, context, tally);
        return [bulk](std::string_view line, std::size_t number, std::string& out) { (*bulk)(line, number, out); };
    };
    const auto totals = for_each_line(session.world(), job);
    if (const auto early = ended_early(session, totals)) return *early;
    if (tally.judged == 0) return session.report({Fault::no_input, "there is no token in the input"});
    Exit status = Exit::yes;
    if (tally.undecided > 0) status = worse(status, Exit::undecided);
    if (tally.unlike > 0) status = worse(status, Exit::no);
    return status;
}

} // namespace

Exit verify_bulk(Session& session, const VerifyOptions& options) {
    if (*options.input != "jsonl")
        return session.report(
            {Fault::usage, "--input takes jsonl", {}, "one token or JSON object a line on standard input"});
    if (options.token && *options.token != "-") {
        return session.report({Fault::usage,
                               "--input jsonl reads standard input: drop the argument",
                               {},
                               "jwtdomain verify --domain NAME --input jsonl - < tokens.txt"});
    }
    Expectation expected;
    if (options.expect) {
        auto parsed = parse_expectation(*options.expect);
        if (!parsed) return session.report(parsed.error());
        expected = *parsed;
    }
    if (options.ad_hoc()) {
        const auto verifier = ad_hoc_verifier(session, options);
        if (!verifier) return session.report(verifier.error());
        return judge_lines(session, options, expected, nullptr, nullptr, &*verifier, {.now = session.now()});
    }
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    if (*options.domain != "auto") {
        if (const auto domain = policy::require_domain(*policy, *options.domain); !domain)
            return session.report(domain.error());
    }
    const auto revocations = load_revocations(session, *policy);
    if (!revocations) return session.report(revocations.error());
    policy::VerifierSet set(*policy, key_reader(session, *policy));
    Renewal renewal(session, set);
    return judge_lines(session, options, expected, &set, &renewal, nullptr,
                       {.now = session.now(), .revocations = &*revocations});
}

} // namespace jwtdomain::cli
