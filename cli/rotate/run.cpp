#include "cli/rotate/run.h"

#include <algorithm>

#include "cli/keygen/publish.h"
#include "cli/revoke/list.h"
#include "cli/rotate/event.h"
#include "cli/rotate/new_key.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

using rotation::Action;
using Done = RotateReport::Done;

// One run, once the lock is held and the set was read.
class Run {
public:
    Run(Session& session, const RotateOptions& options, RotationState& state)
        : session_(session), options_(options), state_(state), now_(session.now()) {}

    Result<RotateReport> go() {
        report_.mode = options_.emergency ? RotateReport::Mode::emergency : RotateReport::Mode::step;
        report_.reason = options_.reason.value_or("");
        if (const Status swept = state_.keys.sweep(); !swept) return tl::unexpected(swept.error());
        for (const auto step : {&Run::take_up, &Run::postpone_unpublished, &Run::decide, &Run::prepare, &Run::write,
                                &Run::tell, &Run::clean}) {
            if (const Status good = (this->*step)(); !good) return tl::unexpected(good.error());
        }
        return std::move(report_);
    }

private:
    // What a run has left that was ended after it had written down which key it makes.
    Status take_up() {
        const auto pending = read_pending(state_);
        if (!pending) return tl::unexpected(pending.error());
        if (!*pending) return {};
        pending_ = **pending;
        const auto& records = state_.signing.records;
        const bool in_set = std::any_of(records.begin(), records.end(),
                                        [&](const auto& record) { return record.name == pending_->thumbprint; });
        if (in_set) { // all but the note was done, unless the others are still there in an emergency
            half_done_ = pending_->emergency && records.size() > 1 && !options_.emergency;
            if (half_done_) report_.mode = RotateReport::Mode::emergency;
            return {};
        }
        const bool stored = state_.keys.contains(pending_->thumbprint);
        const bool stolen = options_.emergency; // with the others
        if (!stored || stolen) {
            if (stored) {
                if (const Status gone = drop_needless(); !gone) return gone;
            }
            pending_.reset();
            return drop_pending(state_);
        }
        auto key = stored_key(state_, pending_->thumbprint);
        if (!key) return tl::unexpected(key.error());
        key_ = std::move(*key);
        if (pending_->emergency) report_.mode = RotateReport::Mode::emergency;
        return {};
    }

    // A prepared key that is missing where it is served from has not been seen by anybody.
    Status postpone_unpublished() {
        const auto there = published_there(publication_of(state_.policy, *state_.domain, state_.published.set));
        if (!there) return {};
        for (std::size_t i = 0; i < state_.signing.records.size(); ++i) {
            rotation::KeyRecord& record = state_.signing.records[i];
            const bool served = std::any_of(there->keys.begin(), there->keys.end(), [&](const Jwk& jwk) {
                return identity_of(jwk.key) == state_.key(i).identity();
            });
            const Time start = now_ + state_.facts.ahead();
            if (served || record.start() <= now_ || record.start() >= start) continue;
            record.starts = start;
            change_.starts[state_.signing.numbers[i]] = start;
            report_.done.push_back({.kind = Done::Kind::postponed, .kid = record.name, .time = start});
        }
        return {};
    }

    Status decide() {
        const auto& records = state_.signing.records;
        if (half_done_) {
            for (std::size_t i = 0; i < records.size(); ++i) {
                if (records[i].name != pending_->thumbprint)
                    actions_.push_back({.kind = Action::Kind::remove, .key = i, .time = now_});
            }
        } else if (report_.mode == RotateReport::Mode::emergency)
            actions_ = rotation::emergency_at(records, now_);
        else if (options_.now || key_)
            actions_ = rotation::begin_now(records, state_.facts, now_);
        else
            actions_ = rotation::due_at(records, state_.facts, now_);
        return {};
    }

    Status prepare() {
        const auto action = std::find_if(actions_.begin(), actions_.end(),
                                         [](const Action& a) { return a.kind == Action::Kind::prepare; });
        if (action == actions_.end()) {
            if (options_.public_key)
                return fail(Fault::conflict, "no key is due: that of --public is not published",
                            "jwtdomain rotate --domain " + state_.domain->name + " --plan says when one is");
            return key_ ? drop_needless() : Status();
        }
        const bool resumed = key_.has_value();
        if (!key_) {
            auto made = new_key(session_, options_, state_);
            if (!made) return tl::unexpected(made.error());
            key_ = std::move(*made);
        }
        const std::string& name = key_->half.thumbprint();
        if (key_->secret) {
            pending_ = PendingKey{.thumbprint = name, .emergency = report_.mode == RotateReport::Mode::emergency};
            if (const Status noted = write_pending(state_, *pending_); !noted) return noted;
            if (const Status stored = state_.keys.add(name, *key_->secret); !stored) return stored;
        }
        if (!key_->elsewhere) report_.private_file = state_.keys.path_of(name);
        JwkMetadata metadata = key_->metadata;
        metadata.issued_at = now_;
        metadata.not_before = action->time;
        change_.added = PublicJwk{key_->half, std::move(metadata)};
        report_.done.push_back(
            {.kind = resumed ? Done::Kind::resumed : Done::Kind::prepared, .kid = name, .time = action->time});
        return {};
    }

