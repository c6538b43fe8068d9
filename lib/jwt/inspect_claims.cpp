#include <algorithm>
#include <array>
#include <cmath>

#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::inspect::detail {
namespace {

constexpr Time kFar = Time{1} << 60;
constexpr Time kMilliseconds = 100'000'000'000; // seconds in the year 5138: who writes such a number means milliseconds

std::optional<Time> date_of(json::Value value) {
    if (!value.is(json::Kind::number)) return std::nullopt;
    if (const auto integer = value.integer()) return std::clamp(*integer, -kFar, kFar);
    const auto real = value.number();
    if (!real) return value.text().front() == '-' ? -kFar : kFar;
    return static_cast<Time>(std::floor(std::clamp(*real, -static_cast<double>(kFar), static_cast<double>(kFar))));
}

std::string when(std::string_view name, Time time, Time now) {
    std::string text = std::string(name) + " is " + format_time(time) + ", " + format_relative(time, now);
    if (time >= kMilliseconds) text += ": milliseconds in place of seconds?";
    return text;
}

bool is_string_list(json::Value value) {
    if (value.is(json::Kind::string)) return true;
    if (!value.is(json::Kind::array)) return false;
    for (const json::Member& element : value) { // NOLINT(readability-use-anyofallof): its iterator is none of std's
        if (!element.value.is(json::Kind::string)) return false;
    }
    return true;
}

class Observer {
public:
    Observer(Token& token, json::Value claims, bool whole, Expects expects, const Options& options)
        : token_(token), claims_(claims), whole_(whole), expects_(expects), options_(options) {}

    void run() {
        if (!options_.findings) return dates();
        issuer();
        audience();
        identity();
        expiry();
        start();
        life();
        scopes();
        confirmation();
        token_.issued = issued_;
        token_.starts = starts_;
        token_.expires = expires_;
    }

private:
    void dates() {
        const auto date = [&](std::string_view name) {
            const auto value = claims_.find(name);
            return value ? date_of(*value) : std::nullopt;
        };
        token_.issued = date("iat");
        token_.starts = date("nbf");
        token_.expires = date("exp");
    }

    // The claim; if it is not there but expected, says so.
    std::optional<json::Value> find(std::string_view name, Reason missing, bool expected) {
        const auto value = claims_.find(name);
        if (!value && expected && whole_) add(token_, missing);
        return value;
    }
    bool everything() const { return expects_ == Expects::everything; }
    bool more_than_little() const { return expects_ != Expects::little; }

    void issuer() {
        const auto iss = find("iss", Reason::iss_missing, more_than_little());
        if (iss && !iss->is(json::Kind::string)) add(token_, Reason::iss_malformed);
    }

    void audience() {
        const auto aud = find("aud", Reason::aud_missing, more_than_little());
        if (!aud) return;
        if (!is_string_list(*aud)) return add(token_, Reason::aud_malformed);
        const bool empty_text = aud->is(json::Kind::string) && aud->text().empty();
        if (empty_text || (aud->is(json::Kind::array) && aud->size() == 0)) add(token_, Reason::aud_empty);
    }

    void identity() {
        find("sub", Reason::sub_missing, everything());
        find("jti", Reason::jti_missing, more_than_little());
        find("nbf", Reason::nbf_missing, everything());
    }

    void expiry() {
        const auto exp = find("exp", Reason::exp_missing, everything());
        if (!exp) return;
        expires_ = date_of(*exp);
        if (!expires_) return add(token_, Reason::exp_malformed, "exp is " + std::string(exp->raw().substr(0, 80)));
        if (*expires_ <= 0)
            add(token_, Reason::exp_negative, "exp is " + std::to_string(*expires_));
        else if (options_.now >= *expires_)
            add(token_, Reason::expired, when("exp", *expires_, options_.now));
    }

    void start() {
        if (const auto nbf = claims_.find("nbf")) {
            starts_ = date_of(*nbf);
            if (!starts_)
                add(token_, Reason::nbf_malformed, "nbf is " + std::string(nbf->raw().substr(0, 80)));
            else if (*starts_ > options_.now)
                add(token_, Reason::not_yet_valid, when("nbf", *starts_, options_.now));
        }
        if (const auto iat = find("iat", Reason::iat_missing, true)) {
            issued_ = date_of(*iat);
            if (!issued_)
                add(token_, Reason::iat_malformed, "iat is " + std::string(iat->raw().substr(0, 80)));
            else if (*issued_ > options_.now)
                add(token_, Reason::iat_future, when("iat", *issued_, options_.now));
        }
    }

    void life() {
        if (!expires_ || *expires_ <= 0) return;
        const Time from = issued_.value_or(starts_.value_or(options_.now));
        const bool known = issued_ || starts_;
        if (known && *expires_ < from) return add(token_, Reason::lifetime_negative);
        if (*expires_ - from <= options_.longest_life) return;
        std::string detail = known ? "it lives " : "it has still ";
        detail += format_duration(*expires_ - from) + ", over " + format_duration(options_.longest_life);
        if (*expires_ >= kMilliseconds) detail += ": milliseconds in place of seconds?";
        add(token_, Reason::lifetime_exceeded, std::move(detail));
    }

    void scopes() {
        for (const char* const name : {"scope", "scp"}) {
            const auto value = claims_.find(name);
            if (value && !is_string_list(*value))
                add(token_, Reason::scope_malformed, std::string(name) + " is neither a string nor a list of strings");
        }
    }

    // RFC 7800 section 3, RFC 9449 section 6, RFC 8705 section 3.1.
    void confirmation() {
        const auto cnf = claims_.find("cnf");
        if (!cnf) return;
        if (const auto jkt = cnf->find("jkt"); jkt && jkt->is(json::Kind::string)) token_.key.bound_jkt = jkt->text();
        if (const auto x5t = cnf->find("x5t#S256"); x5t && x5t->is(json::Kind::string))
            token_.key.bound_x5t = x5t->text();
        if (const auto jwk = cnf->find("jwk")) {
            const auto key = parse_jwk(jwk->raw());
            const auto* const pub = key ? std::get_if<PublicKey>(&key->key) : nullptr;
            if (pub) token_.key.bound_jkt = pub->thumbprint();
        }
    }

    Token& token_;
    json::Value claims_;
    bool whole_;
    Expects expects_;
    const Options& options_;
    std::optional<Time> expires_, starts_, issued_;
};

} // namespace

void observe_claims(Token& token, json::Value claims, bool whole, Expects expects, const Options& options) {
    Observer(token, claims, whole, expects, options).run();
}

} // namespace jwtdomain::inspect::detail
