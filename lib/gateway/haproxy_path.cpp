#include "jwtdomain/gateway/haproxy_path.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/haproxy_claim.h"
#include "jwtdomain/gateway/haproxy_rules.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::haproxy {
namespace {

using Kind = Value::Kind;

constexpr std::array<std::string_view, 12> kAlgorithms = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
                                                          "PS256", "PS384", "PS512", "HS256", "HS384", "HS512"};

// A path that grows literal by literal.
class Draft {
public:
    Draft(const std::string& token, Mark at) : token_(token), at_(at), claims_(object(at)) {}

    void add(const Atom& atom, bool holds) {
        if (atom.kind == Atom::Kind::unknown) return drop(atom);
        if (atom.kind == Atom::Kind::request) {
            if (!holds && asks_for_numbers(atom, token_)) return void(numbers_ = true);
            if (is_about_token(atom)) drop(atom);
            return;
        }
        if (atom.value.token != token_) return drop(atom); // of another token of the same request
        if (atom.value.kind == Kind::moment) return add_time(atom, holds);
        if (atom.value.kind == Kind::payload && atom.value.whole && atom.test.method == "int") {
            Atom moment = atom;
            moment.value.claims = 1;
            if (atom.value.query == "$.exp") return add_time(moment, holds);
        }
        if (!holds) return drop(atom);
        if (atom.value.kind == Kind::life) return add_life(atom);
        if (atom.value.kind == Kind::verification) return add_verification(atom);
        if (atom.value.kind == Kind::header) return add_header(atom);
        add_claim(atom);
    }

    std::vector<Node> take();

private:
    void drop(const Atom& atom) { dropped_.push_back(text(readable(atom.text), atom.mark)); }
    bool is_about_token(const Atom& atom) const {
        const std::string what = lower_case(atom.value.text);
        if (atom.test.method == "found" || what.find("hdr_cnt") != std::string::npos || is_scheme(atom.test))
            return false;
        return what.find("auth") != std::string::npos || what.starts_with(lower_case(token_));
    }
    // That the header begins with "Bearer" says nothing of the token in it.
    static bool is_scheme(const Test& test) {
        const auto is_bearer = [](const std::string& value) {
            return value.size() <= 7 && lower_case(value).starts_with("bearer");
        };
        return test.values.size() == 1 && is_bearer(test.values.front());
    }

    void add_verification(const Atom& atom);
    void add_header(const Atom& atom);
    void add_claim(const Atom& atom);
    void add_time(const Atom& atom, bool holds);
    void add_bound(const Atom& atom, const Bound& bound);
    void add_life(const Atom& atom);
    // Both, and exp is looked at, which the form does with it.
    bool has_life() const { return ends_ != nullptr && life_begins_ != nullptr && life_ends_ != nullptr; }
    void put_keys(Node& path);
    enum class Times : std::uint8_t;
    std::vector<Times> times() const; // a path for each
    void put_times(Node& path, Times times, Node& claims) const;
    Node secret(const std::string& key) const;
    std::vector<Node> algorithms() const;

    std::string token_;
    Mark at_;
    const Atom* verified_ = nullptr;
    std::vector<std::string> header_algorithms_ = {}; // that the token's header may name
    const Atom* header_fixed_ = nullptr;
    Node issuer_ = {}, audience_ = {}, types_ = {};
    Node claims_;
    std::vector<Node> required_ = {}, dropped_ = {};
    // exp must come after, nbf and iat before a certain moment, where they are there
    const Atom *ends_ = nullptr, *begins_ = nullptr, *issued_ = nullptr, *longest_ = nullptr;
    bool exp_needed_ = false, exp_positive_ = false;
    bool numbers_ = false;                                     // exp, nbf and iat are, where they are there
    const Atom *life_begins_ = nullptr, *life_ends_ = nullptr; // exp must not come before iat, nor long after it
    std::int64_t leeway_ = 0, longest_remaining_ = 0, longest_life_ = 0;
    Mark exp_mark_ = {};
};

