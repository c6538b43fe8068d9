#include "cli/rotate/state.h"

#include <algorithm>
#include <filesystem>

#include "cli/app/policy.h"
#include "cli/keygen/publish.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/policy/issuance.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxPending = 4u << 10, kMaxRemoved = 4u << 20;
constexpr std::string_view kJson = ".json", kRemoved = ".removed.json";

// The set is what one rotates: domains that share one share its rotation.
std::string pending_file(const RotationState& state) {
    std::error_code error;
    const auto canonical = std::filesystem::weakly_canonical(std::filesystem::absolute(state.published.path), error);
    const std::string place = error ? state.published.path : canonical.string();
    return state.keys.directory() + "/rotating-" + base64url_encode(sha256(place)) + ".json";
}

std::string removed_name(std::string set) {
    if (set.ends_with(kJson)) set.resize(set.size() - kJson.size());
    return set + std::string(kRemoved);
}

} // namespace

Result<std::unique_ptr<RotationState>> open_rotation(Session& session, const RotateOptions& options) {
    auto policy = load_policy(session);
    if (!policy) return tl::unexpected(policy.error());
    const auto directory = session.state_directory();
    if (!directory) return tl::unexpected(directory.error());
    std::unique_ptr<RotationState> out(new RotationState{.policy = std::move(*policy),
                                                         .domain = nullptr,
                                                         .facts = {},
                                                         .keys = store::KeyStore(*directory),
                                                         .published = {},
                                                         .signing = {}});
    const auto domain = policy::require_domain(out->policy, *options.domain);
    if (!domain) return tl::unexpected(domain.error());
    out->domain = *domain;
    if (const Status own = policy::require_own_issuer(**domain); !own) return tl::unexpected(own.error());
    out->facts = rotation::facts_of(out->policy, **domain);
    if (const Status read = read_again(*out); !read) return tl::unexpected(read.error());
    return out;
}

Status read_again(RotationState& state) {
    auto published = read_published(state.policy, *state.domain);
    if (!published) return tl::unexpected(published.error());
    state.published = std::move(*published);
    state.signing = signing_keys(state.published.set, *state.domain);
    return {};
}

Result<std::optional<PendingKey>> read_pending(const RotationState& state) {
    const std::string path = pending_file(state);
    const auto text = store::read_file(path, kMaxPending);
    if (!text && text.error().fault == Fault::not_found) return std::nullopt;
    if (!text) return tl::unexpected(text.error());
    json::Document document;
    const bool good = !document.parse(*text) && document.root().is(json::Kind::object);
    const auto key = good ? document.root().find("key") : std::nullopt;
    const auto emergency = good ? document.root().find("emergency") : std::nullopt;
    if (!key || !key->is(json::Kind::string)) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "this is no note of a rotation that was interrupted",
                          .where = {path},
                          .hint = "look at it, remove it, and run the command again"});
    }
    return PendingKey{.thumbprint = std::string(key->text()), .emergency = emergency && emergency->boolean()};
}

Status write_pending(const RotationState& state, const PendingKey& key) {
    std::string text;
    json::ObjectWriter writer(text);
    writer.raw("key", json::quote(key.thumbprint));
    writer.raw("emergency", key.emergency ? "true" : "false");
    writer.close();
    return store::write_private_file(pending_file(state), text + "\n", store::Existing::replace);
}

Status drop_pending(const RotationState& state) {
    std::error_code error;
    std::filesystem::remove(pending_file(state), error);
    if (error)
        return fail(Error{
            .fault = Fault::unreadable, .message = "cannot remove it", .where = {pending_file(state)}, .hint = {}});
    return {};
}

std::string removed_file(const RotationState& state) { return removed_name(state.published.path); }

Result<std::vector<PublicJwk>> read_removed(const RotationState& state) {
    const std::string path = removed_file(state);
    const auto text = store::read_file(path, kMaxRemoved);
    if (!text && text.error().fault == Fault::not_found) return std::vector<PublicJwk>{};
    if (!text) return tl::unexpected(text.error());
    const auto set = parse_jwks(*text, path);
    if (!set) return tl::unexpected(set.error());
    return public_keys(*set);
}

Status write_removed(const RotationState& state, const std::vector<PublicJwk>& keys) {
    return store::write_file(removed_file(state), write_jwks(keys), store::Existing::replace);
}

bool names_removed_file(const RotationState& state) {
    const auto& earlier = state.domain->earlier_keys;
    return std::any_of(earlier.begin(), earlier.end(), [&](const policy::KeyLocation& location) {
        return location.value == removed_name(state.domain->keys.value);
    });
}

} // namespace jwtdomain::cli
