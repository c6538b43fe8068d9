// What a probe has been answered, kept in a file as it comes, so that a later run asks only what is missing.
//
// JSON Lines. The first says which plan the answers belong to; each other one is a row of a target, with the outcome of
// each question and no token. A line carries a sum over itself and all before it: what was changed or taken out is
// found. Only clear answers are kept: errors and time-outs are asked for again.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "jwtdomain/base/time.h"
#include "jwtdomain/probe/run.h"
#include "jwtdomain/store/lines.h"

namespace jwtdomain::cli {

// What the answers depend on, as one digest: another policy, target or way of asking has another. In hexadecimal.
std::string digest_of(const std::vector<std::string>& parts);

class Journal {
public:
    // Begins a file, or goes on with one. `plan` is a digest_of. A line that was begun when its writer was ended is cut
    // off; else nothing of a file is changed that is damaged (invalid), or of something else, of another plan, older
    // than a day, or of the future (conflict). Further faults: those of PrivateLines.
    static Result<std::unique_ptr<Journal>> open(const std::string& path, const std::string& plan, std::size_t targets,
                                                 Time now);

    Time begun() const { return begun_; } // the first run
    // As probe::Plan has them.
    const std::vector<probe::Answer>* known(std::size_t target, const std::string& row) const;
    void keep(std::size_t target, const std::string& row, const std::vector<probe::Answer>& answers);
    // Whether all could be written.
    Status written() const;

private:
    Journal(store::PrivateLines lines, std::string path) : lines_(std::move(lines)), path_(std::move(path)) {}
    Status begin(const std::string& plan, std::size_t targets);
    Status read(const std::string& content, const std::string& plan, std::size_t targets, Time now);
    Status read_row(std::string_view line, std::size_t number, std::size_t targets);
    Status append(std::string line);
    tl::unexpected<Error> damaged(std::size_t line, const std::string& what) const;

    store::PrivateLines lines_;
    std::string path_;
    Time begun_ = 0;
    std::map<std::pair<std::size_t, std::string>, std::vector<probe::Answer>> known_; // of earlier runs
    mutable std::mutex mutex_;
    std::string sum_; // of the last line
    Status written_;
};

} // namespace jwtdomain::cli