void Draft::add_verification(const Atom& atom) {
    if (atom.test.method.empty() || atom.test.method == "int" || atom.test.method == "str") {
        const auto& values = atom.test.values;
        const bool one = values == std::vector<std::string>{"1"} || values == std::vector<std::string>{"eq", "1"};
        if (one && !atom.test.unknown_values && verified_ == nullptr) {
            verified_ = &atom;
            return;
        }
    }
    drop(atom); // everything but a wrong signature is no 0: -m bool takes a token that cannot be read
}

void Draft::add_header(const Atom& atom) {
    const bool plain = atom.test.method == "str" && !atom.test.any_case && !atom.test.unknown_values;
    if (plain && atom.value.query == "$.alg" && !header_fixed_) {
        header_fixed_ = &atom;
        header_algorithms_ = atom.test.values;
    } else if (plain && atom.value.query == "$.typ" && types_.elements.empty() && are_media_types(atom.test.values)) {
        std::vector<Node> types;
        for (const std::string& type : atom.test.values) types.push_back(text(type, atom.mark));
        types_ = list(std::move(types), atom.mark);
    } else {
        drop(atom);
    }
}

void Draft::add_claim(const Atom& atom) {
    const ClaimTest test = claim_test(atom);
    if (!test.name) return drop(atom);
    if (test.present) {
        if (*test.name == "exp")
            exp_needed_ = true, exp_mark_ = atom.mark;
        else
            required_.push_back(text(*test.name, atom.mark));
        return;
    }
    const bool iss = *test.name == "iss", aud = *test.name == "aud";
    if (!test.dropped.empty()) dropped_.push_back(text(readable(test.dropped + ": " + atom.text), atom.mark));
    if (test.values.empty()) return required_.push_back(text(*test.name, atom.mark));
    Node values = list(test.values, atom.mark);
    if (iss && issuer_.elements.empty()) {
        issuer_ = std::move(values);
    } else if (aud && audience_.names.empty()) {
        audience_ = object(atom.mark);
        put(audience_, "any_of", std::move(values));
        if (!test.first_of_list) put(audience_, "string_only", flag(true, atom.mark));
    } else if (iss || aud || *test.name == "exp" || *test.name == "nbf" || *test.name == "iat" ||
               claims_.find(*test.name) != nullptr) {
        drop(atom);
    } else {
        Node rule = object(atom.mark);
        put(rule, "in", std::move(values));
        put(claims_, *test.name, std::move(rule));
    }
}

void Draft::add_time(const Atom& atom, bool holds) {
    const auto bound = bound_of(atom, holds);
    if (!bound) return drop(atom);
    add_bound(atom, *bound);
}

void Draft::add_bound(const Atom& atom, const Bound& bound) {
    const std::string& query = atom.value.query;
    const bool exp = query == "$.exp", nbf = query == "$.nbf", iat = query == "$.iat";
    if (exp && bound.needed) exp_needed_ = true, exp_mark_ = atom.mark;
    if (!bound.from_now) {
        if (exp && bound.after && *bound.after >= 0) exp_positive_ = true;
        if (!(exp && bound.after == 0)) drop(atom);
    } else if (exp && bound.after && ends_ == nullptr) {
        ends_ = &atom;
        leeway_ = std::max(leeway_, -*bound.after);
        if (*bound.after > 0) drop(atom); // it must live on for a while
    } else if (exp && bound.before && *bound.before > 0 && longest_ == nullptr) {
        longest_ = &atom;
        longest_remaining_ = *bound.before - 1;
    } else if ((nbf || iat) && bound.before && (nbf ? begins_ : issued_) == nullptr) {
        (nbf ? begins_ : issued_) = &atom;
        leeway_ = std::max(leeway_, *bound.before - 1);
        if (bound.needed) required_.push_back(text(nbf ? "nbf" : "iat", atom.mark));
    } else {
        drop(atom);
    }
}

