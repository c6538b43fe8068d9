#include "jwtdomain/refresh/ledger_store.h"

#include <algorithm>
#include <array>

#include "jwtdomain/crypto/aead.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain::refresh {
namespace {

constexpr std::size_t kTagSize = 8;
constexpr Seconds kKeptAfterEnd = 86'400;

#define JWTDOMAIN_FAMILY_COLUMNS                                                                                       \
    "id, domain, granted, begun, ends, used, rotated, rotated_before, generation, retries, ended, ended_at, "          \
    "access_until, sealed_until, head, previous, mac"

// What a token is of, without its secret.
std::string place_of(const RefreshToken& token) {
    return token.domain + '\0' + token.family + std::to_string(token.generation) + '\0';
}

std::string tag_of(const SecretBytes& key, const RefreshToken& token) {
    SecretBytes random(token.secret.expose().substr(0, kSecretSize - kTagSize));
    SecretBytes text(place_of(token) + std::string(random.expose()));
    return keyed_hash(key, text.expose()).substr(0, kTagSize);
}

std::string seal_binding(const Family& family) {
    return family.domain + '\0' + family.id + std::to_string(family.standing.generation);
}

SecretBytes sealing_key(const RefreshToken& predecessor) {
    return derive_key(predecessor.secret.expose(), predecessor.family, "jwtdomain refresh: answer");
}

Result<Family> read_row(const store::Statement& row) {
    Family out;
    out.id = row.blob(0);
    out.domain = row.text(1);
    auto grant = read_grant(row.text(2));
    if (!grant) return tl::unexpected(grant.error());
    out.grant = std::move(*grant);
    Standing& s = out.standing;
    s.begun = row.integer(3);
    s.ends = row.integer(4);
    s.used = row.integer(5);
    s.rotated = row.integer(6);
    s.rotated_before = row.integer(7);
    s.generation = row.integer(8);
    s.retries = static_cast<int>(row.integer(9));
    s.bound = !out.grant.key_thumbprint.empty();
    // A word that we do not know ends it as well.
    if (!row.is_null(10)) s.ended = find_cause(row.text(10)).value_or(Cause::revoked);
    if (!row.is_null(11)) out.ended_at = row.integer(11);
    out.access_until = row.integer(12);
    out.sealed_until = row.integer(13);
    out.head = row.blob(14);
    out.previous = row.blob(15);
    return out;
}

// What changes as it is used.
void bind_standing(store::Statement& to, const Family& family, const SecretBytes& key) {
    const Standing& s = family.standing;
    to.bind_blob(1, family.id).bind_text(2, write_grant(family.grant)).bind(3, s.used).bind(4, s.rotated);
    to.bind(5, s.rotated_before).bind(6, s.generation).bind(7, s.retries);
    if (s.ended)
        to.bind_text(8, info(*s.ended).code);
    else
        to.bind_null(8);
    if (family.ended_at)
        to.bind(9, *family.ended_at);
    else
        to.bind_null(9);
    to.bind(10, family.access_until).bind(11, family.sealed_until).bind_blob(12, family.head);
    to.bind_blob(13, family.previous).bind_blob(14, keyed_hash(key, canonical(family)));
}

void bind_optional(store::Statement& to, int parameter, const std::optional<std::string>& text) {
    if (text)
        to.bind_text(parameter, *text);
    else
        to.bind_null(parameter);
}

} // namespace

LedgerKeys::LedgerKeys(const SecretBytes& secret)
    : hashes(derive_key(secret.expose(), "", "jwtdomain refresh: hashes")),
      tags(derive_key(secret.expose(), "", "jwtdomain refresh: tags")),
      records(derive_key(secret.expose(), "", "jwtdomain refresh: records")),
      chain(derive_key(secret.expose(), "", "jwtdomain refresh: chain")) {}

