#include "cli/explain/probe_topic.h"

#include <algorithm>

#include <fmt/format.h>

#include "jwtdomain/base/join.h"
#include "jwtdomain/probe/kinds.h"

namespace jwtdomain::cli {
namespace {

struct CheckRow {
    std::string_view check;
    std::size_t kinds = 0, telling = 0; // all, and those that must be refused
    std::vector<std::string> rules;
};

PageTable checks_table() {
    std::vector<CheckRow> checks;
    for (const probe::Kind& kind : probe::kinds()) {
        auto found =
            std::find_if(checks.begin(), checks.end(), [&](const auto& row) { return row.check == kind.check; });
        if (found == checks.end()) found = checks.insert(checks.end(), {kind.check, 0, 0, {}});
        ++found->kinds;
        if (kind.meaning == probe::Meaning::informs) continue;
        ++found->telling;
        if (std::find(found->rules.begin(), found->rules.end(), kind.rule) == found->rules.end())
            found->rules.emplace_back(kind.rule);
    }
    PageTable out{"Checks, and the rules behind what is taken", {}};
    for (const CheckRow& row : checks) {
        std::string text = fmt::format("{} {}", row.kinds, row.kinds == 1 ? "kind" : "kinds");
        text += row.telling == 0 ? ", either answer to which is right: what it does is told"
                                 : fmt::format(", {} must be refused: {}", row.telling, join(row.rules, ", "));
        out.rows.push_back({std::string(row.check), text});
    }
    return out;
}

} // namespace

std::vector<PageTable> probe_tables() {
    return {
        {"What is sent to each target",
         {{"control", "the domain's own good token: it must be taken, at the beginning and at the end"},
          {"garbage", "no token at all: it must be refused"},
          {"foreign", "a token of each other domain as its issuer mints it, one for the audience of the target, and "
                      "the witnesses of what crosses by `jwtdomain audit`"},
          {"kinds", fmt::format("{} tokens that differ from the control in one thing each; what is known to have ended "
                                "servers only with --dangerous",
                                probe::kinds().size())}}},
        {"Cold and warm",
         {{"cold", "a foreign token, before anybody has seen it"},
          {"at home", "the same token at a target of its own domain, which must take it"},
          {"again", "and at the first target once more: taken only now, there is a cache that knows tokens by their "
                    "text alone (RUN-02)"}}},
        {"What an answer shows",
         {{"taken", "counts always, once it was taken twice: the rule behind the token is broken"},
          {"refused", "counts beside good controls, and of a foreign token that its own domain takes; else it may "
                      "have any reason"},
          {"odd", "429, 500, an exit status that is neither 0 nor 1: it says neither"},
          {"changing", "taken once and refused once: it says neither"},
          {"none", "no connection, out of time: it says neither"}}},
        {"Verdicts",
         {{"LEAKS", "a token of another domain is taken; exit status 1"},
          {"WEAK", "something is not enforced, or the target takes what its configuration refuses; 1"},
          {"INCONCLUSIVE", "there is no good control, a token could not be tried, or an answer says neither: never a "
                           "pass; 3"},
          {"HOLDS", "none of that was found, of what was sent; 0"}}},
        {"DISAGREES, where it is known what guards the target",
         {{"wider", "it takes what its configuration refuses: something else guards it, or it runs another "
                    "configuration, or we read it wrong; what is proved of the configuration is not so"},
          {"narrower", "it refuses what its configuration takes: a further check stands before it, or it is read too "
                       "widely; this fails nothing"}}},
        checks_table(),
    };
}

} // namespace jwtdomain::cli
