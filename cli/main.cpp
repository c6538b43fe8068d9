#include <string>
#include <vector>

#include <openssl/crypto.h>

#include "cli/app/app.h"

int main(int argc, char** argv) {
    // A quick start: neither the system's openssl.cnf nor tables of algorithms and messages that are not used here.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                            OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                            OPENSSL_INIT_NO_ATEXIT,
                        nullptr);
    return jwtdomain::cli::run(std::vector<std::string>(argv + 1, argv + argc), jwtdomain::cli::real_world());
}
