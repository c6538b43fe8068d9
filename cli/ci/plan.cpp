#include "cli/ci/plan.h"

#include <algorithm>
#include <array>

#include "cli/app/gateways.h"
#include "cli/app/paths.h"
#include "cli/app/policy.h"
#include "cli/ci/writers.h"
#include "cli/probe/controls.h"
#include "cli/probe/targets.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

// Of more, the caller says which are of use.
constexpr std::size_t kMostCredentials = 20;

struct CiWriter {
    std::string_view name;
    std::string (*write)(const CiPlan& plan);
};
constexpr std::array kCiWriters{
    CiWriter{"script", ci_script},
    CiWriter{"github-actions", ci_github},
    CiWriter{"gitlab-ci", ci_gitlab},
};

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// "prod/tenant-a" -> "PROD_TENANT_A"
std::string suffix_of(const std::string& domain) {
    std::string out;
    for (const char c : domain)
        out += !is_letter_or_digit(c) ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

// Expressions of GitHub and inputs of GitLab are replaced before any shell sees a line.
Status check_word(const std::string& word) {
    if (is_plain(word) && word.find("${{") == std::string::npos && word.find("$[[") == std::string::npos) return {};
    return fail(Fault::unsupported, "a CI file cannot hold \"" + word + "\"",
                "no control characters or backslashes, and nothing that begins as ${{ or $[[");
}

class Planner {
public:
    Planner(Session& session, const CiOptions& options) : session_(session), options_(options) {}

    Result<CiPlan> get() {
        Status done = read_policy();
        if (done) done = add_targets();
        if (done) done = add_handed();
        if (done && out_.probes && out_.handed.empty()) done = add_credentials();
        if (!done) return tl::unexpected(done.error());
        std::vector<std::string> words{out_.policy};
        for (const auto* list : {&out_.configurations, &out_.targets, &out_.handed, &out_.variables})
            words.insert(words.end(), list->begin(), list->end());
        for (const CiCredential& each : out_.credentials) words.push_back(each.domain);
        for (const std::string& word : words) {
            if (const Status good = check_word(word); !good) return tl::unexpected(good.error());
        }
        return std::move(out_);
    }

private:
    Status read_policy() {
        if (const Status good = check_configurations(options_.words, options_.type, "export"); !good) return good;
        const policy::Reader files = policy_reader();
        auto policy = load_guarded_policy(session_, files);
        if (!policy) return fail(policy.error());
        for (const std::string& word : options_.words) {
            if (word.ends_with("=-")) return fail(Fault::usage, "a CI job has nothing on its standard input: " + word);
        }
        if (const Status read = add_configurations(session_, files, options_.words, options_.type, *policy); !read)
            return read;
        policy_ = std::move(*policy);
        const std::string directory = session_.world().directory();
        out_.policy = path_if_below(directory, policy_.directory);
        if (out_.policy.front() == '/')
            session_.warn(out_.policy + " is not below the working directory: a CI job will hardly find it there");
        out_.fail_on = options_.fail_on.value_or("high");
        out_.configurations = options_.words;
        out_.type = options_.type;
        return {};
    }

    Status add_targets() {
        ProbeOptions probing;
        probing.targets = options_.targets;
        Pace pace(session_.world(), {}); // nothing is asked here
        const auto targets = targets_of(session_, probing, policy_, pace);
        if (!targets && targets.error().fault != Fault::no_input) return fail(targets.error());
        if (!targets) {
            session_.warn("nothing is probed: " + targets.error().message);
            return {};
        }
        out_.probes = true;
        out_.targets = options_.targets;
        return {};
    }

    Status add_handed() {
        const auto add = [&](const std::string& option, const std::vector<std::string>& list, const auto& read) {
            for (const std::string& given : list) {
                const auto from = read(given, policy_);
                if (!from) return Status(fail(from.error()));
                out_.handed.insert(out_.handed.end(), {option, given});
                if (!from->source.starts_with("env:")) continue;
                const std::string name = from->source.substr(4);
                const bool good =
                    !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                    std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
                if (!good) return Status(fail(Fault::usage, "\"" + name + "\" is no name of a variable"));
                add_variable(name);
            }
            return Status();
        };
        if (const Status added = add("--key", options_.keys, key_source); !added) return added;
        return add("--token", options_.tokens, token_source);
    }

    Status add_credentials() {
        if (policy_.domains.size() > kMostCredentials)
            return fail(Fault::usage,
                        "of " + std::to_string(policy_.domains.size()) + " domains, whose tokens has the job?",
                        "--token DOMAIN=env:NAME, or --key DOMAIN=env:NAME");
        for (const policy::Domain& domain : policy_.domains) {
            const std::string suffix = suffix_of(domain.name);
            for (const CiCredential& other : out_.credentials) {
                if (other.suffix == suffix)
                    return fail(Fault::usage,
                                "the variables of " + other.domain + " and of " + domain.name + " would have one name",
                                "--token DOMAIN=env:NAME, or --key DOMAIN=env:NAME");
            }
            out_.credentials.push_back({domain.name, suffix});
            add_variable("JWTDOMAIN_KEY_" + suffix);
            add_variable("JWTDOMAIN_TOKEN_" + suffix);
        }
        return {};
    }

    void add_variable(const std::string& name) {
        if (std::find(out_.variables.begin(), out_.variables.end(), name) == out_.variables.end())
            out_.variables.push_back(name);
    }

    Session& session_;
    const CiOptions& options_;
    policy::Policy policy_;
    CiPlan out_;
};

} // namespace

Result<CiPlan> make_ci_plan(Session& session, const CiOptions& options) { return Planner(session, options).get(); }

std::vector<std::string> ci_names() {
    std::vector<std::string> out;
    for (const CiWriter& each : kCiWriters) out.emplace_back(each.name);
    return out;
}

bool is_ci(std::string_view name) {
    return std::any_of(kCiWriters.begin(), kCiWriters.end(), [&](const CiWriter& each) { return each.name == name; });
}

std::string write_ci(const CiPlan& plan, std::string_view name) {
    const auto found =
        std::find_if(kCiWriters.begin(), kCiWriters.end(), [&](const CiWriter& each) { return each.name == name; });
    return found == kCiWriters.end() ? "" : found->write(plan);
}

} // namespace jwtdomain::cli
