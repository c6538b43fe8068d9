// The search: what is built in, then the word lists, on all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "cli/crack/found.h"
#include "cli/crack/journal.h"
#include "cli/crack/words.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::cli {

// The parts of a search. All are borrowed.
struct SearchPlan {
    const std::vector<CrackToken>& tokens;
    WordLists& lists;
    crack::Variation variation = crack::Variation::none;
    FoundFile* out = nullptr;        // where secrets go; null: nowhere
    CrackJournal* journal = nullptr; // null: it is not kept
    unsigned threads = 1;
};

struct SearchEnd {
    std::vector<SecretBytes> secrets; // for each token; empty without one
    std::vector<bool> found, known;   // for each token; known: by an earlier run, the secret is not here
    std::uint64_t tried = 0;          // secrets
    bool complete = false;            // all lists were tried to their ends, or nothing was left to be found
    std::vector<Error> faults;        // what could not be read or written
};

SearchEnd search(Session& session, const SearchPlan& plan);

} // namespace jwtdomain::cli
