#include "cli/init/create.h"

#include <filesystem>

#include "cli/app/policy.h"
#include "cli/init/foreign.h"
#include "cli/keygen/domain_key.h"
#include "jwtdomain/policy/plan.h"
#include "jwtdomain/policy/presets.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

// Where the policy is, or is to be.
struct Place {
    std::string directory;
    bool exists = false;
};

Result<Place> find_place(Session& session) {
    if (auto found = session.policy_directory()) return Place{*found, true};
    std::optional<std::string> named = session.common().policy;
    if (!named) named = session.world().environment("JWTDOMAIN_POLICY");
    if (named && !named->empty()) return Place{*named, false};
    return Place{session.world().directory() + "/jwtdomain", false};
}

// A path as people read it: relative where it is below the working directory.
std::string shown(Session& session, const std::string& path) {
    const fs::path relative = fs::path(path).lexically_normal().lexically_relative(session.world().directory());
    return relative.empty() || *relative.begin() == ".." ? path : relative.string();
}

// Takes away what was written, unless all went well.
class Rollback {
public:
    ~Rollback() {
        std::error_code ignored;
        for (auto it = made_.rbegin(); it != made_.rend(); ++it) fs::remove(*it, ignored);
    }
    Rollback() = default;
    Rollback(const Rollback&) = delete;
    Rollback& operator=(const Rollback&) = delete;
    void made(std::string path) { made_.push_back(std::move(path)); }
    void keep() { made_.clear(); }

private:
    std::vector<std::string> made_;
};

// Keys that can be read now, those at URLs if the network may be asked; others cannot be compared, which is said.
std::vector<policy::KeyOwner> existing_keys(Session& session, const policy::Policy& policy, bool also_at_urls) {
    std::vector<policy::KeyOwner> all;
    const policy::KeyReader read = key_reader(session, policy);
    for (const policy::Domain& domain : policy.domains) {
        const bool is_file = domain.keys.kind == policy::KeyLocation::Kind::file;
        if (!is_file && !also_at_urls) continue;
        const auto set = read(domain.keys);
        if (!set && is_file && set.error().fault == Fault::not_found) continue; // no key was made yet
        if (!set) {
            session.warn(
                "the keys of " + domain.name +
                " cannot be read, so that it is not known whether the new ones differ: " + describe(set.error()));
            continue;
        }
        auto more = owners(*set, domain.name);
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

Status check(const InitOptions& o) {
    if (o.domains.empty()) {
        return fail(Fault::usage, "which domains?", "jwtdomain init --domain staging --domain prod");
    }
    if (!o.is_foreign()) {
        for (const auto& [given, name] : {std::pair{o.jwks.has_value(), "--jwks"},
                                          {o.sample.has_value(), "--sample"},
                                          {o.network.fetch, "--fetch"},
                                          {!o.audiences.empty(), "--audience"}}) {
            if (given)
                return fail(Fault::usage, std::string(name) + " is for an issuer that is somebody else's",
                            "add --issuer URL --preset NAME");
        }
        return {};
    }
    if (o.domains.size() > 1)
        return fail(Fault::usage, "one domain at a time has that issuer",
                    "run init once for each domain; --shared-issuer if they share one");
    if (o.network.fetch && !o.issuer && !o.resource)
        return fail(Fault::usage, "--fetch asks an issuer what it is: which?", "--issuer URL");
    if (o.resource && !o.network.fetch)
        return fail(Fault::usage, "--resource finds the issuer of a resource by asking the resource",
                    "add --fetch, or name the issuer: --issuer URL");
    if (o.issuer) {
        if (const Status good = policy::check_issuer(*o.issuer); !good) return good;
    }
    if (o.base_url || o.algorithm)
        return fail(Fault::usage, "--base-url and --alg are for domains that tokens are minted for here");
    return {};
}

std::vector<std::string> next_commands(const InitReport& report) {
    const auto& first = report.domains.front();
    const auto& last = report.domains.back();
    if (first.foreign) {
        return {"jwtdomain inspect @token.jwt", "jwtdomain verify --domain " + first.name + " @token.jwt",
                "jwtdomain verify --domain auto @token.jwt"};
    }
    return {"jwtdomain issue --domain " + first.name + " --subject alice > token.jwt",
            "jwtdomain verify --domain " + first.name + " @token.jwt",
            report.domains.size() > 1 ? "jwtdomain verify --domain " + last.name + " --expect reject @token.jwt"
                                      : "jwtdomain inspect @token.jwt"};
}

Status write_all(const policy::Plan& plan, const std::optional<ForeignIssuer>& foreign, InitReport& report,
                 Rollback& rollback) {
    const auto put = [&](const std::string& path, const std::string& text) -> Status {
        if (const Status written = store::write_file(path, text, store::Existing::refuse); !written) return written;
        rollback.made(path);
        report.files.push_back({path, {}});
        return {};
    };
    for (const policy::PlannedFile& file : plan.files) {
        if (const Status written = put(report.directory + "/" + file.path, file.text); !written) return written;
    }
    if (foreign && !foreign->keys_text.empty())
        return put(report.directory + "/" + plan.domains.front().keys.value, foreign->keys_text);
    return {};
}

Status make_keys(Session& session, const policy::Policy& policy, const policy::Plan& plan, InitReport& report,
                 Rollback& rollback) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    report.key_store = store::KeyStore(*state).directory();
    for (std::size_t i = 0; i < plan.domains.size(); ++i) {
        auto key = make_domain_key(policy, plan.domains[i], *state, {}, session.now());
        if (!key) return tl::unexpected(key.error());
        rollback.made(key->private_file);
        rollback.made(key->public_file);
        report.domains[i].kid = key->kid;
        report.private_files.push_back(key->private_file);
        report.files.push_back({key->public_file, {}});
    }
    return {};
}

} // namespace

