#include "cli/crack/export.h"

#include <algorithm>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

// Of hashcat's mode 16500 (src/modules/module_16500.c): header and payload of at most 2047 characters each, one
// algorithm in a run, known by the length of the signature.
bool fits_hashcat(const CrackToken& token) {
    constexpr std::size_t kLongestPart = 2047;
    const std::string& input = token.target.signing_input;
    const std::size_t dot = input.find('.');
    return dot <= kLongestPart && input.size() - dot - 1 <= kLongestPart && input.size() > dot + 1;
}

} // namespace

std::vector<std::string> guesser_names() { return {"hashcat", "john"}; }

ExportedTokens export_tokens(Session& session, std::string_view guesser, const std::vector<CrackToken>& tokens) {
    ExportedTokens out;
    const bool hashcat = guesser == "hashcat";
    std::vector<const CrackToken*> ordered;
    for (const CrackToken& token : tokens) ordered.push_back(&token);
    const auto algorithm = [](const CrackToken* token) { return token->target.algorithm; };
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](const auto* a, const auto* b) { return algorithm(a) < algorithm(b); });
    for (const CrackToken* token : ordered) {
        if (hashcat && !fits_hashcat(*token)) {
            ++out.left_out;
            session.warn("hashcat takes no such long token: " + token->fingerprint);
            continue;
        }
        // John's HMAC formats (src/hmacSHA256_fmt_plug.c): the message, '#', the result in hexadecimal.
        out.lines +=
            token->target.signing_input +
            (hashcat ? "." + base64url_encode(token->target.signature) : "#" + hexadecimal(token->target.signature)) +
            "\n";
    }
    if (!ordered.empty() && algorithm(ordered.front()) != algorithm(ordered.back()))
        session.warn(hashcat ? "hashcat takes one algorithm in a run: split the lines where the algorithm changes"
                             : "john takes one algorithm in a run: HMAC-SHA256, HMAC-SHA384 and HMAC-SHA512");
    return out;
}

} // namespace jwtdomain::cli
