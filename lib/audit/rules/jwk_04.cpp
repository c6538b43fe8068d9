#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

struct Url {
    std::string scheme, host;
};

std::optional<Url> parse(const std::string& text) {
    const std::size_t at = text.find("://");
    if (at == std::string::npos) return std::nullopt;
    std::string host = text.substr(at + 3, text.find_first_of("/?#", at + 3) - at - 3);
    host.erase(0, host.find('@') == std::string::npos ? 0 : host.find('@') + 1);
    if (host.rfind('[', 0) == 0)
        host = host.substr(1, host.find(']') - 1);
    else
        host = host.substr(0, host.find(':'));
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return Url{text.substr(0, at), host};
}

// Four numbers, or nothing.
std::optional<std::array<unsigned, 4>> address(const std::string& host) {
    std::array<unsigned, 4> out{};
    const char* at = host.data();
    const char* const end = at + host.size();
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto [next, error] = std::from_chars(at, end, out[i]);
        if (error != std::errc() || out[i] > 255) return std::nullopt;
        at = next;
        if (i + 1 < out.size() && (at == end || *at++ != '.')) return std::nullopt;
    }
    return at == end ? std::optional(out) : std::nullopt;
}

// RFC 1122 section 3.2.1.3, RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5
bool is_inside(const std::string& host) {
    if (host == "localhost" || host.ends_with(".localhost") || host == "::1" || host == "::") return true;
    if (host.rfind("fe80:", 0) == 0 || host.rfind("fc", 0) == 0 || host.rfind("fd", 0) == 0)
        return host.find(':') != std::string::npos;
    const auto numbers = address(host);
    if (!numbers) return false;
    const auto [a, b, c, d] = *numbers;
    return a == 127 || a == 10 || a == 0 || (a == 192 && b == 168) || (a == 172 && b >= 16 && b < 32) ||
           (a == 169 && b == 254);
}

std::string host_of(const std::string& issuer) {
    const auto url = parse(issuer);
    return url ? url->host : std::string();
}

} // namespace

void jwk_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "JWK-04", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            for (const accept::KeyOrigin& origin : path.signing.origins) {
                const auto url = parse(origin.location);
                if (!url || !origin.named_by.empty()) continue; // what a token puts there is ALG-05
                const std::string from = "fetches its keys from " + origin.location;
                if (url->scheme != "https")
                    return PathFault{.what = from + ", where whoever is on the way can put others",
                                     .severity = Severity::high,
                                     .subject = origin.location,
                                     .weighed = false};
                if (is_inside(url->host))
                    return PathFault{.what = from + ", an address that means another machine on each",
                                     .severity = Severity::high,
                                     .subject = origin.location,
                                     .weighed = false};
                const bool declared = input.estate.domain(own).keys.value == origin.location;
                const auto& issuers = path.issuer.allowed.exact;
                const auto at_home = [&](const std::string& issuer) { return host_of(issuer) == url->host; };
                if (declared || issuers.empty() || std::any_of(issuers.begin(), issuers.end(), at_home)) continue;
                return PathFault{.what = from + ", which is not the issuer's host, and the policy does not name it",
                                 .severity = Severity::medium,
                                 .subject = origin.location,
                                 .weighed = false};
            }
            return std::nullopt;
        });
}

} // namespace jwtdomain::audit::rules
