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

// Is there anything to ask?
bool is_asked(const Estate& estate, const Service& service) {
    return service.state == Service::State::guarded && !estate.keys[service.domain].revoked();
}

// By whom, the default token first, through each path of it.
template <class Ask> void for_each_own(const Estate& estate, const Service& service, Ask ask) {
    for (const Attacker whose : {Attacker::replay, Attacker::insider}) {
        const Mintable tokens = mintable(estate.domain(service.domain), service.domain, whose);
        for (const accept::Path& path : service.entry->paths) {
            if (!path.anonymous) ask(tokens, path);
        }
    }
}

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

namespace {

// What is there for the tokens of a trust edge alone is not broken.
bool takes_trusted(const Estate& estate, const Service& service) {
    const auto number = static_cast<std::size_t>(&service - estate.services.data());
    for (const auto& [source, all] : estate.trust[service.domain]) {
        const std::vector<const policy::TrustEdge*> edges = trust_edges(estate, source, number);
        const Mintable tokens = mintable(estate.domain(source), source, Attacker::insider);
        for (const accept::Path& path : service.entry->paths) {
            if (!edges.empty() && !check(estate, tokens, path).separated()) return true;
        }
    }
    return false;
}

} // namespace

std::optional<std::string> refuses_own(const Estate& estate, const Service& service) {
    if (!is_asked(estate, service)) return std::nullopt;
    bool refused = true;
    std::optional<Check> nearest;
    for_each_own(estate, service, [&](const Mintable& tokens, const accept::Path& path) {
        if (!refused) return;
        Check answer = check(estate, tokens, path);
        refused = answer.separated(); // what was left out of the path can only refuse more
        if (!nearest || answer.separators.size() < nearest->separators.size()) nearest = std::move(answer);
    });
    if (!refused || takes_trusted(estate, service)) return std::nullopt;
    return nearest ? text_of(nearest->separators) : "it has no path";
}

OwnTokens own_tokens(const Estate& estate, const Service& service, EphemeralKeys& keys) {
    if (!is_asked(estate, service)) return {};
    if (auto why = refuses_own(estate, service)) return {.answer = Answer::refused, .why = std::move(*why)};
    OwnTokens out{.answer = Answer::unknown};
    for_each_own(estate, service, [&](const Mintable& tokens, const accept::Path& path) {
        if (out.answer == Answer::taken) return;
        if (!path.exact()) {
            out.why = "left out of the model: " + path.dropped.front();
            return;
        }
        const Check answer = check(estate, tokens, path);
        if (answer.separated()) return;
        if (!answer.doubts.empty()) {
            out.why = answer.doubts.front().why;
            return;
        }
        const auto witness = make_witness(estate, path, answer.token, keys);
        if (witness && witness->accepted)
            out = {.answer = Answer::taken};
        else
            out.why = witness ? "the engine did not take the token that was made" : describe(witness.error());
    });
    return out;
}

} // namespace jwtdomain::audit
