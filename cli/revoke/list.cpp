#include "cli/revoke/list.h"

#include <algorithm>

#include "cli/app/policy.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/policy/revocation_list.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxList = 256u << 20;

using SignList = std::function<Result<std::string>(std::string_view)>;

SignList signs_with(PrivateKey key, const JwkMetadata& metadata) {
    auto shared = std::make_shared<PrivateKey>(std::move(key));
    const auto named = metadata.algorithm ? algorithm_on_key(*metadata.algorithm, shared->type()) : std::nullopt;
    const Algorithm algorithm = named.value_or(default_algorithm(shared->type()));
    TokenHeader header{.algorithm = std::string(info(algorithm).name), .kid = metadata.kid, .type = {}, .further = {}};
    header.type = policy::kRevocationsType;
    return [shared, algorithm, header = write_header(header)](std::string_view payload) -> Result<std::string> {
        auto signer = Signer::make(*shared, algorithm);
        if (!signer) return tl::unexpected(signer.error());
        std::string out;
        if (const Status done = Minter(std::move(*signer), header).mint(payload, out); !done)
            return tl::unexpected(done.error());
        return out;
    };
}

// A private half, from the key store, of the keys that the policy lets sign the list.
Result<SignList> own_key(Session& session, const policy::Policy& policy) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    const store::KeyStore store(*state);
    const policy::KeyReader read = key_reader(session, policy);
    for (const std::string& file : policy.revocation_keys) {
        const auto set = read({policy::KeyLocation::Kind::file, file});
        if (!set) return tl::unexpected(set.error());
        for (const Jwk& jwk : set->keys) {
            const auto* key = std::get_if<PublicKey>(&jwk.key);
            if (!key || !store.contains(key->thumbprint())) continue;
            auto half = load_private_half(store, *key);
            if (!half) return tl::unexpected(half.error());
            return signs_with(std::move(*half), jwk.metadata);
        }
    }
    return fail(Fault::not_found,
                "no private half of the keys that may sign the revocation list is in the key store " +
                    store.directory(),
                "revoke where it is; the policy names them in revocations: keys");
}

Status write_lines(const std::vector<policy::RevocationLine>& lines, const std::string& path) {
    std::string content;
    for (const policy::RevocationLine& line : lines) content += line.text + "\n";
    return store::write_file(path, content, store::Existing::replace);
}

Time issued_at(const policy::RevocationLine& line) {
    UnverifiedToken token;
    token.parse(line.text);
    const auto iat = token.has_claims() ? token.claims().find("iat") : std::nullopt;
    return iat ? iat->integer().value_or(0) : 0;
}

// One entry says as much as both did.
bool put(accept::Revocations& list, accept::Revocation entry, Time now) {
    accept::Revocations out;
    for (const accept::Revocation& each : list.entries()) {
        if (accept::includes(each, entry, now)) return false;
        if (!accept::includes(entry, each, now)) out.add(each);
    }
    out.add(std::move(entry));
    list = std::move(out);
    return true;
}

Result<std::vector<policy::RevocationLine>> read_lines(Session& session, const policy::Policy& policy,
                                                       const std::string& path) {
    const auto content = store::read_file(path, kMaxList);
    if (!content && content.error().fault == Fault::not_found) return std::vector<policy::RevocationLine>{};
    if (!content) return tl::unexpected(content.error());
    return policy::read_revocation_lines(policy, *content, path, key_reader(session, policy), session.now());
}

// Without what no longer matters.
Result<std::string> sign_line(Session& session, const ListSigner& signer, const accept::Revocations& entries) {
    accept::Revocations current;
    for (const accept::Revocation& each : entries.entries()) {
        if (!each.until || *each.until > session.now()) current.add(each);
    }
    return signer.sign(accept::write_revocations(current, session.now()));
}

} // namespace

Result<ListSigner> ListSigner::open(Session& session, const policy::Policy& policy, const std::string& domain) {
    ListSigner out;
    if (!policy.revocation_keys.empty()) {
        auto sign = own_key(session, policy);
        if (!sign) return tl::unexpected(sign.error());
        out.sign_ = std::move(*sign);
        return out;
    }
    IssueOptions options;
    options.domain = domain;
    auto issuer = DomainIssuer::open(session, options);
    if (!issuer) return tl::unexpected(issuer.error());
    out.owner_ = domain;
    out.sign_ = [shared = std::shared_ptr<DomainIssuer>(std::move(*issuer))](std::string_view payload) {
        return shared->sign(policy::kRevocationsType, payload);
    };
    return out;
}

Result<ListSigner> ListSigner::of(Session& session, const DomainIssuer& issuer) {
    if (!issuer.policy().revocation_keys.empty()) return open(session, issuer.policy(), issuer.domain);
    ListSigner out;
    out.owner_ = issuer.domain;
    out.sign_ = [&issuer](std::string_view payload) { return issuer.sign(policy::kRevocationsType, payload); };
    return out;
}

