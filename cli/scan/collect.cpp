#include "cli/scan/collect.h"

#include "jwtdomain/crypto/key.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {

void Collector::take(const std::string& path, const scan::Found& found, const scan::Place& place) {
    const std::string digest = sha256(found.token);
    const auto known = by_octets_.find(digest);
    std::size_t index = 0;
    if (known != by_octets_.end()) {
        index = known->second;
    } else {
        FoundToken token = classifier_.classify(found, options_.reveal);
        if (token.fingerprint.compare(0, options_.only.size(), options_.only) != 0) return;
        const auto [same, is_new] = by_fingerprint_.try_emplace(token.fingerprint, tokens_.size());
        index = same->second;
        if (is_new)
            tokens_.push_back(std::move(token));
        else
            merge(index, std::move(token));
        by_octets_.emplace(digest, index);
    }
    FoundToken& token = tokens_[index];
    Occurrence occurrence{.path = redact_text(path),
                          .offset = found.offset,
                          .size = found.size,
                          .line = place.line,
                          .layers = {found.layers.begin(), found.layers.end()},
                          .repairs = found.repairs,
                          .part = place.part};
    const bool told_before = token.count++ > 0;
    if (options_.told) options_.told(token, occurrence, told_before);
    if (token.occurrences.size() < kShownOccurrences) token.occurrences.push_back(std::move(occurrence));
}

// Of what is signed there may be a whole token and one that was cut, or two signatures: the worst counts.
void Collector::merge(std::size_t index, FoundToken&& variant) {
    FoundToken& kept = tokens_[index];
    if (variant.severity >= kept.severity) return;
    variant.occurrences = std::move(kept.occurrences);
    variant.count = kept.count;
    kept = std::move(variant);
}

void Collector::give(ScanReport& report) {
    report.tokens = std::move(tokens_);
    for (const FoundToken& token : report.tokens) report.failing += fails(token, report.fail_on);
    order(report);
}

} // namespace jwtdomain::cli
