// What a run had from the network, as a file: the same octets, and the same refusals, for another run elsewhere and
// later.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/net/documents.h"

namespace jwtdomain::net {

std::string write_snapshot(const Answers& answers); // JSON, ordered by URL

// Each document must have the digest that the snapshot says of it. Faults: invalid (it is no snapshot, or was changed).
Result<Answers> read_snapshot(std::string_view text, const std::string& file);

constexpr std::size_t kMostSnapshot = 64u << 20; // octets

} // namespace jwtdomain::net
