// Hosts and sections of Apache httpd, and what holds for a request where several sections apply to it.
//
// Sections are merged in the order of their kinds (Directory and Proxy, DirectoryMatch, Files, Location, If), those of
// the server before those of its VirtualHosts; what a later one sets replaces what an earlier one has, and `Require`
// does so as a whole unless AuthMerging says otherwise.
//
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/gateway/apache_require.h"
#include "jwtdomain/gateway/apache_text.h"

namespace jwtdomain::gateway::apache {

// What holds in one place, as far as it matters to who passes.
struct Settings {
    enum class Merging : std::uint8_t { unset, off, all, any };
    const Directive* auth_type = nullptr;
    std::optional<Requirement> require = {};
    Merging merging = Merging::unset;
    const Directive* satisfy = nullptr;
    const Directive* by_host = nullptr; // Order, Allow or Deny
    std::vector<const Directive*> token_verify = {};
    const Directive* target_pass = nullptr; // the one that names the claim of the user
    const Directive* unauthenticated = nullptr;
    const Directive* interval = nullptr;
    const Directive* overridden = nullptr; // .htaccess files may change it
    std::string unknown = {};              // why it is not known what holds
    document::Mark unknown_at = {};
};

struct Section {
    enum class Kind : std::uint8_t { directory, directory_match, files, location, condition };
    Kind kind;
    std::string name;    // for reports
    std::string pattern; // a literal path; empty: not known which requests it is for
    int inside = -1;     // the section around it
    const Directive* directive;
    Settings own = {};
};

struct Host {
    const Directive* directive = nullptr; // <VirtualHost>; nullptr: the server itself
    document::Mark mark = {};
    std::vector<std::string> names = {};       // ServerName, ServerAlias
    std::vector<const Directive*> common = {}; // directives of the server, and then its own, outside of sections
    std::size_t of_server = 0;                 // so many of `common` are the server's
    std::vector<Section> sections = {};        // in the order of merging
    Settings base = {};
    std::string unknown = {}; // why nothing of it is known
    document::Mark unknown_at = {};
};

// The server, and then its VirtualHosts.
std::vector<Host> hosts_of(const Configuration& configuration);

// What a request meets: the sections that apply to it, and what they come to.
struct Scope {
    std::vector<std::size_t> sections; // of Host::sections
    Settings settings;
};

// Every combination of sections that a request can meet; nothing if there are too many.
std::optional<std::vector<Scope>> scopes_of(const Host& host);

} // namespace jwtdomain::gateway::apache
