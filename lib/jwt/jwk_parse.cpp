#include <algorithm>
#include <type_traits>

#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/jwt/jwk_members.h"

namespace jwtdomain {
namespace jwk {
namespace {

std::string sentence(const json::Problem& problem) {
    switch (problem.defect) {
    case json::Defect::duplicate_name: return "a name stands twice in one object";
    case json::Defect::invalid_utf8: return "not valid UTF-8";
    case json::Defect::trailing_data: return "text after the end of the JSON document";
    case json::Defect::too_deep: return "nested too deeply";
    case json::Defect::too_large: return "too many values";
    case json::Defect::none:
    case json::Defect::syntax: break;
    }
    return std::string("not valid JSON: expected ") + problem.expected;
}

// What people give instead of a JWK.
std::string hint_for(std::string_view text) {
    if (text.find("-----BEGIN ") != std::string_view::npos)
        return "this is PEM: jwtdomain keygen --from FILE --format jwk converts it";
    return {};
}

} // namespace

tl::unexpected<Error> fail_at(Error error, std::string_view text, std::size_t offset, const std::string& file) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    error.where = {.file = file,
                   .line = static_cast<unsigned>(1 + std::count(before.begin(), before.end(), '\n')),
                   .column = static_cast<unsigned>(1 + before.size() - line_start)};
    return fail(std::move(error));
}

Status parse_object(json::Document& document, std::string_view text, const std::string& file) {
    if (text.size() > kMaxSize) {
        return fail({.fault = Fault::limit, .message = "a key file is at most 4 MiB", .where = {.file = file}});
    }
    if (const json::Problem problem = document.parse(text)) {
        return fail_at({.fault = Fault::invalid, .message = sentence(problem), .hint = hint_for(text)}, text,
                       problem.offset, file);
    }
    if (document.root().is(json::Kind::object)) return {};
    return fail_at({.fault = Fault::invalid, .message = "not a JWK and not a set of them: not a JSON object"}, text,
                   document.root().offset(), file);
}

} // namespace jwk

namespace {

constexpr std::size_t kMaxKeys = 10'000;

template <class Read> auto parse_one(std::string_view text, const std::string& file, Read read) {
    using Out = decltype(read(std::declval<json::Value>(), JwkMetadata{}));
    json::Document document;
    if (Status parsed = jwk::parse_object(document, text, file); !parsed) return Out(tl::unexpected(parsed.error()));
    const json::Value object = document.root();
    const auto place = [&](Error error) { return Out(jwk::fail_at(std::move(error), text, object.offset(), file)); };
    Result<JwkMetadata> metadata = jwk::read_metadata(object);
    if (!metadata) return place(metadata.error());
    Out out = read(object, *metadata);
    if (!out) return place(out.error());
    if (Status fits = jwk::check_algorithm(*metadata, type_of(out->key)); !fits) return place(fits.error());
    return out;
}

// Adds to `set` what `read` makes of one element, or the reason why it is skipped.
template <class Set, class Read>
void add_key(Set& set, std::size_t index, const json::Value& element, std::string_view operation, Read read) {
    SkippedKey skipped{.index = index, .kid = {}, .why = "not a JSON object", .defective = true};
    if (!element.is(json::Kind::object)) return set.skipped.push_back(std::move(skipped));
    if (const auto kid = element.find("kid"); kid && kid->is(json::Kind::string))
        skipped.kid = std::string(kid->text());
    const auto skip = [&] {
        jwk::read_leniently(element, skipped);
        set.skipped.push_back(std::move(skipped));
    };
    Result<JwkMetadata> metadata = jwk::read_metadata(element);
    if (!metadata) {
        skipped.why = metadata.error().message;
        return skip();
    }
    if (const char* why = jwk::why_not(*metadata, operation)) {
        skipped.why = why;
        skipped.defective = false;
        return skip();
    }
    auto key = read(element, *metadata);
    Status fits = key ? jwk::check_algorithm(*metadata, type_of(key->key)) : Status(tl::unexpected(key.error()));
    if (fits) return set.keys.push_back(std::move(*key));
    skipped.why = fits.error().message;
    skipped.defective = fits.error().fault != Fault::unsupported;
    skip();
}

std::string hint_for_set(const json::Value& object) {
    if (object.find("jwks_uri")) return "this is a discovery document: fetch the key set that its jwks_uri names";
    return "a JWK Set is {\"keys\": [...]}";
}

template <class Set, class Read>
Result<Set> parse_set(std::string_view text, const std::string& file, std::string_view operation, Read read) {
    json::Document document;
    if (Status parsed = jwk::parse_object(document, text, file); !parsed) return tl::unexpected(parsed.error());
    const json::Value root = document.root();
    Set set;
    if constexpr (std::is_same_v<Set, JwkSet>) set.holds_private = jwk::holds_private_members(root);
    const std::optional<json::Value> keys = root.find("keys");
    if (!keys && root.find("kty")) {
        add_key(set, 0, root, operation, read);
        return set;
    }
    if (keys && root.find("kty")) { // which of the two is it?
        SkippedKey around{.index = 0, .kid = {}, .why = "a JWK around a set", .defective = true};
        jwk::read_leniently(root, around);
        set.skipped.push_back(std::move(around));
    }
    if (!keys || !keys->is(json::Kind::array)) {
        return jwk::fail_at(
            {.fault = Fault::invalid, .message = "no \"keys\" array: not a JWK Set", .hint = hint_for_set(root)}, text,
            keys ? keys->offset() : root.offset(), file);
    }
    if (keys->size() > kMaxKeys) {
        return jwk::fail_at({.fault = Fault::limit, .message = "a set has at most 10000 keys"}, text, keys->offset(),
                            file);
    }
    std::size_t index = 0;
    for (const json::Member element : *keys) add_key(set, index++, element.value, operation, read);
    return set;
}

} // namespace

Result<Jwk> parse_jwk(std::string_view text, const std::string& file) {
    return parse_one(text, file, jwk::read_public);
}

Result<PrivateJwk> parse_private_jwk(std::string_view text, const std::string& file) {
    return parse_one(text, file, jwk::read_private);
}

Result<JwkSet> parse_jwks(std::string_view text, const std::string& file) {
    return parse_set<JwkSet>(text, file, "verify", jwk::read_public);
}

Result<PrivateJwkSet> parse_private_jwks(std::string_view text, const std::string& file) {
    return parse_set<PrivateJwkSet>(text, file, "sign", jwk::read_private);
}

bool may_verify(const JwkMetadata& metadata) { return jwk::why_not(metadata, "verify") == nullptr; }
bool may_sign(const JwkMetadata& metadata) { return jwk::why_not(metadata, "sign") == nullptr; }

} // namespace jwtdomain
