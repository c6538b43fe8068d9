#include "jwtdomain/accept/engine.h"

#include <algorithm>
#include <unordered_map>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/accept/dpop.h"
#include "jwtdomain/accept/keys.h"
#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/crypto/signature.h"

namespace jwtdomain::accept {
namespace {

bool allowed(const std::vector<Algorithm>& list, Algorithm algorithm) {
    return std::find(list.begin(), list.end(), algorithm) != list.end();
}

// Could `name` be one of `list` on some key?
bool name_allowed(const std::vector<Algorithm>& list, std::string_view name) {
    return std::any_of(list.begin(), list.end(), [&](Algorithm a) { return algorithm_on_key(name, info(a).key) == a; });
}

bool is_of_issuer(const UnverifiedToken& token, const Dialect& dialect, const std::string& of_key) {
    if (!token.has_claims()) return false;
    const auto issuer = find_registered(token.claims(), dialect.any_case).iss;
    return issuer && issuer->is(json::Kind::string) && is_issuer_of_key(issuer->text(), of_key);
}

struct Candidate {
    std::size_t key; // index in Signing::keys
    Algorithm algorithm;
};

// What the header alone decides on this path: the same for every token with that header.
struct HeaderOutcome {
    std::vector<Finding> findings;
    std::vector<Candidate> candidates;
    bool unsigned_ok = false;  // alg none, in a dialect that takes it
    bool any_key_does = false; // whoever wrote the token brought the key
};

} // namespace

struct PathEngine::Impl {
    const Path& path;
    std::unordered_map<std::string, std::vector<std::size_t>> by_kid;
    std::vector<std::vector<SignatureVerifier>> verifiers;  // per key, made when first needed
    std::unordered_map<std::string, HeaderOutcome> headers; // by the header part as received
    std::string last_header;
    const HeaderOutcome* last_outcome = nullptr;
    HeaderOutcome rare; // of a header that is not remembered

    explicit Impl(const Path& p) : path(p), verifiers(p.signing.keys.size()) {
        for (std::size_t i = 0; i < p.signing.keys.size(); ++i) {
            if (p.signing.keys[i].kid) by_kid[*p.signing.keys[i].kid].push_back(i);
        }
    }

