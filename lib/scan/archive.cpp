#include "jwtdomain/scan/archive.h"

#include <algorithm>
#include <cerrno>
#include <locale.h>
#include <utility>
#include <vector>

#include "jwtdomain/scan/library.h"
#include "jwtdomain/scan/memory_limit.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kArchiveBlock = 64u << 10;
constexpr std::size_t kLongestMemberName = 1024; // octets of a name in a report

// An input that can be read from any place, if need be from memory.
Result<Input> held_in_memory(Input input, Claim& claim) {
    if (input.read_at) return input;
    constexpr std::size_t kPiece = 256u << 10;
    const auto pieces = std::make_shared<std::vector<std::string>>();
    input.size = 0;
    for (bool last = false; !last;) {
        if (!claim.hold((pieces->size() + 1) * kPiece))
            return fail(Fault::limit, "it is read from its end, which stands in something else, and takes more memory "
                                      "than --max-window");
        std::string piece(kPiece, '\0');
        std::size_t have = 0;
        while (!last && have < kPiece) {
            const auto got = input.read(piece.data() + have, kPiece - have);
            if (!got) return fail(got.error());
            last = *got == 0 || (input.stop && input.stop());
            have += *got;
        }
        input.size += have;
        pieces->push_back(std::move(piece));
    }
    input.read_at = [pieces, size = input.size](std::uint64_t at, char* to, std::size_t room) {
        std::size_t count = 0;
        for (std::uint64_t left = at < size ? size - at : 0; left > 0 && count < room; left = size - at) {
            const auto some =
                static_cast<std::size_t>(std::min<std::uint64_t>({left, room - count, kPiece - at % kPiece}));
            (*pieces)[at / kPiece].copy(to + count, some, at % kPiece);
            count += some;
            at += some;
        }
        return Result<std::size_t>(count);
    };
    return input;
}

// libarchive loses names that the locale has no characters for, and a program that has set none has ASCII alone.
class Utf8Names {
public:
    Utf8Names() : before_(utf8() ? uselocale(utf8()) : nullptr) {}
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;
    ~Utf8Names() {
        if (before_) uselocale(before_);
    }

private:
    static locale_t utf8() {
        static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return locale;
    }
    locale_t before_; // of this thread
};

class LibArchive final : public Archive {
public:
    LibArchive(const ArchiveLibrary& library, Layer layer, Input input, Allowance& allowance)
        : library_(library), layer_(layer), input_(std::move(input)), claim_(allowance), block_(kArchiveBlock, '\0') {}
    ~LibArchive() override {
        if (handle_) library_.read_free(handle_);
    }

    Status begin() {
        if (layer_ == Layer::seven_zip) {
            auto held = held_in_memory(std::move(input_), claim_);
            if (!held) return fail(held.error());
            input_ = std::move(*held);
        }
        handle_ = library_.read_new();
        if (!handle_) return fail(Fault::internal, "libarchive does not begin");
        // Of a 7z and of some members of a zip the window is what they ask for, and of a 7z the list of its members.
        constexpr std::uint64_t kOwn = 8u << 20; // what else libarchive needs
        const bool bounded = layer_ == Layer::zip || layer_ == Layer::seven_zip;
        if (AtWork* const work = AtWork::of_this_thread(); bounded && work) work->be_alone();
        before_ = private_memory();
        kept_in_memory_ = claim_.held();
        const std::uint64_t left = claim_.most() - kept_in_memory_;
        if (before_ > 0 && bounded) most_memory_ = before_ + left + kOwn;
        library_.set_callback_data(handle_, this);
        library_.set_read_callback(handle_, on_read);
        if (layer_ == Layer::seven_zip) library_.set_seek_callback(handle_, on_seek);
        const int known = layer_ == Layer::zip         ? library_.support_zip(handle_)
                          : layer_ == Layer::tar       ? library_.support_tar(handle_)
                          : layer_ == Layer::cpio      ? library_.support_cpio(handle_)
                          : layer_ == Layer::seven_zip ? library_.support_7zip(handle_)
                                                       : library_.support_ar(handle_);
        if (known < ARCHIVE_WARN) return fail(Fault::unsupported, "libarchive does not know such archives");
        return {};
    }

