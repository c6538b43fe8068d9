#include <algorithm>

#include "cli/app/command.h"
#include "cli/app/gateways.h"
#include "cli/app/policy.h"
#include "cli/app/progress.h"
#include "cli/audit/options.h"
#include "cli/probe/controls.h"
#include "cli/probe/model.h"
#include "cli/probe/options.h"
#include "cli/probe/report.h"
#include "cli/probe/targets.h"
#include "jwtdomain/policy/verifier_set.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, ProbeOptions& o) {
    d.arguments_list("DOMAIN=PATH", o.words,
                     "the configuration that guards the domain: its answers are held against what it says",
                     Completes::directory);
    d.choice("--type", "TYPE", gateway::importer_names(), o.type,
             "whose configurations these are (default: what they look like)");
    d.choice("--against", "ATTACKER", attacker_names(), o.against,
             "whose tokens that cross, as audit finds them, are sent too (default: insider)");
    d.list("--target", "DOMAIN=TARGET", o.targets,
           "what is asked: a URL, or cmd:PROGRAM, which gets a token on its standard input (default: the resources of "
           "the policy)");
    d.list("--token", "DOMAIN=SOURCE", o.tokens, "a good token of a domain: env:NAME, @FILE, cmd:PROGRAM");
    d.list("--key", "DOMAIN=SOURCE", o.keys,
           "the private key of a domain that is not in the key store: env:NAME, @FILE (PEM or JWK)");
    d.value("--method", "METHOD", o.method, "of the requests (default GET)");
    d.value("--carrier", "PLACE", o.carrier,
            "where the token stands: bearer, header:NAME, cookie:NAME, query:NAME, form:NAME (default bearer)");
    d.value("--body", "TEXT", o.body, "of the requests");
    d.value("--accept", "STATUSES", o.accepted, "which HTTP statuses say that it was taken (default 200-299)");
    d.value("--refuse", "STATUSES", o.refused, "which say that it was not (default 400-401,403)");
    d.value("--timeout", "SPAN", o.seconds, "for each answer (default 10s)");
    d.flag("--dangerous", o.dangerous, "also tokens that are known to have ended servers");
    declare_network(d, o.network);
}

class Probing {
public:
    Probing(Session& session, const policy::Policy& policy, const ProbeOptions& options, Controls& controls,
            std::vector<ProbeTarget>& targets, const policy::KeyReader& keys, const ProbeModel& model)
        : session_(session), policy_(policy), options_(options), controls_(controls), targets_(targets), model_(model),
          set_(policy, keys) {}

    ProbeReport run() {
        ProbeReport report;
        report.now = session_.now();
        Progress progress(session_);
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            ProbeTarget& target = targets_[i];
            probe::Plan plan = plan_of(target);
            plan.on_sent = [&, i](std::size_t done, std::size_t all) {
                progress.show(i * all + done, targets_.size() * all,
                              policy_.domains[target.domain].name + ", " + target.name);
            };
            probe::Findings found = probe::run(plan);
            for (probe::Sent& sent : found.sent) {
                if (sent.kind == nullptr && sent.conclusion == probe::Conclusion::broken)
                    sent.fix = model_.fix_of(sent.domain, target.domain);
            }
            report.add(std::move(found), places_of(session_, policy_, target));
        }
        return report;
    }

