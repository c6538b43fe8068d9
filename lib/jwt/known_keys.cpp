#include "jwtdomain/jwt/known_keys.h"

#include <algorithm>
#include <vector>

#include "jwtdomain/jwt/known_keys_table.h"

namespace jwtdomain {
namespace {

constexpr std::string_view kWordList =
    "abcdef access account admin alg all and any api app application are asdf at auth authentication "
    "authorization backend base bearer bit bits but byte bytes can cat change changed character characters "
    "client code company config cookie correct data database default demo dev development do dog domain dont "
    "encryption enough enter env example extra fake first for from generate hash hello here hidden hmac hs i "
    "in insecure internal is it jwt key keyboard least letmein local login long longer make master me "
    "minimum must my need never no not of one only or our pass passphrase password please private prod "
    "production public qwerty random real refresh replace rsa sample secret secrets secure security server "
    "service session sha shared should sign signature signing simple some special spring string strong super "
    "symmetric test testing text that the this to token top use user value very welcome with ";

std::vector<std::string_view> split_words(std::string_view list) {
    std::vector<std::string_view> out;
    for (std::size_t end = 0; (end = list.find(' ')) != std::string_view::npos; list.remove_prefix(end + 1))
        out.push_back(list.substr(0, end));
    return out;
}

} // namespace

const KnownKey* find_known_key_by_digest(std::string_view digest) {
    const auto* const found =
        std::lower_bound(kKnownDigests.begin(), kKnownDigests.end(), digest,
                         [](const KnownDigest& row, std::string_view wanted) { return row.digest < wanted; });
    return found != kKnownDigests.end() && found->digest == digest ? &kKnownKeys[found->key] : nullptr;
}

std::span<const KnownSecret> known_secrets() { return kKnownSecrets; }

std::span<const std::string_view> secret_words() {
    static const std::vector<std::string_view> kWords = split_words(kWordList);
    return kWords;
}

} // namespace jwtdomain
