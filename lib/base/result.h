// Result and Error: how every function of the library reports failure.
//
// No exception crosses the library's API. A function that can fail returns Result<T>; its header says which
// faults it gives. A program branches on Error::fault; people read the rest.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace jwtdomain {

// What kind of failure it was. The command line maps each to one exit status.
enum class Fault {
    usage,       // the caller asked for something that cannot be asked
    no_input,    // there was nothing to work on
    invalid,     // input was read and is malformed or contradictory
    unreadable,  // input could not be read, or output not written
    not_found,   // a name that is not there
    conflict,    // it would overwrite or collide with something that exists
    limit,       // a size or depth limit was met
    unsupported, // well-formed, but not something that we implement
    retry,       // it may work later
    internal,    // a defect of ours, or the cryptographic library failed
};

// A place in a file. Lines and columns count from 1, columns in bytes; 0 means unknown.
struct Location {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
};

// Text may hold bytes of untrusted input: escape it on its way out (base/escape.h).
struct Error {
    Fault fault;
    std::string message;   // what failed, one sentence without a full stop
    Location where = {};   // where, if a file is at fault
    std::string hint = {}; // what to do next: a sentence or a command; may be empty
    std::string rule = {}; // the id of the rule that refused it ("ISS-07"); usually empty
};

template <class T> using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> fail(Fault fault, std::string message, std::string hint = {}) {
    return tl::unexpected<Error>(Error{.fault = fault, .message = std::move(message), .hint = std::move(hint)});
}

// "file:line:column: message", leaving out what is unknown.
std::string describe(const Error& error);

} // namespace jwtdomain
