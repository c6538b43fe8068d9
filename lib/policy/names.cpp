#include "jwtdomain/policy/names.h"

#include <algorithm>

namespace jwtdomain::policy {

namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_segment_char(char c) { return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_visible(char c) { return c > ' ' && c != '\x7f'; }

const char* segment_defect(std::string_view segment) {
    if (segment.empty()) return "it has an empty segment";
    if (segment.find_first_not_of('.') == std::string_view::npos) return "a segment is made of dots only";
    if (!std::all_of(segment.begin(), segment.end(), is_segment_char)) return "allowed are a-z, 0-9, '.', '_' and '-'";
    return nullptr;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == ' ') c = '-';
    }
    return out;
}

tl::unexpected<Error> bad_name(const char* kind, std::string_view name, const char* why,
                               const std::string& suggestion) {
    std::string hint = suggestion.empty() ? "use lower-case names such as prod or prod/tenant-a"
                                          : "did you mean '" + suggestion + "'?";
    return fail(Fault::usage, "'" + std::string(name) + "' is not a " + kind + " name: " + why, std::move(hint));
}

const char* name_defect(std::string_view name) {
    if (name.empty()) return "it is empty";
    if (name.size() > 253) return "it is longer than 253 octets";
    for (std::size_t start = 0;;) {
        const std::size_t slash = name.find('/', start);
        if (const char* why = segment_defect(name.substr(start, slash - start))) return why;
        if (slash == std::string_view::npos) return nullptr;
        start = slash + 1;
    }
}

} // namespace

Status check_domain_name(std::string_view name) {
    const char* why = name_defect(name);
    if (why == nullptr) return {};
    const std::string suggestion = lowered(name);
    return bad_name("domain", name, why, name_defect(suggestion) == nullptr ? suggestion : std::string());
}

Status check_tenant_name(std::string_view name) {
    const char* why = name.size() > 253 ? "it is longer than 253 octets" : segment_defect(name);
    if (why == nullptr) return {};
    const std::string suggestion = lowered(name);
    return bad_name("tenant", name, why, segment_defect(suggestion) == nullptr ? suggestion : std::string());
}

bool is_scope(std::string_view scope) {
    return !scope.empty() && std::all_of(scope.begin(), scope.end(),
                                         [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

Result<std::vector<std::string>> parse_claim_path(std::string_view text) {
    if (text.empty()) return fail(Fault::usage, "an empty claim path");
    if (text.front() != '/') return std::vector<std::string>{std::string(text)};
    std::vector<std::string> path(1);
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '/') {
            path.emplace_back();
        } else if (text[i] != '~') {
            path.back() += text[i];
        } else {
            const char next = i + 1 < text.size() ? text[i + 1] : '\0';
            if (next != '0' && next != '1') {
                return fail(Fault::usage, "'" + std::string(text) + "' is not a JSON Pointer: '~' without 0 or 1",
                            "in a claim path that begins with '/', '~' is ~0 and '/' is ~1");
            }
            path.back() += next == '0' ? '~' : '/';
            ++i;
        }
    }
    if (path.size() > 32) return fail(Fault::usage, "'" + std::string(text) + "' is deeper than claims can be");
    return path;
}

bool is_inside(const std::vector<std::string>& path, const std::vector<std::string>& other) {
    return other.size() < path.size() && std::equal(other.begin(), other.end(), path.begin());
}

std::string format_claim_path(const std::vector<std::string>& path) {
    if (path.size() == 1 && !path.front().empty() && path.front().front() != '/') return path.front();
    std::string text;
    for (const std::string& name : path) {
        text += '/';
        for (const char c : name) {
            if (c == '~')
                text += "~0";
            else if (c == '/')
                text += "~1";
            else
                text += c;
        }
    }
    return text;
}

bool is_media_type(std::string_view text) {
    constexpr std::string_view kToken = "!#$%&'*+-.^_`|~"; // RFC 9110 section 5.6.2, besides letters and digits
    std::size_t slashes = 0, length = 0;
    for (const char c : text) {
        if (c == '/') {
            if (length == 0 || ++slashes > 1) return false;
            length = 0;
        } else if (is_alpha(c) || (c >= '0' && c <= '9') || kToken.find(c) != std::string_view::npos) {
            ++length;
        } else {
            return false;
        }
    }
    return length > 0;
}

bool is_absolute_uri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !is_alpha(text.front()))
        return false;
    const auto scheme_char = [](char c) {
        return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), scheme_char)) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c < 0 || is_visible(c); });
}

bool is_fetchable_url(std::string_view url) {
    if (!is_absolute_uri(url)) return false;
    constexpr std::string_view kHttps = "https://", kHttp = "http://";
    if (url.substr(0, kHttps.size()) == kHttps) return url.size() > kHttps.size();
    if (url.substr(0, kHttp.size()) != kHttp) return false;
    std::string_view host = url.substr(kHttp.size());
    host = host.substr(0, host.find_first_of("/?#"));
    if (host.find('@') != std::string_view::npos) return false;
    if (host.substr(0, 5) == "[::1]") return true;
    host = host.substr(0, host.find(':'));
    const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || (numeric && host.substr(0, 4) == "127.");
}

} // namespace jwtdomain::policy
