// Lines in, lines out, in order, on several threads, in constant memory.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/app/session.h"

namespace jwtdomain::cli {

// Handles one line (without its newline; `number` counts from 1) and appends what is to be written. Belongs to one
// thread.
using LineWorker = std::function<void(std::string_view line, std::size_t number, std::string& out)>;

struct LineJob {
    unsigned threads = 1;
    std::size_t longest = 2u << 20; // octets; of a longer line only so many are handed on, which a worker must refuse
    std::function<LineWorker()> make_worker; // called once for each thread, on that thread
};

struct LineTotals {
    std::size_t lines = 0;
    int interrupted = 0; // the signal, or 0
};

// Reads standard input to its end, or until the world is interrupted, and writes to standard output. What has come in
// is answered before more is waited for. Faults: unreadable; retry for a closed pipe, as World::write.
Result<LineTotals> for_each_line(World& world, const LineJob& job);

// What ends the command by itself: lines that could not be read, whoever read the output has gone, a signal. nullopt:
// all lines were answered. `so_far` is what the lines that were read came to.
std::optional<Exit> ended_early(Session& session, const Result<LineTotals>& totals, Exit so_far = Exit::yes);

} // namespace jwtdomain::cli
