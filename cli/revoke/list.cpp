#include "cli/revoke/list.h"

#include <algorithm>
#include <unordered_map>

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

Time issued_at(const policy::RevocationLine& line) {
    UnverifiedToken token;
    token.parse(line.text);
    const auto iat = token.has_claims() ? token.claims().find("iat") : std::nullopt;
    return iat ? iat->integer().value_or(0) : 0;
}

bool is_over(const accept::Revocation& entry, Time now) { return entry.until && *entry.until <= now; }

// Adds what the list does not say yet, in the place of what says less. Those that were added.
std::vector<accept::Revocation> put(accept::Revocations& list, std::vector<accept::Revocation> entries, Time now) {
    std::vector<accept::Revocation> all = list.entries(), added;
    std::unordered_multimap<std::string, std::size_t> by_value;
    for (std::size_t i = 0; i < all.size(); ++i) by_value.emplace(all[i].value, i);
    std::vector<bool> dropped(all.size(), false);
    for (accept::Revocation& entry : entries) {
        const auto [first, last] = by_value.equal_range(entry.value);
        const bool known = is_over(entry, now) || std::any_of(first, last, [&](const auto& each) {
                               return !dropped[each.second] && accept::includes(all[each.second], entry, now);
                           });
        if (known) continue;
        for (auto each = first; each != last; ++each)
            dropped[each->second] = dropped[each->second] || accept::includes(entry, all[each->second], now);
        by_value.emplace(entry.value, all.size());
        dropped.push_back(false);
        all.push_back(entry);
        added.push_back(std::move(entry));
    }
    list = {};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!dropped[i]) list.add(std::move(all[i]));
    }
    return added;
}

// The lines of the list, to be changed.
struct OpenList {
    std::string path;
    std::vector<policy::RevocationLine> lines;

    static Result<OpenList> read(Session& session, const policy::Policy& policy) {
        OpenList out{.path = revocation_path(policy), .lines = {}};
        const auto content = store::read_file(out.path, kMaxList);
        if (!content && content.error().fault == Fault::not_found) return out;
        if (!content) return tl::unexpected(content.error());
        auto lines =
            policy::read_revocation_lines(policy, *content, out.path, key_reader(session, policy), session.now());
        if (!lines) return tl::unexpected(lines.error());
        out.lines = std::move(*lines);
        return out;
    }

    // That of one signer; nullptr: there is none.
    policy::RevocationLine* of(const std::string& owner) {
        const auto found = std::find_if(lines.begin(), lines.end(),
                                        [&](const policy::RevocationLine& line) { return line.owner == owner; });
        return found == lines.end() ? nullptr : &*found;
    }

    Status write() const {
        std::string content;
        for (const policy::RevocationLine& line : lines) content += line.text + "\n";
        return store::write_file(path, content, store::Existing::replace);
    }
};

// Held while it is changed.
Result<store::StoreLock> lock_list(Session& session) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    return store::StoreLock::acquire(store::KeyStore(*state));
}

// Without what no longer matters.
Result<std::string> sign_line(Session& session, const ListSigner& signer, const accept::Revocations& entries) {
    accept::Revocations current;
    for (const accept::Revocation& each : entries.entries()) {
        if (!is_over(each, session.now())) current.add(each);
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
    const auto lock = lock_list(session);
    if (!lock) return tl::unexpected(lock.error());
    auto list = OpenList::read(session, policy);
    if (!list) return tl::unexpected(list.error());
    policy::RevocationLine* own = list->of(signer.owner());
    if (!own)
        own = &list->lines.emplace_back(policy::RevocationLine{.owner = signer.owner(), .text = {}, .entries = {}});
    auto added = put(own->entries, std::move(entries), session.now());
    if (added.empty()) return added;
    auto text = sign_line(session, signer, own->entries);
    if (!text) return tl::unexpected(text.error());
    own->text = std::move(*text);
    if (const Status written = list->write(); !written) return tl::unexpected(written.error());
    return added;
}

Status sign_list_anew(Session& session, const policy::Policy& policy, const std::string& domain) {
    if (!policy.revocation_keys.empty()) return {};
    auto list = OpenList::read(session, policy);
    if (!list) return tl::unexpected(list.error());
    policy::RevocationLine* const own = list->of(domain);
    if (!own) return {};
    const auto signer = ListSigner::open(session, policy, domain);
    if (!signer) return tl::unexpected(signer.error());
    auto text = sign_line(session, *signer, own->entries);
    if (!text) return tl::unexpected(text.error());
    own->text = std::move(*text);
    return list->write();
}

Result<std::vector<accept::Revocation>> import_list(Session& session, const policy::Policy& policy,
                                                    std::string_view content, const std::string& name) {
    auto others = policy::read_revocation_lines(policy, content, name, key_reader(session, policy), session.now());
    if (!others) return tl::unexpected(others.error());
    const auto lock = lock_list(session);
    if (!lock) return tl::unexpected(lock.error());
    auto list = OpenList::read(session, policy);
    if (!list) return tl::unexpected(list.error());
    std::vector<accept::Revocation> added;
    for (policy::RevocationLine& other : *others) {
        policy::RevocationLine* own = list->of(other.owner);
        if (own && issued_at(*own) > issued_at(other))
            return fail(Error{.fault = Fault::conflict,
                              .message = "what is there of " + (own->owner.empty() ? "the policy's keys" : own->owner) +
                                         " was signed later than this",
                              .where = {name},
                              .hint = "nothing was changed: an old list would bring tokens back to life"});
        for (const accept::Revocation& entry : other.entries.entries()) {
            const auto includes = [&](const auto& each) { return accept::includes(each, entry, session.now()); };
            const bool known =
                own && std::any_of(own->entries.entries().begin(), own->entries.entries().end(), includes);
            if (!known) added.push_back(entry);
        }
        if (!own) own = &list->lines.emplace_back();
        *own = std::move(other);
    }
    if (const Status written = list->write(); !written) return tl::unexpected(written.error());
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
