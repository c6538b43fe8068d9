// Reads what it is given on several threads, and takes what is found in the order of one.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/scan/collect.h"
#include "cli/scan/reader.h"
#include "cli/scan/turns.h"
#include "jwtdomain/scan/memory_limit.h"

namespace jwtdomain::cli {

struct ReadingOptions {
    SightOptions sight;
    scan::Effort effort = scan::Effort::normal;
    scan::ContentOptions content;
    unsigned threads = 1;
};

// What units need of it, from any thread.
struct ReadingState {
    ReadingState(const Classifier& a_classifier, ReadingOptions the_options, Collector& a_collector,
                 Coverage& a_coverage)
        : classifier(a_classifier), options(std::move(the_options)), collector(a_collector), coverage(a_coverage) {}

    const Classifier& classifier;
    const ReadingOptions options;
    Collector& collector; // belongs to whoever's turn it is
    Coverage& coverage;   // `mutex` is held
    std::mutex mutex;
    std::atomic<bool> stop = false;
    std::function<void()> settled = {}; // called by whoever's turn it is
    std::vector<std::unique_ptr<Reader>> readers;
    std::size_t room = 0; // octets that a unit may hold until its turn

    Reader& reader(std::size_t thread); // of that thread
    void gap(const std::string& path, scan::Gap gap, std::string_view detail);
    Reader::TellGap tell_gap() {
        return [this](const std::string& path, scan::Gap what, std::string_view detail) { gap(path, what, detail); };
    }
    void count(std::uint64_t files, const scan::ContentEnd& end);
};

class Reading {
public:
    // `stopped`: whether all is to end; asked by the caller's thread alone. `settled`: what was found up to there has
    // been taken; called by any thread, by one at a time, never while the caller's is in one of the functions below
    // with its own input.
    Reading(const Classifier& classifier, ReadingOptions options, Collector& collector, Coverage& coverage,
            std::function<bool()> stopped, std::function<void()> settled);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() { end(); }

    // Reads it now or later. False if all is to end.
    bool file(const std::string& path, const scan::Input& input);
    // Reads it now, after everything that was given before. `counts`: as a file. `git`: where it is in a repository;
    // may be null.
    bool here(const std::string& path, const scan::Input& input, bool counts, const scan::GitPlace* git = nullptr);
    void gap(const std::string& path, scan::Gap gap, std::string_view detail) { state_.gap(path, gap, detail); }
    // Changes what it was given to count in, while nobody else does.
    void count(const std::function<void(Coverage&)>& change);
    // Everything that was given has been read.
    void end();

private:
    bool stopped();
    void give(std::unique_ptr<Unit> unit);
    void give_small();

    ReadingState state_;
    std::function<bool()> stopped_;
    std::vector<std::pair<std::string, scan::Input>> small_; // to be read together
    std::uint64_t small_size_ = 0;
    std::optional<scan::AtWork> at_work_; // of the caller's thread, if there are others
    Turns turns_;                         // before all else it ends
};

} // namespace jwtdomain::cli
