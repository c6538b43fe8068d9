#include "cli/crack/tokens.h"

#include <unordered_set>

#include "cli/app/token_line.h"
#include "cli/triage/claimed_domain.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/jwt/unwrap.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxInput = 64u << 20;

class TokenReader {
public:
    TokenReader(const CrackOptions& options, const audit::Estate* estate) : options_(options), estate_(estate) {}

    void read(std::string_view text, std::size_t line) {
        const auto found = unwrap_token(text);
        if (!found) return refuse(line, {}, found.error().message);
        // An SD-JWT is signed as the token before its disclosures.
        const std::string token = found->token.substr(0, found->token.find('~'));
        UnverifiedToken parsed;
        parsed.parse(token, {.duplicates = json::Duplicates::last, .lenient_base64 = true, .json_serialization = true});
        if (!parsed.usable()) return refuse(line, {}, "it is no signed token that can be read");
        const std::string print = fingerprint(parsed.signing_input());
        const std::string_view named = parsed.header().algorithm.value_or("");
        const auto algorithm = find_algorithm(named);
        if (!algorithm || info(*algorithm).family != Family::hmac)
            return refuse(line, print,
                          named.empty() ? "it names no algorithm"
                                        : "its algorithm is " + escape_text(named, 40) +
                                              ": only HS256, HS384 and HS512 have a secret that can be guessed");
        if (parsed.signature().size() != info(*algorithm).signature_size)
            return refuse(line, print, "its signature is not whole");
        const std::string domain = domain_of(parsed);
        if (domain.empty() && !options_.foreign)
            return refuse(line, print, "it is of no domain of the policy: --foreign allows it");
        if (!seen_.insert(print + std::string(parsed.signature())).second) return;
        CrackToken out{.text = std::string(parsed.text()),
                       .fingerprint = print,
                       .kid = {},
                       .domain = domain,
                       .target = {.algorithm = *algorithm,
                                  .signing_input = std::string(parsed.signing_input()),
                                  .signature = std::string(parsed.signature())}};
        if (parsed.header().kid) out.kid = std::string(*parsed.header().kid);
        tokens_.tokens.push_back(std::move(out));
    }

    void read_lines(std::string_view text) {
        for (std::size_t number = 1; !text.empty(); ++number) {
            const std::string_view line = take_until(text, '\n');
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
            TokenLine read_line;
            if (const char* const problem = read_token_line(line, read_line))
                refuse(number, {}, problem);
            else
                read(read_line.token, number);
        }
    }

    CrackTokens take() { return std::move(tokens_); }

private:
    std::string domain_of(const UnverifiedToken& token) const {
        if (estate_ == nullptr) return {};
        std::vector<std::string> names;
        for (const std::size_t domain : claimed_domains(*estate_, std::string(token.payload())))
            names.push_back(estate_->name(domain));
        return join(names, " or ");
    }

    void refuse(std::size_t line, const std::string& print, const std::string& why) {
        tokens_.refused.push_back({line, print, why});
    }

    const CrackOptions& options_;
    const audit::Estate* estate_;
    CrackTokens tokens_;
    std::unordered_set<std::string> seen_;
};

} // namespace

Result<CrackTokens> read_crack_tokens(Session& session, const CrackOptions& options, const audit::Estate* estate) {
    if (estate == nullptr && !options.foreign)
        return fail(Fault::usage, "without a policy it is not known whether the token is of a domain of yours",
                    "name the policy by --policy DIR, or, where you may guess its secret, give --foreign");
    const auto text = session.read_argument(options.token, "token", kMaxInput);
    if (!text) return fail(text.error());
    TokenReader reader(options, estate);
    if (options.input)
        reader.read_lines(*text);
    else
        reader.read(*text, 0);
    CrackTokens out = reader.take();
    if (out.tokens.empty() && out.refused.empty()) return fail(Fault::no_input, "there is no token in the input");
    if (out.tokens.empty() && !options.input) return fail(Fault::invalid, "the token: " + out.refused.front().why);
    return out;
}

} // namespace jwtdomain::cli
