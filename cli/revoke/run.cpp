#include "cli/revoke/run.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/ledger.h"
#include "cli/app/policy.h"
#include "cli/app/text.h"
#include "cli/revoke/list.h"
#include "cli/revoke/report.h"
#include "cli/revoke/target.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/policy/revocation_list.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {
namespace {

using accept::Revocation;
using accept::Revoked;

constexpr std::size_t kMaxImported = 256u << 20;

// After that time no token that was issued before `issued` is taken any more. Without iat nothing says when it was.
std::optional<Time> last_of(const policy::Domain* domain, Time issued) {
    if (!domain || std::find(domain->required.begin(), domain->required.end(), "iat") == domain->required.end())
        return std::nullopt;
    return issued + domain->lifetime + kWidestLeeway;
}

std::optional<Time> until_of(const Revocation& entry, const policy::Domain* domain, std::optional<Time> expires,
                             Time now) {
    if (entry.kind == Revoked::jti && expires) return *expires + kWidestLeeway;
    if (entry.before) return last_of(domain, *entry.before);
    return entry.kind == Revoked::jti || entry.kind == Revoked::family ? last_of(domain, now) : std::nullopt;
}

Revocation of_family(const std::string& name, const std::string& domain, std::optional<Time> until,
                     const std::string& reason) {
    return {.kind = Revoked::family, .value = name, .domain = domain, .before = {}, .until = until, .reason = reason};
}

class Revoking {
public:
    Revoking(Session& session, const policy::Policy& policy, const ListSigner& signer, std::string reason)
        : session_(session), policy_(policy), signer_(signer), reason_(std::move(reason)) {}

    Status run(const RevokeTarget& target);
    RevokeReport report(const RevokeTarget& target) const;

private:
    Status put(std::vector<Revocation> entries);
    Result<bool> end_families(const RevokeTarget& target, const std::vector<Revocation>& entries);

    Session& session_;
    const policy::Policy& policy_;
    const ListSigner& signer_;
    std::string reason_;
    std::vector<RevokeReport::Row> rows_;
    std::vector<std::string> families_;
    std::optional<Time> access_until_;
};

Status Revoking::put(std::vector<Revocation> entries) {
    const auto added = add_revocations(session_, policy_, signer_, entries);
    if (!added) return tl::unexpected(added.error());
    for (Revocation& entry : entries) {
        const bool is_new = std::any_of(added->begin(), added->end(), [&](const Revocation& each) {
            return each.kind == entry.kind && each.value == entry.value;
        });
        rows_.push_back({std::move(entry), is_new});
    }
    return {};
}

// False if there is no store of refresh tokens here.
Result<bool> Revoking::end_families(const RevokeTarget& target, const std::vector<Revocation>& entries) {
    auto ledger = open_existing_ledger(session_);
    if (!ledger && ledger.error().fault == Fault::not_found) return false;
    if (!ledger) return tl::unexpected(ledger.error());
    const auto ended = ledger->revoke(
        *target.families, reason_, session_.now(), [&](const std::vector<refresh::Family>& families) -> Status {
            std::vector<Revocation> all = entries;
            for (const refresh::Family& family : families) {
                access_until_ = std::max(access_until_.value_or(0), family.access_until);
                if (family.access_until + kWidestLeeway > session_.now())
                    all.push_back(of_family(refresh::name_of_family(family.id), family.domain,
                                            family.access_until + kWidestLeeway, reason_));
            }
            return all.empty() ? Status() : put(std::move(all));
        });
    if (!ended) return tl::unexpected(ended.error());
    for (const refresh::Family& family : *ended) families_.push_back(refresh::name_of_family(family.id));
    return true;
}

Status Revoking::run(const RevokeTarget& target) {
    const policy::Domain* const domain = target.domain.empty() ? nullptr : policy_.find(target.domain);
    std::vector<Revocation> entries;
    if (target.entry) {
        Revocation entry = *target.entry;
        entry.until = until_of(entry, domain, target.access_until, session_.now());
        entry.reason = reason_;
        entries.push_back(std::move(entry));
    }
    if (target.families) {
        const auto here = end_families(target, entries);
        if (!here) return tl::unexpected(here.error());
        if (*here) entries.clear();
        // One that is on another machine is denied all the same.
        if (target.families->family && families_.empty())
            entries.push_back(of_family(refresh::name_of_family(*target.families->family), target.domain,
                                        last_of(domain, session_.now()), reason_));
    }
    return entries.empty() ? Status() : put(std::move(entries));
}

RevokeReport Revoking::report(const RevokeTarget& target) const {
    RevokeReport out;
    out.rows = rows_;
    out.list = revocation_path(policy_);
    out.families = families_;
    out.access_until = access_until_;
    out.now = session_.now();
    const policy::Domain* const domain = target.domain.empty() ? nullptr : policy_.find(target.domain);
    std::optional<Time> last = target.access_until ? target.access_until : access_until_;
    if (!last && domain) last = last_of(domain, session_.now());
    const bool key = target.entry && target.entry->kind == Revoked::key;
    const std::string until = last ? "until " + format_time(*last) + " (" + format_relative(*last, session_.now()) + ")"
                                   : "as long as they live";
    if (key)
        out.remains.push_back("Whoever keeps keys in a cache takes its tokens until it fetches them again, whatever it "
                              "is told here.");
    else
        out.remains.push_back("A gateway or service that does not read the list takes the access tokens " + until +
                              ".");
    if (key)
        out.steps.push_back("Take the key out of what " +
                            (target.domain.empty() ? std::string("the domain") : target.domain) + " publishes.");
    out.steps.push_back("Bring the list to where tokens are verified: it is signed, and holds no secret.");
    return out;
}

} // namespace

