#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/rotate/report.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using Done = RotateReport::Done;
using rotation::State;

constexpr std::size_t kShortKid = 12;

std::string when(Time time, Time now) { return format_time(time) + " (" + format_relative(time, now) + ")"; }

// Of a thumbprint its beginning, where the whole stands nearby.
std::string short_kid(const std::string& kid) {
    return kid.empty() ? "the new key" : "key " + kid.substr(0, kShortKid) + "...";
}

std::string times_of(const RotateReport::Key& key, Time now) {
    const rotation::KeyState& state = key.state;
    std::string out;
    switch (state.state) {
    case State::prepared: out = "signs from " + when(state.starts, now) + " on"; break;
    case State::active:
        out = state.starts > 0 ? "signs since " + format_time(state.starts) : "signs";
        if (state.stops) out += ", until " + when(*state.stops, now);
        break;
    case State::retired: out = state.stops ? "signed until " + format_time(*state.stops) : "signs no more"; break;
    case State::removed: out = "its time is over"; break;
    }
    if (state.leaves && state.state != State::removed) out += "; published until " + format_time(*state.leaves);
    if (!key.private_here && (state.state == State::active || state.state == State::prepared))
        out += "; its private half is not here";
    return out;
}

void write_keys(const RotateReport& r, TextReport& out) {
    if (r.keys.empty()) return;
    out.blank();
    for (const RotateReport::Key& key : r.keys) {
        out.field(rotation::name_of(key.state.state), key.kid + ", " + key.algorithm);
        out.field("", times_of(key, r.now));
    }
}

std::string sentence(const rotation::Event& event) {
    const std::string kid = short_kid(event.key);
    switch (event.kind) {
    case rotation::Event::Kind::prepare: return "a run makes a key and publishes it";
    case rotation::Event::Kind::activate: return kid + " signs";
    case rotation::Event::Kind::retire: return kid + " signs no more; its tokens stay good";
    case rotation::Event::Kind::remove: return "a run removes " + kid + ": its tokens are over";
    }
    return {};
}

void write_events(const RotateReport& r, TextReport& out) {
    for (const rotation::Event& event : r.next) out.entry(Tone::plain, format_time(event.at), sentence(event));
}

void headline(const RotateReport& r, TextReport& out) {
    const std::string of = escape_text(r.domain) + ": ";
    const auto prepared = r.first(Done::Kind::prepared) ? r.first(Done::Kind::prepared) : r.first(Done::Kind::resumed);
    const auto count =
        std::count_if(r.done.begin(), r.done.end(), [](const Done& done) { return done.kind == Done::Kind::removed; });
    const auto removed = fmt::format("{} key{}", count, count == 1 ? "" : "s");
    if (r.mode == RotateReport::Mode::emergency)
        return void(out.headline(Tone::warning, "REPLACED", of + "a new key signs now; " + removed + " removed"));
    if (prepared && *prepared->time > r.now)
        return void(out.headline(Tone::good, "PREPARED", of + "a new key signs from " + when(*prepared->time, r.now)));
    if (prepared) return void(out.headline(Tone::good, "MADE", of + "a key, which signs now"));
    if (count > 0) return void(out.headline(Tone::good, "REMOVED", of + removed + ", whose tokens are over"));
    if (const Done* const done = r.first(Done::Kind::postponed))
        return void(
            out.headline(Tone::warning, "POSTPONED", of + "the new key signs from " + when(*done->time, r.now)));
    if (const Done* const done = r.first(Done::Kind::migrated))
        return void(out.headline(Tone::good, "RETIRED",
                                 of + "an older key, which is removed from " + when(*done->time, r.now)));
    if (!r.done.empty()) return void(out.headline(Tone::good, "UPDATED", of + "what an earlier run had left"));
    const auto again = r.run_again();
    const std::string until = again ? "nothing is due before " + when(*again, r.now) : "nothing is due";
    out.headline(Tone::good, "WAITING", of + until);
}

void write_done(const RotateReport& r, TextReport& out) {
    for (const Done& done : r.done) {
        switch (done.kind) {
        case Done::Kind::migrated:
            out.line("The record of " + short_kid(done.kid) +
                     " said no end, as those of before there was rotation: it was given one, " +
                     format_time(*done.time) + ". Whoever still signs with it elsewhere has until then.");
            break;
        case Done::Kind::resumed: out.line("An earlier run was interrupted: its key was taken up."); break;
        case Done::Kind::postponed:
            out.line(short_kid(done.kid) + " was not among what is served, so that its time counts from now on.");
            break;
        case Done::Kind::cleaned:
            out.line("An earlier run was interrupted: the private half that it left of " + short_kid(done.kid) +
                     " was removed.");
            break;
        case Done::Kind::prepared:
        case Done::Kind::ends:
        case Done::Kind::removed: break;
        }
    }
}

