#include "cli/app/exit_status.h"

#include <algorithm>
#include <array>

namespace jwtdomain::cli {
namespace {

// In the order in which one wins over the next.
constexpr auto kStatuses = std::to_array<ExitInfo>({
    {Exit::internal, "internal", "an internal error: please report it"},
    {Exit::usage, "usage", "the command line cannot be understood"},
    {Exit::no, "no", "no: rejected, or findings at or above --fail-on, or refresh reuse"},
    {Exit::undecided, "undecided",
     "could not decide: something is unreadable, invalid, unreachable, not proven or incomplete"},
    {Exit::no_input, "no-input", "nothing to work on: no token, no domain, no file"},
    {Exit::retry, "retry", "try again later: a lock is held, or a key is not active yet"},
    {Exit::yes, "yes", "yes: accepted, clean, nothing leaked, written"},
});

std::size_t rank(Exit status) {
    const auto at =
        std::find_if(kStatuses.begin(), kStatuses.end(), [&](const ExitInfo& e) { return e.status == status; });
    return static_cast<std::size_t>(at - kStatuses.begin());
}

} // namespace

std::span<const ExitInfo> exit_statuses() { return kStatuses; }

Exit exit_of(Fault fault) {
    switch (fault) {
    case Fault::usage: return Exit::usage;
    case Fault::no_input: return Exit::no_input;
    case Fault::invalid:
    case Fault::unreadable:
    case Fault::not_found:
    case Fault::conflict:
    case Fault::limit:
    case Fault::unsupported: return Exit::undecided;
    case Fault::retry: return Exit::retry;
    case Fault::internal: return Exit::internal;
    }
    return Exit::internal;
}

Exit worse(Exit a, Exit b) { return rank(a) <= rank(b) ? a : b; }

} // namespace jwtdomain::cli
