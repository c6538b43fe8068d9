#include "jwtdomain/scan/find.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/scan/anchor.h"
#include "jwtdomain/scan/decode.h"
#include "jwtdomain/scan/inflate.h"
#include "jwtdomain/scan/json_token.h"
#include "jwtdomain/scan/token_reader.h"

namespace jwtdomain::scan {
namespace {

using Outcome = Reading::Outcome;

constexpr std::size_t kDepth = 6; // layers around a token
constexpr std::size_t kReach = 2; // octets that an anchor has beyond its first

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
    case Layer::json: return "json";
    case Layer::claims: return "claims";
    case Layer::gzip: return "gzip";
    case Layer::zlib: return "zlib";
    case Layer::bzip2: return "bzip2";
    case Layer::xz: return "xz";
    case Layer::lzma: return "lzma";
    case Layer::lzip: return "lzip";
    case Layer::zstd: return "zstd";
    case Layer::zip: return "zip";
    case Layer::tar: return "tar";
    case Layer::seven_zip: return "7z";
    case Layer::cpio: return "cpio";
    case Layer::ar: return "ar";
    }
    return "";
}

struct Finder::Search {
    // What a place of a text turned out to hold.
    struct Look {
        Reading reading;
        std::size_t begin = 0; // in the text
        bool told = false;     // of all that is in it, up to reading.end
        bool broken = false;   // what is compressed has no good end there
    };

    Search(Effort effort, Sink to) : sink(std::move(to)), reader(effort) {}

    std::size_t in(std::string_view text, std::size_t from, bool last, std::size_t until) {
        const std::string_view begins = text.substr(0, until < text.size() ? until + kReach : text.size());
        for (std::size_t at = from;;) {
            if (at >= until) return at;
            at = find_anchor(begins, at);
            if (at >= until) return until;
            if (at >= begins.size()) break;
            const Anchor& anchor = *anchor_at(text.substr(at, 3));
            const std::uint64_t before = nested > 0 ? 0 : base;
            if (anchor.first == '\x1f' && before + at < gzip_until) {
                ++at;
                continue;
            }
            const std::size_t depth = layers.size();
            const Look look = look_at(text, at, anchor, last);
            if (look.reading.outcome == Outcome::token) tell(look.reading, look.begin);
            layers.resize(depth);
            if (look.reading.outcome == Outcome::more) return look.begin;
            const bool taken = look.reading.outcome == Outcome::token || look.told;
            // Behind a break anything may stand; only to unpack it again from within would be without end.
            if (look.broken) gzip_until = before + look.reading.end;
            const std::size_t next = taken && !look.broken ? std::max(look.reading.end, at + 1) : at + 1;
            if (notes_taken && nested == 0 && next > at + 1) passed.push_back({base + at, base + next});
            at = next;
        }
        if (last) return text.size();
        return std::max(from, text.size() - std::min(text.size(), kReach));
    }

    // Leaves in `layers` what it found the token in.
    Look look_at(std::string_view text, std::size_t at, const Anchor& anchor, bool last) {
        switch (anchor.anchoring) {
        case Anchoring::plain: {
            Look look{reader.read(text, at, last), at};
            if (look.reading.outcome == Outcome::nothing && at > 0 && text[at - 1] == '"')
                return look_at_json(text, at, last);
            return look;
        }
        case Anchoring::escapes: {
            const std::size_t begin = begin_of_escapes(text, at);
            return begin == at ? Look{} : Look{reader.read(text, begin, last), begin};
        }
        case Anchoring::gzip: return layers.size() < kDepth ? look_at_gzip(text, at, last) : Look{};
        case Anchoring::base64:
        case Anchoring::base32:
        case Anchoring::hex:
        case Anchoring::utf16: return layers.size() < kDepth ? decode_at(text, at, anchor, last) : Look{};
        }
        return {};
    }

    // A little is decoded, and more where that looks like a token.
    Look decode_at(std::string_view text, std::size_t at, const Anchor& anchor, bool last) {
        constexpr std::size_t kMost = 2 * kLongestToken;
        const std::size_t depth = layers.size();
        while (buffers.size() <= depth) buffers.emplace_back();
        std::string& octets = buffers[depth];
        for (std::size_t most = 48;; most *= 8) {
            const Decoding decoding = decode(anchor, text, at, std::min(most, kMost), octets);
            work += octets.size();
            const Anchor* const inner = anchor_at(octets);
            const bool whole = !decoding.cut && (last || !decoding.to_the_end);
            if (!inner) return octets.size() < 3 && !whole ? more_at(at) : Look{};
            layers.resize(depth);
            layers.push_back(layer_of(anchor.anchoring));
            Look look = look_at(octets, 0, *inner, whole || most >= kMost);
            if (look.reading.outcome == Outcome::more) {
                if (decoding.cut) continue;
                return more_at(at);
            }
            if (look.reading.outcome == Outcome::token || look.told) // where does it end out here?
                look.reading.end = decode(anchor, text, at, look.reading.end, scratch).end;
            look.begin = at;
            return look;
        }
    }