private:
    probe::Plan plan_of(ProbeTarget& target) {
        probe::Plan plan;
        plan.domain = policy_.domains[target.domain].name;
        plan.target = target.name;
        plan.door = target.door.get();
        plan.control = [this, &target] { return mutants_of(target.domain, target.resource, target.method); };
        for (std::size_t d = 0; d < policy_.domains.size(); ++d) {
            if (d != target.domain) add_foreign(d, target, plan);
        }
        const auto against = options_.against ? audit::find_attacker(*options_.against) : std::nullopt;
        for (auto& each : model_.crossings_into(target.domain, against.value_or(audit::Attacker::insider)))
            plan.foreign.push_back(std::move(each));
        plan.modelled = [this, domain = target.domain](const std::string& token) {
            return model_.answer(domain, token, session_.world().now());
        };
        plan.permitted = [this, domain = target.domain](const std::string& token) {
            return permitted(token, domain, false);
        };
        plan.declared = [this, domain = target.domain](const std::string& token) {
            return permitted(token, domain, true);
        };
        plan.clock = [this] { return session_.world().now(); };
        plan.dangerous = options_.dangerous;
        plan.stopped = [this] { return session_.world().interrupted() != 0; };
        return plan;
    }

    Result<probe::Mutants> mutants_of(std::size_t domain, const policy::Resource* resource, const std::string& method) {
        auto control = controls_.of(domain, resource, method);
        if (!control) return tl::unexpected(control.error());
        return probe::Mutants::of(std::move(*control), strangers_);
    }

    void add_foreign(std::size_t domain, const ProbeTarget& target, probe::Plan& plan) {
        const auto at_home = [&](const ProbeTarget& each) { return each.domain == domain; };
        const auto found = std::find_if(targets_.begin(), targets_.end(), at_home);
        const ProbeTarget* const home = found == targets_.end() ? nullptr : &*found;
        const policy::Resource* const resource = home ? home->resource : nullptr;
        const std::string& method = home ? home->method : target.method;
        const std::string& name = policy_.domains[domain].name;
        plan.foreign.push_back({name, "as its issuer mints it",
                                [this, domain, resource, method]() -> Result<std::string> {
                                    auto control = controls_.of(domain, resource, method);
                                    if (!control) return tl::unexpected(control.error());
                                    return std::move(control->token);
                                },
                                home ? home->door.get() : nullptr});
        const auto& audiences = target.resource && !target.resource->audiences.empty()
                                    ? target.resource->audiences
                                    : policy_.domains[target.domain].audiences;
        if (audiences.empty()) return;
        plan.foreign.push_back({name, "for the audience of the target",
                                [this, domain, resource, method, &audiences]() -> Result<std::string> {
                                    const auto mutants = mutants_of(domain, resource, method);
                                    if (!mutants) return tl::unexpected(mutants.error());
                                    return mutants->for_audience(audiences.front());
                                },
                                nullptr});
    }

    // By a path of the domain itself, or by a trust edge.
    probe::Permitted permitted(const std::string& token, std::size_t target, bool only_by_edge) {
        policy::DomainJudge judge(set_);
        judge.reset(token, {.now = session_.world().now()});
        const accept::Decision& decision = judge.decide(target);
        if (decision.verified) {
            const bool by_edge =
                decision.verified->path().time.path_ends.has_value(); // all edges end, and nothing else
            return by_edge || !only_by_edge ? probe::Permitted::yes : probe::Permitted::no;
        }
        const bool unknown =
            std::any_of(decision.findings.begin(), decision.findings.end(),
                        [](const Finding& finding) { return finding.reason == Reason::keys_unavailable; });
        return unknown ? probe::Permitted::unknown : probe::Permitted::no;
    }

    Session& session_;
    const policy::Policy& policy_;
    const ProbeOptions& options_;
    Controls& controls_;
    std::vector<ProbeTarget>& targets_;
    const ProbeModel& model_;
    policy::VerifierSet set_;
    EphemeralKeys strangers_;
};