    Result<std::optional<ArchiveMember>> next() override {
        pending_ = {};
        if (broken_) return std::optional<ArchiveMember>();
        if (!opened_ && call([&] { return library_.open1(handle_); }) != ARCHIVE_OK) {
            broken_ = true;
            return fail(error());
        }
        opened_ = true;
        archive_entry* entry = nullptr;
        int result = ARCHIVE_RETRY;
        for (int tries = 0; result == ARCHIVE_RETRY && tries < 3; ++tries)
            result = call([&] { return library_.next_header(handle_, &entry); });
        if (result == ARCHIVE_EOF) {
            broken_ = failed_.has_value();
            if (failed_) return fail(*failed_);
            return std::optional<ArchiveMember>();
        }
        if (result < ARCHIVE_WARN) {
            broken_ = result == ARCHIVE_FATAL || failed_;
            return fail(error());
        }
        position_ = 0;
        ended_ = false;
        return std::optional(member_of(entry));
    }

    Input content() override {
        return {.read = [this](char* to, std::size_t size) { return read(to, size); },
                .ready = input_.ready,
                .stop = input_.stop};
    }

    bool is_broken() override { return broken_; }
    bool is_encrypted() override {
        return layer_ == Layer::seven_zip && library_.has_encrypted(handle_) == 1; // a 7z can have encrypted names
    }

    Input rest() override {
        if (layer_ == Layer::seven_zip) return {};
        if (opened_) keep();
        return {
            .read = [this, left = std::string_view(kept_)](char* to, std::size_t size) mutable -> Result<std::size_t> {
                if (left.empty()) return failed_ ? Result<std::size_t>(0) : input_.read(to, size);
                const std::size_t count = left.copy(to, size);
                left.remove_prefix(count);
                return count;
            },
            .ready = input_.ready,
            .stop = input_.stop};
    }

private:
    ArchiveMember member_of(archive_entry* entry) const {
        ArchiveMember out;
        const char* name = library_.entry_pathname(entry);
        if (!name) name = library_.entry_pathname_utf8(entry);
        if (name) out.name = name;
        if (out.name.size() > kLongestMemberName) out.name = out.name.substr(0, kLongestMemberName) + "...";
        out.encrypted = library_.entry_is_encrypted(entry) == 1;
        const auto type = library_.entry_filetype(entry);
        out.has_content = type == AE_IFREG || type == 0;
        return out;
    }

