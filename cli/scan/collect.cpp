#include "cli/scan/collect.h"

#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

Digest digest_of(const std::string& hexadecimal_text) {
    Digest out{};
    for (std::size_t i = 0; i < out.size() && 2 * i + 1 < hexadecimal_text.size(); ++i)
        out[i] = static_cast<char>(hex_octet(hexadecimal_text[2 * i], hexadecimal_text[2 * i + 1]));
    return out;
}

} // namespace

void Collector::take(Sighting&& sighting) {
    const auto [octets, fresh] = by_octets_.try_emplace(sighting.digest, 0);
    bool first = false, say = false;
    if (fresh) {
        if (const auto kept = spare_.find(sighting.digest); kept != spare_.end()) {
            if (!sighting.judged) sighting.judged = std::move(kept->second);
            spare_.erase(kept);
        }
        if (!sighting.judged) { // all was to end, and what was said of it has not come here
            by_octets_.erase(octets);
            return;
        }
        FoundToken& token = sighting.judged->token;
        const auto [same, is_new] =
            by_fingerprint_.try_emplace(digest_of(token.fingerprint), static_cast<std::uint32_t>(counted_.size()));
        octets->second = same->second;
        first = is_new;
        if (is_new) counted_.push_back({same->first, rank_of(token), fails(token, options_.fail_on)});
        if (options_.whole && !sighting.judged->text.empty()) options_.whole(token, sighting.judged->text);
        say = add(same->second, is_new, std::move(token));
    }
    const std::size_t index = octets->second;
    if (options_.told) {
        const Digest& name = counted_[index].fingerprint;
        options_.told(say ? sighting.judged->members
                          : "\"fingerprint\":\"" + hexadecimal({name.data(), name.size()}) + "\"",
                      sighting.occurrence, first);
    }
    if (!options_.only_told) add_occurrence(tokens_[index], std::move(sighting.occurrence));
}

// Of what is signed there may be a whole token and one that was cut, or two signatures: the worst counts.
bool Collector::add(std::size_t index, bool is_new, FoundToken&& token) {
    Counted& counted = counted_[index];
    const bool say = is_new || !(counted.rank < rank_of(token)); // of two that are as bad, whoever reads it decides
    counted.rank = std::min(counted.rank, rank_of(token));
    counted.fails = counted.fails || fails(token, options_.fail_on);
    if (options_.only_told) {
        // What stops them is planned for all that are accepted.
        if (const auto held = accepted_.find(index); held != accepted_.end())
            combine(held->second, std::move(token));
        else if (say && !token.triage.accepts.empty())
            accepted_.emplace(index, std::move(token));
        return say;
    }
    if (is_new)
        tokens_.push_back(std::move(token));
    else
        combine(tokens_[index], std::move(token));
    return say;
}

void Collector::discard(Sighting&& sighting) {
    if (sighting.judged && by_octets_.find(sighting.digest) == by_octets_.end())
        spare_.try_emplace(sighting.digest, std::move(sighting.judged));
}

void Collector::give(ScanReport& report) {
    report.tokens = std::move(tokens_);
    for (auto& [index, token] : accepted_) report.tokens.push_back(std::move(token));
    finish_report(report);
    report.found = counted_.size();
    if (!options_.only_told) return;
    report.failing = 0;
    for (const Counted& each : counted_) report.failing += each.fails;
}

} // namespace jwtdomain::cli