    // Another key has been prepared since: that of the interrupted run was in no set, and goes.
    Status drop_needless() {
        if (const Status gone = state_.keys.remove(pending_->thumbprint); !gone) return gone;
        report_.done.push_back({.kind = Done::Kind::cleaned, .kid = pending_->thumbprint, .time = {}});
        return {};
    }

    // A key is published before it is in the set that `issue` reads, and leaves both before its private half goes.
    Status write() {
        for (const Action& action : actions_) {
            if (action.kind == Action::Kind::prepare) continue;
            const std::size_t number = state_.signing.numbers[action.key];
            const std::string& name = state_.signing.records[action.key].name;
            if (action.kind == Action::Kind::end) {
                change_.ends[number] = action.time;
                report_.done.push_back({.kind = action.migrated ? Done::Kind::migrated : Done::Kind::ends,
                                        .kid = name,
                                        .time = action.time});
            } else {
                change_.removed.push_back(number);
                report_.done.push_back({.kind = Done::Kind::removed, .kid = name, .time = {}});
            }
        }
        const bool changes =
            change_.added || !change_.removed.empty() || !change_.starts.empty() || !change_.ends.empty();
        PublishedSet next = state_.published;
        if (changes) {
            auto text = change_set(state_.published, change_);
            if (!text) return tl::unexpected(text.error());
            next.text = std::move(*text);
            auto set = parse_jwks(next.text, next.path);
            if (!set) return tl::unexpected(set.error());
            next.set = std::move(*set);
        }
        report_.publication = publication_of(state_.policy, *state_.domain, next.set);
        const auto rewritten = publish(report_.publication);
        if (!rewritten) return tl::unexpected(rewritten.error());
        report_.rewritten = *rewritten;
        if (!changes) return {};
        if (const Status kept = keep_removed(); !kept) return kept;
        if (const Status moved = move_revocations(next.path); !moved) return moved;
        const auto existing = state_.published.text.empty() ? store::Existing::refuse : store::Existing::replace;
        if (const Status put = store::write_file(next.path, next.text, existing); !put) return put;
        return read_again(state_);
    }

    // The revocation list stays one that can be believed: the key that signs it now is in the set before that which
    // signed it until now has left.
    Status move_revocations(const std::string& path) {
        if (change_.removed.empty()) return {};
        if (change_.added && !state_.published.text.empty()) {
            SetChange first = change_;
            first.removed.clear();
            const auto text = change_set(state_.published, first);
            if (!text) return tl::unexpected(text.error());
            if (const Status put = store::write_file(path, *text, store::Existing::replace); !put) return put;
        }
        return sign_list_anew(session_, state_.policy, state_.domain->name);
    }

    Status keep_removed() {
        if (change_.removed.empty()) return {};
        auto kept = read_removed(state_);
        if (!kept) return tl::unexpected(kept.error());
        for (const std::size_t number : change_.removed) {
            const Jwk& jwk = state_.published.set.keys[number];
            const PublicKey& key = std::get<PublicKey>(jwk.key);
            const bool known = std::any_of(kept->begin(), kept->end(), [&](const PublicJwk& other) {
                return other.key.identity() == key.identity();
            });
            if (known) continue;
            JwkMetadata metadata = jwk.metadata;
            metadata.expires = std::min(metadata.expires.value_or(now_), now_);
            kept->push_back({key, std::move(metadata)});
        }
        return write_removed(state_, *kept);
    }

