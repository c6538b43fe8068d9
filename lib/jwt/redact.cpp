#include "jwtdomain/jwt/redact.h"

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/credential.h"
#include "jwtdomain/jwt/spot.h"

namespace jwtdomain {
namespace {

using json::Kind;

std::string_view up_to_dot(std::string_view token, int dots) {
    std::size_t at = 0;
    for (int i = 0; i < dots; ++i) at = token.find('.', at) + 1;
    return token.substr(0, at);
}

bool has_something_to_hide(std::string_view token, const Spotted& spotted) {
    if (spotted.end > spotted.tail + 1) return true;
    return spotted.parts != 3 || token.substr(0, spotted.tail - spotted.begin).back() != '.';
}

// Is it base64 of a text with a token in it?
bool wraps_token(std::string_view text) {
    constexpr std::size_t kShortest = 40; // of the base64 of anything that spot_token finds
    std::string inside;
    return text.size() >= kShortest && base64_decode_lenient(text, inside) && spot_token(inside).has_value();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (octet < 0x20) {
            constexpr std::string_view kHex = "0123456789abcdef";
            out += "\\u00";
            out += kHex[octet >> 4];
            out += kHex[octet & 15];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

// Copies a JSON text, putting other strings in place of some.
class JsonCopy {
public:
    explicit JsonCopy(std::string_view text) : text_(text) {}

    void visit(json::Value value) {
        const bool is_serialization = value.find("payload") && (value.find("signature") || value.find("signatures"));
        const bool is_encrypted = value.find("ciphertext") && value.find("iv");
        const bool is_key = is_private_jwk(value);
        for (const json::Member& member : value) {
            if (value.is(Kind::object)) redact(raw_name(member), member.name);
            const bool secret = (member.name == "signature" && (is_serialization || in_signatures_)) ||
                                (is_encrypted && (member.name == "ciphertext" || member.name == "encrypted_key"));
            const bool text = member.value.is(Kind::string);
            if ((secret && text) || (is_key && is_private_jwk_member(member.name)) ||
                (text && credential_in(member.name, member.value.text()))) {
                replace(member.value.raw(), kRedacted);
                continue;
            }
            const bool outer = in_signatures_;
            in_signatures_ = (is_serialization && member.name == "signatures") || (outer && value.is(Kind::array));
            visit(member.value);
            in_signatures_ = outer;
        }
        if (value.is(Kind::string)) redact(value.raw(), value.text());
    }

    std::string take() {
        out_ += text_.substr(done_);
        return std::move(out_);
    }

private:
    std::string_view raw_name(const json::Member& member) const {
        std::size_t end = member.name_offset + 1;
        while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        return text_.substr(member.name_offset, end + 1 - member.name_offset);
    }

    void redact(std::string_view raw, std::string_view value) {
        if (!spot_token(value)) {
            if (wraps_token(value)) replace(raw, kRedacted);
        } else if (const std::string redacted = redact_text(value); redacted != value) {
            replace(raw, redacted);
        }
    }

    void replace(std::string_view raw, std::string_view value) {
        const auto at = static_cast<std::size_t>(raw.data() - text_.data());
        out_ += text_.substr(done_, at - done_);
        out_ += quoted(value);
        done_ = at + raw.size();
    }

    std::string_view text_;
    std::string out_;
    std::size_t done_ = 0;
    bool in_signatures_ = false;
};

} // namespace

std::string redact_text(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    while (const auto spotted = spot_token(text, done)) {
        const std::string_view token = text.substr(spotted->begin, spotted->end - spotted->begin);
        out += text.substr(done, spotted->begin - done);
        done = spotted->end;
        if (!has_something_to_hide(token, *spotted)) {
            out += token;
            continue;
        }
        out += up_to_dot(token, spotted->parts >= 5 ? 1 : 2);
        out += kRedacted;
        if (spotted->end > spotted->tail + 1) out += "~" + std::string(kRedacted);
    }
    return out += text.substr(done);
}

std::string redact_json(std::string_view text, std::string_view name) {
    json::Document document;
    if (document.parse(text, {.depth = 64, .values = 1u << 20, .duplicates = json::Duplicates::last})) {
        return redact_text(text);
    }
    const json::Value root = document.root();
    if (root.is(Kind::string) && credential_in(name, root.text())) return quoted(kRedacted);
    JsonCopy copy(text);
    copy.visit(root);
    return copy.take();
}

} // namespace jwtdomain
