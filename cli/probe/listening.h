// --listen: a key set and a certificate of nobody's, at URLs that only the tokens of one target name, so that who comes
// for them has followed a token.
#pragma once

#include <optional>
#include <string>

#include "cli/probe/options.h"
#include "jwtdomain/net/listener.h"
#include "jwtdomain/probe/kinds.h"

namespace jwtdomain::cli {

class Listening {
public:
    // Listens if that is asked for. Faults: usage (--listen-url without --listen, or no URL), and those of Listener.
    static Result<Listening> open(const ProbeOptions& options);

    // A name that nobody can guess, for one target; empty: nobody listens.
    std::string new_place() const;
    // Has the tokens of that control name the URLs of a place, and has the place serve what its mutants say. Faults:
    // internal.
    void name(const std::string& place, probe::Control& control) const;
    Status serve(const std::string& place, const probe::Mutants& mutants);
    // How often the URL in tokens of that kind ("jku", "x5u") was asked for.
    std::size_t visits(const std::string& place, std::string_view kind) const;

private:
    std::optional<net::Listener> listener_;
    std::string base_; // URL without a slash at its end
};

} // namespace jwtdomain::cli
