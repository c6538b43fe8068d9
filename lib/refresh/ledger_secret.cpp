#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/aead.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/refresh/ledger_store.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::refresh {
namespace {

constexpr std::size_t kMasterSize = 32, kMaxMasterFile = 256;

tl::unexpected<Error> secret_error(const std::string& path, std::string message) {
    return fail(Error{.fault = Fault::invalid,
                      .message = std::move(message),
                      .where = {path},
                      .hint = "put back the file that was there when the store was made"});
}

Result<SecretBytes> read_secret(const std::string& path) {
    const auto text = store::read_private_file(path, kMaxMasterFile);
    if (!text && text.error().fault == Fault::not_found)
        return secret_error(path, "the secret of the store of refresh tokens is missing");
    if (!text) return tl::unexpected(text.error());
    std::string octets;
    const bool good =
        base64url_decode(trimmed(text->expose()), octets) == Base64Defect::none && octets.size() == kMasterSize;
    SecretBytes out{std::string_view(octets)};
    wipe(octets.data(), octets.size());
    if (!good) return secret_error(path, "this is no secret of a store of refresh tokens");
    return out;
}

// A new one, unless a run that was ended before it could make the store has left one.
Result<SecretBytes> make_secret(const std::string& path) {
    std::string octets = random_octets(kMasterSize);
    std::string text = base64url_encode(octets) + "\n";
    const Status written = store::write_private_file(path, text, store::Existing::refuse);
    wipe(octets.data(), octets.size());
    wipe(text.data(), text.size());
    if (!written && written.error().fault != Fault::conflict) return tl::unexpected(written.error());
    return read_secret(path);
}

// What shows that this is the secret of that store.
std::string secret_mark(const SecretBytes& secret) {
    return keyed_hash(derive_key(secret.expose(), "", "jwtdomain refresh: mark"), "mark");
}

Result<std::string> stored_mark(store::Database& database) {
    const auto select = database.statement("SELECT value FROM meta WHERE name = 'secret'");
    if (!select) return tl::unexpected(select.error());
    const auto row = (*select)->step();
    if (!row) return tl::unexpected(row.error());
    const std::string out = *row ? (*select)->blob(0) : std::string();
    (*select)->reset();
    return out;
}

} // namespace

Result<SecretBytes> ledger_secret(store::Database& database, const std::string& path) {
    auto mark = stored_mark(database);
    if (!mark) return tl::unexpected(mark.error());
    if (mark->empty()) {
        auto transaction = store::Transaction::begin(database);
        if (!transaction) return tl::unexpected(transaction.error());
        mark = stored_mark(database); // another may have been first
        if (!mark) return tl::unexpected(mark.error());
        if (mark->empty()) {
            auto secret = make_secret(path);
            if (!secret) return secret;
            const auto insert = database.statement("INSERT INTO meta(name, value) VALUES('secret', ?1)");
            if (!insert) return tl::unexpected(insert.error());
            if (const Status done = (*insert)->bind_blob(1, secret_mark(*secret)).run(); !done)
                return tl::unexpected(done.error());
            if (const Status done = transaction->commit(); !done) return tl::unexpected(done.error());
            return secret;
        }
    }
    auto secret = read_secret(path);
    if (secret && !equal_secrets(secret_mark(*secret), *mark))
        return secret_error(path, "this is the secret of another store of refresh tokens");
    return secret;
}

} // namespace jwtdomain::refresh
