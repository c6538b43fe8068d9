// What `jwtdomain keygen` did.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

struct KeyReport {
    enum class Action { made, made_for_domain, converted } action = Action::made;
    std::string domain = {};    // of made_for_domain
    std::string algorithm = {}; // may be empty for a converted key: an RSA key names none by itself
    std::string key_type = {};  // "P-256", "RSA", ...
    std::string kid = {};       // may be empty
    std::string format = {};    // of the file that was written
    std::string private_file = {}, public_file = {}; // written ones; "-" is standard output
    bool encrypted = false;
    std::size_t keys = 1;            // in the file
    std::size_t published = 0;       // by the domain, with this one
    std::optional<Time> starts = {}; // to sign; nullopt: at once
};

std::string to_text(const KeyReport& report, bool color);
std::string to_json(const KeyReport& report);

} // namespace jwtdomain::cli
