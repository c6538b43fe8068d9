#include "jwtdomain/scan/rsa_samples.h"

#include <algorithm>

#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kMostGroups = 1000, kMostSamplesOfGroup = 4, kLongestSignature = 1024, kLongestWord = 1024;

} // namespace

void RsaSamples::add(std::string_view text) {
    UnverifiedToken token;
    static_cast<void>(
        token.parse(text.substr(0, text.find('~')), {.duplicates = json::Duplicates::last, .lenient_base64 = true}));
    if (!token.usable() || !token.header().algorithm) return;
    const auto algorithm = find_algorithm(*token.header().algorithm);
    if (!algorithm || info(*algorithm).family != Family::rsa_pkcs1 || token.signature().size() > kLongestSignature)
        return;
    std::string issuer;
    if (token.has_claims()) {
        const auto value = token.claims().find("iss");
        if (value && value->is(json::Kind::string)) issuer = value->text().substr(0, kLongestWord);
    }
    const std::string kid(token.header().kid.value_or(std::string_view()).substr(0, kLongestWord));
    const auto key = std::tuple(issuer, kid, token.signature().size());
    if (groups_.size() == kMostGroups && groups_.count(key) == 0) return;
    Group& group = groups_[key];
    group.issuer = issuer;
    group.kid = kid;
    group.size = token.signature().size();
    unsigned char digest[sha2::kMaxDigest];
    const unsigned bits = info(*algorithm).hash_bits;
    const std::size_t size = sha2::digest(bits, token.signing_input(), digest);
    Sample sample{.hash_bits = bits,
                  .digest = std::string(reinterpret_cast<const char*>(digest), size),
                  .signature = std::string(token.signature()),
                  .name = fingerprint(token.signing_input())};
    const bool known = std::any_of(group.samples.begin(), group.samples.end(),
                                   [&](const Sample& each) { return each.name == sample.name; });
    if (known) return;
    ++group.count;
    if (group.samples.size() < kMostSamplesOfGroup) group.samples.push_back(std::move(sample));
}

std::vector<const RsaSamples::Group*> RsaSamples::groups() const {
    std::vector<const Group*> out;
    for (const auto& [key, group] : groups_) {
        if (group.count >= 2) out.push_back(&group);
    }
    std::stable_sort(out.begin(), out.end(), [](const Group* a, const Group* b) { return a->count > b->count; });
    return out;
}

} // namespace jwtdomain::scan
