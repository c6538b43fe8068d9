#include "jwtdomain/store/keystore.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {
namespace {

constexpr std::size_t kMaxKey = 64u << 10;
constexpr std::size_t kThumbprint = 43; // 32 octets in base64url
constexpr int kAttempts = 60;
constexpr timespec kPause{0, 50'000'000};

// Nothing but a thumbprint becomes part of a path.
Status check_thumbprint(std::string_view text) {
    const bool good =
        text.size() == kThumbprint && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        });
    if (good) return {};
    return fail(Fault::internal, "the key store was asked for something that is no thumbprint");
}

} // namespace

std::string KeyStore::path_of(std::string_view thumbprint) const {
    return directory_ + "/" + std::string(thumbprint) + ".jwk";
}

bool KeyStore::contains(std::string_view thumbprint) const {
    struct stat info {};
    return check_thumbprint(thumbprint) && stat(path_of(thumbprint).c_str(), &info) == 0;
}

Result<SecretBytes> KeyStore::read(std::string_view thumbprint) const {
    if (const Status good = check_thumbprint(thumbprint); !good) return tl::unexpected(good.error());
    return read_private_file(path_of(thumbprint), kMaxKey);
}

Status KeyStore::add(std::string_view thumbprint, const SecretBytes& jwk) const {
    if (const Status good = check_thumbprint(thumbprint); !good) return good;
    if (const Status made = make_private_directory(directory_); !made) return made;
    return write_private_file(path_of(thumbprint), jwk.expose(), Existing::refuse);
}

Status KeyStore::remove(std::string_view thumbprint) const {
    if (const Status good = check_thumbprint(thumbprint); !good) return good;
    const std::string path = path_of(thumbprint);
    if (unlink(path.c_str()) != 0) return posix::system_error(path, errno, "cannot remove the key");
    return {};
}

Status KeyStore::sweep() const {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(posix::kTemporaryBegin) || !name.ends_with(posix::kTemporaryEnd)) continue;
        if (unlink(entry.path().c_str()) != 0 && errno != ENOENT)
            return posix::system_error(entry.path().string(), errno, "cannot remove it");
    }
    return {};
}

Result<StoreLock> StoreLock::acquire(const KeyStore& store) {
    const std::string path = store.directory() + "/lock";
    if (const std::string tree = git_work_tree_of(path); !tree.empty()) {
        return posix::file_error(Fault::conflict, store.directory(),
                                 "the key store would be inside the git work tree " + tree,
                                 "set XDG_STATE_HOME to a directory outside of it");
    }
    if (const Status made = make_private_directory(store.directory()); !made) return tl::unexpected(made.error());
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return posix::system_error(path, errno, "cannot open the lock of the key store");
    StoreLock lock(descriptor);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return posix::system_error(path, errno, "cannot lock the key store");
        nanosleep(&kPause, nullptr);
    }
    return posix::file_error(Fault::retry, path, "another process is changing keys", "try again in a moment");
}

StoreLock::StoreLock(StoreLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }

StoreLock& StoreLock::operator=(StoreLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

StoreLock::~StoreLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

} // namespace jwtdomain::store