RefreshToken LedgerStore::make_token(const Family& family, std::int64_t generation) const {
    RefreshToken token{.domain = family.domain, .family = family.id, .generation = generation, .secret = {}};
    std::string octets = random_octets(kSecretSize);
    token.secret = SecretBytes(std::string_view(octets));
    wipe(octets.data(), octets.size());
    const std::string tag = tag_of(keys.tags, token);
    tag.copy(token.secret.expose_mutable() + kSecretSize - kTagSize, kTagSize);
    return token;
}

std::string LedgerStore::hash_of(const RefreshToken& token) const {
    SecretBytes text(place_of(token) + std::string(token.secret.expose()));
    return keyed_hash(keys.hashes, text.expose());
}

Presented LedgerStore::recognise(const Family& family, const RefreshToken& token) const {
    const std::int64_t head = family.standing.generation;
    const std::string hash = hash_of(token);
    if (token.generation == head && equal_secrets(hash, family.head)) return Presented::head;
    if (token.generation == head - 1 && equal_secrets(hash, family.previous)) return Presented::predecessor;
    if (!equal_secrets(tag_of(keys.tags, token), token.secret.expose().substr(kSecretSize - kTagSize)))
        return Presented::unknown;
    return token.generation < head ? Presented::older : Presented::newer;
}

Result<std::optional<Family>> LedgerStore::read(std::string_view id) {
    const auto select = database.statement("SELECT " JWTDOMAIN_FAMILY_COLUMNS " FROM families WHERE id = ?1");
    if (!select) return tl::unexpected(select.error());
    (*select)->bind_blob(1, id);
    const auto row = (*select)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::nullopt;
    auto family = read_row(**select);
    const std::string mac = (*select)->blob(16);
    (*select)->reset();
    if (!family) return tl::unexpected(family.error());
    if (!equal_secrets(mac, keyed_hash(keys.records, canonical(*family)))) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the record of the family " + name_of_family(id) + " was changed from outside",
                          .where = {database.path()},
                          .hint = "jwtdomain refresh --store-check names all such records"});
    }
    return std::optional<Family>(std::move(*family));
}

Status LedgerStore::insert(const Family& family) {
    const auto made = database.statement(
        "INSERT INTO families(id, granted, used, rotated, rotated_before, generation, retries, ended, ended_at, "
        "access_until, sealed_until, head, previous, mac, domain, client, subject, begun, ends) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");
    if (!made) return tl::unexpected(made.error());
    bind_standing(**made, family, keys.records);
    (*made)->bind_text(15, family.domain);
    bind_optional(**made, 16, family.grant.client);
    bind_optional(**made, 17, family.grant.subject);
    (*made)->bind(18, family.standing.begun).bind(19, family.standing.ends);
    return (*made)->run();
}

Status LedgerStore::update(const Family& family) {
    const auto made = database.statement(
        "UPDATE families SET granted = ?2, used = ?3, rotated = ?4, rotated_before = ?5, generation = ?6, "
        "retries = ?7, ended = ?8, ended_at = ?9, access_until = ?10, sealed_until = ?11, head = ?12, previous = ?13, "
        "mac = ?14 WHERE id = ?1");
    if (!made) return tl::unexpected(made.error());
    bind_standing(**made, family, keys.records);
    return (*made)->run();
}

Status LedgerStore::each(const Selection& selection, const std::function<bool(Family family, bool altered)>& take) {
    const auto select = database.statement(
        "SELECT " JWTDOMAIN_FAMILY_COLUMNS " FROM families WHERE (?1 IS NULL OR id = ?1) AND "
        "(?2 IS NULL OR domain = ?2) AND (?3 IS NULL OR subject = ?3) AND (?4 IS NULL OR client = ?4) AND "
        "(?5 IS NULL OR begun < ?5) ORDER BY number");
    if (!select) return tl::unexpected(select.error());
    if (selection.family)
        (*select)->bind_blob(1, *selection.family);
    else
        (*select)->bind_null(1);
    bind_optional(**select, 2, selection.domain);
    bind_optional(**select, 3, selection.subject);
    bind_optional(**select, 4, selection.client);
    if (selection.before)
        (*select)->bind(5, *selection.before);
    else
        (*select)->bind_null(5);
    for (;;) {
        const auto more = (*select)->step();
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        auto family = read_row(**select);
        if (!family) family = Family{.id = (*select)->blob(0)};
        const bool altered = !equal_secrets((*select)->blob(16), keyed_hash(keys.records, canonical(*family)));
        if (!take(std::move(*family), altered)) break;
    }
    (*select)->reset();
    return {};
}

