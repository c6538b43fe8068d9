// The one door outside for commands: streams, clock, environment, terminal. Tests put a made-up world here; files go
// through store/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

enum class Stream { in, out, err };

class World {
public:
    virtual ~World() = default;
    // Up to `size` octets of standard input; 0 at its end. Faults: unreadable.
    virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
    // False if a read would have to wait.
    virtual bool input_ready() const { return true; }
    // All of `text` to standard output. Faults: unreadable (a full disk); a closed pipe is retry, without a message to
    // print.
    virtual Status write(std::string_view text) = 0;
    virtual void write_error(std::string_view text) = 0;
    virtual bool is_terminal(Stream stream) const = 0;
    virtual std::optional<std::string> environment(const std::string& name) const = 0;
    virtual Time now() const = 0;
    virtual std::string directory() const = 0; // the working directory
    // One line typed at the terminal without echo. Faults: usage if there is no terminal.
    virtual Result<SecretBytes> ask_secret(const std::string& prompt) = 0;
    // The content of an open file descriptor. Faults: unreadable.
    virtual Result<SecretBytes> read_descriptor(int descriptor, std::size_t limit) = 0;
    // The number of the signal that asked us to stop (SIGINT, SIGTERM), or 0.
    virtual int interrupted() const { return 0; }
    virtual unsigned processors() const { return 1; }
    // The file of the running program; empty if it is not known.
    virtual std::string program_file() const { return {}; }
    // Of a clock that only goes forward, from anywhere: for how long something took. May be asked by several threads.
    virtual std::int64_t milliseconds() const { return 0; }
};

// The real one. SIGPIPE is ignored from then on; core dumps are switched off.
World& real_world();

} // namespace jwtdomain::cli
