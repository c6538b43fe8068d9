// Internal: how one target is asked.
#pragma once

#include <map>

#include "jwtdomain/probe/run.h"

namespace jwtdomain::probe::detail {

class Runner {
public:
    explicit Runner(const Plan& plan); // which must outlive it

    // Sends cold what was handed in. Once, before anybody's finish() begins: a token that is one domain's control would
    // else have been seen.
    void begin();
    // All the rest. Once.
    Findings finish();

private:
    struct Cold {
        Answer answer;
        std::vector<Answer> asked;
    };

    std::string stopped() const { return plan_.stopped ? plan_.stopped() : std::string(); }
    void open_row(std::string row, std::optional<Time> until);
    void close_row();
    Answer ask(Door& door, const std::string& token, bool in_query = false, bool anyway = false);
    Answer ask_twice(Door& door, const std::string& token, bool in_query = false, bool anyway = false);
    Answer ask_until_clear(const std::string& token, bool in_query);

    const Mutants* fresh();
    bool control(const std::string& when);
    bool controls(const std::string& when);
    Modelled modelled(const std::string& token) const;
    void conclude(Sent sent, const Answer& answer, bool informs);
    void skip(Sent sent, std::string why);
    void foreign(std::size_t number);
    void mutant(const Kind& kind);
    void visit(Sent& sent) const;

    const Plan& plan_;
    Findings out_;
    std::optional<Mutants> control_;
    Time made_ = 0;
    std::map<const Door*, int> silent_; // how often in a row
    std::map<std::size_t, Cold> cold_;  // of Plan::foreign
    // of the row that is being asked
    std::string row_;
    const std::vector<Answer>* known_ = nullptr;
    std::optional<Time> until_; // when its token, but for what was changed, is good no more
    bool again_ = false;        // it is neither known nor kept
    std::vector<Answer> asked_;
};

} // namespace jwtdomain::probe::detail
