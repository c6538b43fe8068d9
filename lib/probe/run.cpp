#include "jwtdomain/probe/run.h"

#include <map>

namespace jwtdomain::probe {
namespace {

// Of a token's life, which is a minute.
constexpr Seconds kRenewed = 15;

// A target that is silent so often in a row is not waited for again.
constexpr int kGivenUp = 3;

class Runner {
public:
    explicit Runner(const Plan& plan) : plan_(plan) {
        out_.domain = plan.domain;
        out_.target = plan.target;
    }

    Findings run() {
        out_.controlled = controls("at the beginning");
        for (const Foreign& each : plan_.foreign) {
            foreign(each);
            sent_one();
        }
        for (const Kind& kind : kinds()) {
            if (!kind.dangerous || plan_.dangerous) mutant(kind);
            sent_one();
        }
        if (out_.controlled) out_.controlled = control("at the end");
        if (!out_.controlled) {
            for (Sent& sent : out_.sent) {
                if (sent.conclusion == Conclusion::holds) sent.conclusion = Conclusion::inconclusive;
            }
        }
        return std::move(out_);
    }

private:
    void sent_one() {
        if (plan_.on_sent) plan_.on_sent(++done_, plan_.foreign.size() + kinds().size());
    }

    bool stopped() const { return plan_.stopped && plan_.stopped(); }

    Answer ask(Door& door, const std::string& token, bool in_query = false) {
        if (stopped()) return {Outcome::failed, "stopped"};
        int& silent = silent_[&door];
        if (silent == kGivenUp) return {Outcome::failed, "not asked any more: it does not answer"};
        Answer answer = door.ask(token, in_query);
        silent = answer.outcome == Outcome::failed ? silent + 1 : 0;
        ++out_.requests;
        return answer;
    }

    // The good token, made anew before it gets old; nullptr: there is none, and `why` says why.
    const Mutants* fresh() {
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

    bool control(const std::string& when) {
        const Mutants* const mutants = fresh();
        if (mutants == nullptr) return false;
        const Answer good = ask(*plan_.door, mutants->control().token);
        if (good.outcome == Outcome::accepted) return true;
        out_.why = "the domain's own token is not accepted " + when + " (" + good.detail + ")";
        return false;
    }

    bool controls(const std::string& when) {
        if (!control(when)) return false;
        const Answer garbage = ask(*plan_.door, std::string(kGarbage));
        if (garbage.outcome == Outcome::refused) return true;
        out_.why = "what is no token at all is not refused (" + garbage.detail + ")";
        return false;
    }

    Modelled modelled(const std::string& token) const {
        return plan_.modelled ? plan_.modelled(token) : Modelled::unknown;
    }

    // Once more, if it was not refused: what flaps shows nothing, and what is taken once may be chance.
    Answer ask_twice(const std::string& token, bool in_query) {
        Answer first = ask(*plan_.door, token, in_query);
        if (first.outcome == Outcome::refused) return first;
        Answer second = ask(*plan_.door, token, in_query);
        if (second.outcome == first.outcome) return second;
        second.detail = first.detail + ", then " + second.detail;
        second.outcome = Outcome::odd;
        return second;
    }

    void conclude(Sent sent, const Answer& answer, bool informs) {
        sent.accepted = answer.outcome == Outcome::accepted;
        if (sent.detail.empty()) sent.detail = answer.detail;
        switch (answer.outcome) {
        case Outcome::accepted: sent.conclusion = informs ? Conclusion::holds : Conclusion::broken; break;
        case Outcome::refused: sent.conclusion = Conclusion::holds; break;
        case Outcome::odd:
        case Outcome::failed: sent.conclusion = Conclusion::inconclusive; break;
        }
        out_.sent.push_back(std::move(sent));
    }

    void skip(Sent sent, std::string why) {
        sent.conclusion = Conclusion::skipped;
        sent.detail = std::move(why);
        out_.sent.push_back(std::move(sent));
    }

    // Cold, then warmed where it is at home, then again: a cache that knows tokens only by their text takes what
    // another door has taken. What its own door refuses is no good token, and its refusal elsewhere shows nothing.
    void foreign(const Foreign& each) {
        Sent sent{.kind = nullptr, .domain = each.domain, .label = each.label, .detail = {}};
        const auto token = each.make();
        if (!token) return skip(std::move(sent), describe(token.error()));
        const Permitted permitted = plan_.declared(*token);
        sent.declared = permitted == Permitted::yes;
        if (sent.declared) return skip(std::move(sent), "a trust edge wants it to be taken");
        sent.modelled = modelled(*token);
        Answer answer = ask_twice(*token, false);
        if (answer.outcome == Outcome::refused && each.home != nullptr) {
            const std::string cold = answer.detail;
            const Answer warmed = ask(*each.home, *token);
            answer = ask_twice(*token, false);
            sent.warmed = answer.outcome == Outcome::accepted;
            sent.detail = "cold " + cold + ", at home " + warmed.detail + ", again " + answer.detail;
            if (warmed.outcome != Outcome::accepted && answer.outcome == Outcome::refused)
                answer.outcome = Outcome::odd;
        }
        if (answer.outcome == Outcome::accepted && permitted == Permitted::unknown) {
            sent.detail = answer.detail + "; whether the policy wants it is not known: keys are not here (--fetch)";
            answer.outcome = Outcome::odd;
        }
        conclude(std::move(sent), answer, false);
    }

    void mutant(const Kind& kind) {
        Sent sent{.kind = &kind, .domain = plan_.domain, .label = std::string(kind.title), .detail = {}};
        const Mutants* const mutants = fresh();
        if (mutants == nullptr) return skip(std::move(sent), "there is no control");
        if (kind.in_query && !plan_.door->has_query()) return;
        if (kind.in_query && !mutants->control().key)
            return skip(std::move(sent), "a token that was handed in is not put into a URL");
        const auto token = mutants->make(kind);
        if (!token) return skip(std::move(sent), token.error().message);
        if (*token == mutants->control().token && !kind.in_query)
            return skip(std::move(sent), "it is the control itself");
        const bool informs = kind.meaning == Meaning::informs || plan_.permitted(*token) == Permitted::yes;
        if (!kind.in_query) sent.modelled = modelled(*token); // it says nothing of where a token stands
        conclude(std::move(sent), ask_twice(*token, kind.in_query), informs);
    }

    const Plan& plan_;
    Findings out_;
    std::size_t done_ = 0;
    std::optional<Mutants> control_;
    Time made_ = 0;
    std::map<const Door*, int> silent_; // how often in a row
};

} // namespace

std::string_view Sent::rule() const { return kind != nullptr ? kind->rule : warmed ? "RUN-02" : "RUN-01"; }

std::string Sent::title() const { return kind != nullptr ? label : "a token of " + domain + ", " + label; }

bool Sent::is_narrower() const { return conclusion == Conclusion::holds && !accepted && modelled == Modelled::accepts; }

std::string_view name_of(Modelled modelled) {
    switch (modelled) {
    case Modelled::unknown: return "unknown";
    case Modelled::accepts: return "accepts";
    case Modelled::refuses: return "refuses";
    }
    return {};
}

std::string_view name_of(Conclusion conclusion) {
    switch (conclusion) {
    case Conclusion::holds: return "holds";
    case Conclusion::broken: return "broken";
    case Conclusion::inconclusive: return "inconclusive";
    case Conclusion::skipped: return "skipped";
    }
    return {};
}

Findings run(const Plan& plan) { return Runner(plan).run(); }

} // namespace jwtdomain::probe
