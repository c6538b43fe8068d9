#include "jwtdomain/audit/source_index.h"

#include <algorithm>
#include <numeric>

namespace jwtdomain::audit::detail {
namespace {

std::vector<const Mintable*> insiders(const std::vector<Tokens>& all) {
    std::vector<const Mintable*> out;
    out.reserve(all.size());
    for (const Tokens& tokens : all) out.push_back(&tokens.insider); // a replay has no more
    return out;
}

} // namespace

SourceIndex::SourceIndex(const Estate& estate, const std::vector<Tokens>& all)
    : fields_(estate, insiders(all)), everything_(all.size()) {
    std::iota(everything_.begin(), everything_.end(), std::size_t{0});
}

Numbers SourceIndex::candidates(const accept::Path& path) {
    const std::vector<LetThrough> fields = fields_.fields_of(path);
    const auto fewest = std::min_element(fields.begin(), fields.end(),
                                         [](const LetThrough& a, const LetThrough& b) { return a.size() < b.size(); });
    return fewest == fields.end() ? everything_ : fewest->numbers();
}

} // namespace jwtdomain::audit::detail
