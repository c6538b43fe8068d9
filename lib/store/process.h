// Internal: not installed.
// A program that runs beside us: words and no shell. What it writes is read piece by piece, while it is handed what it
// reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {

struct ProcessOptions {
    std::vector<std::string> words;   // the first is looked for in PATH
    std::vector<std::string> without; // variables of our environment that begin so are kept from it
    std::vector<std::pair<std::string, std::string>> variables = {}; // it gets besides
    // What it reads from standard input: up to `size` octets, 0 at the end. May be empty: there is nothing to read.
    std::function<Result<std::size_t>(char* to, std::size_t size)> feed = {};
    std::function<bool()> stop = {}; // asked a few times a second; true ends it. May be empty.
    int patience = 600;              // seconds for which it may be silent
    int milliseconds = 0;            // that it may take in all; 0: any number
    bool hears = true;               // what it says on standard error; else that is ours, too
};

class Process {
public:
    // It stays in our process group: it may ask for a PIN at the terminal. Faults: not_found, unreadable.
    static Result<Process> start(ProcessOptions options);
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process(); // it is killed if it still runs

    // What it writes to standard output, as it comes; 0 at the end. Faults: retry (it was stopped), limit
    // (patience, milliseconds), unreadable, those of feed.
    Result<std::size_t> read(char* to, std::size_t size);

    struct End {
        int status = 0;   // that it ended with; 128 and the signal, where that ended it
        int signal = 0;   // 0: it ended by itself
        std::string said; // on standard error: its beginning
    };
    // Waits for its end, after all was read; what was not read is thrown away. Faults: as read.
    Result<End> end();

private:
    explicit Process(ProcessOptions options);
    Status launch();
    Status feed_some();
    void hear();
    int time_left() const; // milliseconds until something has to be asked, or is up: 0
    End ended(int status);
    tl::unexpected<Error> too_long() const;

    ProcessOptions options_;
    std::chrono::steady_clock::time_point deadline_ = {}; // of milliseconds
    int pid_ = -1;
    posix::Descriptor in_, out_, trouble_;
    std::string pending_; // of what it reads, not yet taken
    std::string said_;
};

} // namespace jwtdomain::store