    // A token in JSON, of which the protected header was met.
    Look look_at_json(std::string_view text, std::size_t at, bool last) {
        const JsonReading json = read_json_token(text, at, last);
        work += json.work;
        if (json.outcome == Outcome::more) return more_at(at);
        Look look;
        if (json.outcome == Outcome::nothing) return look;
        layers.push_back(Layer::json);
        for (const JsonToken& each : json.tokens) {
            Reading reading{.outcome = Outcome::token, .end = json.end};
            reading.token = each.token;
            reading.form = each.form;
            reading.condition = each.condition;
            tell(reading, json.begin);
        }
        look.told = true;
        look.reading.end = json.end;
        return look;
    }

    // Inside of something else: what is compressed as a whole is unpacked before it is searched.
    Look look_at_gzip(std::string_view text, std::size_t at, bool last) {
        constexpr std::size_t kMost = 8u << 20, kPacked = 1u << 20;
        const std::string_view packed = text.substr(at, kPacked);
        if (!compressed_by(packed)) return {};
        std::string unpacked;
        constexpr std::size_t kSilent = 384; // octets from which something must have come: a name, and tables
        std::size_t used = inflate_some(Layer::gzip, packed.substr(0, kSilent), 1, unpacked);
        work += used;
        if (unpacked.empty() && (used < std::min(packed.size(), kSilent) || packed.size() >= kSilent))
            return {}; // it only begins alike
        unpacked.clear();
        bool ended = false;
        used = inflate_some(Layer::gzip, packed, kMost, unpacked, &ended);
        work += used;
        // Of what was decoded to see this more can be had; of what stands in the text, half a window must do.
        const std::size_t enough = at == 0 ? packed.size() + 1 : std::min(kPacked, window / 2);
        if (!last && used == packed.size() && packed.size() < enough) return more_at(at);
        if (unpacked.empty()) return {};
        layers.push_back(Layer::gzip);
        search_inside(unpacked, base + at, used);
        Look look;
        look.told = true;
        look.broken = !ended;
        look.reading.end = at + used;
        return look;
    }

    static Look more_at(std::size_t at) {
        Look look;
        look.reading.outcome = Outcome::more;
        look.begin = at;
        return look;
    }

    void tell(const Reading& reading, std::size_t begin) {
        // Inside of something else all is where that is.
        const std::uint64_t offset = nested > 0 ? nested_offset : base + begin;
        const std::uint64_t size = nested > 0 ? nested_size : reading.end - begin;
        const std::vector<Layer> around = layers;
        sink({.token = reading.token,
              .form = reading.form,
              .condition = reading.condition,
              .glued = reading.glued,
              .repairs = reading.repairs,
              .layers = around,
              .offset = offset,
              .size = size});
        if (reading.form == Form::jwe || nested >= kDepth) return;
        constexpr std::size_t kShortest = 40;
        const std::string_view payload = payload_of(reading.token);
        std::string octets;
        if (payload.size() < kShortest ||
            (base64url_decode(payload, octets) != Base64Defect::none && !base64_decode_lenient(payload, octets)))
            return;
        layers.push_back(Layer::claims);
        search_inside(octets, offset, size);
        layers.pop_back();
    }

    void search_inside(std::string_view text, std::uint64_t offset, std::uint64_t size) {
        work += text.size();
        if (nested++ == 0) {
            nested_offset = offset;
            nested_size = size;
        }
        const std::uint64_t until = std::exchange(gzip_until, 0);
        in(text, 0, true, std::string_view::npos);
        gzip_until = until;
        --nested;
    }

    Sink sink;
    TokenReader reader;
    std::deque<std::string> buffers; // what was decoded, by depth
    std::string scratch;
    std::vector<Layer> layers;
    std::uint64_t base = 0, work = 0;
    std::uint64_t gzip_until = 0; // up to there something was unpacked that has no good end
    std::vector<Taken> passed;    // of the input
    bool notes_taken = false;
    std::size_t window = 4u << 20;
    std::size_t nested = 0; // in texts that are not the input's
    std::uint64_t nested_offset = 0, nested_size = 0;
};

Finder::Finder(Effort effort, Sink sink) : search_(std::make_unique<Search>(effort, std::move(sink))) {}
Finder::~Finder() = default;

std::size_t Finder::search(std::string_view text, std::size_t from, std::uint64_t base, bool last, std::size_t until) {
    if (from == 0 && base == 0) search_->gzip_until = 0; // another input
    search_->base = base;
    return search_->in(text, from, last, until);
}

std::vector<Finder::Taken> Finder::take_taken() { return std::exchange(search_->passed, {}); }
void Finder::set_window(std::size_t window) { search_->window = window; }
void Finder::note_taken(bool on) { search_->notes_taken = on; }

void Finder::set_outer(std::vector<Layer> layers) { search_->layers = std::move(layers); }

std::uint64_t Finder::work() const { return search_->work + search_->reader.work(); }

} // namespace jwtdomain::scan
