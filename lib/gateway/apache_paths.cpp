#include "jwtdomain/gateway/apache_paths.h"

#include <optional>

#include "jwtdomain/gateway/apache_claim.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::apache {
namespace {

constexpr std::size_t kMostPaths = 2048;
constexpr std::size_t kMostReadings = 256; // of the requirements of one way, which multiply

// One reading of each requirement of a way.
struct Reading {
    std::vector<ClaimTest> tests = {};
    std::vector<std::string> dropped = {};
    std::string name = {}; // what is unusual about it
};

std::string unusual(const ClaimTest& test, const ClaimTest& usual) {
    if (test.path == usual.path && test.number == usual.number) return {};
    return policy::format_claim_path(test.path) + (test.number ? " as a number" : "");
}

// All readings of all requirements. Where they are too many: the usual one, and one that leaves all of them out.
std::vector<Reading> readings_of(const Way& way, bool openidc) {
    std::vector<Reading> out{{.dropped = way.dropped}};
    if (!way.elsewhere.empty()) out.front().dropped.push_back(way.elsewhere);
    for (const Way::Test& test : way.tests) {
        if (test.user) continue;
        ClaimTests tests = tests_of(test.text, openidc, test.mark);
        if (has_variable(test.text)) tests.unknown = "its value is set elsewhere";
        if (!tests.unknown.empty()) {
            for (Reading& each : out) each.dropped.push_back("Require claim " + test.text + ": " + tests.unknown);
            continue;
        }
        if (out.size() * tests.ways.size() > kMostReadings) {
            out.push_back(out.front());
            out.back().tests.clear();
            out.back().dropped.push_back("requirements that can be read in more than 256 ways together");
            tests.ways.resize(1);
        }
        std::vector<Reading> next;
        for (const Reading& before : out) {
            const bool left_out = before.tests.empty() && !out.front().tests.empty();
            for (const ClaimTest& each : tests.ways) {
                next.push_back(before);
                if (left_out) break;
                Reading& reading = next.back();
                if (const std::string name = unusual(each, tests.ways.front()); !name.empty())
                    reading.name += (reading.name.empty() ? "" : ", ") + name;
                if (!each.dropped.empty()) reading.dropped.push_back(each.dropped);
                reading.tests.push_back(each);
            }
        }
        out = std::move(next);
    }
    return out;
}

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

    // With an exp that is no number, and so counts as none; or with one that is, or without.
    Node run(bool expiry_is_text) {
        const Mark unsaid = verification_.mark;
        Node path = object(at_);
        std::string name = verification_.name;
        for (const std::string& more : {reading_.name, std::string(expiry_is_text ? "exp as a text" : "")})
            name += more.empty() ? "" : (name == verification_.name ? ", by " : ", ") + more;
        put(path, "name", text(printable(std::move(name)), at_));
        put(path, "keys", list(verification_.keys, unsaid));
        put(path, "kid", text(verification_.kid_ignored ? "ignored" : "hint", unsaid));
        add_tests();
        add_users();
        put(path, "issuer", issuer_ ? std::move(*issuer_) : text("any", at_));
        put(path, "audience", audience_ ? std::move(*audience_) : text("any", at_));
        put(path, "expiry", text(expiry_is_text ? "unchecked" : verification_.expiry, unsaid));
        if (verification_.negative_expiry) put(path, "negative_expiry", text("accepted", unsaid));
        put(path, "leeway",
            {.kind = document::Kind::integer,
             .mark = unsaid,
             .integer = verification_.leeway,
             .text = std::to_string(verification_.leeway)});
        if (expiry_is_text) append(claims_, "exp", texts_only(unsaid));
        std::vector<Node> required;
        for (const std::string& claim : verification_.required) required.push_back(text(name_of({claim}), unsaid));
        if (!required.empty()) put(path, "required", list(std::move(required), unsaid));
        if (!claims_.names.empty()) put(path, "claims", std::move(claims_));
        put(path, "dialect", dialect(unsaid));
        std::vector<Node> dropped;
        for (std::string& each : dropped_) dropped.push_back(text(printable(std::move(each)), at_));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        return path;
    }

private:
    static std::string name_of(const std::vector<std::string>& path) { return policy::format_claim_path(path); }

    static Node texts_only(Mark at) {
        Node all = object(at), test = object(at);
        put(all, "glob", text("*", at));
        put(test, "has_any", list({std::move(all)}, at));
        return test;
    }

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
                Node asked = object(test.values.mark);
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
        const std::vector<Reading> readings = readings_of(way, openidc);
        for (const Verification& verification : verifications) {
            for (const Reading& reading : readings) {
                if (out.size() + 2 > kMostPaths) return std::nullopt;
                out.push_back(PathMaker(verification, way, reading, at).run(false));
                if (verification.expiry == "optional")
                    out.push_back(PathMaker(verification, way, reading, at).run(true));
            }
        }
    }
    return out;
}

} // namespace jwtdomain::gateway::apache
