#include "cli/rotate/event.h"

#include "cli/app/ledger.h"

namespace jwtdomain::cli {
namespace {

std::string_view word_of(RotationEvent::Kind kind) {
    switch (kind) {
    case RotationEvent::Kind::prepared: return "published, and signs from then on";
    case RotationEvent::Kind::ends: return "leaves what is published then";
    case RotationEvent::Kind::removed: return "removed";
    case RotationEvent::Kind::emergency: return "signs in the place of all others";
    }
    return "";
}

} // namespace

Status record_rotation(Session& session, const RotationEvent& event) {
    auto ledger = open_ledger(session);
    if (!ledger) return tl::unexpected(ledger.error());
    refresh::LogEntry entry{.event = refresh::Event::rotate, .domain = event.domain, .key = event.key};
    entry.detail = std::string(word_of(event.kind)) + (event.reason.empty() ? "" : ": " + event.reason);
    if (event.kind != RotationEvent::Kind::removed) entry.until = event.time;
    return ledger->record(entry, session.now());
}

} // namespace jwtdomain::cli
