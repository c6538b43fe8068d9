#include "cli/scan/rsa_keys.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/rsa_candidate.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

using Group = scan::RsaSamples::Group;
using Sample = scan::RsaSamples::Sample;

constexpr unsigned kSmallExponent = 3, kUsualExponent = 65537;
constexpr std::size_t kMostGroups = 50, kMostDerived = 3; // so many keys take no longer than one waits for
constexpr std::size_t kMostOctets = 512;                  // of a modulus with the usual exponent: 4096 bits, 3 minutes

std::string whose(const Group& group) {
    std::string out = group.issuer.empty() ? "tokens without an issuer" : "tokens of " + group.issuer;
    if (!group.kid.empty()) out += ", kid " + group.kid;
    return redact_text(out);
}

struct Candidate {
    PublicNumbers key;
    std::vector<std::string> tokens; // those whose signatures are good under it
};

std::optional<Candidate> candidate_of(const Group& group, std::size_t first, std::size_t second, unsigned exponent) {
    const auto key = rsa_key_of(group.samples[first].view(), group.samples[second].view(), exponent);
    if (!key || !*key) return std::nullopt;
    Candidate out{**key, {}};
    for (const Sample& each : group.samples) {
        if (is_signed_with(out.key, each.view())) out.tokens.push_back(each.name);
    }
    return out;
}

// Without an issuer or kid those of one group may be of several keys: each pair is tried, which takes milliseconds.
std::optional<Candidate> with_small_exponent(const Group& group) {
    for (std::size_t first = 0; first < group.samples.size(); ++first) {
        for (std::size_t second = first + 1; second < group.samples.size(); ++second) {
            if (auto found = candidate_of(group, first, second, kSmallExponent)) return found;
        }
    }
    return std::nullopt;
}

AcrossFinding finding_of(const Group& group, const Candidate& candidate) {
    const std::string e = base64url_encode(candidate.key.e), n = base64url_encode(candidate.key.n);
    const std::string required = R"({"e":")" + e + R"(","kty":"RSA","n":")" + n + R"("})"; // RFC 7638 section 3.2
    const bool third = candidate.tokens.size() > 2;
    AcrossFinding out{.code = "rsa-key",
                      .severity = Severity::info,
                      .message =
                          fmt::format("a candidate for the public key of {}: {} bits, e = {}, by which {} of them "
                                      "are good{}; with --jwks it checks others",
                                      whose(group), 8 * candidate.key.n.size(),
                                      candidate.key.e.size() == 1 ? kSmallExponent : kUsualExponent,
                                      candidate.tokens.size(), third ? "" : ", whose maker can have chosen them so"),
                      .tokens = candidate.tokens};
    out.key = base64url_encode(sha256(required));
    out.jwk = required;
    return out;
}

} // namespace

void add_rsa_keys(AcrossReport& report, const scan::RsaSamples& samples, bool derive,
                  const std::function<bool()>& stopped) {
    std::vector<const Group*> groups = samples.groups();
    if (groups.empty()) return;
    if (const auto& first = groups.front()->samples; first.size() >= 2) {
        const auto tried = rsa_key_of(first[0].view(), first[1].view(), kSmallExponent);
        if (!tried && tried.error().fault == Fault::unsupported) {
            report.notes.push_back(
                fmt::format("no public RSA key was looked for: {}; {}", tried.error().message, tried.error().hint));
            return;
        }
    }
    std::size_t derived = 0, left = groups.size() > kMostGroups ? groups.size() - kMostGroups : 0;
    groups.resize(std::min(groups.size(), kMostGroups));
    for (const Group* const group : groups) {
        auto candidate = with_small_exponent(*group);
        if (!candidate && derive && derived < kMostDerived && group->size <= kMostOctets && !stopped()) {
            ++derived;
            candidate = candidate_of(*group, 0, 1, kUsualExponent);
            if (!candidate)
                report.notes.push_back(fmt::format("{}: two of them have no RSA key in common with the exponent 3 or "
                                                   "65537",
                                                   whose(*group)));
        } else if (!candidate) {
            ++left;
        }
        if (candidate) report.findings.push_back(finding_of(*group, *candidate));
    }
    if (left == 0) return;
    report.notes.push_back(
        fmt::format("of {} unknown RSA key{} there are two tokens or more each: {}", left, left == 1 ? "" : "s",
                    derive ? fmt::format("--derive-keys takes {} a run, up to 4096 bits", kMostDerived)
                           : "--derive-keys finds the public half, in about a minute each"));
}

} // namespace jwtdomain::cli
