// JSON that a writer of JSON would write as it stands.
#pragma once

#include <string_view>

namespace jwtdomain::cli {

// An object that, read and written again without blanks in ASCII, has the same octets: no blanks, no escapes, no names
// that are there twice, no numbers but integers of up to 18 digits. False also where that would take long to say.
bool is_plain_object(std::string_view text);

} // namespace jwtdomain::cli
