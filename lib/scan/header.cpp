#include "jwtdomain/scan/header.h"

#include <algorithm>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::scan {
namespace {

constexpr json::Limits kHeaderLimits{.depth = 16, .values = 4096, .duplicates = json::Duplicates::last};
constexpr std::size_t kRemembered = 2048; // characters of a header that is worth it

constexpr std::uint16_t characters_of(std::size_t octets) { return static_cast<std::uint16_t>((octets * 4 + 2) / 3); }

constexpr Lengths lengths_of(std::initializer_list<std::size_t> octets) {
    Lengths out;
    for (const std::size_t each : octets) out.sizes[out.count++] = characters_of(each);
    return out;
}

struct Encryption {
    std::string_view name;
    Lengths vector, tag;
};

// RFC 7518 sections 5.2 and 5.3.
constexpr std::array kEncryptions{
    Encryption{"A128GCM", lengths_of({12}), lengths_of({16})},
    Encryption{"A192GCM", lengths_of({12}), lengths_of({16})},
    Encryption{"A256GCM", lengths_of({12}), lengths_of({16})},
    Encryption{"A128CBC-HS256", lengths_of({16}), lengths_of({16})},
    Encryption{"A192CBC-HS384", lengths_of({16}), lengths_of({24})},
    Encryption{"A256CBC-HS512", lengths_of({16}), lengths_of({32})},
};

std::size_t slot_of(std::string_view text, std::size_t slots) {
    std::size_t hash = text.size();
    for (std::size_t i = text.size() > 24 ? text.size() - 24 : 0; i < text.size(); ++i)
        hash = hash * 131 + static_cast<unsigned char>(text[i]);
    return hash % slots;
}

} // namespace

bool Lengths::has(std::size_t size) const {
    return std::find(sizes.begin(), sizes.begin() + count, size) != sizes.begin() + count;
}

Lengths signature_lengths(std::string_view algorithm) {
    if (algorithm == "none") return lengths_of({0});
    if (algorithm == "EdDSA") // of either key (RFC 8037 section 3.1)
        return lengths_of({info(Algorithm::Ed25519).signature_size, info(Algorithm::Ed448).signature_size});
    const auto known = find_algorithm(algorithm);
    if (!known) return {};
    if (info(*known).key == KeyType::rsa) return lengths_of({128, 256, 384, 512, 1024});
    return lengths_of({info(*known).signature_size});
}

bool HeaderReader::may_begin(std::string_view text) {
    // A false start mostly shows itself at once; what goes on is looked at in steps, each much longer than the last.
    for (std::size_t size = 64;; size *= 8) {
        const std::string_view part = text.substr(0, std::min(size, text.size()) / 4 * 4);
        work_ += part.size();
        if (base64url_decode(part, octets_) != Base64Defect::none) return false;
        const json::Problem problem = document_.parse(octets_, kHeaderLimits);
        if (!problem) return document_.root().is(json::Kind::object);
        // An escape or a character of several octets that is cut off is reported where it begins.
        constexpr std::size_t kLongestPiece = 12;
        if (problem.defect == json::Defect::too_large) return true;
        if (problem.offset + kLongestPiece < octets_.size()) return false;
        if (part.size() < size) return true; // there is no more of it
    }
}

const HeaderFacts* HeaderReader::read(std::string_view text) {
    if (text.size() > kMaxHeader) return nullptr;
    if (text.size() > kRemembered) return look(text, facts_) ? &facts_ : nullptr;
    Known& known = known_[slot_of(text, known_.size())];
    if (known.text != text) {
        known.text = text;
        known.facts = {};
        known.is_header = look(text, known.facts);
    }
    return known.is_header ? &known.facts : nullptr;
}

bool HeaderReader::look(std::string_view text, HeaderFacts& facts) {
    work_ += text.size();
    facts = {};
    // Bits that stand for nothing may be set by a sloppy encoder.
    if (base64url_decode(text, octets_) != Base64Defect::none && !base64_decode_lenient(text, octets_)) return false;
    if (document_.parse(octets_, kHeaderLimits) || !document_.root().is(json::Kind::object)) return false;
    const auto string = [&](std::string_view name) -> std::optional<std::string_view> {
        const auto value = document_.root().find(name);
        return value && value->is(json::Kind::string) ? std::optional(value->text()) : std::nullopt;
    };
    const auto algorithm = string("alg"), encryption = string("enc");
    if (!algorithm && !encryption) return false;
    facts.signature = signature_lengths(algorithm.value_or(""));
    facts.is_unsigned = algorithm && *algorithm == "none";
    facts.encrypted = encryption && (!algorithm || !find_algorithm(*algorithm));
    for (const Encryption& each : kEncryptions) {
        if (!encryption || each.name != *encryption) continue;
        facts.vector = each.vector;
        facts.tag = each.tag;
    }
    return true;
}

} // namespace jwtdomain::scan
