#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/rotate/report.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using rotation::Breach;

std::string span_text(const std::optional<Time>& from, const std::optional<Time>& until) {
    return (from ? "from " + format_time(*from) : std::string("all the time")) +
           (until ? (from ? " until " : ", until ") + format_time(*until) : std::string());
}

std::string key_text(const std::string& key) { return key.empty() ? "the new key" : key; }

std::string breach_text(const Breach& breach) {
    const std::string times = format_time(breach.from) + " to " + format_time(breach.until);
    const std::string key = key_text(breach.key);
    switch (breach.kind) {
    case Breach::Kind::nothing_signs: return times + ": no key signs";
    case Breach::Kind::several_sign: return times + ": more than one key signs";
    case Breach::Kind::not_published:
        return "tokens of " + key + " fail where the set was read last in " + times + ": it was not in it";
    case Breach::Kind::kept_too_long: return key + " is published in " + times + ", after its time";
    }
    return {};
}

} // namespace

std::string to_text(const SimulationReport& r, bool color) {
    TextReport out(color);
    const rotation::Simulation& s = r.simulation;
    if (s.good())
        out.headline(Tone::good, "HOLDS", escape_text(r.domain) + ": no good token fails, and no key stays too long");
    else
        out.headline(Tone::bad, "FAILS",
                     fmt::format("{}: {} of what is checked", escape_text(r.domain), s.breaches.size()));
    for (const Breach& breach : s.breaches) out.entry(Tone::bad, name_of(breach.kind), breach_text(breach));
    out.blank();
    for (const rotation::KeyLife& key : s.keys) {
        out.field("key", key_text(key.key));
        out.field("published", span_text(key.published_from, key.published_until));
        out.field("signs", key.signs_from ? span_text(key.signs_from, key.signs_until) : "not in this time");
        if (key.last_accepted) out.field("accepted", "nowhere after " + format_time(*key.last_accepted));
    }
    out.blank();
    out.heading("Checked");
    out.line(fmt::format("Every second from {} to {}, when a run is made as soon as one is due: exactly one key signs.",
                         format_time(s.from), format_time(s.until)));
    out.line(fmt::format("Every token, of age 0 to {}, at every verifier with a copy of the set of age 0 to {}, and "
                         "clocks that differ by {}: the key is in the copy.",
                         format_duration(r.facts.token_life), format_duration(r.facts.cache),
                         format_duration(r.facts.skew)));
    out.line("Every key that has retired: it leaves the set when its record says, and the last copy with it is gone "
             "one age of a cache later.");
    return out.take();
}

} // namespace jwtdomain::cli
