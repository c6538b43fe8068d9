#include "jwtdomain/audit/nearest_pair.h"

#include <algorithm>
#include <utility>

#include "jwtdomain/audit/crossing_classes.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/audit/path_depth.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::detail {
namespace {

std::vector<Mintable> all_tokens(const Estate& estate) {
    std::vector<Mintable> out;
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        for (Mintable& tokens : everything_of(estate, d, Attacker::insider)) out.push_back(std::move(tokens));
    }
    return out;
}

} // namespace

NearestPair::NearestPair(const Estate& estate, std::size_t few)
    : estate_(estate), few_(few), tokens_(all_tokens(estate)), fields_(estate, pointers(tokens_)) {}

void NearestPair::consider(std::size_t number, std::size_t service, const accept::Path& path) {
    if (tokens_[number].holder == estate_.services[service].domain) return;
    if (left_ == 0) {
        exhausted_ = true;
        return;
    }
    --left_;
    keep_nearer(best_, depth_of(estate_, tokens_[number], service, path));
}

void NearestPair::look_at(std::size_t service, const accept::Path& path) {
    Numbers each; // what at least one of the fields with few lets through
    unsigned bound = 0;
    bool joint = false;
    for (const LetThrough& field : fields_.fields_of(path)) {
        if (field.size() > few_) continue;
        field.append_to(each);
        if (field.keys_or_issuer && found_by_issuer(path) && std::exchange(joint, true)) continue;
        ++bound;
    }
    sort_once(each);
    for (const std::size_t number : each) consider(number, service, path);
    for (std::size_t number = 0; number < tokens_.size(); ++number) {
        if (exhausted_ || (best_.edits && std::min(*best_.edits, Depth::kDeep) <= bound)) return;
        if (!std::binary_search(each.begin(), each.end(), number)) consider(number, service, path);
    }
}

Depth NearestPair::find(std::size_t most) {
    left_ = most;
    for (std::size_t s = 0; s < estate_.services.size(); ++s) {
        const Service& service = estate_.services[s];
        if (service.state != Service::State::guarded) continue;
        for (const accept::Path& path : service.entry->paths) {
            if (!has_ended(path, estate_.now)) look_at(s, path);
        }
    }
    if (exhausted_) {
        best_ = {};
        best_.counted = false;
    }
    return std::move(best_);
}

} // namespace jwtdomain::audit::detail
