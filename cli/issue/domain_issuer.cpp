#include "cli/app/keys.h"
#include "cli/app/policy.h"
#include "cli/app/program.h"
#include "cli/issue/issuer.h"
#include "cli/issue/request.h"
#include "cli/issue/signature.h"
#include "cli/keygen/published.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

Result<std::vector<std::string>> signer_words(const std::string& text) {
    const auto command = command_in(text);
    if (!command) return fail(Fault::usage, "--signer takes cmd:PROGRAM", "--signer 'cmd:pkcs11-tool --sign ...'");
    return split_command(*command);
}

// Lets a program sign, and believes nothing that the public key does not confirm.
Mint by_program(const SigningChoice& choice, SignatureVerifier verifier, std::vector<std::string> words,
                const std::string& header) {
    auto shared = std::make_shared<SignatureVerifier>(std::move(verifier));
    return [choice, shared, words = std::move(words), header](std::string_view claims, std::string& out) -> Status {
        const std::string input = make_signing_input(header, claims);
        const auto given = run_program(words, input);
        if (!given) return tl::unexpected(given.error());
        const auto signature = find_signature(*shared, input, *given);
        if (!signature) {
            return fail(Fault::invalid,
                        "what the program " + escape_text(words.front(), 100) + " wrote is no signature of the key " +
                            escape_text(choice.kid.value_or(choice.key.thumbprint()), 80),
                        "it gets the signing input and writes " + choice.algorithm_name +
                            " as raw octets, base64url or DER");
        }
        out += input + "." + base64url_encode(*signature);
        return {};
    };
}

} // namespace

Result<std::unique_ptr<DomainIssuer>> DomainIssuer::open(Session& session, const IssueOptions& options) {
    auto loaded = load_policy_of(session, *options.domain);
    if (!loaded) return tl::unexpected(loaded.error());
    std::unique_ptr<DomainIssuer> out(new DomainIssuer);
    out->policy_ = std::make_unique<policy::Policy>(std::move(*loaded));
    const auto domain = policy::require_domain(*out->policy_, *options.domain);
    if (!domain) return tl::unexpected(domain.error());
    out->domain_ = *domain;
    if (const Status own = policy::require_own_issuer(**domain); !own) return tl::unexpected(own.error());
    auto published = read_published(*out->policy_, **domain);
    if (!published) return tl::unexpected(published.error());
    out->published_ = std::move(published->set);
    if (options.attach) return out;
    if (const Status chosen = out->choose(session, options); !chosen) return tl::unexpected(chosen.error());
    auto further = parse_headers(options);
    if (!further) return tl::unexpected(further.error());
    out->domain = (*domain)->name;
    out->algorithm_name = out->choice_->algorithm_name;
    out->kid = out->choice_->kid;
    out->header = write_header({.algorithm = out->algorithm_name,
                                .kid = out->kid,
                                .type = policy::token_type(**domain),
                                .further = std::move(*further)});
    return out;
}

Status DomainIssuer::choose(Session& session, const IssueOptions& options) {
    if (options.signer) {
        auto words = signer_words(*options.signer);
        if (!words) return tl::unexpected(words.error());
        program_ = std::move(*words);
    }
    if (options.key) return choose_file(session, options);
    if (options.signer || options.request) {
        auto choice = choose_signing_key(published_, *domain_,
                                         {.now = session.now(),
                                          .kid = options.kid,
                                          .has_private_half = [](const PublicKey&) { return true; },
                                          .where = {}});
        if (!choice) return tl::unexpected(choice.error());
        choice_ = std::move(*choice);
        return {};
    }
    return choose_own(session, options);
}

Status DomainIssuer::choose_own(Session& session, const IssueOptions& options) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    const store::KeyStore keys(*state);
    auto choice =
        choose_signing_key(published_, *domain_,
                           {.now = session.now(),
                            .kid = options.kid,
                            .has_private_half = [&](const PublicKey& key) { return keys.contains(key.thumbprint()); },
                            .where = "in the key store " + keys.directory()});
    if (!choice) return tl::unexpected(choice.error());
    auto half = load_private_half(keys, choice->key);
    if (!half) return tl::unexpected(half.error());
    choice_ = std::move(*choice);
    private_half_ = std::move(*half);
    return {};
}

Status DomainIssuer::choose_file(Session& session, const IssueOptions& options) {
    auto pair = load_private_key(session, *options.key, options.passphrase);
    if (!pair) return tl::unexpected(pair.error());
    auto choice = choose_signing_key(
        published_, *domain_,
        {.now = session.now(),
         .kid = options.kid,
         .has_private_half = [&](const PublicKey& key) { return key.identity() == pair->public_key().identity(); },
         .where = "in " + *options.key});
    if (!choice) return tl::unexpected(choice.error());
    choice_ = std::move(*choice);
    private_half_ = std::move(*pair);
    return {};
}

Result<Mint> DomainIssuer::minter() const { return minter_of(header); }

Result<std::string> DomainIssuer::sign(std::string_view type, std::string_view payload) const {
    const auto mint =
        minter_of(write_header({.algorithm = algorithm_name, .kid = kid, .type = std::string(type), .further = {}}));
    if (!mint) return tl::unexpected(mint.error());
    std::string out;
    if (const Status done = (*mint)(payload, out); !done) return tl::unexpected(done.error());
    return out;
}

Result<Mint> DomainIssuer::minter_of(const std::string& of_header) const {
    if (!program_.empty()) {
        auto verifier = SignatureVerifier::make(choice_->key, choice_->algorithm);
        if (!verifier) return tl::unexpected(verifier.error());
        return by_program(*choice_, std::move(*verifier), program_, of_header);
    }
    auto signer = Signer::make(*private_half_, choice_->algorithm);
    if (!signer) return tl::unexpected(signer.error());
    const auto minter = std::make_shared<Minter>(std::move(*signer), of_header);
    return Mint([minter](std::string_view claims, std::string& out) { return minter->mint(claims, out); });
}

Status DomainIssuer::check_accepted(Session& session, std::string_view token, std::optional<Time> not_before) const {
    const Time when = std::max(session.now(), not_before.value_or(session.now()));
    const auto findings = Acceptance(session, *policy_, *domain_).objections(token, when);
    if (!findings) return tl::unexpected(findings.error());
    if (findings->empty()) return {};
    return fail(Fault::invalid, domain_->name + " would reject this token: " + codes_of(*findings),
                "jwtdomain explain " + std::string(info(findings->front().reason).code));
}

Result<std::string> DomainIssuer::attach(std::string_view signing_input, std::string_view signature) const {
    for (const Jwk& jwk : published_.keys) {
        const auto* key = std::get_if<PublicKey>(&jwk.key);
        if (!key || !may_verify(jwk.metadata)) continue;
        for (const Algorithm algorithm : domain_->algorithms) {
            if (info(algorithm).key != key->type()) continue;
            auto verifier = SignatureVerifier::make(*key, algorithm);
            if (!verifier) continue;
            if (const auto found = find_signature(*verifier, signing_input, signature))
                return std::string(signing_input) + "." + base64url_encode(*found);
        }
    }
    return fail(Fault::invalid, "that is no signature of the request by a key of " + domain_->name,
                "sign the octets of `signing_input`, without a newline, with the key that the request's kid names");
}

} // namespace jwtdomain::cli
