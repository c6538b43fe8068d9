#include "jwtdomain/jwt/unwrap.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/spot.h"
#include "jwtdomain/jwt/unwrap_context.h"

namespace jwtdomain {
namespace {

constexpr int kLayers = 4;
constexpr auto npos = std::string_view::npos;

std::size_t count_dots(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
}

bool is_percent_encoded_at(std::string_view text, std::size_t at) {
    return at + 2 < text.size() && text[at] == '%' && hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0;
}

std::string decode_percent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_percent_encoded_at(text, i)) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool has_percent_encoding(std::string_view text) {
    for (std::size_t at = text.find('%'); at != npos; at = text.find('%', at + 1)) {
        if (is_percent_encoded_at(text, at)) return true;
    }
    return false;
}

// Drops every other octet of a text in UTF-16 that holds ASCII; other characters become '?'.
std::string from_utf16(std::string_view text, bool little) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const char low = text[i + (little ? 0 : 1)];
        const char high = text[i + (little ? 1 : 0)];
        if (high == 0 && static_cast<unsigned char>(low) < 0x80)
            out += low;
        else if (i > 0)
            out += '?'; // the first is the mark
    }
    return out;
}

// Whether it is UTF-16: by its mark, or by a zero in every other octet at the start.
std::optional<std::string> decode_utf16(std::string_view text) {
    if (text.size() < 8) return std::nullopt;
    const auto zeros = [&](std::size_t from) {
        return text[from] == 0 && text[from + 2] == 0 && text[from + 4] == 0 && text[5 - from] != 0;
    };
    if (text.substr(0, 2) == "\xff\xfe" || (text[0] != 0 && zeros(1))) return from_utf16(text, true);
    if (text.substr(0, 2) == "\xfe\xff" || (text[1] != 0 && zeros(0))) return from_utf16(text, false);
    return std::nullopt;
}

bool is_serialization(json::Value value) {
    if (value.find("payload") && (value.find("signatures") || value.find("signature"))) return true;
    return value.find("ciphertext") && (value.find("protected") || value.find("recipients") || value.find("iv"));
}

bool is_base64_text(std::string_view text) { return std::all_of(text.begin(), text.end(), is_base64_character); }

// A compact token and nothing else, broken perhaps in its header or claims.
bool is_whole_token(std::string_view text) {
    const std::string_view head = text.substr(0, text.find('~'));
    const std::size_t dots = count_dots(head);
    if ((dots != 2 && dots != 4) || !opens_header(head) || text.find_first_of(kBlanks) != npos) return false;
    if (has_percent_encoding(text)) return false;
    const std::size_t second = head.find('.', head.find('.') + 1);
    std::string rest(head.substr(second + 1));
    rest.erase(std::remove(rest.begin(), rest.end(), '.'), rest.end());
    return is_base64_text(rest);
}

// Three or five parts, of which not the header but another one can be recognised.
bool is_whole_but_headless(std::string_view text) {
    const std::size_t dots = count_dots(text);
    if (dots != 2 && dots != 4) return false;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_base64_character(c); })) return false;
    const std::size_t dot = text.find('.');
    if (opens_header(text.substr(dot + 1))) return true;
    std::string octets;
    json::Document document;
    return dot > 0 && base64_decode_lenient(text.substr(0, dot), octets) && !document.parse(octets);
}

// Sizes that the algorithms of JWS give; RSA from 2048 to 8192 bits.
bool is_signature_size(std::size_t octets) {
    constexpr auto kSizes = std::to_array<std::size_t>({32, 48, 64, 96, 114, 132, 256, 384, 512, 768, 1024});
    return std::find(kSizes.begin(), kSizes.end(), octets) != kSizes.end();
}

