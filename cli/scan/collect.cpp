#include "cli/scan/collect.h"

#include "jwtdomain/crypto/key.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {

void Collector::take(const std::string& path, const scan::Found& found, const scan::Place& place,
                     const scan::GitPlace* git) {
    const std::string digest = sha256(found.token);
    const auto known = by_octets_.find(digest);
    std::size_t index = 0;
    Told before = Told::so;
    if (known != by_octets_.end()) {
        index = known->second;
    } else {
        FoundToken token = classifier_.classify(found, options_.reveal);
        if (token.fingerprint.compare(0, options_.only.size(), options_.only) != 0) return;
        if (options_.known) token.known = options_.known(token.fingerprint);
        if (options_.whole && found.condition == scan::Condition::whole && token.example.empty() &&
            (found.form == scan::Form::jws || found.form == scan::Form::sd_jwt))
            options_.whole(token, found.token);
        const auto [same, is_new] = by_fingerprint_.try_emplace(token.fingerprint, tokens_.size());
        index = same->second;
        // Of what is signed there may be a whole token and one that was cut, or two signatures: the worst counts.
        if (is_new)
            tokens_.push_back(std::move(token));
        else if (combine(tokens_[index], std::move(token)))
            before = Told::otherwise;
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
    if (git) occurrence.git = *git;
    if (options_.told) options_.told(token, occurrence, token.count == 0 ? Told::never : before);
    add_occurrence(token, std::move(occurrence));
}

void Collector::give(ScanReport& report) {
    report.tokens = std::move(tokens_);
    finish_report(report);
}

} // namespace jwtdomain::cli
