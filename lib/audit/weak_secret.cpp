#include <algorithm>
#include <bitset>

#include "jwtdomain/audit/weak_keys.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/known_keys.h"
#include "jwtdomain/jwt/secret_readings.h"

namespace jwtdomain::audit {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

// Words are looked for in small letters and plain ones ("P@ssw0rd").
char plain(char c) {
    constexpr std::string_view kDisguised = "0134578@$!", kPlain = "oleastbasi";
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    const std::size_t at = kDisguised.find(c);
    return at == std::string_view::npos ? c : kPlain[at];
}

// Digits and signs are letters only within words: "p4ssw0rd", but not "256".
void fold(std::string_view text, std::string& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto near = [&](std::size_t at) { return at < text.size() && is_letter(plain(text[at])); };
        const bool disguised = !((c >= 'A' && c <= 'Z') || is_letter(c));
        const auto truly = [&](std::size_t at) {
            return at < text.size() && ((text[at] >= 'A' && text[at] <= 'Z') || is_letter(text[at]));
        };
        const bool within = (near(i - 1) && near(i + 1) && (truly(i - 1) || truly(i + 1)));
        out += disguised && !within ? c : plain(c);
    }
}

// How many letters can be spelled with the words at most. Those of one and two letters count only between others.
std::size_t spelled(std::string_view text) {
    const std::span<const std::string_view> words = secret_words();
    std::vector<std::size_t> best(text.size() + 1, 0);
    for (std::size_t i = 0; i < text.size(); ++i) {
        best[i + 1] = std::max(best[i + 1], best[i]);
        for (const std::string_view word : words) {
            if (text.substr(i, word.size()) != word) continue;
            const std::size_t end = i + word.size();
            const bool alone = (i == 0 || !is_letter(text[i - 1])) && (end == text.size() || !is_letter(text[end]));
            if (word.size() >= 3 || alone) best[end] = std::max(best[end], best[i] + word.size());
        }
    }
    return best.back();
}

// At least four words between spaces or signs, of letters alone and with a vowel each, in one case or capitalised:
// a sentence or a passphrase in whatever words.
bool is_sentence(std::string_view text) {
    std::size_t words = 0, letters = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" -_.,/", at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        const auto small = [](char c) { return is_letter(c); };
        const bool capital = (word[0] >= 'A' && word[0] <= 'Z');
        if (!(capital || small(word[0])) || !std::all_of(word.begin() + 1, word.end(), small)) return false;
        if (word.size() > 14 || std::none_of(word.begin(), word.end(), [](char c) { return is_vowel(plain(c)); }))
            return false;
        ++words;
        letters += word.size();
    }
    return words >= 4 && letters >= 3 * words;
}

bool is_made_of_words(std::string_view text) {
    if (text.size() < 3 || std::any_of(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }))
        return false;
    if (is_sentence(text)) return true;
    SecretText folded(text.size());
    fold(text, folded.text);
    const auto letters = static_cast<std::size_t>(std::count_if(folded.text.begin(), folded.text.end(), is_letter));
    return letters >= 3 && 2 * letters >= text.size() && 4 * spelled(folded.text) >= 3 * letters;
}

// `needed`: how long the part that is repeated has to be in order to be a secret of its own.
bool is_repetition(std::string_view octets, std::size_t needed) {
    if (octets.size() < 4) return false; // too short to tell, and too short for any algorithm
    std::bitset<256> seen;
    for (const char c : octets) seen.set(static_cast<unsigned char>(c));
    if (seen.count() <= std::min<std::size_t>(4, octets.size() / 4)) return true;
    for (std::size_t period = 1; period < needed && 2 * period <= octets.size(); ++period) {
        if (octets.substr(period) == octets.substr(0, octets.size() - period)) return true;
    }
    const auto step = [&](std::size_t i) { return static_cast<unsigned char>(octets[i] - octets[i - 1]); };
    for (std::size_t i = 2; i < octets.size(); ++i) {
        if (step(i) != step(1)) return false;
    }
    return true; // 0, 1, 2, ...
}

// A reading of the secret, or what it decodes to.
struct Verdict {
    bool words = false, repetition = false;
};

void judge(std::string_view octets, std::size_t needed, Verdict& verdict) {
    verdict.words |= is_made_of_words(trimmed(octets));
    verdict.repetition |= is_repetition(octets, needed);
}

} // namespace

Algorithm hmac_algorithm(const Jwk& key) {
    const auto named = key.metadata.algorithm ? find_algorithm(*key.metadata.algorithm) : std::nullopt;
    return named && info(*named).family == Family::hmac ? *named : Algorithm::HS256;
}

std::optional<SecretWeakness> weak_secret(std::string_view secret, Algorithm algorithm) {
    const std::size_t needed = info(algorithm).min_key_size;
    Verdict verdict;
    judge(secret, needed, verdict);
    for (const SecretBytes& once : decoded(secret)) {
        judge(once.expose(), needed, verdict);
        for (const SecretBytes& twice : decoded(once.expose())) judge(twice.expose(), needed, verdict);
    }
    if (verdict.words) return SecretWeakness::words;
    if (verdict.repetition) return SecretWeakness::repetition;
    // One random secret in 2^32 ends with four zeros: fewer are left alone.
    const std::size_t zeros = secret.size() - (secret.find_last_not_of('\0') + 1);
    const std::size_t size = secret.size() - (zeros >= 4 ? zeros : 0);
    return size < needed ? std::optional(SecretWeakness::too_short) : std::nullopt;
}

} // namespace jwtdomain::audit
