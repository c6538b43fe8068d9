// Internal: what a language of strings lets in besides what it was written for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::audit::rules {

// A word of the language that is none of `meant`; nullopt also where it is not known whether there is one. Line ends
// after a meant word do not count: "$" lets them pass in some dialects, and no issuer writes them.
std::optional<std::string> word_beyond(const accept::Strings& language, const std::vector<std::string>& meant);

// Does the rule take tokens of more issuers than one? `own` is meant where it lists none.
bool takes_several_issuers(const accept::IssuerRule& rule, const std::string& own);

// A word of the language that is a URL with a host name which somebody else than the owner of `url` can register.
std::optional<std::string> registrable_word(const accept::Strings& language, const std::string& url);

} // namespace jwtdomain::audit::rules