Result<std::vector<accept::Revocation>> add_revocations(Session& session, const policy::Policy& policy,
                                                        const ListSigner& signer,
                                                        std::vector<accept::Revocation> entries) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    const auto lock = store::StoreLock::acquire(store::KeyStore(*state));
    if (!lock) return tl::unexpected(lock.error());
    const std::string path = revocation_path(policy);
    auto lines = read_lines(session, policy, path);
    if (!lines) return tl::unexpected(lines.error());
    auto own = std::find_if(lines->begin(), lines->end(),
                            [&](const policy::RevocationLine& line) { return line.owner == signer.owner(); });
    if (own == lines->end()) own = lines->insert(own, {.owner = signer.owner(), .text = {}, .entries = {}});
    std::vector<accept::Revocation> added;
    for (accept::Revocation& entry : entries) {
        if (put(own->entries, entry, session.now())) added.push_back(std::move(entry));
    }
    if (added.empty()) return added;
    auto text = sign_line(session, signer, own->entries);
    if (!text) return tl::unexpected(text.error());
    own->text = std::move(*text);
    if (const Status written = write_lines(*lines, path); !written) return tl::unexpected(written.error());
    return added;
}

Status sign_list_anew(Session& session, const policy::Policy& policy, const std::string& domain) {
    if (!policy.revocation_keys.empty()) return {};
    const std::string path = revocation_path(policy);
    auto lines = read_lines(session, policy, path);
    if (!lines) return tl::unexpected(lines.error());
    const auto own = std::find_if(lines->begin(), lines->end(),
                                  [&](const policy::RevocationLine& line) { return line.owner == domain; });
    if (own == lines->end()) return {};
    const auto signer = ListSigner::open(session, policy, domain);
    if (!signer) return tl::unexpected(signer.error());
    auto text = sign_line(session, *signer, own->entries);
    if (!text) return tl::unexpected(text.error());
    own->text = std::move(*text);
    return write_lines(*lines, path);
}

Result<std::vector<accept::Revocation>> import_list(Session& session, const policy::Policy& policy,
                                                    std::string_view content, const std::string& name) {
    auto others = policy::read_revocation_lines(policy, content, name, key_reader(session, policy), session.now());
    if (!others) return tl::unexpected(others.error());
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    const auto lock = store::StoreLock::acquire(store::KeyStore(*state));
    if (!lock) return tl::unexpected(lock.error());
    const std::string path = revocation_path(policy);
    auto lines = read_lines(session, policy, path);
    if (!lines) return tl::unexpected(lines.error());
    std::vector<accept::Revocation> added;
    for (policy::RevocationLine& other : *others) {
        auto own = std::find_if(lines->begin(), lines->end(),
                                [&](const policy::RevocationLine& line) { return line.owner == other.owner; });
        if (own != lines->end() && issued_at(*own) > issued_at(other))
            return fail(Error{.fault = Fault::conflict,
                              .message = "what is there of " + (own->owner.empty() ? "the policy's keys" : own->owner) +
                                         " was signed later than this",
                              .where = {name},
                              .hint = "nothing was changed: an old list would bring tokens back to life"});
        const accept::Revocations before = own == lines->end() ? accept::Revocations{} : own->entries;
        for (const accept::Revocation& entry : other.entries.entries()) {
            const bool known = std::any_of(before.entries().begin(), before.entries().end(), [&](const auto& each) {
                return accept::includes(each, entry, session.now());
            });
            if (!known) added.push_back(entry);
        }
        if (own == lines->end())
            lines->push_back(std::move(other));
        else
            *own = std::move(other);
    }
    if (const Status written = write_lines(*lines, path); !written) return tl::unexpected(written.error());
    return added;
}

Status deny_families(Session& session, const DomainIssuer& issuer, const std::vector<refresh::Family>& ended,
                     const std::string& reason) {
    std::vector<accept::Revocation> entries;
    for (const refresh::Family& family : ended) {
        if (family.access_until + kWidestLeeway <= session.now()) continue;
        entries.push_back({.kind = accept::Revoked::family,
                           .value = refresh::name_of_family(family.id),
                           .domain = family.domain,
                           .before = {},
                           .until = family.access_until + kWidestLeeway,
                           .reason = reason});
    }
    if (entries.empty()) return {};
    const auto signer = ListSigner::of(session, issuer);
    if (!signer) return tl::unexpected(signer.error());
    const auto added = add_revocations(session, issuer.policy(), *signer, std::move(entries));
    if (!added) return tl::unexpected(added.error());
    return {};
}

} // namespace jwtdomain::cli
