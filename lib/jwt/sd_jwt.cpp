#include "jwtdomain/jwt/sd_jwt.h"

#include <map>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain {
namespace {

using json::Kind;

constexpr std::size_t kMaxDisclosures = 10000;
constexpr std::size_t kMaxPlace = 2000; // octets; disclosures nested deeper are not followed
constexpr json::Limits kLimits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};

// One reference token of a JSON Pointer (RFC 6901 section 4).
std::string pointer_token(std::string_view name) {
    std::string out = "/";
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

Disclosure read_disclosure(std::string_view text, const std::string& hash) {
    Disclosure d;
    d.digest = sd_digest(hash, text);
    std::string octets;
    json::Document document;
    if (base64url_decode(text, octets) != Base64Defect::none && !base64_decode_lenient(text, octets)) {
        d.defect = "not base64url";
        return d;
    }
    if (document.parse(octets, kLimits) || !document.root().is(Kind::array)) {
        d.defect = "not a JSON array";
        return d;
    }
    std::vector<json::Value> elements;
    for (const json::Member& element : document.root()) elements.push_back(element.value);
    if ((elements.size() != 2 && elements.size() != 3) || !elements[0].is(Kind::string) ||
        (elements.size() == 3 && !elements[1].is(Kind::string))) {
        d.defect = "not salt, name and value, nor salt and value";
        return d;
    }
    d.readable = true;
    d.of_array = elements.size() == 2;
    if (!d.of_array) d.name = elements[1].text();
    d.value = elements.back().raw();
    if (d.name == "_sd" || d.name == "...") d.defect = "its name is reserved";
    return d;
}

class Resolver {
public:
    explicit Resolver(Disclosed& result) : result_(result) {
        for (std::size_t i = 0; i < result.disclosures.size(); ++i) by_digest_.emplace(result.disclosures[i].digest, i);
    }

    void resolve(std::string_view claims) {
        collect(claims, "");
        while (!queue_.empty()) { // a disclosed value may hold further digests
            const std::size_t next = queue_.back();
            queue_.pop_back();
            const std::string value = result_.disclosures[next].value;
            const std::string place = result_.disclosures[next].place;
            collect(value, place);
        }
    }

private:
    void collect(std::string_view text, const std::string& place) {
        json::Document document;
        if (!document.parse(text, kLimits)) visit(document.root(), place);
    }

    void visit(json::Value value, const std::string& place) {
        std::size_t index = 0;
        for (const json::Member& member : value) {
            if (value.is(Kind::object) && member.name == "_sd" && member.value.is(Kind::array)) {
                for (const json::Member& digest : member.value) reference(digest.value, place, false);
                continue;
            }
            const std::string at =
                place + (value.is(Kind::object) ? pointer_token(member.name) : "/" + std::to_string(index++));
            const auto hidden = value.is(Kind::array) ? member.value.find("...") : std::nullopt;
            if (hidden && member.value.size() == 1)
                reference(*hidden, at, true);
            else
                visit(member.value, at);
        }
    }

    void reference(json::Value digest, const std::string& place, bool in_array) {
        if (!digest.is(Kind::string)) return;
        const auto [begin, end] = by_digest_.equal_range(std::string(digest.text()));
        if (begin == end) {
            ++result_.undisclosed;
            return;
        }
        Disclosure& d = result_.disclosures[begin->second];
        if (d.referenced) {
            result_.defects.push_back("the digest " + d.digest + " is referenced twice");
            return;
        }
        d.referenced = true;
        if (d.readable && d.of_array != in_array && d.defect.empty()) {
            d.defect = in_array ? "it has a name, but stands for an element of an array"
                                : "it has no name, but stands for a member of an object";
        }
        d.place = in_array ? place : place + pointer_token(d.name);
        if (d.readable && d.place.size() <= kMaxPlace) queue_.push_back(begin->second);
    }

    Disclosed& result_;
    std::multimap<std::string, std::size_t> by_digest_;
    std::vector<std::size_t> queue_;
};

} // namespace

SdJwtParts split_sd_jwt(std::string_view text) {
    SdJwtParts parts;
    std::size_t at = text.find('~');
    parts.jws = text.substr(0, at);
    while (at != std::string_view::npos) {
        const std::size_t next = text.find('~', at + 1);
        if (next == std::string_view::npos) break;
        if (next > at + 1) parts.disclosures.push_back(text.substr(at + 1, next - at - 1));
        at = next;
    }
    if (at == std::string_view::npos) return parts;
    parts.key_binding = text.substr(at + 1);
    parts.presented = text.substr(0, at + 1);
    return parts;
}

std::string sd_digest(std::string_view hash, std::string_view octets) {
    const unsigned bits = hash == "sha-256" ? 256 : hash == "sha-384" ? 384 : hash == "sha-512" ? 512 : 0;
    if (bits == 0) return {};
    unsigned char digest[sha2::kMaxDigest];
    const std::size_t size = sha2::digest(bits, octets, digest);
    return base64url_encode({reinterpret_cast<const char*>(digest), size});
}

Disclosed resolve_disclosures(std::string_view claims, const std::vector<std::string_view>& disclosures) {
    Disclosed result;
    result.hash = "sha-256";
    json::Document document;
    if (!document.parse(claims, kLimits)) {
        if (const auto named = document.root().find("_sd_alg")) result.hash = named->text();
    }
    result.hash_known = !sd_digest(result.hash, "").empty();
    for (const std::string_view text : disclosures) {
        if (result.disclosures.size() == kMaxDisclosures) {
            result.defects.push_back("there are more than " + std::to_string(kMaxDisclosures) +
                                     " disclosures: the rest was not read");
            break;
        }
        result.disclosures.push_back(read_disclosure(text, result.hash));
    }
    if (result.hash_known) Resolver(result).resolve(claims);
    return result;
}

} // namespace jwtdomain
