#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/keys.h"
#include "cli/issue/run.h"
#include "jwtdomain/accept/dpop.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::cli {

Exit issue_proof(Session& session, const IssueOptions& options) {
    std::string_view uri = trimmed(*options.proof);
    const std::string_view method = take_until(uri, ' ');
    uri = trimmed(uri);
    if (method.empty() || !policy::is_absolute_uri(uri))
        return session.report({.fault = Fault::usage,
                               .message = "a proof is for one request",
                               .hint = "--proof 'GET https://api.example.com/orders'"});
    const auto key = load_private_key(session, *options.dpop_key, options.passphrase);
    if (!key) return session.report(key.error());
    accept::ProofRequest request{.method = std::string(method), .uri = std::string(uri)};
    std::string token;
    if (options.access_token) {
        auto text = session.read_argument(options.access_token, "access token", kMaxToken + 1024);
        if (!text) return session.report(text.error());
        token = trim_token(*text);
        request.access_token = token;
    }
    request.nonce = options.nonce;
    const auto proof = accept::make_proof(*key, request, session.now());
    if (!proof) return session.report(proof.error());
    const auto json = [&] {
        nlohmann::ordered_json out{{"version", 1}, {"command", "issue"}, {"proof", *proof}};
        out["jkt"] = key->public_key().thumbprint();
        return json_text(out);
    };
    return session.emit(Exit::yes, {{"text", [&] { return *proof + "\n"; }}, {"json", json}}, true);
}

} // namespace jwtdomain::cli
