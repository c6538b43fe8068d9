#include "jwtdomain/scan/examples.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::scan {
namespace {

// Ordered by digest.
constexpr std::array kExamples{
    Example{"7f75367e7881255134e1375e723d1dea8ad5f6a4fdb79d938df1f1754a830606", "jwt.io, HS256"},
};

} // namespace

const Example* find_example(std::string_view token) { return find_example_by_digest(sha256(token)); }

const Example* find_example_by_digest(std::string_view octets) {
    const std::string digest = hexadecimal(octets);
    const auto* const found =
        std::lower_bound(kExamples.begin(), kExamples.end(), digest,
                         [](const Example& row, const std::string& wanted) { return row.digest < wanted; });
    return found != kExamples.end() && found->digest == digest ? found : nullptr;
}

} // namespace jwtdomain::scan
