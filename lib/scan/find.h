// Finding every token in a text of any kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "jwtdomain/scan/reading.h"

namespace jwtdomain::scan {

// What a token was inside of.
enum class Layer : std::uint8_t {
    base64,
    base32,
    hex,
    utf16,
    json,
    claims, // of another token
    gzip,
    zlib,
    bzip2,
    xz,
    lzma,
    lzip,
    zstd,
    zip,
    tar,
    seven_zip,
    cpio,
    ar,
};
std::string_view name_of(Layer layer); // "base64"

struct Found {
    std::string_view token; // in compact serialization; valid until the call returns. Whoever has it can use it
    Form form = Form::jws;
    Condition condition = Condition::whole;
    bool glued = false;
    Repairs repairs;
    std::span<const Layer> layers;      // from the outside in
    std::uint64_t offset = 0, size = 0; // octets from the start of the input, of what it was read from
};

class Finder {
public:
    using Sink = std::function<void(const Found&)>;
    Finder(Effort effort, Sink sink);
    ~Finder();
    Finder(const Finder&) = delete;
    Finder& operator=(const Finder&) = delete;

    // Tells of all tokens that begin at or after text[from], and gives how far it came: what begins there needs more
    // text than there is. All of it, if this is the `last` of the input. `base` is the offset of text[0] in the input.
    // What begins at or after text[until] is left to others; what began before may reach beyond it.
    std::size_t search(std::string_view text, std::size_t from, std::uint64_t base, bool last,
                       std::size_t until = std::string_view::npos);

    // How much text there can be at the most (4 MiB at first).
    void set_window(std::size_t window);

    // What was passed over since the last call because a token, or something else that was opened, stands there:
    // offsets of the first octet and behind the last, in their order.
    struct Taken {
        std::uint64_t begin, end;
    };
    std::vector<Taken> take_taken();
    void note_taken(bool on); // off at first

    // What everything that is searched from now on was inside of.
    void set_outer(std::vector<Layer> layers);

    std::uint64_t work() const; // octets that were looked at closely, for tests that count work

private:
    struct Search;
    std::unique_ptr<Search> search_;
};

// Octets before the place where a search goes on that it may look back at.
constexpr std::size_t kLookBack = 64u << 10;

} // namespace jwtdomain::scan