// Without exp or iat there is no difference, and nothing that it is compared with.
void Draft::add_life(const Atom& atom) {
    const auto bound = bound_of_life(atom);
    if (bound && bound->after == -1 && life_begins_ == nullptr) {
        life_begins_ = &atom;
    } else if (bound && bound->before && *bound->before > 0 && life_ends_ == nullptr) {
        life_ends_ = &atom;
        longest_life_ = *bound->before - 1;
    } else {
        drop(atom);
    }
}

// HMAC takes the argument itself for its secret, be it the name of a file.
Node Draft::secret(const std::string& key) const {
    return inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(key) + R"("}]})", verified_->mark);
}

// Those that the signature can be of; where the rules fix one, the header of the token is not looked at.
std::vector<Node> Draft::algorithms() const {
    std::vector<Node> out;
    const Value& value = verified_->value;
    for (const std::string_view algorithm : kAlgorithms) {
        const bool named = !header_fixed_ || std::find(header_algorithms_.begin(), header_algorithms_.end(),
                                                       algorithm) != header_algorithms_.end();
        const bool used = value.algorithm.empty() ? !value.of_header || named : value.algorithm == algorithm;
        if (used) out.push_back(text(std::string(algorithm), verified_->mark));
    }
    return out;
}

void Draft::put_keys(Node& path) {
    if (verified_ == nullptr || verified_->value.algorithm == "none") {
        put(path, "keys", text("none", verified_ == nullptr ? at_ : verified_->mark));
        return;
    }
    const Value& value = verified_->value;
    const Mark mark = verified_->mark;
    std::vector<Node> used = algorithms();
    const auto is_secret = [](const Node& algorithm) { return algorithm.text.starts_with("HS"); };
    const bool secrets = std::any_of(used.begin(), used.end(), is_secret);
    const bool files = !std::all_of(used.begin(), used.end(), is_secret) || used.empty();
    std::vector<Node> keys;
    if (!value.key) {
        keys.push_back(text("keys that a variable names", mark));
    } else {
        if (files) keys.push_back(text(file_of_keys(*value.key), mark));
        if (secrets) keys.push_back(secret(*value.key));
    }
    const bool one = keys.size() == 1;
    put(path, "keys", one ? std::move(keys.front()) : list(std::move(keys), mark));
    put(path, "kid", text("ignored", mark));
    if (!used.empty()) put(path, "algorithms", list(std::move(used), mark));
}

// What HAProxy takes for a number and is none: a text is what it says, true is 1, and null, a list and an object are as
// if they were absent. The form only has a word for the last.
enum class Draft::Times : std::uint8_t {
    numbers,  // all of them are
    any,      // or they are taken for absent
    text_exp, // exp, which is needed, is a text: its value is not looked at
    text_iat, // the same of iat
};

void Draft::put_times(Node& path, Times times, Node& claims) const {
    const auto as_text = [&](const char* name, Mark mark) {
        Node any = object(mark);
        put(any, "glob", text("*", mark));
        Node rule = object(mark);
        put(rule, "has_any", list({std::move(any)}, mark));
        put(claims, name, std::move(rule));
    };
    const Mark mark = ends_ != nullptr ? ends_->mark : exp_needed_ ? exp_mark_ : at_;
    const bool checked = ends_ != nullptr && times != Times::text_exp;
    put(path, "expiry", text(!checked ? "unchecked" : exp_needed_ ? "required" : "optional", mark));
    if (checked && !exp_positive_) put(path, "negative_expiry", text("accepted", mark));
    if (checked && longest_ != nullptr) put(path, "longest_remaining", number(longest_remaining_, longest_->mark));
    if (times == Times::text_exp) as_text("exp", mark);
    if (times == Times::text_iat) as_text("iat", life_ends_->mark);
    if (has_life() && (times == Times::numbers || times == Times::any))
        put(path, "longest_life", number(longest_life_, life_ends_->mark));
    if (begins_ != nullptr) put(path, "not_before", text("checked", begins_->mark));
    if (issued_ != nullptr) put(path, "issued_at", text("checked", issued_->mark));
    if (times != Times::numbers) put(path, "malformed_times", text("absent", mark));
    if (leeway_ > 0) put(path, "leeway", number(leeway_, mark));
}

