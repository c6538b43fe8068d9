#include "jwtdomain/scan/content.h"

#include <memory>
#include <vector>

#include "jwtdomain/scan/allowance.h"
#include "jwtdomain/scan/archive.h"
#include "jwtdomain/scan/har.h"
#include "jwtdomain/scan/inflate.h"
#include "jwtdomain/scan/packing.h"
#include "jwtdomain/scan/unpack.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::scan {
namespace {

// As paths below a place are: some archives write "./a" and "/a".
std::string_view below_root(std::string_view name) {
    while (name.starts_with('/') || name.starts_with("./")) name.remove_prefix(name.front() == '/' ? 1 : 2);
    return name;
}

class Contents {
public:
    Contents(Stream& stream, const ContentOptions& options, const ContentEvents& events)
        : stream_(stream), options_(options),
          events_(events), allowance_{
                               .memory = options.window, .unpacked = options.unpacked, .members = options.members} {}

    ContentEnd scan(const std::string& path, Input input) {
        const bool has_size = static_cast<bool>(input.read_at);
        const Input whole = has_size ? input : Input{};
        input.read = [this, read = std::move(input.read)](char* to, std::size_t room) {
            const auto got = read(to, room);
            if (got) allowance_.read += *got;
            return got;
        };
        const bool packed = look(path, std::move(input), {});
        return packed || !has_size ? end_ : scan_behind(path, whole);
    }

    ContentEnd scan_behind(const std::string& path, const Input& whole) {
        allowance_.read = std::max(allowance_.read, whole.size);
        if (const auto begin = appended_zip(whole)) archive(path, from(whole, *begin), Layer::zip, {});
        return end_;
    }

private:
    // True if it was packed in something. What stands behind that may be packed, too.
    bool look(const std::string& path, Input input, const std::vector<Layer>& layers) {
        constexpr int kBehind = 64; // then it is searched as it is
        bool packed = false;
        for (int i = 0; !over_; ++i) {
            Input rest = look_once(path, std::move(input), layers, i < kBehind);
            if (!rest.read) break;
            packed = true;
            if (!skip_padding(rest)) break;
            input = std::move(rest);
        }
        return packed;
    }

    // Gives what stands behind it, if it was packed.
    Input look_once(const std::string& path, Input input, std::vector<Layer> layers, bool open) {
        const std::string first = peek(input, kSniffed);
        const auto layer = open ? packed_by(first) : std::nullopt;
        if (!layer) {
            search(path, std::move(input), std::move(layers), first);
            return {};
        }
        if (layers.size() >= options_.depth) {
            search(path, std::move(input), std::move(layers), {});
            tell(path, Gap::limit, "there are too many archives in each other, and this one was not opened");
            return {};
        }
        if (is_archive(*layer)) return archive(path, std::move(input), *layer, std::move(layers));
        auto unpacked = unpacked_input(*layer, input, allowance_);
        if (!unpacked) {
            search(path, std::move(input), std::move(layers), {});
            tell(path, unpacked.error());
            return {};
        }
        layers.push_back(*layer);
        look(path, counted(std::move(unpacked->content)), layers);
        return std::move(unpacked->rest);
    }

    // False if nothing else follows.
    static bool skip_padding(Input& input) {
        std::string piece(64u << 10, '\0');
        for (;;) {
            const auto got = input.read(piece.data(), piece.size());
            if (!got || *got == 0) return false;
            const std::size_t padding = std::string_view(piece).substr(0, *got).find_first_not_of('\0');
            if (padding == std::string_view::npos) continue;
            put_back(input, piece.substr(padding, *got - padding));
            return true;
        }
    }

    void search(const std::string& path, Input input, std::vector<Layer> layers, std::string_view first) {
        if (events_.begin) events_.begin(path);
        if (is_har(first)) follow_har(input);
        const auto done = stream_.scan(input, std::move(layers));
        end_.octets += stream_.size();
        if (!done) tell(path, done.error());
        if (const std::string_view name = unsupported_packing(first); !name.empty())
            tell(path, Gap::unsupported, "what is in this " + std::string(name) + " was not unpacked");
    }

