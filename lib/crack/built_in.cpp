#include "jwtdomain/base/secret.h"
#include "jwtdomain/crack/guess.h"
#include "jwtdomain/jwt/known_keys.h"
#include "jwtdomain/jwt/secret_readings.h"

namespace jwtdomain::crack {
namespace {

void try_known(Worker& worker) {
    worker.secret({});
    for (const KnownSecret& known : known_secrets()) {
        worker.secret(known.octets);
        worker.flush();
        for (const SecretBytes& reading : secret_readings(known.octets)) {
            worker.secret(reading.expose());
            worker.flush();
        }
    }
}

// "mysecret", "my-secret", "my_secret", "my secret", "mySecret", "MySecret".
void append_phrase(std::string& out, std::string_view first, std::string_view second) {
    for (const std::string_view joint : {"", "-", "_", " "}) {
        out += first;
        out += joint;
        out += second;
        out += '\n';
    }
    std::string both(first);
    const std::size_t at = both.size();
    both += second;
    for (const std::size_t letter : {at, std::size_t{0}}) {
        both[letter] = static_cast<char>(both[letter] - 'a' + 'A');
        out += both;
        out += '\n';
    }
}

} // namespace

bool try_built_in(Worker& worker, std::size_t part, std::size_t parts) {
    std::string text;
    if (part == 0) {
        try_known(worker);
        for (const std::string_view word : secret_words()) (text += word) += '\n';
        if (!worker.lines(text, Variation::simple)) return false;
    }
    std::size_t number = 0;
    for (const std::string_view first : secret_words()) {
        if (number++ % parts != part) continue;
        text.clear();
        for (const std::string_view second : secret_words()) append_phrase(text, first, second);
        if (!worker.lines(text, Variation::none)) return false;
    }
    for (const std::string_view second : {"secret", "key", "token", "password", "jwt"}) {
        if (number++ % parts != part) continue;
        text.clear();
        for (const std::string_view first : secret_words()) append_phrase(text, first, second);
        if (!worker.lines(text, Variation::simple)) return false;
    }
    return true;
}

} // namespace jwtdomain::crack
