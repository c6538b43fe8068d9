// Examples of the pages, as data: what turns a clean token into one with exactly the reasons that its page lists. The
// tests mint each and prove it (tests/cli/explain_test.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jwtdomain/jwt/reason.h"

namespace jwtdomain::cli {

enum class ChangeTo : std::uint8_t {
    nothing,
    header, // the member `name` has the JSON `value`; without a value it is gone
    claims,
    header_again, // a second member of that name is added
    claims_again,
    header_text, // the whole header is `value`
    claims_text,
    token, // the token is `value`, where HEADER, CLAIMS and SIGNATURE stand for its parts
};

struct Change {
    ChangeTo to = ChangeTo::nothing;
    std::string_view name = {};
    std::string_view value = {};
};

// What besides the token decides: it holds for both examples, or makes the difference between them.
enum class Setting : std::uint8_t {
    plain,
    two_keys,
    more_algorithms,
    keys_unread,
    signed_by_staging,
    role_required,
    needs_scope,
    edge_scopes,
    edge_expired,
    token_revoked,
    foreign_proof,
    resource_nowhere,
    resource_of_staging,
    method_not_listed,
    no_paths,
    twin_domain,
    no_domain_takes_it,
    two_domains_known,
};

struct SettingInfo {
    Setting setting;
    std::string_view good, bad; // one sentence each; equal if it holds for both
};
const SettingInfo& info(Setting setting);

struct ReasonExample {
    Reason reason;
    std::array<Change, 2> changes = {};
    Setting setting = Setting::plain;
    std::optional<Reason> also = {}; // that follows from the same defect
};

std::span<const ReasonExample> reason_examples(); // one for each reason, in the order of the enum

// The JSON of a token's two parts, one member a line, and how the whole is put together.
struct ExampleToken {
    std::string header, claims;
    std::string token = "HEADER.CLAIMS.SIGNATURE";
};
ExampleToken good_token();
ExampleToken bad_token(const ReasonExample& example);

} // namespace jwtdomain::cli
