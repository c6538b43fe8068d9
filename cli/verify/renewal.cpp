#include "cli/verify/renewal.h"

#include "cli/app/policy.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {

namespace {
constexpr Seconds kBetweenRenewals = 60;
}

std::optional<std::string> kid_of(std::string_view token) {
    UnverifiedToken read;
    read.parse(token);
    if (!read.usable() || !read.header().kid) return std::nullopt;
    return std::string(*read.header().kid);
}

void Renewal::renew(std::size_t domain, std::string_view token) {
    const std::lock_guard lock(mutex_);
    net::Documents& documents = session_.documents();
    const Time now = documents.now();
    const auto last = last_.find(domain);
    if (!documents.online() || (last != last_.end() && now - last->second < kBetweenRenewals)) return;
    const auto kid = kid_of(token);
    if (!kid) return;
    last_[domain] = now;
    const policy::KeyReader read = key_reader(session_, set_.policy());
    set_.renew(domain, [&](const policy::KeyLocation& location) {
        session_.expect_kid(kid); // nobody else reads keys meanwhile: the set lets one at a time
        auto keys = read(location);
        session_.expect_kid(std::nullopt);
        return keys;
    });
}

} // namespace jwtdomain::cli