    Input archive(const std::string& path, Input input, Layer layer, std::vector<Layer> layers) {
        auto opened = Archive::open(layer, input, allowance_);
        if (!opened) {
            search(path, std::move(input), std::move(layers), {});
            tell(path, opened.error());
            return {};
        }
        const std::shared_ptr<Archive> archive = std::move(*opened);
        std::vector<Layer> inside = layers;
        inside.push_back(layer);
        while (members(path, *archive, input, inside)) {
        }
        // Comments, directories of members, and what else somebody put there.
        Input rest = archive->rest();
        if (!rest.read) return {};
        rest.read = [archive, read = std::move(rest.read)](char* to, std::size_t room) { return read(to, room); };
        if (!archive->is_broken()) return rest;
        search(path, std::move(rest), std::move(layers), {});
        return {};
    }

    // One member; false if there is no other.
    bool members(const std::string& path, Archive& archive, const Input& input, const std::vector<Layer>& layers) {
        if (over_ || (input.stop && input.stop())) return false;
        const auto member = archive.next();
        if (!member) {
            if (archive.is_encrypted())
                tell(path, Gap::encrypted, member.error().message);
            else
                tell(path, member.error());
            if (allowance_.members > 0) --allowance_.members;
            return !archive.is_broken() && allowance_.members > 0;
        }
        if (!*member) return false;
        const std::string place = path + "!" + (*member)->name;
        if (allowance_.members == 0) {
            over_ = true;
            tell(place, Gap::limit, "there are too many members, and none was read from this one on");
            return false;
        }
        --allowance_.members;
        if (is_left_out(options_.exclude, below_root((*member)->name))) {
            ++end_.excluded;
            return true;
        }
        if ((*member)->encrypted) tell(place, Gap::encrypted, "");
        if ((*member)->encrypted || !(*member)->has_content) return true;
        ++end_.members;
        look(place, counted(archive.content()), layers);
        return true;
    }

    // Everything that comes out of something counts; when it is too much, nothing more is taken from anything.
    Input counted(Input input) {
        input.read = [this, read = std::move(input.read)](char* to, std::size_t room) -> Result<std::size_t> {
            if (allowance_.spent())
                return fail(Fault::limit, "it unpacks to too much, and nothing was read from there on");
            const auto got = read(to, room);
            if (got) allowance_.out += *got;
            return got;
        };
        return input;
    }

    static Input from(const Input& whole, std::uint64_t begin) {
        Input out;
        out.stop = whole.stop;
        out.read = [read_at = whole.read_at, at = begin](char* to, std::size_t room) mutable {
            const auto got = read_at(at, to, room);
            if (got) at += *got;
            return got;
        };
        return out;
    }

    void tell(const std::string& path, const Error& error) {
        if (over_) return; // it was told, further inside
        over_ = allowance_.spent();
        events_.gap(path, gap_of(error.fault), error.message);
    }
    void tell(const std::string& path, Gap gap, std::string_view detail) { events_.gap(path, gap, detail); }

    Stream& stream_;
    const ContentOptions& options_;
    const ContentEvents& events_;
    Allowance allowance_;
    ContentEnd end_;
    bool over_ = false; // a limit was met that ends all
};

} // namespace

ContentEnd scan_content(Stream& stream, const std::string& path, Input input, const ContentOptions& options,
                        const ContentEvents& events) {
    return Contents(stream, options, events).scan(path, std::move(input));
}

bool is_plain_content(const Input& input) {
    if (!input.read_at) return false;
    std::string first(kSniffed, '\0');
    const auto got = input.read_at(0, first.data(), first.size());
    if (!got) return false;
    first.resize(*got);
    return !packed_by(first) && !is_har(first) && unsupported_packing(first).empty();
}

ContentEnd scan_appended(Stream& stream, const std::string& path, const Input& input, const ContentOptions& options,
                         const ContentEvents& events) {
    return Contents(stream, options, events).scan_behind(path, input);
}

} // namespace jwtdomain::scan