    Status tell() {
        using Kind = RotationEvent::Kind;
        const bool emergency = report_.mode == RotateReport::Mode::emergency;
        for (const Done& each : report_.done) {
            std::optional<Kind> kind;
            switch (each.kind) {
            case Done::Kind::prepared:
            case Done::Kind::resumed: kind = emergency ? Kind::emergency : Kind::prepared; break;
            case Done::Kind::postponed: kind = Kind::prepared; break;
            case Done::Kind::ends:
            case Done::Kind::migrated: kind = Kind::ends; break;
            case Done::Kind::removed: kind = Kind::removed; break;
            case Done::Kind::cleaned: break;
            }
            if (!kind) continue;
            const Status told = record_rotation(session_, {.kind = *kind,
                                                           .domain = state_.domain->name,
                                                           .key = each.kid,
                                                           .time = each.time,
                                                           .reason = report_.reason});
            if (!told) return told;
        }
        return {};
    }

    // Private halves of what has left the set: of this run, and of earlier ones that were ended before this.
    Status clean() {
        const auto removed = read_removed(state_);
        if (!removed) return tl::unexpected(removed.error());
        for (const PublicJwk& jwk : *removed) {
            const auto& keys = state_.published.set.keys;
            const bool back = std::any_of(keys.begin(), keys.end(),
                                          [&](const Jwk& key) { return identity_of(key.key) == jwk.key.identity(); });
            const std::string& name = jwk.key.thumbprint();
            if (back || !state_.keys.contains(name)) continue;
            if (const Status gone = state_.keys.remove(name); !gone) return gone;
            const bool ours = std::any_of(report_.done.begin(), report_.done.end(),
                                          [&](const Done& done) { return done.kid == name; });
            if (!ours) report_.done.push_back({.kind = Done::Kind::cleaned, .kid = name, .time = {}});
        }
        return pending_ ? drop_pending(state_) : Status();
    }

    Session& session_;
    const RotateOptions& options_;
    RotationState& state_;
    Time now_;
    RotateReport report_;
    std::optional<PendingKey> pending_;
    bool half_done_ = false; // an emergency: its key is in the set, and so are those that it replaces
    std::optional<NewKey> key_;
    std::vector<Action> actions_;
    SetChange change_;
};

void describe(const RotationState& state, Time now, RotateReport& report) {
    const auto& records = state.signing.records;
    report.domain = state.domain->name;
    report.now = now;
    report.facts = state.facts;
    const rotation::Situation situation = rotation::situation_at(records, state.facts, now);
    for (std::size_t i = 0; i < records.size(); ++i)
        report.keys.push_back({.kid = records[i].name,
                               .algorithm = state.signing.uses[i].name,
                               .state = situation.keys[i],
                               .private_here = state.is_here(i)});
    report.next = rotation::timeline(records, state.facts, now);
    report.begins = rotation::begins_at(records, state.facts, now);
    report.policy_set = state.published.path;
    report.removed_set = removed_file(state);
    report.removed_set_unnamed = !names_removed_file(state);
}

} // namespace

Result<RotateReport> rotate(Session& session, const RotateOptions& options) {
    const auto state = open_rotation(session, options);
    if (!state) return tl::unexpected(state.error());
    const auto lock = store::StoreLock::acquire((*state)->keys);
    if (!lock) return tl::unexpected(lock.error());
    if (const Status read = read_again(**state); !read) return tl::unexpected(read.error());
    auto report = Run(session, options, **state).go();
    if (!report) return report;
    describe(**state, session.now(), *report);
    return report;
}

Result<RotateReport> plan_rotation(Session& session, const RotateOptions& options) {
    const auto state = open_rotation(session, options);
    if (!state) return tl::unexpected(state.error());
    RotateReport report;
    report.mode = RotateReport::Mode::plan;
    describe(**state, session.now(), report);
    return report;
}

Result<SimulationReport> simulate_rotation(Session& session, const RotateOptions& options) {
    const auto state = open_rotation(session, options);
    if (!state) return tl::unexpected(state.error());
    const auto& records = (*state)->signing.records;
    std::vector<std::optional<Time>> published;
    const auto removed = read_removed(**state);
    if (!removed) return tl::unexpected(removed.error());
    // A key that no other was before is the first of its domain: there is no copy of the set without it.
    for (const rotation::KeyRecord& record : records) {
        const auto older = [&](std::optional<Time> made) { return made.value_or(0) < record.made.value_or(0); };
        const bool first =
            std::none_of(records.begin(), records.end(), [&](const auto& other) { return older(other.made); }) &&
            std::none_of(removed->begin(), removed->end(),
                         [&](const PublicJwk& other) { return older(other.metadata.issued_at); });
        published.push_back(first ? std::nullopt : record.made);
    }
    return SimulationReport{.domain = (*state)->domain->name,
                            .now = session.now(),
                            .facts = (*state)->facts,
                            .simulation = rotation::simulate(records, published, (*state)->facts, session.now())};
}

} // namespace jwtdomain::cli
