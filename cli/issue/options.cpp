#include "cli/issue/options.h"

namespace jwtdomain::cli {

void declare_signing(Declaration& d, SigningOptions& o) {
    d.value("--kid", "KID", o.kid, "sign with this one of the domain's keys");
    d.value("--signer", "cmd:PROGRAM", o.signer, "let a program sign: signing input in, signature out");
    d.value("--key", "FILE", o.key, "sign with this private key instead of one from the key store", Completes::file);
    d.value("--passphrase", "SOURCE", o.passphrase, "what opens an encrypted --key: prompt, env:NAME, file:PATH, fd:N");
}

} // namespace jwtdomain::cli
