#include <atomic>
#include <memory>

#include "cli/app/command.h"
#include "cli/app/gateways.h"
#include "cli/app/number.h"
#include "cli/app/policy.h"
#include "cli/app/progress.h"
#include "cli/app/renderings.h"
#include "cli/audit/options.h"
#include "cli/probe/probing.h"
#include "cli/probe/records.h"
#include "cli/probe/report.h"

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
    d.value("--total-timeout", "SPAN", o.total, "for all of it; what was not asked by then is not known (default 1h)");
    d.value("--jobs,-j", "N", o.jobs, "targets that are asked beside each other, at most 4 of one origin (default 8)");
    d.value("--rate", "N", o.rate, "requests a second of one origin (default: as fast as it answers)");
    d.value("--resume", "FILE", o.resume,
            "keep answers there as they come, and ask nothing again that it holds: less than a day old, of the same "
            "policy, targets and options",
            Completes::file);
    d.value("--transcript", "FILE", o.transcript, "add all that is asked and answered to it, without the tokens",
            Completes::file);
    d.flag("--dangerous", o.dangerous, "also tokens that are known to have ended servers");
    d.value("--listen", "ADDRESS:PORT", o.listen,
            "see whether keys are fetched from where a token says, at a port of this machine: 127.0.0.1:0 is any");
    d.value("--listen-url", "URL", o.listen_url, "how the target reaches it (default: at that address)");
    declare_network(d, o.network);
}

constexpr unsigned kJobs = 8, kMostJobs = 256, kMostRate = 1'000'000;
constexpr Seconds kLongest = 7 * 86400;

Result<PaceLimits> limits_of(const ProbeOptions& options) {
    PaceLimits out;
    if (options.rate) {
        const auto rate = parse_number(*options.rate, "--rate", kMostRate);
        if (!rate) return tl::unexpected(rate.error());
        out.rate = static_cast<unsigned>(*rate);
    }
    if (options.total) {
        const auto total = parse_duration(*options.total);
        if (!total || *total < 1 || *total > kLongest)
            return fail(Fault::usage, "'" + *options.total + "' is no time to wait", "from 1s to 7d");
        out.total = *total;
    }
    return out;
}

// Tells how far all of them have come together.
void watch(std::vector<probe::Plan>& plans, Progress& progress) {
    auto sent = std::make_shared<std::atomic<std::size_t>>(0);
    for (probe::Plan& plan : plans) {
        plan.on_sent = [&progress, sent, count = plans.size(), name = plan.domain + ", " + plan.target](
                           std::size_t all) { progress.show(++*sent, count * all, name); };
    }
}

Exit run(Session& session, const ProbeOptions& options) {
    if (session.common().time)
        return session.report({.fault = Fault::usage, .message = "what runs has its own clock: probe takes no --time"});
    const auto limits = limits_of(options);
    if (!limits) return session.report(limits.error());
    const auto jobs = options.jobs ? parse_number(*options.jobs, "--jobs", kMostJobs) : Result<std::size_t>(kJobs);
    if (!jobs) return session.report(jobs.error());
    auto network = options.network;
    // A probe asks the network anyway.
    network.fetch = network.any();
    if (const Status good = use_network(session, network); !good) return session.report(good.error());
    if (const Status good = check_configurations(options.words, options.type, "probe"); !good)
        return session.report(good.error());
    ReadLog read;
    const policy::Reader files = policy_reader(&read);
    auto policy = load_guarded_policy(session, files);
    if (!policy) return session.report(policy.error());
    if (const Status added = add_configurations(session, files, options.words, options.type, *policy); !added)
        return session.report(added.error());
    Pace pace(session.world(), *limits);
    auto targets = targets_of(session, options, *policy, pace);
    if (!targets) return session.report(targets.error());
    auto controls = Controls::open(session, options, *policy);
    if (!controls) return session.report(controls.error());
    const auto state = session.state_directory();
    if (!state) return session.report(state.error());
    const store::KeyStore store(*state);
    const policy::KeyReader keys = policy::once_each(key_reader(session, *policy, files));
    const audit::Estate estate = audit::make_estate(*policy, keys, session.now());
    const ProbeModel model(estate, store, session.world().directory());
    auto listener = Listening::open(options);
    if (!listener) return session.report(listener.error());
    Probing probing(session, *policy, options, *controls, *targets, keys, model, pace, *listener);
    std::vector<probe::Plan> plans = probing.plans();
    ProbeReport report;
    report.now = session.now();
    auto records = ProbeRecords::open(session, options, read, plans);
    if (!records) return session.report(records.error());
    records->attach(plans, report);
    const probe::Crowd crowd{.jobs = static_cast<unsigned>(*jobs), .of_one_origin = limits->of_one_origin};
    {
        Progress progress(session);
        watch(plans, progress);
        std::vector<probe::Findings> found = probe::run_all(plans, crowd);
        for (std::size_t i = 0; i < found.size(); ++i) {
            for (probe::Sent& sent : found[i].sent) {
                if (sent.kind == nullptr && sent.conclusion == probe::Conclusion::broken)
                    sent.fix = model.fix_of(sent.domain, (*targets)[i].domain);
            }
            report.add(std::move(found[i]), places_of(session, *policy, (*targets)[i]));
        }
    }
    const Status written = records->written();
    const Exit failed = written ? Exit::yes : session.report(written.error());
    const int signal = session.world().interrupted();
    if (signal != 0 && options.resume) session.warn("stopped: the same command goes on from " + *options.resume);
    const Exit told = session.emit(worse(exit_of(report), failed), finding_renderings(report, session.color()));
    return signal != 0 ? static_cast<Exit>(128 + signal) : told;
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
        "Targets are asked beside each other, of each one thing after the other; what is found does not depend on how "
        "many at a time. Errors, time-outs and answers that change are asked for again, and told as what they are. "
        "With `--resume FILE` clear answers are kept as they come: the same command, stopped or killed, goes on from "
        "there. `--transcript FILE` has every request and how its answer began. Neither holds a token that can be "
        "used.\n\n"
        "With `--listen` tokens name a key set and a certificate that this command serves itself, with a key that "
        "nobody knows: a verifier that comes for them follows what a stranger wrote, even if it refuses the token "
        "then.\n\n"
        "LEAKS: a token of another domain is taken. WEAK: something is not checked. INCONCLUSIVE: it could not be "
        "seen. "
        "HOLDS: neither was found, of what was sent.",
    .formats = {kFindingFormats.begin(), kFindingFormats.end()},
    .examples = {{"A verifier of your own, whatever it is written in: here our own",
                  "jwtdomain probe --target 'prod=cmd:jwtdomain verify --domain prod -'"},
                 {"A token that cannot be minted here is handed in",
                  "jwtdomain probe --target prod=cmd:false --token prod=@prod.jwt", Exit::undecided},
                 {"In CI: annotations, and a file for code scanning",
                  "jwtdomain probe --target prod=cmd:false --format github --format sarif:p.sarif", Exit::undecided},
                 {"Written down, and resumed if it is stopped",
                  "jwtdomain probe --target prod=cmd:false --resume probe.jsonl --jobs 4", Exit::undecided},
                 {"Does what runs do what its configuration says?",
                  "jwtdomain probe prod=envoy-prod.yaml --target prod=cmd:false", Exit::undecided}},
    .prepare = prepare<ProbeOptions, declare, run>,
};

} // namespace jwtdomain::cli
