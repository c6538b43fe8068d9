// Reading a policy: policy.yaml (or policy.json) with the domain files that it includes, into one checked model.
//
// Nothing here touches the file system: the caller gives a Reader (store::read_file and store::glob, or a map in
// tests).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

struct Reader {
    // The octets of a file. Faults: not_found, unreadable, limit.
    std::function<Result<std::string>(const std::string& path)> read;
    // The files below `directory` whose path relative to it matches one of the patterns, as read() takes them; sorted
    // by octets. '*' and '?' stay inside a name, "**/" is any number of directories.
    std::function<Result<std::vector<std::string>>(const std::string& directory,
                                                   const std::vector<std::string>& patterns)>
        glob;
};

// `directory` holds policy.yaml. Faults: not_found (no policy there), invalid (with file, line, column and a
// suggestion), and those of the reader.
Result<Policy> load(const std::string& directory, const Reader& reader);

// The same, but reads only what `verify` of that domain needs where the files allow it: its own file,
// domains/NAME.yaml, and those of the domains that it trusts. Policy::partial then is set: other domains, and edges
// between them, are missing, and what is wrong with them is not seen. Everything that is there equals what load()
// gives. Faults: as load().
Result<Policy> load_domain(const std::string& directory, std::string_view name, const Reader& reader);

// The domain of that name. Faults: not_found, with a suggestion; a URL that is somebody's issuer or audience suggests
// its domain.
Result<const Domain*> require_domain(const Policy& policy, std::string_view name);

} // namespace jwtdomain::policy
