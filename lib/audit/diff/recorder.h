// Internal: how the parts of diff_policies() write down what they find, each field in one call.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/audit/policy_diff.h"

namespace jwtdomain::audit::detail {

Direction opposite(Direction direction);

// How a language lies to the one that was there before.
enum class Inclusion : std::uint8_t { equal, wider, narrower, neither };
// Patterns are compared by their texts: where these do not tell, the answer is `neither`.
Inclusion compare(const accept::Strings& before, const accept::Strings& after);

accept::Strings exactly(std::vector<std::string> values);
accept::Strings anything();
// What is not said is not limited.
accept::Strings limit(const std::optional<std::vector<std::string>>& values);

std::vector<std::string> names_of(const std::vector<Algorithm>& algorithms);

class Recorder {
public:
    Recorder(std::vector<Change>& out, Change::Kind kind, std::string subject)
        : out_(out), kind_(kind), subject_(std::move(subject)) {}

    // The same subject, and a text before the name of each field: "client web".
    Recorder of(Change::Kind kind, const std::string& part) const;

    void add(std::string what, std::string before, std::string after, Direction direction) const;
    void came(std::string what, std::string after, Direction direction) const {
        add(std::move(what), {}, std::move(after), direction);
    }
    void went(std::string what, std::string before, Direction direction) const {
        add(std::move(what), std::move(before), {}, direction);
    }

    // A value whose change may be either. Where one is empty, "none" is written.
    void text(std::string_view what, const std::string& before, const std::string& after,
              Direction direction = Direction::different) const;
    // `set` is what it means to say yes.
    void flag(std::string_view what, bool before, bool after, Direction set) const;
    // Longer is weaker, and nullopt is without limit.
    void span(std::string_view what, std::optional<Seconds> before, std::optional<Seconds> after) const;
    // `word` of a table in which each is weaker than those before it.
    void rank(std::string_view what, std::span<const std::string_view> words, std::size_t before,
              std::size_t after) const;
    // `wider` is what it means to take more.
    void language(std::string_view what, const accept::Strings& before, const accept::Strings& after,
                  Direction wider = Direction::weaker) const;
    void set(std::string_view what, const std::vector<std::string>& before, const std::vector<std::string>& after,
             Direction wider = Direction::weaker) const {
        language(what, exactly(before), exactly(after), wider);
    }
    // As set, but the order counts.
    void list(std::string_view what, const std::vector<std::string>& before,
              const std::vector<std::string>& after) const;

private:
    std::vector<Change>& out_;
    Change::Kind kind_;
    std::string subject_, part_ = {};
};

} // namespace jwtdomain::audit::detail