Status LedgerStore::seal(const Family& family, const RefreshToken& predecessor, const SecretBytes& response) {
    const auto sealed = aead_seal(sealing_key(predecessor), response.expose(), seal_binding(family));
    if (!sealed) return tl::unexpected(sealed.error());
    const auto made = database.statement("INSERT INTO sealed(until, family, answer) VALUES(?1, ?2, ?3)");
    if (!made) return tl::unexpected(made.error());
    (*made)->bind(1, family.sealed_until).bind_blob(2, family.id).bind_blob(3, *sealed);
    return (*made)->run();
}

Result<SecretBytes> LedgerStore::unseal(const Family& family, const RefreshToken& predecessor) {
    const auto select = database.statement("SELECT answer FROM sealed WHERE until = ?1 AND family = ?2");
    if (!select) return tl::unexpected(select.error());
    (*select)->bind(1, family.sealed_until).bind_blob(2, family.id);
    const auto row = (*select)->step();
    if (!row) return tl::unexpected(row.error());
    const std::string sealed = *row ? (*select)->blob(0) : std::string();
    (*select)->reset();
    return aead_open(sealing_key(predecessor), sealed, seal_binding(family));
}

Status LedgerStore::drop_sealed(Family& family) {
    if (family.sealed_until == 0) return {};
    const auto dropped = database.statement("DELETE FROM sealed WHERE until = ?1 AND family = ?2");
    if (!dropped) return tl::unexpected(dropped.error());
    (*dropped)->bind(1, family.sealed_until).bind_blob(2, family.id);
    family.sealed_until = 0;
    return (*dropped)->run();
}

Status LedgerStore::sweep(Time now) {
    constexpr std::array kOver{
        "DELETE FROM sealed WHERE (until, family) IN (SELECT until, family FROM sealed WHERE until < ?1 LIMIT 16)",
        "DELETE FROM proofs WHERE (until, id) IN (SELECT until, id FROM proofs WHERE until < ?1 LIMIT 16)"};
    for (const char* sql : kOver) {
        const auto dropped = database.statement(sql);
        if (!dropped) return tl::unexpected(dropped.error());
        if (const Status done = (*dropped)->bind(1, now).run(); !done) return done;
    }
    return {};
}

Status LedgerStore::forget(Time now) {
    const auto dropped = database.statement("DELETE FROM families WHERE number IN "
                                            "(SELECT number FROM families WHERE ends < ?1 ORDER BY ends LIMIT 4)");
    if (!dropped) return tl::unexpected(dropped.error());
    return (*dropped)->bind(1, now - kKeptAfterEnd).run();
}

Result<bool> LedgerStore::use_proof(const std::string& id, Time until) {
    const auto made = database.statement("INSERT INTO proofs(until, id) VALUES(?1, ?2) ON CONFLICT DO NOTHING "
                                         "RETURNING 1");
    if (!made) return tl::unexpected(made.error());
    (*made)->bind(1, until).bind_blob(2, id);
    const auto row = (*made)->step();
    if (!row) return row;
    (*made)->reset();
    return *row;
}

Result<Time> LedgerStore::clock(Time now) {
    const auto last = log.last_time();
    if (!last) return last;
    return std::max(now, *last);
}

} // namespace jwtdomain::refresh
