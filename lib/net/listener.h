// A small HTTP server on loopback, which serves a few documents and counts who comes for them: so it is seen that
// somebody follows a URL. Bounded in time, in connections and in what it reads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "jwtdomain/base/result.h"

namespace jwtdomain::net {

class Listener {
public:
    // `address` is 127.0.0.1:PORT, another address of 127.0.0.0/8, or [::1]:PORT; port 0 is any that is free. It
    // answers from a thread of its own until it goes. Faults: usage (no such address, or one beyond loopback),
    // unreadable (the port is taken).
    static Result<Listener> open(const std::string& address);
    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    ~Listener();

    const std::string& url() const; // "http://127.0.0.1:41234"

    // Serves `body` to GET and HEAD of `path` ("/a/b"), from now on; all else is 404. May be called by several threads,
    // as is visits().
    void serve(const std::string& path, std::string type, std::string body);
    // How often that path was asked for, with whatever query behind it.
    std::size_t visits(const std::string& path) const;

private:
    struct State;
    explicit Listener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace jwtdomain::net
