// The private keys of this machine: one file each, DIRECTORY/keys/THUMBPRINT.jwk, in the directory of private state.
//
// Keys are named by the RFC 7638 thumbprint of their public half, and so found from what a domain publishes: domains of
// the same name in two policies do not collide. Nothing of another policy or domain is listed or read on the way.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::store {

class KeyStore {
public:
    // `state_directory` need not exist yet.
    explicit KeyStore(std::string state_directory) : directory_(std::move(state_directory) + "/keys") {}

    const std::string& directory() const { return directory_; }
    std::string path_of(std::string_view thumbprint) const;

    bool contains(std::string_view thumbprint) const;

    // The private JWK. Faults: not_found; invalid if others may read or write the file.
    Result<SecretBytes> read(std::string_view thumbprint) const;

    // Adds a key: 0600 from the start, never over one that is there. Faults: conflict, unreadable, invalid.
    Status add(std::string_view thumbprint, const SecretBytes& jwk) const;

    // Removes what a process left that was killed while it wrote a key. Only while a StoreLock is held. Faults:
    // unreadable.
    Status sweep() const;

    // Takes a key away: one that was just added, or whose time is over. Faults: unreadable.
    Status remove(std::string_view thumbprint) const;

private:
    std::string directory_;
};

// Held while a file is read, changed and written again, so that two processes do not lose each other's changes. The
// lock is a file of the store's; it goes with the process.
class StoreLock {
public:
    // Waits up to some seconds. Faults: retry (somebody else holds it), unreadable, invalid.
    static Result<StoreLock> acquire(const KeyStore& store);
    StoreLock(StoreLock&& other) noexcept;
    StoreLock& operator=(StoreLock&& other) noexcept;
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

} // namespace jwtdomain::store