Exit run(Session& session, const ProbeOptions& options) {
    if (session.common().time)
        return session.report({.fault = Fault::usage, .message = "what runs has its own clock: probe takes no --time"});
    auto network = options.network;
    // A probe asks the network anyway.
    network.fetch = network.any();
    if (const Status good = use_network(session, network); !good) return session.report(good.error());
    if (const Status good = check_configurations(options.words, options.type, "probe"); !good)
        return session.report(good.error());
    const policy::Reader files = policy_reader();
    auto policy = load_guarded_policy(session, files);
    if (!policy) return session.report(policy.error());
    if (const Status read = add_configurations(session, files, options.words, options.type, *policy); !read)
        return session.report(read.error());
    auto targets = targets_of(session, options, *policy);
    if (!targets) return session.report(targets.error());
    auto controls = Controls::open(session, options, *policy);
    if (!controls) return session.report(controls.error());
    const auto state = session.state_directory();
    if (!state) return session.report(state.error());
    const store::KeyStore store(*state);
    const policy::KeyReader keys = policy::once_each(key_reader(session, *policy, files));
    const audit::Estate estate = audit::make_estate(*policy, keys, session.now());
    const ProbeModel model(estate, store, session.world().directory());
    const ProbeReport report = Probing(session, *policy, options, *controls, *targets, keys, model).run();
    return session.emit(exit_of(report), {{"text", [&] { return to_text(report, session.color()); }},
                                          {"json", [&] { return to_json(report); }},
                                          {"jsonl", [&] { return to_jsonl(report); }},
                                          {"sarif", [&] { return to_sarif(report); }},
                                          {"junit", [&] { return to_junit(report); }},
                                          {"github", [&] { return to_github(report); }},
                                          {"gitlab-codequality", [&] { return to_gitlab_codequality(report); }},
                                          {"gitlab-sast", [&] { return to_gitlab_sast(report); }},
                                          {"markdown", [&] { return to_markdown(report); }},
                                          {"html", [&] { return to_html(report); }}});
}

} // namespace

extern const Command kProbe{
    .name = "probe",
    .group = "Isolation",
    .summary = "Try what runs, and say which tokens it takes",
    .description =
        "Sends tokens to what guards the resources of the policy, or to what `--target` names, and says what is taken. "
        "Of each target it asks with the domain's own token (it must be accepted), with garbage (it must be refused), "
        "with tokens of every other domain, those that cross by what `audit` finds among them, and with the domain's "
        "own token changed in one thing each: issuer, "
        "audience, key, algorithm, type, times, claims, shape.\n\n"
        "A refusal counts only beside a control that was accepted, before and after, and garbage that was refused; "
        "else the target is INCONCLUSIVE. What is taken counts always, once it was taken twice. A foreign token is "
        "sent "
        "cold, then where it is at home, then again, since a cache that knows tokens only by their text takes at one "
        "door what it has seen at another.\n\n"
        "Tokens are minted with the domains' keys for a minute, with the subject jwtdomain-probe and the scopes that "
        "the resource asks for. Of a domain whose key is not here `--key` hands it in, or `--token` a token; what "
        "cannot be made without the key is listed as not sent. Nothing is sent but to the targets; redirects are not "
        "followed.\n\n"
        "Where it is known what guards a domain, by `verifiers` of the policy or by DOMAIN=PATH, each answer is held "
        "against it: a target that takes what its configuration refuses is guarded by something else, or we read it "
        "wrong.\n\n"
        "LEAKS: a token of another domain is taken. WEAK: something is not checked. INCONCLUSIVE: it could not be "
        "seen. "
        "HOLDS: neither was found, of what was sent.",
    .formats = {"text", "json", "jsonl", "sarif", "junit", "github", "gitlab-codequality", "gitlab-sast", "markdown",
                "html"},
    .examples = {{"A verifier of your own, whatever it is written in: here our own",
                  "jwtdomain probe --target 'prod=cmd:jwtdomain verify --domain prod -'"},
                 {"A token that cannot be minted here is handed in",
                  "jwtdomain probe --target prod=cmd:false --token prod=@prod.jwt", Exit::undecided},
                 {"In CI: annotations, and a file for code scanning",
                  "jwtdomain probe --target prod=cmd:false --format github --format sarif:p.sarif", Exit::undecided},
                 {"Does what runs do what its configuration says?",
                  "jwtdomain probe prod=envoy-prod.yaml --target prod=cmd:false", Exit::undecided}},
    .prepare = prepare<ProbeOptions, declare, run>,
};

} // namespace jwtdomain::cli
