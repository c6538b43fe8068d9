#include "jwtdomain/probe/run.h"

#include <map>

namespace jwtdomain::probe {
namespace {

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
        for (const Foreign& each : plan_.foreign) foreign(each);
        for (const Kind& kind : kinds()) {
            if (!kind.dangerous || plan_.dangerous) mutant(kind);
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
    bool stopped() const { return plan_.stopped && plan_.stopped(); }

    Answer ask(Door& door, const std::string& token, bool in_query = false) {
        if (stopped()) return {Outcome::failed, "stopped"};
        int& silent = silent_[&door];
        if (silent == kGivenUp) return {Outcome::failed, "not asked any more: it does not answer"};
        Answer answer = door.ask(token, in_query);
        silent = answer.outcome == Outcome::failed ? silent + 1 : 0;
        ++out_.requests;
        out_.waited += answer.took;
        return answer;
    }

    bool control(const std::string& when) {
        if (!plan_.control) {
            out_.why = plan_.why;
            return false;
        }
        const Answer good = ask(*plan_.door, plan_.control->control().token);
        if (good.outcome == Outcome::accepted) return true;
        out_.why = "the domain's own token is not accepted " + when + " (" + good.detail + ")";
        return false;
    }

    bool controls(const std::string& when) {
        if (!control(when)) return false;
        const Answer garbage = ask(*plan_.door, "jwtdomain.garbage.token");
        if (garbage.outcome == Outcome::refused) return true;
        out_.why = "what is no token at all is not refused (" + garbage.detail + ")";
        return false;
    }

    // Once more, if it was taken: what flaps shows nothing.
    Answer ask_twice(const std::string& token, bool in_query) {
        Answer first = ask(*plan_.door, token, in_query);
        if (first.outcome == Outcome::refused) return first;
        Answer second = ask(*plan_.door, token, in_query);
        if (second.outcome == first.outcome) return second;
        second.detail = first.detail + ", then " + second.detail;
        if (second.outcome != Outcome::accepted && first.outcome == Outcome::accepted) second.outcome = Outcome::odd;
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

    // Cold, then warmed where it is at home, then again: a cache that knows tokens only by their text takes what
    // another door has taken.
    void foreign(const Foreign& each) {
        Sent sent{.kind = nullptr, .domain = each.domain, .label = each.label, .detail = {}};
        Answer answer = ask_twice(each.token, false);
        if (answer.outcome == Outcome::refused && each.home != nullptr) {
            const std::string cold = answer.detail;
            const Answer warmed = ask(*each.home, each.token);
            answer = ask(*plan_.door, each.token);
            sent.warmed = answer.outcome == Outcome::accepted;
            sent.detail = "cold " + cold + ", at home " + warmed.detail + ", again " + answer.detail;
        }
        conclude(std::move(sent), answer, false);
    }

    void mutant(const Kind& kind) {
        Sent sent{.kind = &kind, .domain = plan_.domain, .label = std::string(kind.title), .detail = {}};
        sent.conclusion = Conclusion::skipped;
        if (!plan_.control) {
            sent.detail = "there is no control";
            out_.sent.push_back(std::move(sent));
            return;
        }
        if (kind.in_query && !plan_.door->has_query()) return;
        const auto token = plan_.control->make(kind);
        if (!token) {
            sent.detail = token.error().message;
            out_.sent.push_back(std::move(sent));
            return;
        }
        conclude(std::move(sent), ask_twice(*token, kind.in_query), kind.meaning == Meaning::informs);
    }

    const Plan& plan_;
    Findings out_;
    std::map<const Door*, int> silent_; // how often in a row
};

} // namespace

std::string_view Sent::rule() const { return kind != nullptr ? kind->rule : warmed ? "RUN-02" : "RUN-01"; }

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