    const HeaderOutcome& outcome_of(const UnverifiedToken& token);
    HeaderOutcome judge_header(const Header& header) const;
    void judge_type(const Header& header, std::vector<Finding>& findings) const;
    void select_keys(const Header& header, std::string_view name, HeaderOutcome& out) const;
    const KeyUse* check_signature(const UnverifiedToken& token, const HeaderOutcome& header, Algorithm& used,
                                  std::vector<Finding>& findings, CheckedSignatures* checked);
    bool verify(const UnverifiedToken& token, const Candidate& candidate, SignatureVerifier& check,
                CheckedSignatures* checked) const;
    SignatureVerifier* verifier(const Candidate& candidate);
    void check_revocation(const UnverifiedToken& token, const RegisteredClaims& registered, const KeyUse* key,
                          const Context& context, std::vector<Finding>& findings) const;
};

const HeaderOutcome& PathEngine::Impl::outcome_of(const UnverifiedToken& token) {
    const std::string_view part = token.header_part();
    if (last_outcome && part == last_header) return *last_outcome;
    constexpr std::size_t kRemembered = 1024, kLongest = 4096; // hostile headers must not fill the memory
    if (headers.size() >= kRemembered) headers.clear();
    if (part.size() > kLongest) {
        last_header.clear();
        last_outcome = nullptr;
        return rare = judge_header(token.header());
    }
    last_header = part;
    const auto [it, fresh] = headers.try_emplace(last_header);
    if (fresh) it->second = judge_header(token.header());
    last_outcome = &it->second;
    return it->second;
}

HeaderOutcome PathEngine::Impl::judge_header(const Header& header) const {
    HeaderOutcome out;
    for (const Finding& defect : header.defects) {
        // Who passes over crit passes over what it names, too: the payload is read as base64url whatever b64 says.
        const bool crit = defect.reason == Reason::crit_unknown || defect.reason == Reason::crit_malformed ||
                          defect.reason == Reason::b64_false;
        if (!(crit && path.dialect.ignores_crit)) out.findings.push_back(defect);
    }
    judge_type(header, out.findings);
    if (header.kid_malformed && path.signing.kid != KidRule::ignored)
        out.findings.push_back({Reason::kid_malformed, {}});
    if (path.signing.source == KeySource::none) {
        out.unsigned_ok = true;
        return out;
    }
    if (path.dialect.ignores_alg) {
        select_keys(header, {}, out);
        return out;
    }
    if (!header.algorithm) {
        out.findings.push_back({Reason::alg_missing, {}});
        return out;
    }
    const std::string_view name = *header.algorithm;
    if (equal_ignoring_case(name, "none")) {
        out.unsigned_ok = (path.dialect.accepts_none || path.dialect.accepts_encrypted) && name == "none";
        if (!out.unsigned_ok) out.findings.push_back({Reason::alg_none, {}});
        return out;
    }
    select_keys(header, name, out);
    return out;
}

void PathEngine::Impl::judge_type(const Header& header, std::vector<Finding>& findings) const {
    if (path.type.any) return;
    if (header.type_malformed) {
        findings.push_back({Reason::typ_malformed, {}});
    } else if (!header.type) {
        if (!path.type.absent_ok) findings.push_back({Reason::typ_missing, {}});
    } else {
        const auto& list = path.type.allowed;
        if (std::none_of(list.begin(), list.end(),
                         [&](const std::string& t) { return same_media_type(t, *header.type); })) {
            std::string wanted;
            for (const std::string& t : list) wanted += (wanted.empty() ? "" : ", ") + t;
            findings.push_back({Reason::typ_mismatch, "typ is \"" + std::string(*header.type) + "\", not " + wanted});
        }
    }
}

void PathEngine::Impl::select_keys(const Header& header, std::string_view name, HeaderOutcome& out) const {
    const Signing& signing = path.signing;
    const auto reject = [&](Reason reason, std::string detail = {}) {
        out.findings.push_back({reason, std::move(detail)});
    };
    const bool any = path.dialect.ignores_alg;
    const std::string quoted = "\"" + std::string(name) + "\"";
    if (!any && !find_algorithm(name) && name != "EdDSA") return reject(Reason::alg_unknown, "alg is " + quoted);
    if (!any && signing.algorithms && !name_allowed(*signing.algorithms, name)) {
        std::string list;
        for (const Algorithm a : *signing.algorithms) list += (list.empty() ? "" : ", ") + std::string(info(a).name);
        return reject(Reason::alg_not_allowed, "alg is " + quoted + ", not one of " + list);
    }
    if (signing.source == KeySource::unresolved) return reject(Reason::keys_unavailable, signing.why);
    if (signing.source == KeySource::of_token) {
        out.any_key_does = true;
        return;
    }
    if (signing.keys.empty()) return reject(Reason::key_missing, "there is no key at all");

    const auto try_key = [&](std::size_t i) {
        const KeyUse& use = signing.keys[i];
        if (any) {
            for (const Algorithm each : use.algorithms) {
                if (!signing.algorithms || allowed(*signing.algorithms, each)) out.candidates.push_back({i, each});
            }
            return;
        }
        const auto algorithm = algorithm_on_key(name, type_of(use.key));
        if (algorithm && allowed(use.algorithms, *algorithm)) out.candidates.push_back({i, *algorithm});
    };
    if (header.kid && signing.kid != KidRule::ignored) {
        const auto found = by_kid.find(std::string(*header.kid));
        if (found != by_kid.end()) {
            for (const std::size_t i : found->second) try_key(i);
            if (out.candidates.empty())
                reject(Reason::alg_key_mismatch, "the key \"" + std::string(*header.kid) + "\" is not for " + quoted);
            return;
        }
        if (signing.kid == KidRule::must_match)
            return reject(Reason::key_unknown, "kid is \"" + std::string(*header.kid) + "\"");
    }
    const bool named = header.kid && signing.kid == KidRule::hint;
    for (std::size_t i = 0; i < signing.keys.size(); ++i) {
        if (named && signing.keys[i].kid) continue; // a key with another name is not tried
        try_key(i);
    }
    if (out.candidates.empty()) {
        if (named) return reject(Reason::key_unknown, "kid is \"" + std::string(*header.kid) + "\"");
        const bool other_type = std::none_of(signing.keys.begin(), signing.keys.end(),
                                             [&](const KeyUse& k) { return algorithm_on_key(name, type_of(k.key)); });
        return reject(other_type ? Reason::key_missing : Reason::alg_key_mismatch, "no key is for " + quoted);
    }
    if (signing.kid == KidRule::must_match && out.candidates.size() > 1) {
        out.candidates.clear();
        reject(Reason::key_ambiguous);
    }
}

SignatureVerifier* PathEngine::Impl::verifier(const Candidate& candidate) {
    auto& made = verifiers[candidate.key];
    for (SignatureVerifier& v : made) {
        if (v.algorithm() == candidate.algorithm) return &v;
    }
    auto fresh = std::visit([&](const auto& key) { return SignatureVerifier::make(key, candidate.algorithm); },
                            path.signing.keys[candidate.key].key);
    if (!fresh) return nullptr;
    return &made.emplace_back(std::move(*fresh));
}

const KeyUse* PathEngine::Impl::check_signature(const UnverifiedToken& token, const HeaderOutcome& header,
                                                Algorithm& used, std::vector<Finding>& findings,
                                                CheckedSignatures* checked) {
    const std::string_view signature = token.signature();
    if (signature.empty()) {
        findings.push_back({Reason::signature_missing, {}});
        return nullptr;
    }
    bool length_fits = false, other_issuer = false, unusable = false;
    for (const Candidate& candidate : header.candidates) {
        const KeyUse& use = path.signing.keys[candidate.key];
        if (use.issuer && !is_of_issuer(token, path.dialect, *use.issuer)) {
            other_issuer = true;
            continue;
        }
        std::size_t expected = info(candidate.algorithm).signature_size;
        if (const auto* key = std::get_if<PublicKey>(&use.key); key && expected == 0) expected = (key->bits() + 7) / 8;
        if (signature.size() != expected) continue;
        length_fits = true;
        SignatureVerifier* const check = verifier(candidate);
        unusable = unusable || !check;
        if (check && verify(token, candidate, *check, checked)) {
            used = candidate.algorithm;
            return &use;
        }
    }
    if (unusable) // others take it, so it is not known that they refuse the token
        findings.push_back({Reason::keys_unavailable, "a key that is taken there is too short to be used here"});
    else if (length_fits)
        findings.push_back({Reason::signature_invalid, {}});
    else if (other_issuer)
        findings.push_back({Reason::iss_mismatch, "the key is for tokens of another issuer"});
    else
        findings.push_back({Reason::signature_length, std::to_string(signature.size()) + " octets"});
    return nullptr;
}

bool PathEngine::Impl::verify(const UnverifiedToken& token, const Candidate& candidate, SignatureVerifier& check,
                              CheckedSignatures* checked) const {
    const std::string_view input = token.signing_input(), signature = token.signature();
    const auto* const key = std::get_if<PublicKey>(&path.signing.keys[candidate.key].key);
    if (!checked || !key) return check.verify(input, signature); // HMAC costs less than asking
    if (const auto* const known = checked->find(input, signature, key->thumbprint(), candidate.algorithm))
        return known->good;
    const bool good = check.verify(input, signature);
    checked->checks_.push_back({key->thumbprint(), candidate.algorithm, good});
    return good;
}

void PathEngine::Impl::check_revocation(const UnverifiedToken& token, const RegisteredClaims& registered,
                                        const KeyUse* key, const Context& context,
                                        std::vector<Finding>& findings) const {
    if (!context.revocations || context.revocations->empty()) return;
    const auto text = [](const std::optional<json::Value>& value) {
        return value ? value->text() : std::string_view{};
    };
    std::string thumbprint;
    if (key) {
        if (const auto* pub = std::get_if<PublicKey>(&key->key)) thumbprint = pub->thumbprint();
    }
    const auto family = token.claims().find("family");
    const RevocationSubject subject{.jti = text(registered.jti),
                                    .family = text(family),
                                    .subject = text(registered.sub),
                                    .kid = key && key->kid ? std::string_view(*key->kid)
                                                           : token.header().kid.value_or(std::string_view{}),
                                    .thumbprint = thumbprint,
                                    .domain = key ? std::string_view(key->owner) : std::string_view{},
                                    .issued_at = registered.iat ? numeric_date(*registered.iat) : std::nullopt};
    if (const Revocation* hit = context.revocations->find(subject, context.now)) {
        std::string detail = "by " + std::string(name_of(hit->kind)) + " \"" + hit->value + "\"";
        if (!hit->reason.empty()) detail += ": " + hit->reason;
        findings.push_back({Reason::revoked, std::move(detail)});
    }
}

namespace {

// RFC 9449 section 7.1.
void check_possession(const UnverifiedToken& token, const PresentedProof& proof, Time now,
                      std::vector<Finding>& findings) {
    const ProofRequest request{.method = proof.method, .uri = proof.uri, .access_token = token.text(), .nonce = {}};
    const auto good = check_proof(proof.text, request, now);
    const auto bound = bound_to(token.claims());
    if (!good)
        findings.push_back({Reason::proof_invalid, good.error().message});
    else if (!bound)
        findings.push_back({Reason::proof_invalid, "the token is bound to no key"});
    else if (*bound != good->thumbprint)
        findings.push_back({Reason::proof_invalid, "it is by another key than the token is bound to"});
}

} // namespace

const CheckedSignatures::Check* CheckedSignatures::find(std::string_view input, std::string_view signature,
                                                        std::string_view thumbprint, Algorithm algorithm) {
    if (input != input_ || signature != signature_) {
        input_ = input;
        signature_ = signature;
        checks_.clear();
    }
    for (const Check& each : checks_) {
        if (each.algorithm == algorithm && each.thumbprint == thumbprint) return &each;
    }
    return nullptr;
}

PathEngine::PathEngine(const Path& path) : impl_(std::make_unique<Impl>(path)) {}
PathEngine::PathEngine(PathEngine&&) noexcept = default;
PathEngine::~PathEngine() = default;

const Path& PathEngine::path() const { return impl_->path; }

Reading PathEngine::reading() const {
    const Dialect& dialect = impl_->path.dialect;
    return {.duplicates = dialect.duplicates,
            .lenient_base64 = dialect.lenient_base64,
            .json_serialization = dialect.accepts_json};
}

// Fail closed: `verified` is set at the end only, when nothing was found and the signature was checked or the path says
// that it need not be.
Outcome PathEngine::evaluate(const UnverifiedToken& token, const Context& context, std::span<const ClaimRule> further) {
    Outcome out;
    const Path& path = impl_->path;
    for (const Finding& defect : token.defects()) {
        if (!(path.signature_only && info(defect.reason).stage == Stage::claims)) out.findings.push_back(defect);
    }
    if (!token.usable()) return out;

    const HeaderOutcome& header = impl_->outcome_of(token);
    out.findings.insert(out.findings.end(), header.findings.begin(), header.findings.end());

    const KeyUse* key = nullptr;
    std::optional<Algorithm> algorithm;
    bool signature_settled = false;
    if (header.unsigned_ok) {
        const bool stray = path.signing.source != KeySource::none && !token.signature().empty();
        if (stray) out.findings.push_back({Reason::signature_invalid, {}});
        signature_settled = !stray;
    } else if (header.any_key_does) {
        signature_settled = !token.signature().empty();
        if (!signature_settled) out.findings.push_back({Reason::signature_missing, {}});
    } else if (!header.candidates.empty()) {
        Algorithm used{};
        key = impl_->check_signature(token, header, used, out.findings, context.checked);
        if (key) algorithm = used;
        signature_settled = key != nullptr;
    }

    const bool has_claims = token.has_claims() && !path.signature_only;
    if (has_claims) {
        const json::Value claims = token.claims();
        const RegisteredClaims registered = find_registered(claims, path.dialect.any_case);
        check_issuer(path.issuer, path.dialect, registered, out.findings);
        check_audience(path.audience, registered, claims, out.findings);
        check_time(path.time, registered, context.now, out.findings);
        for (const ClaimRule& rule : path.claims) check_claim(rule, claims, out.findings);
        for (const ClaimRule& rule : further) check_claim(rule, claims, out.findings);
        impl_->check_revocation(token, registered, key, context, out.findings);
        if (context.proof) check_possession(token, *context.proof, context.now, out.findings);
    }
    if (out.findings.empty() && signature_settled && (has_claims || path.signature_only)) {
        out.verified = VerifiedToken(token, path, key, algorithm);
    } else if (out.findings.empty()) {
        out.findings.push_back({Reason::signature_invalid, "the signature was not checked"});
    }
    return out;
}

} // namespace jwtdomain::accept