Result<InitReport> create(Session& session, const InitOptions& options) {
    if (const Status good = check(options); !good) return tl::unexpected(good.error());
    const auto place = find_place(session);
    if (!place) return tl::unexpected(place.error());
    policy::Policy existing;
    if (place->exists) {
        auto loaded = policy::load(place->directory, policy_reader());
        if (!loaded) return tl::unexpected(loaded.error());
        existing = std::move(*loaded);
    }
    policy::PlanInput input{.domains = {},
                            .shared = {.issuer = options.shared_issuer, .audience = options.shared_audience},
                            .existing = place->exists ? &existing : nullptr,
                            .existing_keys = {}};
    if (options.base_url) input.base_url = *options.base_url;
    if (place->exists) input.existing_keys = existing_keys(session, existing, options.network.fetch);
    std::optional<ForeignIssuer> foreign;
    if (options.is_foreign()) {
        auto read = read_foreign(session, options);
        if (!read) return tl::unexpected(read.error());
        foreign = std::move(*read);
        auto domain = foreign_domain(session, options, *foreign);
        if (!domain) return tl::unexpected(domain.error());
        input.domains.push_back(std::move(*domain));
    } else {
        for (const std::string& name : options.domains)
            input.domains.push_back(
                {.name = name, .text = {}, .keys = {}, .algorithm = options.algorithm.value_or("")});
    }
    const auto plan = policy::plan(input);
    if (!plan) return tl::unexpected(plan.error());
    for (const std::string& warning : plan->warnings) session.warn(warning);

    InitReport report;
    report.directory = place->directory;
    report.planned = options.dry_run;
    report.fresh = !place->exists;
    for (const policy::Domain& domain : plan->domains) {
        report.domains.push_back({.name = domain.name,
                                  .issuer = domain.issuer,
                                  .kid = {},
                                  .audiences = domain.audiences,
                                  .foreign = domain.foreign});
    }
    if (foreign) report.facts = foreign->facts;
    report.next = next_commands(report);
    if (options.dry_run) {
        report.directory = shown(session, report.directory);
        for (const policy::PlannedFile& file : plan->files)
            report.files.push_back({shown(session, place->directory + "/" + file.path), file.text});
        return report;
    }
    Rollback rollback;
    if (const Status written = write_all(*plan, foreign, report, rollback); !written)
        return tl::unexpected(written.error());
    if (!foreign) {
        const auto complete = policy::load(place->directory, policy_reader()); // what was written is what will be read
        if (!complete) return tl::unexpected(complete.error());
        if (const Status made = make_keys(session, *complete, *plan, report, rollback); !made)
            return tl::unexpected(made.error());
    }
    rollback.keep();
    for (InitReport::File& file : report.files) file.path = shown(session, file.path);
    report.directory = shown(session, report.directory);
    return report;
}

} // namespace jwtdomain::cli
