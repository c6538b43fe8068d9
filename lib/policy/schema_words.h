// The words of the policy format: values that are one of a list. Bound to the model by their place in the list, so
// where the model has an enum, the order is the enum's.
#pragma once

#include <span>
#include <string_view>

namespace jwtdomain::policy::schema {

std::span<const std::string_view> none_words();
std::span<const std::string_view> any_words();
std::span<const std::string_view> own_words();
std::span<const std::string_view> audience_words();
std::span<const std::string_view> presence_words(); // accept::Presence
std::span<const std::string_view> checked_words();
std::span<const std::string_view> kid_words();        // accept::KidRule
std::span<const std::string_view> comparison_words(); // accept::AudienceComparison
std::span<const std::string_view> shape_words();      // accept::ClaimShape
std::span<const std::string_view> role_words();       // accept::ClaimRule::Role
std::span<const std::string_view> duplicates_words(); // json::Duplicates
std::span<const std::string_view> any_case_words();
std::span<const std::string_view> base64_words();
std::span<const std::string_view> crit_words();
std::span<const std::string_view> refused_words();
std::span<const std::string_view> absent_words();
std::span<const std::string_view> unknown_words();
std::span<const std::string_view> guard_words();   // accept::Entry::Guard
std::span<const std::string_view> part_words();    // accept::UnsignedInput::Part
std::span<const std::string_view> decides_words(); // accept::UnsignedInput::Decides
std::span<const std::string_view> client_words();
std::span<const std::string_view> refresh_words(); // RefreshRules::Mode
std::span<const std::string_view> sender_words();  // SenderConstraint
std::span<const std::string_view> profile_words(); // Profile
std::span<const std::string_view> exchange_words();
std::span<const std::string_view> keys_words();
std::span<const std::string_view> type_words();
std::span<const std::string_view> gateway_words();
std::span<const std::string_view> method_words();
std::span<const std::string_view> algorithm_words(); // and EdDSA

} // namespace jwtdomain::policy::schema
