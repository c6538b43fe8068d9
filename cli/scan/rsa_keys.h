// Public keys of RSA that nobody has published, from two tokens each.
#pragma once

#include <functional>

#include "cli/scan/across.h"

namespace jwtdomain::cli {

// Adds a finding for each key, and a note for what was not tried. `derive` and `stopped` as in Across::finish.
void add_rsa_keys(AcrossReport& report, const scan::RsaSamples& samples, bool derive,
                  const std::function<bool()>& stopped);

} // namespace jwtdomain::cli