// What a stolen key can still do, and what good tokens lose.
void write_exposure(const RotateReport& r, TextReport& out) {
    out.blank();
    out.heading("What is still open, and what breaks");
    out.entry(Tone::bad, "open",
              "consumers with a copy of the set take tokens of the removed key until " +
                  when(r.now + r.facts.cache, r.now) + ", also new ones of a thief");
    out.entry(Tone::warning, "breaks",
              "good tokens of the removed key are refused as soon as a consumer reads the set; "
              "the last would have lived until " +
                  when(r.now + r.facts.token_life, r.now));
    out.entry(Tone::warning, "breaks",
              "new tokens are refused by consumers that do not look for an unknown kid, until " +
                  when(r.now + r.facts.cache, r.now));
    out.entry(Tone::plain, "do",
              "have consumers drop their copies (restart them), and where a revocation list is read:");
    for (const Done& done : r.done) {
        if (done.kind != Done::Kind::removed) continue;
        out.raw_line("    jwtdomain revoke --domain " + escape_text(r.domain) + " \\");
        out.raw_line("        --key " + done.kid);
    }
}

void write_publication(const RotateReport& r, TextReport& out) {
    if (r.publication.files.empty()) return;
    out.blank();
    out.path("serve", r.publication.directory + "/");
    out.field("", r.publication.jwks_uri.empty()
                      ? "the issuer is no URL: nothing leads verifiers to the key set, tell them"
                      : "as the root of " +
                            r.publication.jwks_uri.substr(0, r.publication.jwks_uri.size() -
                                                                 r.publication.files.front().path.size()) +
                            "; types and max-age are in _headers");
    out.path("policy", r.policy_set);
    if (!r.private_file.empty()) out.path("private", r.private_file);
    if (r.removed_set_unnamed && r.first(Done::Kind::removed)) {
        out.path("removed", r.removed_set);
        out.field("", "add it to `earlier_jwks` of the domain: audit then finds who still takes these keys");
    }
}

void plan_to_text(const RotateReport& r, TextReport& out) {
    const auto again = r.run_again();
    out.headline(Tone::bold, "PLAN",
                 escape_text(r.domain) + ": " +
                     (again ? *again <= r.now ? "a run is due now" : "a run is due from " + when(*again, r.now)
                            : std::string("no run is due")));
    write_keys(r, out);
    out.blank();
    write_events(r, out);
    out.blank();
    out.field("overlap", fmt::format("{} before a key signs (caches {}, clocks {}), {} after (tokens {}, clocks {})",
                                     format_duration(r.facts.ahead()), format_duration(r.facts.cache),
                                     format_duration(r.facts.skew), format_duration(r.facts.after()),
                                     format_duration(r.facts.token_life), format_duration(r.facts.skew)));
    out.field("every", r.facts.every ? format_duration(*r.facts.every)
                                     : "when rotate is run; `rotation: {every: 90d}` in the policy lets cron do it");
}

} // namespace

std::string_view name_of(RotateReport::Done::Kind kind) {
    switch (kind) {
    case Done::Kind::prepared: return "prepared";
    case Done::Kind::resumed: return "resumed";
    case Done::Kind::postponed: return "postponed";
    case Done::Kind::ends: return "ends";
    case Done::Kind::migrated: return "migrated";
    case Done::Kind::removed: return "removed";
    case Done::Kind::cleaned: return "cleaned";
    }
    return "";
}

std::optional<Time> RotateReport::run_again() const {
    for (const rotation::Event& event : next) {
        if (event.run) return event.at;
    }
    return std::nullopt;
}

const RotateReport::Done* RotateReport::first(Done::Kind kind) const {
    const auto found = std::find_if(done.begin(), done.end(), [&](const Done& each) { return each.kind == kind; });
    return found == done.end() ? nullptr : &*found;
}

std::string to_text(const RotateReport& r, bool color) {
    TextReport out(color);
    if (r.mode == RotateReport::Mode::plan) {
        plan_to_text(r, out);
        return out.take();
    }
    headline(r, out);
    write_done(r, out);
    write_keys(r, out);
    if (r.mode == RotateReport::Mode::emergency) write_exposure(r, out);
    if (!r.done.empty() || r.rewritten > 0) write_publication(r, out);
    if (r.next.empty()) return out.take();
    out.blank();
    out.heading("Next");
    write_events(r, out);
    if (const auto again = r.run_again(); again && *again > r.now)
        out.blank().line("Run it again after " + format_time(*again) + "; earlier runs change nothing." +
                         (r.begins && r.done.empty() ? " To begin now: --now." : ""));
    return out.take();
}

} // namespace jwtdomain::cli
