#include "cli/app/progress.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

constexpr std::int64_t kFirst = 500, kEach = 100; // milliseconds
constexpr std::string_view kErase = "\r\x1b[K";   // to the line's beginning, and all that stands in it

} // namespace

Progress::Progress(Session& session)
    : world_(session.world()), name_(session.command()),
      on_(!session.common().quiet && world_.is_terminal(Stream::err) && world_.environment("TERM") != "dumb"),
      next_(on_ ? world_.milliseconds() + kFirst : 0) {}

Progress::~Progress() { clear(); }

bool Progress::is_time() {
    const std::int64_t now = world_.milliseconds();
    if (now < next_) return false;
    next_ = now + kEach;
    return shown_ = true;
}

void Progress::write(const std::string& head, const std::string& what) {
    // The last column is left free: a terminal may begin a new line behind it.
    const std::size_t room = kTextWidth - 1 - std::min(head.size(), kTextWidth - 2);
    world_.write_error(std::string(kErase) + head + escape_text(what, room));
}

void Progress::show(std::size_t done, std::size_t all, const std::string& what) {
    if (!on_) return;
    const std::lock_guard lock(mutex_);
    if (is_time()) write(fmt::format("jwtdomain {}: {} of {}  ", name_, done, all), redact_text(what));
}

void Progress::tell(const std::string& words) {
    if (!on_) return;
    const std::lock_guard lock(mutex_);
    if (is_time()) write(fmt::format("jwtdomain {}: ", name_), words);
}

void Progress::clear() {
    const std::lock_guard lock(mutex_);
    if (shown_) world_.write_error(kErase);
    shown_ = false;
}

} // namespace jwtdomain::cli
