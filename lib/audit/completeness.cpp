#include "jwtdomain/audit/completeness.h"

#include <optional>

namespace jwtdomain::audit {
namespace {

using Answer = OwnTokens::Answer;

std::string text_of(const std::vector<Separator>& separators) {
    std::string out;
    for (const Separator& each : separators) {
        const std::string field = each.claim.empty() ? std::string(name_of(each.field)) : each.claim;
        out += (out.empty() ? "" : "; ") + field + " is " + each.left + ", and it asks for " + each.right;
    }
    return out;
}

class Asked {
public:
    Asked(const Estate& estate, EphemeralKeys& keys) : estate_(estate), keys_(keys) {}

    // Is it taken for certain?
    bool ask(const Mintable& tokens, const accept::Path& path) {
        const Check answer = check(estate_, tokens, path);
        if (answer.separated()) {
            if (!fewest_ || answer.separators.size() < *fewest_) {
                fewest_ = answer.separators.size();
                refused_ = text_of(answer.separators);
            }
            return false;
        }
        if (!answer.doubts.empty()) {
            unknown_ = answer.doubts.front().why;
            return false;
        }
        const auto witness = make_witness(estate_, path, answer.token, keys_);
        if (witness && witness->accepted) return true;
        unknown_ = witness ? "the engine did not take the token that was made" : describe(witness.error());
        return false;
    }

    void leave_open(std::string why) { unknown_ = std::move(why); }

    OwnTokens otherwise() const {
        if (unknown_) return {.answer = Answer::unknown, .why = *unknown_};
        return {.answer = Answer::refused, .why = fewest_ ? refused_ : "it has no path"};
    }

private:
    const Estate& estate_;
    EphemeralKeys& keys_;
    std::optional<std::size_t> fewest_;
    std::string refused_;
    std::optional<std::string> unknown_;
};

} // namespace

std::string_view name_of(Answer answer) {
    switch (answer) {
    case Answer::taken: return "taken";
    case Answer::refused: return "refused";
    case Answer::unknown: return "unknown";
    case Answer::not_asked: return "not-asked";
    }
    return {};
}

OwnTokens own_tokens(const Estate& estate, const Service& service, EphemeralKeys& keys) {
    const DomainKeys& published = estate.keys[service.domain];
    const bool revoked = published.keys.empty() && published.unresolved.empty();
    if (service.state != Service::State::guarded || revoked) return {};
    Asked asked(estate, keys);
    for (const Attacker whose : {Attacker::replay, Attacker::insider}) { // the default token first
        const Mintable tokens = mintable(estate.domain(service.domain), service.domain, whose);
        for (const accept::Path& path : service.entry->paths) {
            if (path.anonymous) continue;
            if (path.exact() && asked.ask(tokens, path)) return {.answer = Answer::taken};
            if (!path.exact()) asked.leave_open("left out of the model: " + path.dropped.front());
        }
    }
    return asked.otherwise();
}

} // namespace jwtdomain::audit
