#include "jwtdomain/gateway/apache_paths.h"

#include <algorithm>
#include <set>

#include "jwtdomain/gateway/apache_claim.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::apache {
namespace {

constexpr std::size_t kMostPaths = 2048;

// One reading of the requirements of a way.
struct Reading {
    std::vector<ClaimTest> tests = {};
    std::vector<std::string> dropped = {};
    std::string name = {};         // what is unusual about it
    bool expiry_unchecked = false; // where it may be absent
};

// The readings of a way's requirements. The usual one comes by itself; then the same with white space, and with an exp
// that is no number. Each requirement can be fulfilled otherwise: by what else the claim may hold, or by a claim of
// another name. These multiply, so each is told without the others' constraints where it would not matter: whoever can
// have one strange claim in a token can have two.
class Readings {
public:
    Readings(const Way& way, bool openidc) {
        for (const Way::Test& test : way.tests) {
            if (test.user) continue;
            ClaimTests tests = tests_of(test.text, openidc, test.mark);
            if (has_variable(test.text)) tests.unknown = "its value is set elsewhere";
            if (tests.unknown.empty())
                all_.push_back(std::move(tests.ways));
            else
                dropped_.push_back("Require claim " + test.text + ": " + tests.unknown);
        }
        dropped_.insert(dropped_.end(), way.dropped.begin(), way.dropped.end());
        if (!way.elsewhere.empty()) dropped_.push_back(way.elsewhere);
    }

    std::vector<Reading> run() {
        out_.push_back({.tests = usual(false), .dropped = dropped_, .name = {}});
        const bool spaced = std::any_of(all_.begin(), all_.end(), [](const auto& ways) {
            return ways.front().spaced.elements.size() > ways.front().values.elements.size();
        });
        if (spaced) out_.push_back({.tests = usual(true), .dropped = dropped_, .name = "with white space"});
        by_other_names();
        for (std::size_t i = 0; i < all_.size(); ++i) {
            for (std::size_t w = 1; w < all_[i].size(); ++w) otherwise(i, all_[i][w]);
        }
        return std::move(out_);
    }

private:
    bool is_strange(std::size_t requirement, const ClaimTest& test) const {
        return test.path.front() != all_[requirement].front().path.front();
    }

    void add(Reading& reading, ClaimTest test, bool spaced) const {
        if (!test.dropped.empty()) reading.dropped.push_back(test.dropped);
        if (spaced) test.values = test.spaced;
        reading.tests.push_back(std::move(test));
    }

    std::vector<ClaimTest> usual(bool spaced) {
        Reading reading;
        for (const auto& ways : all_) add(reading, ways.front(), spaced);
        if (!noted_) dropped_.insert(dropped_.end(), reading.dropped.begin(), reading.dropped.end());
        noted_ = true;
        return std::move(reading.tests);
    }

    // All of them, where that can be, by claims of other names: an attacker's own choice, and exact.
    void by_other_names() {
        Reading reading{.dropped = dropped_};
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const auto found = std::find_if(all_[i].begin(), all_[i].end(), [&](const ClaimTest& test) {
                return is_strange(i, test) && test.dropped.empty() && test.path.size() == 1;
            });
            const bool strange = found != all_[i].end();
            add(reading, strange ? *found : all_[i].front(), true);
            if (strange) reading.name += (reading.name.empty() ? "by " : ", ") + policy::format_claim_path(found->path);
        }
        if (!reading.name.empty()) out_.push_back(std::move(reading));
    }

    void otherwise(std::size_t requirement, const ClaimTest& test) {
        const bool strange = is_strange(requirement, test);
        Reading reading{.dropped = dropped_, .expiry_unchecked = true};
        reading.name = "by " + (strange ? test.path.front() : policy::format_claim_path(test.path)) +
                       (test.number ? " as a number" : "");
        if (strange) {
            if (!named_.insert(test.path.front()).second) return;
            ClaimTest any = test;
            any.path.resize(1);
            any.values = {};
            reading.dropped.push_back("what it must hold, and what else is required");
            reading.tests.push_back(std::move(any));
        } else {
            for (std::size_t i = 0; i < all_.size(); ++i) {
                if (i == requirement)
                    add(reading, test, true);
                else if (all_[i].size() == 1 || is_fixed(i))
                    add(reading, all_[i].front(), true);
                else
                    reading.dropped.push_back("a requirement that can be fulfilled otherwise, too");
            }
        }
        out_.push_back(std::move(reading));
    }

    // Can it be fulfilled otherwise by claims of other names alone?
    bool is_fixed(std::size_t requirement) const {
        return std::all_of(all_[requirement].begin() + 1, all_[requirement].end(),
                           [&](const ClaimTest& test) { return is_strange(requirement, test); });
    }

    std::vector<std::vector<ClaimTest>> all_;
    std::vector<std::string> dropped_;
    std::set<std::string> named_;
    std::vector<Reading> out_;
    bool noted_ = false;
};

void append(Node& to, std::string name, Node value) {
    to.names.push_back({std::move(name), value.mark});
    to.elements.push_back(std::move(value));
}

