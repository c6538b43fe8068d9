#include "jwtdomain/probe/runner.h"

#include <algorithm>

#include "jwtdomain/jwt/token.h"

namespace jwtdomain::probe::detail {
namespace {

// Of a token's life, which is a minute.
constexpr Seconds kRenewed = 15;

// A target that is silent so often in a row is not waited for again.
constexpr int kGivenUp = 3;

constexpr const char* kControl = "control";

std::string row_of(std::size_t foreign) { return "foreign-" + std::to_string(foreign); }

// Kinds that are asked anew whenever somebody listens for who follows their URL.
bool is_listened_for(std::string_view row) {
    return std::any_of(kinds().begin(), kinds().end(), [&](const Kind& kind) { return kind.visit_of == row; });
}

std::optional<Time> expiry_of(const std::string& text) {
    UnverifiedToken token;
    token.parse(text);
    const auto expires = token.has_claims() ? token.claims().find("exp") : std::nullopt;
    return expires ? expires->integer() : std::nullopt;
}

bool is_silence(Outcome outcome) { return outcome == Outcome::failed || outcome == Outcome::late; }

} // namespace

Runner::Runner(const Plan& plan) : plan_(plan) {
    out_.domain = plan.domain;
    out_.target = plan.target;
}

void Runner::begin() {
    for (std::size_t i = 0; i < plan_.foreign.size(); ++i) {
        if (!plan_.foreign[i].handed_in) continue;
        const auto token = plan_.foreign[i].make();
        if (!token || plan_.declared(*token) == Permitted::yes) continue;
        open_row(row_of(i), expiry_of(*token));
        Answer answer = ask_until_clear(*token, false);
        cold_[i] = {std::move(answer), asked_};
    }
}

Findings Runner::finish() {
    out_.controlled = controls("at the beginning");
    const auto done = [&] {
        if (plan_.on_sent) plan_.on_sent(plan_.foreign.size() + kinds().size());
    };
    for (std::size_t i = 0; i < plan_.foreign.size(); ++i) {
        foreign(i);
        done();
    }
    for (const Kind& kind : kinds()) {
        if (!kind.dangerous || plan_.dangerous) mutant(kind);
        done();
    }
    if (out_.controlled) out_.controlled = control("at the end");
    for (Sent& sent : out_.sent) {
        if (sent.kind != nullptr && !sent.kind->visit_of.empty()) visit(sent);
    }
    if (!out_.controlled) {
        for (Sent& sent : out_.sent) {
            if (sent.conclusion == Conclusion::holds) sent.conclusion = Conclusion::inconclusive;
        }
    }
    return std::move(out_);
}

void Runner::open_row(std::string row, std::optional<Time> until) {
    row_ = std::move(row);
    until_ = until;
    asked_.clear();
    again_ = plan_.visits && is_listened_for(row_);
    known_ = plan_.known && !again_ ? plan_.known(row_) : nullptr;
}

void Runner::close_row() {
    const bool clear = !asked_.empty() && std::all_of(asked_.begin(), asked_.end(),
                                                      [](const Answer& each) { return is_clear(each.outcome); });
    if (plan_.keep && known_ == nullptr && !again_ && clear) plan_.keep(row_, asked_);
}

// `anyway`: also whoever was given up.
Answer Runner::ask(Door& door, const std::string& token, bool in_query, bool anyway) {
    Answer answer;
    if (known_ != nullptr) {
        // What was kept is asked again as it was, so there is an answer to each; else it is not believed.
        if (asked_.size() < known_->size())
            answer = (*known_)[asked_.size()];
        else
            answer.detail = "it is not known what an earlier run was answered";
    } else {
        if (std::string why = stopped(); !why.empty()) return {Outcome::failed, std::move(why)};
        int& silent = silent_[&door];
        if (silent >= kGivenUp && !anyway) return {Outcome::failed, "not asked any more: it does not answer"};
        answer = door.ask(token, in_query);
        if (std::string why = stopped(); !why.empty() && is_silence(answer.outcome))
            answer = {Outcome::failed, std::move(why)};
        silent = is_silence(answer.outcome) ? silent + 1 : 0;
        if (answer.outcome == Outcome::refused && until_ && plan_.clock() >= *until_) {
            answer.outcome = Outcome::odd;
            answer.detail += ", but by then it had expired";
        }
        if (plan_.told) plan_.told({row_, door, token, in_query, answer});
    }
    ++out_.requests;
    asked_.push_back(answer);
    return answer;
}

// Once more, if nothing clear came.
Answer Runner::ask_twice(Door& door, const std::string& token, bool in_query, bool anyway) {
    Answer first = ask(door, token, in_query, anyway);
    return is_clear(first.outcome) ? first : ask(door, token, in_query, anyway);
}

// Once more, if it was not refused: what is taken once may be chance. An answer that is clear after one that was not is
// asked for again. What flaps shows nothing.
Answer Runner::ask_until_clear(const std::string& token, bool in_query) {
    const Answer first = ask(*plan_.door, token, in_query);
    if (first.outcome == Outcome::refused) return first;
    Answer last = ask(*plan_.door, token, in_query);
    if (last.outcome == first.outcome) return last;
    std::string detail = first.detail + ", then " + last.detail;
    if (is_clear(first.outcome) != is_clear(last.outcome)) {
        const Outcome clear = is_clear(last.outcome) ? last.outcome : first.outcome;
        last = ask(*plan_.door, token, in_query);
        detail += ", then " + last.detail;
        if (last.outcome == clear) return {clear, std::move(detail)};
    }
    return {Outcome::flapping, std::move(detail)};
}

// The good token, made anew before it gets old; nullptr: there is none, and `why` says why.
const Mutants* Runner::fresh() {
    if (control_ && plan_.clock() - made_ < kRenewed) return &*control_;
    auto made = plan_.control();
    if (!made) {
        out_.why = "there is no token of the domain itself: " + describe(made.error());
        return nullptr;
    }
    control_.emplace(std::move(*made));
    made_ = plan_.clock();
    return &*control_;
}

bool Runner::control(const std::string& when) {
    const Mutants* const mutants = fresh();
    if (mutants == nullptr) return false;
    row_ = kControl;
    known_ = nullptr;
    until_.reset();
    const Answer good = ask_twice(*plan_.door, mutants->control().token, false, true);
    if (good.outcome == Outcome::accepted) return true;
    out_.why = "the domain's own token is not accepted " + when + " (" + good.detail + ")";
    return false;
}

bool Runner::controls(const std::string& when) {
    if (!control(when)) return false;
    row_ = std::string(kControl) + "-garbage";
    const Answer garbage = ask_twice(*plan_.door, std::string(kGarbage));
    if (garbage.outcome == Outcome::refused) return true;
    out_.why = "what is no token at all is not refused (" + garbage.detail + ")";
    return false;
}

Modelled Runner::modelled(const std::string& token) const {
    return plan_.modelled ? plan_.modelled(token) : Modelled::unknown;
}

void Runner::conclude(Sent sent, const Answer& answer, bool informs) {
    close_row();
    sent.outcome = answer.outcome;
    sent.accepted = answer.outcome == Outcome::accepted;
    if (sent.detail.empty()) sent.detail = answer.detail;
    switch (answer.outcome) {
    case Outcome::accepted: sent.conclusion = informs ? Conclusion::holds : Conclusion::broken; break;
    case Outcome::refused: sent.conclusion = Conclusion::holds; break;
    case Outcome::odd:
    case Outcome::error:
    case Outcome::late:
    case Outcome::failed:
    case Outcome::flapping: sent.conclusion = Conclusion::inconclusive; break;
    }
    out_.sent.push_back(std::move(sent));
}

void Runner::skip(Sent sent, std::string why) {
    sent.conclusion = Conclusion::skipped;
    sent.detail = std::move(why);
    out_.sent.push_back(std::move(sent));
}

// Cold, then warmed where it is at home, then again: a cache that knows tokens only by their text takes what another
// door has taken. What its own door refuses is no good token, and its refusal elsewhere shows nothing.
void Runner::foreign(std::size_t number) {
    const Foreign& each = plan_.foreign[number];
    Sent sent{.kind = nullptr, .domain = each.domain, .label = each.label, .detail = {}};
    const auto token = each.make();
    if (!token) return skip(std::move(sent), describe(token.error()));
    const Permitted permitted = plan_.declared(*token);
    sent.declared = permitted == Permitted::yes;
    if (sent.declared) return skip(std::move(sent), "a trust edge wants it to be taken");
    sent.modelled = modelled(*token);
    open_row(row_of(number), expiry_of(*token));
    Answer answer;
    if (const auto sent_before = cold_.find(number); sent_before != cold_.end()) {
        answer = sent_before->second.answer;
        asked_ = sent_before->second.asked;
    } else {
        answer = ask_until_clear(*token, false);
    }
    if (answer.outcome == Outcome::refused && each.home != nullptr) {
        const std::string cold = answer.detail;
        const Answer warmed = ask_twice(*each.home, *token);
        answer = ask_until_clear(*token, false);
        sent.warmed = answer.outcome == Outcome::accepted;
        sent.detail = "cold " + cold + ", at home " + warmed.detail + ", again " + answer.detail;
        if (warmed.outcome != Outcome::accepted && answer.outcome == Outcome::refused) answer.outcome = Outcome::odd;
    }
    if (answer.outcome == Outcome::accepted && permitted == Permitted::unknown) {
        sent.detail = answer.detail + "; whether the policy wants it is not known: keys are not here (--fetch)";
        answer.outcome = Outcome::odd;
    }
    conclude(std::move(sent), answer, false);
}

void Runner::mutant(const Kind& kind) {
    Sent sent{.kind = &kind, .domain = plan_.domain, .label = std::string(kind.title), .detail = {}};
    if (!kind.visit_of.empty()) { // and told at the end, since who comes may take his time
        if (plan_.visits) out_.sent.push_back(std::move(sent));
        return;
    }
    const Mutants* const mutants = fresh();
    if (mutants == nullptr) return skip(std::move(sent), "there is no control");
    if (kind.in_query && !plan_.door->has_query()) return;
    if (kind.in_query && !mutants->control().key)
        return skip(std::move(sent), "a token that was handed in is not put into a URL");
    const auto token = mutants->make(kind);
    if (!token) return skip(std::move(sent), token.error().message);
    if (*token == mutants->control().token && !kind.in_query) return skip(std::move(sent), "it is the control itself");
    const bool informs = kind.meaning == Meaning::informs || plan_.permitted(*token) == Permitted::yes;
    if (!kind.in_query) sent.modelled = modelled(*token); // it says nothing of where a token stands
    open_row(std::string(kind.name), expiry_of(mutants->control().token));
    conclude(std::move(sent), ask_until_clear(*token, kind.in_query), informs);
}

// That nobody came is what can be seen, not that nobody would.
void Runner::visit(Sent& sent) const {
    const auto carrier = std::find_if(out_.sent.begin(), out_.sent.end(), [&](const Sent& each) {
        return each.kind != nullptr && each.kind->name == sent.kind->visit_of;
    });
    const std::size_t times = plan_.visits(sent.kind->visit_of);
    sent.outcome = carrier->outcome;
    sent.conclusion = carrier->conclusion == Conclusion::broken ? Conclusion::holds : carrier->conclusion;
    sent.detail = carrier->detail;
    if (times == 0) {
        if (sent.conclusion == Conclusion::holds) sent.detail = "nobody came";
        return;
    }
    sent.conclusion = Conclusion::broken;
    sent.accepted = true;
    sent.detail =
        "fetched " + std::to_string(times) + (times == 1 ? " time, " : " times, ") + "and answered " + carrier->detail;
}

} // namespace jwtdomain::probe::detail