// A token that a terminal or a mail program broke into lines: joined, or empty if that is not what it is.
std::string join_lines(std::string_view text) {
    const auto spotted = spot_token(text, 0, 1);
    if (!spotted || text.find('\n', spotted->begin) == npos) return {};
    if (spotted->parts == 3 && spotted->tail == spotted->end) {
        const std::string_view first = text.substr(spotted->begin, spotted->end - spotted->begin);
        std::string signature;
        if (base64_decode_lenient(first.substr(first.rfind('.') + 1), signature) &&
            is_signature_size(signature.size())) {
            return {};
        }
    }
    std::string joined;
    std::size_t width = 0; // of the second line, which the next ones must have
    std::string_view rest = text.substr(spotted->begin);
    for (std::size_t line = 0; !rest.empty(); ++line) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view piece = trimmed(rest.substr(0, end));
        rest = trimmed(rest.substr(end));
        if (!piece.empty() && piece.back() == '\\') piece = trimmed(piece.substr(0, piece.size() - 1));
        const bool belongs = std::all_of(piece.begin(), piece.end(),
                                         [](char c) { return c == '.' || c == '~' || is_base64_character(c); });
        const bool begins_another = line > 0 && opens_header(piece) && joined.back() != '.';
        const bool at_dot = line > 0 && !piece.empty() && (joined.back() == '.' || piece.front() == '.');
        const bool uneven = width != 0 && !at_dot && (rest.empty() ? piece.size() > width : piece.size() != width);
        if (!belongs || begins_another || uneven || piece.empty()) return {};
        if (line == 1) width = piece.size();
        joined += piece;
    }
    const std::size_t dots = count_dots(joined.substr(0, joined.find('~')));
    return dots == 2 || dots == 4 ? joined : std::string();
}

// What the first long run of base64 in the text holds, if that is a token; empty otherwise.
std::string decode_base64(std::string_view text) {
    constexpr std::size_t kShortest = 24;
    const auto holds_token = [](const std::string& octets) {
        if (spot_token(octets) || (octets.find("\"payload\"") != npos && trimmed(octets).front() == '{')) return true;
        std::string deeper; // base64 of base64
        return is_base64_text(trimmed(octets)) && base64_decode_lenient(octets, deeper) && spot_token(deeper);
    };
    std::string octets;
    if (base64_decode_lenient(text, octets) && holds_token(octets)) return octets;
    const auto belongs = [](char c) { return c != '=' && is_base64_character(c); };
    for (std::size_t from = 0; from < text.size();) {
        if (!belongs(text[from])) {
            ++from;
            continue;
        }
        std::size_t end = from;
        while (end < text.size() && belongs(text[end])) ++end;
        const std::string_view run = text.substr(from, end - from);
        if (run.size() >= kShortest && base64_decode_lenient(run, octets) && holds_token(octets)) return octets;
        from = end;
    }
    return {};
}

tl::unexpected<Error> nothing_in(std::string_view text) {
    std::string hint = "a token is three parts of base64url with dots between them, the first beginning with eyJ";
    if (text.find("-----BEGIN ") != npos) hint = "this is PEM: a key or a certificate";
    json::Document document;
    if (!document.parse(text) && document.root().is(json::Kind::object)) {
        const json::Value root = document.root();
        if (root.find("keys") || root.find("kty"))
            hint = "this is a key or a set of keys";
        else if (root.find("alg"))
            hint = "this is a header that is decoded already: give the token itself";
        else if (root.find("iss") || root.find("sub"))
            hint = "these are claims that are decoded already: give the token itself";
        else if (root.find("issuer"))
            hint = "this is an issuer's metadata";
    }
    return fail(Fault::invalid, "there is nothing like a token in the input", std::move(hint));
}

class Unwrapper {
public:
    // True once the token is found.
    bool look_at(std::string_view text) {
        if (is_json_serialization(text)) return take(text, Unwrapped::Form::json);
        if (is_whole_token(text)) return take(text, Unwrapped::Form::compact);
        if (std::string joined = join_lines(text); !joined.empty()) {
            const std::size_t begin = spot_token(text, 0, 1)->begin;
            add(context_of(text.substr(0, begin), {}));
            result_.seen.push_back({Wrapping::wrapped_lines, {}});
            return take(joined, Unwrapped::Form::compact);
        }
        if (const auto spotted = spot_token(text)) return take(text, *spotted);
        if (is_whole_but_headless(text)) return take(text, Unwrapped::Form::compact);
        return false;
    }

    // Less than a token: two parts, or the header alone.
    bool look_for_fragment(std::string_view text) {
        if (text.substr(0, 5) == "jdr1." && count_dots(text) >= 4) return take(text, Unwrapped::Form::refresh);
        if (const auto spotted = spot_token(text, 0, 2)) return take(text, *spotted);
        for (std::size_t from = 0;;) {
            const auto spotted = spot_token(text, from, 1);
            if (!spotted) return false;
            std::string octets;
            const std::string_view part = text.substr(spotted->begin, spotted->tail - spotted->begin);
            std::size_t at = part.size();
            if (base64url_decode(part, octets, &at) != Base64Defect::none)
                base64_decode_lenient(part.substr(0, at / 4 * 4), octets);
            if (octets.find("\"alg\"") != npos) return take(text, *spotted);
            from = spotted->end;
        }
    }