class PathMaker {
public:
    PathMaker(const Verification& verification, const Way& way, Reading reading, Mark at)
        : verification_(verification), way_(way), reading_(std::move(reading)), at_(at), claims_(object(at)),
          dropped_(verification.dropped) {
        dropped_.insert(dropped_.end(), reading_.dropped.begin(), reading_.dropped.end());
    }

    Node run() {
        const bool optional = verification_.expiry == "optional";
        const bool unchecked = reading_.expiry_unchecked && optional;
        const Mark unsaid = verification_.mark;
        Node path = object(at_);
        std::string name = verification_.name;
        if (!reading_.name.empty()) name += ", " + reading_.name;
        put(path, "name", text(printable(std::move(name)), at_));
        put(path, "keys", list(verification_.keys, unsaid));
        put(path, "kid", text(verification_.kid_ignored ? "ignored" : "hint", unsaid));
        add_tests();
        add_users();
        put(path, "issuer", issuer_ ? std::move(*issuer_) : text("any", at_));
        put(path, "audience", audience_ ? std::move(*audience_) : text("any", at_));
        put(path, "expiry", text(unchecked ? "unchecked" : verification_.expiry, unsaid));
        if (optional) put(path, "malformed_times", text("absent", unsaid));
        if (verification_.negative_expiry) put(path, "negative_expiry", text("accepted", unsaid));
        put(path, "leeway",
            {.kind = document::Kind::integer,
             .mark = unsaid,
             .integer = verification_.leeway,
             .text = std::to_string(verification_.leeway)});
        std::vector<Node> required;
        for (const std::string& claim : verification_.required) required.push_back(text(name_of({claim}), unsaid));
        if (!required.empty()) put(path, "required", list(std::move(required), unsaid));
        if (!claims_.names.empty()) put(path, "claims", std::move(claims_));
        Node reading = dialect(unsaid);
        if (verification_.shared) put(reading, "cache", text(verification_.cache, unsaid));
        put(path, "dialect", std::move(reading));
        std::vector<Node> dropped;
        for (std::string& each : dropped_) dropped.push_back(text(printable(std::move(each)), at_));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        return path;
    }

private:
    static std::string name_of(const std::vector<std::string>& path) { return policy::format_claim_path(path); }

    static Node dialect(Mark at) {
        Node out = object(at);
        put(out, "duplicates", text("last", at));
        put(out, "base64", text("lenient", at));
        put(out, "crit", text("ignored", at));
        put(out, "issuer_array", text("accepted", at)); // by Require; without it iss can be anything
        return out;
    }

    void left_out(const ClaimTest& test) { dropped_.push_back("a further requirement of " + name_of(test.path)); }

    void add_tests() {
        if (!verification_.issuers.empty()) issuer_ = list(verification_.issuers, verification_.issuers.front().mark);
        if (!verification_.audiences.empty()) {
            audience_ = object(verification_.audiences.front().mark);
            put(*audience_, "any_of", list(verification_.audiences, audience_->mark));
        }
        for (const ClaimTest& test : reading_.tests) {
            const std::string top = test.path.size() == 1 ? test.path.front() : "";
            if (top == "iss") {
                issuer_ ? left_out(test) : void(issuer_ = test.values);
            } else if (top == "aud") {
                audience_ ? left_out(test) : void(audience_ = aimed_at(test));
            } else if (top == "exp" || top == "nbf" || top == "iat") {
                left_out(test);
            } else {
                Node asked = object(at_);
                if (test.values.elements.empty())
                    put(asked, "present", flag(true, at_));
                else
                    put(asked, test.number ? "in" : "has_any", test.values);
                append(claims_, name_of(test.path), std::move(asked));
            }
        }
    }

    static Node aimed_at(const ClaimTest& test) {
        Node out = object(test.values.mark);
        put(out, "any_of", test.values);
        return out;
    }

    // Require user: the name is what the claim holds.
    void add_users() {
        for (const Way::Test& test : way_.tests) {
            if (!test.user) continue;
            const bool known = verification_.required.size() == 1 && verification_.dropped.empty() &&
                               !has_variable(test.text) && test.text.find("{tenant}") == std::string::npos;
            if (!known) {
                dropped_.push_back("Require user " + test.text);
                continue;
            }
            Node asked = object(test.mark);
            put(asked, "in", list({text(test.text, test.mark)}, test.mark));
            append(claims_, name_of({verification_.required.front()}), std::move(asked));
        }
    }

    const Verification& verification_;
    const Way& way_;
    Reading reading_;
    Mark at_;
    Node claims_;
    std::vector<std::string> dropped_;
    std::optional<Node> issuer_, audience_;
};

} // namespace

std::string printable(std::string shown) {
    for (std::size_t at = shown.find("{tenant}"); at != shown.npos; at = shown.find("{tenant}", at))
        shown.insert(at + 1, " ");
    return shown;
}

std::optional<std::vector<Node>> paths_of(const std::vector<Way>& ways, const std::vector<Verification>& verifications,
                                          bool openidc, Mark at) {
    std::vector<Node> out;
    for (const Way& way : ways) {
        for (const Verification& verification : verifications) {
            for (Reading& reading : Readings(way, openidc).run()) {
                if (out.size() >= kMostPaths) return std::nullopt;
                out.push_back(PathMaker(verification, way, std::move(reading), at).run());
            }
        }
    }
    return out;
}

} // namespace jwtdomain::gateway::apache