Exit revoke(Session& session, const RevokeOptions& options) {
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    const auto target = revoke_target(session, *policy, options);
    if (!target) return session.report(target.error());
    if (const policy::Domain* domain = policy->find(target->domain);
        domain && domain->foreign && policy->revocation_keys.empty()) {
        return session.report({.fault = Fault::unsupported,
                               .message = "the issuer of " + domain->name + " (" + domain->issuer +
                                          ") is somebody else's: no key here may sign what is revoked in it",
                               .hint = "revoke it at that issuer; or name keys of your own in the policy: "
                                       "revocations: {keys: [FILE]}"});
    }
    const auto signer = ListSigner::open(session, *policy, target->domain);
    if (!signer) return session.report(signer.error());
    Revoking revoking(session, *policy, *signer, options.reason.value_or(""));
    if (const Status done = revoking.run(*target); !done) return session.report(done.error());
    const RevokeReport report = revoking.report(*target);
    return session.emit(Exit::yes, {{"text", [&] { return to_text(report, session.color()); }},
                                    {"json", [&] { return to_json(report); }}});
}

Exit list_revocations(Session& session) {
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    const auto list = load_revocations(session, *policy);
    if (!list) return session.report(list.error());
    const Time now = session.now();
    const auto text = [&] {
        TextReport out(session.color());
        out.headline(Tone::bold, fmt::format("{} revoked", list->size()), revocation_path(*policy));
        for (const Revocation& entry : list->entries()) {
            const bool over = entry.until && *entry.until <= now;
            out.line(escape_text(describe(entry)) + (over          ? ", no longer of interest"
                                                     : entry.until ? ", until " + format_time(*entry.until)
                                                                   : ", for ever"));
        }
        return out.take();
    };
    const auto json = [&] {
        RevokeReport report;
        for (const Revocation& entry : list->entries()) report.rows.push_back({entry, false});
        report.list = revocation_path(*policy);
        return to_json(report);
    };
    return session.emit(Exit::yes, {{"text", text}, {"json", json}});
}

Exit import_revocations(Session& session, const std::string& file) {
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    const auto content = file == "-" ? session.read_input(kMaxImported) : store::read_file(file, kMaxImported);
    if (!content) return session.report(content.error());
    const auto imported = import_list(session, *policy, *content, file == "-" ? "standard input" : file);
    if (!imported) return session.report(imported.error());
    RevokeReport report;
    report.list = revocation_path(*policy);
    report.now = session.now();
    for (const Revocation& entry : *imported) report.rows.push_back({entry, true});
    return session.emit(Exit::yes, {{"text", [&] { return to_text(report, session.color()); }},
                                    {"json", [&] { return to_json(report); }}});
}

} // namespace jwtdomain::cli