    // Takes one wrapping off; false if there is none.
    bool peel(std::string& text) {
        if (auto decoded = decode_utf16(text)) return change(text, std::move(*decoded), Wrapping::utf16);
        if (text.substr(0, 3) == "\xef\xbb\xbf") return change(text, text.substr(3), Wrapping::byte_order_mark);
        return false;
    }
    bool decode(std::string& text) {
        if (has_percent_encoding(text)) return change(text, decode_percent(text), Wrapping::url_encoded);
        std::string octets = decode_base64(text);
        return !octets.empty() && change(text, std::move(octets), Wrapping::base64);
    }

    Unwrapped result() { return std::move(result_); }

private:
    static bool is_json_serialization(std::string_view text) {
        if (text.empty() || text.front() != '{') return false;
        json::Document document;
        const auto problem =
            document.parse(text, {.depth = 64, .values = 1u << 20, .duplicates = json::Duplicates::last});
        return !problem && is_serialization(document.root());
    }

    bool change(std::string& text, std::string to, Wrapping wrapping) {
        text = std::move(to);
        result_.seen.push_back({wrapping, {}});
        return true;
    }

    bool take(std::string_view token, Unwrapped::Form form) {
        result_.token = token;
        result_.form = form;
        return true;
    }

    bool take(std::string_view text, const Spotted& spotted) {
        for (auto next = spot_token(text, spotted.end); next; next = spot_token(text, next->end)) ++result_.more;
        std::vector<Seen> context = context_of(text.substr(0, spotted.begin), text.substr(spotted.end));
        if (result_.more > 0) { // what stands between tokens is no junk
            context.erase(std::remove_if(context.begin(), context.end(),
                                         [](const Seen& s) {
                                             return s.wrapping == Wrapping::leading_junk ||
                                                    s.wrapping == Wrapping::trailing_junk;
                                         }),
                          context.end());
        }
        add(std::move(context));
        return take(text.substr(spotted.begin, spotted.end - spotted.begin), Unwrapped::Form::compact);
    }

    void add(std::vector<Seen> seen) {
        result_.seen.insert(result_.seen.end(), std::make_move_iterator(seen.begin()),
                            std::make_move_iterator(seen.end()));
    }

    Unwrapped result_;
};

} // namespace

Result<Unwrapped> unwrap_token(std::string_view input) {
    std::string text(trimmed(input));
    if (text.empty()) return fail(Fault::no_input, "there is no token in the input: it is empty");
    Unwrapper unwrapper;
    for (int layer = 0; layer < kLayers; ++layer) {
        if (unwrapper.peel(text)) text = trimmed(std::string(text));
        if (unwrapper.look_at(text)) return unwrapper.result();
        if (!unwrapper.decode(text)) break;
        text = trimmed(std::string(text));
    }
    if (unwrapper.look_for_fragment(text)) return unwrapper.result();
    return nothing_in(text);
}

std::string_view name_of(Wrapping wrapping) {
    switch (wrapping) {
    case Wrapping::byte_order_mark: return "byte-order-mark";
    case Wrapping::utf16: return "utf-16";
    case Wrapping::base64: return "base64";
    case Wrapping::url_encoded: return "url-encoded";
    case Wrapping::wrapped_lines: return "wrapped-lines";
    case Wrapping::header_field: return "header-field";
    case Wrapping::scheme: return "scheme";
    case Wrapping::cookie: return "cookie";
    case Wrapping::parameter: return "parameter";
    case Wrapping::json_member: return "json-member";
    case Wrapping::quotes: return "quotes";
    case Wrapping::leading_junk: return "leading-junk";
    case Wrapping::trailing_junk: return "trailing-junk";
    }
    return "";
}

std::string describe(const Seen& seen) {
    const std::string detail = escape_text(seen.detail, 60);
    switch (seen.wrapping) {
    case Wrapping::byte_order_mark: return "a byte order mark";
    case Wrapping::utf16: return "utf-16 around it";
    case Wrapping::base64: return "base64 around it";
    case Wrapping::url_encoded: return "URL encoding";
    case Wrapping::wrapped_lines: return "broken into lines";
    case Wrapping::header_field: return "the header field " + detail;
    case Wrapping::scheme: return "the scheme " + detail;
    case Wrapping::cookie: return "a cookie named " + detail;
    case Wrapping::parameter: return "a value named " + detail;
    case Wrapping::json_member: return "a JSON member named " + detail;
    case Wrapping::quotes: return "quotes";
    case Wrapping::leading_junk: return detail + " octets before it";
    case Wrapping::trailing_junk: return detail + " octets after it";
    }
    return "";
}

} // namespace jwtdomain