std::vector<Draft::Times> Draft::times() const {
    std::vector<Times> out{Times::numbers};
    if (numbers_) return out;
    if ((ends_ != nullptr && !exp_needed_) || begins_ != nullptr || issued_ != nullptr) out.push_back(Times::any);
    if (ends_ != nullptr && exp_needed_) out.push_back(Times::text_exp);
    if (has_life()) out.push_back(Times::text_iat);
    return out;
}

std::vector<Node> Draft::take() {
    if (verified_ == nullptr && header_fixed_ != nullptr) drop(*header_fixed_); // the form knows it of signatures alone
    if (longest_ != nullptr && ends_ == nullptr) drop(*longest_);
    for (const Atom* const half : {life_begins_, life_ends_}) {
        if (half == nullptr) continue;
        if (!has_life()) drop(*half);
        if (!exp_needed_) exp_needed_ = true, exp_mark_ = half->mark;
        const auto is_iat = [](const Node& name) { return name.text == "iat"; };
        if (std::none_of(required_.begin(), required_.end(), is_iat)) required_.push_back(text("iat", half->mark));
    }
    if (exp_needed_ && ends_ == nullptr) required_.push_back(text("exp", exp_mark_));
    const bool of_token = verified_ != nullptr && verified_->value.algorithm.empty();
    const bool none = of_token && (!verified_->value.of_header || !header_fixed_ ||
                                   std::find(header_algorithms_.begin(), header_algorithms_.end(), "none") !=
                                       header_algorithms_.end());
    if (verified_ != nullptr && of_token && algorithms().empty() && !none) return {}; // no token has all of it
    std::vector<Node> out;
    for (const Times each : times()) {
        Node path = object(at_);
        const std::string what = each == Times::text_exp   ? ", exp as text"
                                 : each == Times::text_iat ? ", iat as text"
                                 : each == Times::any      ? ", times that are no numbers"
                                                           : "";
        const std::string by =
            verified_ != nullptr && verified_->value.key && !verified_->value.algorithm.starts_with("HS")
                ? *verified_->value.key
                : "jwt";
        put(path, "name", text(readable(by + what), at_));
        put_keys(path);
        put(path, "issuer", issuer_.elements.empty() ? text("any", at_) : issuer_);
        put(path, "audience", audience_.names.empty() ? text("any", at_) : audience_);
        if (!types_.elements.empty()) put(path, "types", types_);
        Node claims = claims_;
        put_times(path, each, claims);
        if (!required_.empty()) put(path, "required", list(required_, at_));
        if (!claims.names.empty()) put(path, "claims", std::move(claims));
        Node dialect = object(at_);
        put(dialect, "duplicates", text("first", at_));
        put(dialect, "base64", text("lenient", at_));
        put(dialect, "crit", text("ignored", at_));
        if (verified_ != nullptr && !of_token) put(dialect, "alg", text("ignored", verified_->mark));
        if (issuer_.elements.empty()) put(dialect, "issuer_array", text("accepted", at_));
        if (none) put(dialect, "none", text("accepted", verified_->mark));
        put(path, "dialect", std::move(dialect));
        std::vector<Node> dropped = dropped_;
        if (each != Times::numbers)
            dropped.push_back(text("times that are no numbers are compared with the time, too",
                                   ends_ != nullptr ? ends_->mark : at_));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at_));
        out.push_back(std::move(path));
    }
    return out;
}

} // namespace

bool asks_for_numbers(const Atom& atom, const std::string& token) {
    return atom.kind == Atom::Kind::request && atom.value.text == token + ",field('2','.',),ub64dec()" &&
           atom.test.method == "reg" && !atom.test.any_case && !atom.test.unknown_values &&
           atom.test.values == std::vector<std::string>{std::string(haproxy_rules::kNoTime)};
}

std::vector<Node> paths_of(const Cube& cube, const Atoms& atoms, const std::string& token, Mark at) {
    Draft draft(token, at);
    for (const Literal literal : cube) draft.add(atoms[literal.atom], literal.holds);
    return draft.take();
}

} // namespace jwtdomain::gateway::haproxy