    // Holes of sparse members are zeros, as they are for those who unpack it.
    Result<std::size_t> read(char* to, std::size_t size) {
        while (!ended_) {
            if (position_ < pending_at_ && !pending_.empty()) {
                const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, pending_at_ - position_));
                std::fill_n(to, count, '\0');
                position_ += count;
                return count;
            }
            if (!pending_.empty()) {
                const std::size_t count = pending_.copy(to, size);
                pending_.remove_prefix(count);
                pending_at_ += count;
                position_ += count;
                return count;
            }
            const void* data = nullptr;
            std::size_t got = 0;
            la_int64_t at = 0;
            const int result = call([&] { return library_.data_block(handle_, &data, &got, &at); });
            if (result == ARCHIVE_EOF) ended_ = true;
            if (result == ARCHIVE_RETRY || result == ARCHIVE_EOF) continue;
            if (result < ARCHIVE_WARN) {
                ended_ = true;
                broken_ = result == ARCHIVE_FATAL || failed_;
                return fail(error());
            }
            if (layer_ == Layer::seven_zip && position_ == 0) claim_window();
            pending_ = {static_cast<const char*>(data), got};
            pending_at_ = static_cast<std::uint64_t>(std::max<la_int64_t>(at, 0));
            position_ = std::min(position_, pending_at_);
        }
        return std::size_t{0};
    }

    // What libarchive takes is bounded, and that it may be called back is why the bound can be lifted.
    template <class Function> int call(Function function) {
        const Utf8Names names;
        limit_.emplace(most_memory_);
        errno = 0;
        const int result = function();
        limit_.reset();
        no_memory_ = result < ARCHIVE_WARN && errno == ENOMEM;
        return result;
    }

    // What is inside of a member has what its window leaves.
    void claim_window() {
        const std::uint64_t now = private_memory();
        const std::uint64_t grown = now > before_ ? now - before_ : 0;
        claim_.hold(std::min(kept_in_memory_ + grown, claim_.most()));
    }

    Error error() const {
        if (failed_) return *failed_;
        if (no_memory_) return {Fault::limit, "unpacking it takes more memory than --max-window"};
        const char* const text = library_.error_string(handle_);
        return {Fault::invalid, text && *text ? text : "the archive is broken"};
    }

    // What was given and is not used up stays, for `rest`. A header that is broken may have asked for much.
    void keep() {
        constexpr std::size_t kMost = 1u << 20;
        const auto used = static_cast<std::uint64_t>(std::max<la_int64_t>(library_.filter_bytes(handle_, -1), 0));
        const std::uint64_t end = block_at_ + std::exchange(block_size_, 0);
        if (used < end) kept_ += std::string_view(block_).substr(0, static_cast<std::size_t>(end - block_at_));
        block_at_ = end;
        const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(kMost, end - std::min(used, end)));
        if (kept_.size() > most) kept_.erase(0, kept_.size() - most);
    }

    static la_ssize_t on_read(archive* handle, void* self, const void** data) {
        auto& archive = *static_cast<LibArchive*>(self);
        archive.limit_.reset();
        const la_ssize_t got = archive.give(handle, data);
        archive.limit_.emplace(archive.most_memory_);
        return got;
    }
    la_ssize_t give(archive* handle, const void** data) {
        const bool from_end = layer_ == Layer::seven_zip;
        if (from_end)
            block_at_ += block_size_;
        else
            keep();
        block_size_ = 0;
        const auto got = from_end ? input_.read_at(block_at_, block_.data(), block_.size())
                                  : input_.read(block_.data(), block_.size());
        *data = block_.data();
        if (!got) {
            failed_ = got.error();
            library_.set_error(handle, EIO, "%s", "it cannot be read further");
            return -1;
        }
        block_size_ = *got;
        return static_cast<la_ssize_t>(*got);
    }

    static la_int64_t on_seek(archive*, void* self, la_int64_t offset, int whence) {
        auto& archive = *static_cast<LibArchive*>(self);
        const la_int64_t size = static_cast<la_int64_t>(archive.input_.size);
        const la_int64_t here = static_cast<la_int64_t>(archive.block_at_ + archive.block_size_);
        const la_int64_t to = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? here : size);
        if (to < 0 || to > size) return ARCHIVE_FATAL;
        archive.block_at_ = static_cast<std::uint64_t>(to);
        archive.block_size_ = 0;
        return to;
    }

    const ArchiveLibrary& library_;
    Layer layer_;
    Input input_;
    Claim claim_;
    archive* handle_ = nullptr;
    bool opened_ = false, ended_ = true, broken_ = false;
    std::optional<Error> failed_; // of the input
    std::optional<MemoryLimit> limit_;
    std::uint64_t before_ = 0, kept_in_memory_ = 0, most_memory_ = 0;
    bool no_memory_ = false;
    std::string block_; // what was given last
    std::string kept_;  // what was given before, up to there, and is not used up
    std::uint64_t block_at_ = 0;
    std::size_t block_size_ = 0;
    std::string_view pending_; // of the member, not taken yet
    std::uint64_t pending_at_ = 0, position_ = 0;
};

} // namespace

Result<std::unique_ptr<Archive>> Archive::open(Layer layer, Input input, Allowance& allowance) {
    const auto library = archive_library();
    if (!library) return fail(library.error());
    auto out = std::make_unique<LibArchive>(**library, layer, std::move(input), allowance);
    if (const Status good = out->begin(); !good) return fail(good.error());
    return out;
}

} // namespace jwtdomain::scan
