#include "cli/scan/sighting.h"

#include <cstring>

#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/scan/name.h"

namespace jwtdomain::cli {

std::size_t DigestHash::operator()(const Digest& digest) const {
    std::size_t out = 0;
    std::memcpy(&out, digest.data(), sizeof out);
    return out;
}

std::optional<Sighting> Sighter::look(const scan::Found& found, const scan::Place& place, const std::string& path,
                                      const scan::GitPlace* git, bool again) {
    Sighting out;
    sha2::digest(256, found.token, reinterpret_cast<unsigned char*>(out.digest.data()));
    // With few different tokens, as in most logs, that is all that happens to them.
    if (again || seen_.find(out.digest) == seen_.end()) {
        std::string fingerprint = scan::fingerprint_of(found.token, found.form);
        if (fingerprint.compare(0, options_.only.size(), options_.only) != 0) return std::nullopt;
        out.judged = judge(found, std::move(fingerprint), out.digest);
        constexpr std::size_t kRemembered = 1u << 14;
        if (seen_.size() == kRemembered) seen_.clear(); // what is judged again is said once all the same
        seen_.insert(out.digest);
    }
    out.occurrence = {.path = path,
                      .offset = found.offset,
                      .size = found.size,
                      .line = place.line,
                      .layers = {found.layers.begin(), found.layers.end()},
                      .repairs = found.repairs,
                      .part = place.part};
    if (git) out.occurrence.git = *git;
    return out;
}

std::unique_ptr<Judged> Sighter::judge(const scan::Found& found, std::string fingerprint, const Digest& digest) {
    auto out = std::make_unique<Judged>(Judged{
        .token = classifier_.classify(found, std::move(fingerprint), {digest.data(), digest.size()}, options_.reveal),
        .members = {},
        .text = {}});
    FoundToken& token = out->token;
    if (options_.known) token.known = options_.known(token.fingerprint);
    if (options_.members) out->members = members_text(token);
    const bool whole_jws = found.condition == scan::Condition::whole && token.example.empty() &&
                           (found.form == scan::Form::jws || found.form == scan::Form::sd_jwt);
    if (options_.texts && whole_jws) out->text = found.token;
    return out;
}

} // namespace jwtdomain::cli
