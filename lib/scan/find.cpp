#include "jwtdomain/scan/find.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/scan/anchor.h"
#include "jwtdomain/scan/decode.h"
#include "jwtdomain/scan/token_reader.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kDepth = 6; // layers around a token

Layer layer_of(Anchoring anchoring) {
    switch (anchoring) {
    case Anchoring::plain:
    case Anchoring::escapes:
    case Anchoring::base64: return Layer::base64;
    case Anchoring::base32: return Layer::base32;
    case Anchoring::hex: return Layer::hex;
    case Anchoring::utf16: return Layer::utf16;
    case Anchoring::gzip: return Layer::gzip;
    }
    return Layer::base64;
}

// Where the escape of the first character stands, of which the anchor has the second; `at` if it does not.
std::size_t begin_of_escapes(std::string_view text, std::size_t at) {
    for (const std::string_view before :
         {"\\x65\\x", "\\u0065\\u00", "%65%", "\\\\x65\\\\x", "\\\\u0065\\\\u00", "%2565%25"}) {
        if (at >= before.size() && text.substr(at - before.size(), before.size()) == before) return at - before.size();
    }
    return at;
}

std::string_view payload_of(std::string_view token) {
    const std::size_t begin = token.find('.') + 1;
    return token.substr(begin, token.find('.', begin) - begin);
}

} // namespace

std::string_view name_of(Layer layer) {
    switch (layer) {
    case Layer::base64: return "base64";
    case Layer::base32: return "base32";
    case Layer::hex: return "hex";
    case Layer::utf16: return "utf-16";
    case Layer::gzip: return "gzip";
    case Layer::claims: return "claims";
    }
    return "";
}

struct Finder::Search {
    // What a place of a text turned out to hold.
    struct Look {
        Reading reading;
        std::size_t begin = 0; // in the text
    };

    Search(Effort effort, Sink to) : sink(std::move(to)), reader(effort) {}

    std::size_t in(std::string_view text, std::size_t from, bool last) {
        for (std::size_t at = from;;) {
            at = find_anchor(text, at);
            if (at >= text.size()) break;
            const std::size_t depth = layers.size();
            const Look look = look_at(text, at, *anchor_at(text.substr(at, 3)), last);
            if (look.reading.outcome == Reading::Outcome::more) {
                layers.resize(depth);
                return look.begin;
            }
            if (look.reading.outcome == Reading::Outcome::token) {
                tell(look);
                at = std::max(look.reading.end, at + 1);
            } else {
                ++at;
            }
            layers.resize(depth);
        }
        if (last) return text.size();
        constexpr std::size_t kReach = 2; // an anchor may have begun
        return std::max(from, text.size() - std::min(text.size(), kReach));
    }

    // Leaves in `layers` what it found the token in.
    Look look_at(std::string_view text, std::size_t at, const Anchor& anchor, bool last) {
        if (anchor.anchoring == Anchoring::plain) return {reader.read(text, at, last), at};
        if (anchor.anchoring == Anchoring::escapes) {
            const std::size_t begin = begin_of_escapes(text, at);
            return begin == at ? Look{} : Look{reader.read(text, begin, last), begin};
        }
        if (anchor.anchoring == Anchoring::gzip || layers.size() >= kDepth) return {};
        return decode_at(text, at, anchor, last);
    }

    // A little is decoded, and more where that looks like a token.
    Look decode_at(std::string_view text, std::size_t at, const Anchor& anchor, bool last) {
        constexpr std::size_t kMost = 2 * kLongestToken;
        const std::size_t depth = layers.size();
        if (buffers.size() <= depth) buffers.resize(depth + 1);
        for (std::size_t most = 48;; most *= 8) {
            std::string& octets = buffers[depth];
            const Decoding decoding = decode(anchor, text, at, std::min(most, kMost), octets);
            decoded += octets.size();
            const Anchor* const inner = anchor_at(octets);
            const bool whole = !decoding.cut && (last || !decoding.to_the_end);
            if (!inner) {
                if (octets.size() < 3 && !whole) return {{.outcome = Reading::Outcome::more}, at};
                return {};
            }
            layers.resize(depth);
            layers.push_back(layer_of(anchor.anchoring));
            const std::string_view inside = octets;
            Look look = look_at(inside, 0, *inner, whole || most >= kMost);
            if (look.reading.outcome == Reading::Outcome::more) {
                if (decoding.cut) continue;
                return {{.outcome = Reading::Outcome::more}, at};
            }
            if (look.reading.outcome == Reading::Outcome::token) { // where does it end out here?
                std::string again;
                look.reading.end = decode(anchor, text, at, look.reading.end, again).end;
            }
            look.begin = at;
            return look;
        }
    }

    void tell(const Look& look) {
        const Reading& reading = look.reading;
        // Inside of another token all is where that one is.
        const std::uint64_t offset = nested ? nested_offset : base + look.begin;
        const std::uint64_t size = nested ? nested_size : reading.end - look.begin;
        const std::vector<Layer> around = layers;
        sink({.token = reading.token,
              .form = reading.form,
              .condition = reading.condition,
              .glued = reading.glued,
              .repairs = reading.repairs,
              .layers = around,
              .offset = offset,
              .size = size});
        if (reading.form != Form::jwe && nested < kDepth) search_claims(payload_of(reading.token), offset, size);
    }

    // Tokens in the claims of a token.
    void search_claims(std::string_view payload, std::uint64_t offset, std::uint64_t size) {
        constexpr std::size_t kShortest = 40;
        std::string octets;
        if (payload.size() < kShortest ||
            (base64url_decode(payload, octets) != Base64Defect::none && !base64_decode_lenient(payload, octets)))
            return;
        decoded += octets.size();
        const std::vector<Layer> outer = layers;
        std::vector<std::string> kept; // the sink's token is in one of them
        kept.swap(buffers);
        const std::size_t before = nested++;
        nested_offset = offset;
        nested_size = size;
        layers.push_back(Layer::claims);
        in(octets, 0, true);
        layers = outer;
        nested = before;
        buffers.swap(kept);
    }

    Sink sink;
    TokenReader reader;
    std::vector<std::string> buffers; // of each layer
    std::vector<Layer> layers;
    std::uint64_t base = 0, decoded = 0;
    std::size_t nested = 0;
    std::uint64_t nested_offset = 0, nested_size = 0;
};

Finder::Finder(Effort effort, Sink sink) : search_(std::make_unique<Search>(effort, std::move(sink))) {}
Finder::~Finder() = default;

std::size_t Finder::search(std::string_view text, std::size_t from, std::uint64_t base, bool last) {
    search_->base = base;
    return search_->in(text, from, last);
}

std::uint64_t Finder::work() const { return search_->decoded + search_->reader.work(); }

} // namespace jwtdomain::scan
