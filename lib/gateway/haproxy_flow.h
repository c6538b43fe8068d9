// Which requests HAProxy lets through: its rules as one formula over what they test.
// Internal: not installed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "jwtdomain/gateway/haproxy_value.h"

namespace jwtdomain::gateway::haproxy {

// One test, as an acl or the braces of a condition have it.
struct Test {
    std::string method = {}; // of -m; empty: what the expression has by itself
    bool any_case = false;
    bool unknown_values = false; // of a file, or of the environment
    std::vector<std::string> values = {};
};

struct Atom {
    enum class Kind : std::uint8_t {
        token,   // `value` passes `test`
        request, // something of the request that is no token
        unknown,
        opaque, // a rule that can do anything
    };
    Kind kind = Kind::unknown;
    std::string text = {}; // for people
    document::Mark mark = {};
    Value value = {};
    Test test = {};
};

// What all of a configuration may cost: rules, conditions and ways multiply.
struct Budget {
    static constexpr std::size_t kTests = 200'000, kSteps = 20'000, kLines = 1'000'000;
    std::size_t tests = 0, steps = 0, lines = 0;
    bool spent() const { return tests > kTests || steps > kSteps || lines > kLines; }
};

class Atoms {
public:
    explicit Atoms(Budget& budget) : budget_(budget) {}
    Budget& budget() { return budget_; }
    // The same for the same key; none is like one with an empty key.
    std::uint32_t add(Atom atom, const std::string& key);
    const Atom& operator[](std::uint32_t number) const { return all_[number]; }
    std::string fresh() { return "#" + std::to_string(all_.size()); }

private:
    Budget& budget_;
    std::vector<Atom> all_;
    std::map<std::string, std::uint32_t> by_key_;
};

// What a rule does to a request that it is for.
struct Step {
    enum class Does : std::uint8_t { deny, answer, skip, anything } does;
    Formula when;
    document::Mark mark;
};

// The rules of one section after another, of one request.
class Walk {
public:
    explicit Walk(Atoms& atoms) : atoms_(atoms) {}

    // `before`: the lines of the defaults that the section names.
    std::vector<Step> rules_of(const Section& section, const Section* before);
    // Of the words after the last that is not part of it: "if ...", "unless ..."; none: always.
    Formula condition(const Section& section, const Line& line, std::size_t from);

private:
    void rule(const Section& section, const Line& line, std::vector<Step>& out);
    void change(const std::string& action, const Line& line, const Formula& when, std::vector<Step>& out);
    Formula names(const Section& section, const std::string& name, document::Mark at);
    Formula test(const Word* words, std::size_t count);
    Formula compare(const Value& value, const Test& test, const Line& words);

    Atoms& atoms_;
    State state_;
    const Section* named_of_ = nullptr; // whose acls `named_` has
    std::shared_ptr<std::multimap<std::string, const Line*>> named_;
    Formula reached_ = Formula::always(); // of the rules of this section
};

// Who passes all steps. `end`: who is let through after them; `answered`: does an answer of HAProxy itself count?
Formula passes(const std::vector<Step>& steps, const Formula& end, bool answered);

} // namespace jwtdomain::gateway::haproxy
