// How far a search has come, kept in a file, so that it can go on there. JSON Lines: what is searched, as a digest,
// then a line each few seconds with a place in the lists, and one for each token whose secret is found. No secret is in
// it, and no place of one.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "cli/crack/words.h"
#include "jwtdomain/store/lines.h"

namespace jwtdomain::cli {

class CrackJournal {
public:
    // Begins a file, or goes on with one. A line that was begun when its writer was ended is cut off. Faults: conflict
    // (it is of another search, or of something else), those of PrivateLines.
    static Result<CrackJournal> open(const std::string& path, const std::string& plan);

    bool resumed() const { return resumed_; }
    ListPlace place() const { return place_; }
    const std::set<std::size_t>& found() const { return found_; } // tokens of the search, by their places

    Status keep(const ListPlace& place) const;
    Status keep_found(std::size_t token) const;

private:
    explicit CrackJournal(store::PrivateLines lines) : lines_(std::move(lines)) {}
    bool read_line(std::string_view line);
    store::PrivateLines lines_;
    bool resumed_ = false;
    ListPlace place_;
    std::set<std::size_t> found_;
};

} // namespace jwtdomain::cli
