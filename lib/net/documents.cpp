#include "jwtdomain/net/documents.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::net {
namespace {

constexpr Seconds kUnsaid = 300, kBetween = 60;
constexpr std::size_t kMostOnDisk = 8u << 20; // a body in base64url, and what is said of it

struct Directives {
    bool no_store = false, no_cache = false;
    std::optional<Seconds> max_age;
};

// RFC 9111 5.2. A max-age that is no number counts as none left.
Directives directives_of(std::string_view header) {
    Directives out;
    while (!header.empty()) {
        const std::size_t comma = std::min(header.find(','), header.size());
        std::string word = lower_case(header.substr(0, comma));
        std::erase_if(word, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
        header.remove_prefix(std::min(comma + 1, header.size()));
        if (word == "no-store") out.no_store = true;
        if (word == "no-cache" || word.starts_with("no-cache=")) out.no_cache = true;
        if (!word.starts_with("max-age=")) continue;
        Seconds seconds = 0;
        const char* const end = word.data() + word.size();
        const auto [at, error] = std::from_chars(word.data() + 8, end, seconds);
        out.max_age = error == std::errc() && at == end && seconds >= 0 ? seconds : 0;
    }
    return out;
}

Seconds age_of(const Response& response) {
    const std::string* const age = response.header("age");
    Seconds seconds = 0;
    if (age != nullptr) std::from_chars(age->data(), age->data() + age->size(), seconds);
    return std::clamp<Seconds>(seconds, 0, kLongestLife);
}

std::optional<Fetched> parse(const std::string& text, const std::string& url) {
    json::Document document;
    if (document.parse(text)) return std::nullopt;
    const json::Value root = document.root();
    const auto text_of = [&](std::string_view name) {
        const auto value = root.find(name);
        return value && value->is(json::Kind::string) ? std::optional<std::string>(value->text()) : std::nullopt;
    };
    const auto number_of = [&](std::string_view name) {
        const auto value = root.find(name);
        return value ? value->integer() : std::nullopt;
    };
    const auto named = text_of("url"), body = text_of("body"), etag = text_of("etag");
    const auto confirmed = number_of("confirmed"), lives = number_of("lives");
    if (!named || *named != url || !body || !etag || !confirmed || !lives) return std::nullopt;
    std::string octets;
    if (base64url_decode(*body, octets) != Base64Defect::none || *lives < 0 || *lives > kLongestLife)
        return std::nullopt;
    return Fetched{.url = url,
                   .body = std::move(octets),
                   .confirmed = *confirmed,
                   .lives = *lives,
                   .etag = *etag,
                   .from_disk = true};
}

} // namespace

std::optional<Seconds> life_of(const Response& response) {
    Directives said;
    for (const auto& [name, value] : response.headers) {
        if (name != "cache-control") continue;
        const Directives more = directives_of(value);
        said.no_store |= more.no_store;
        said.no_cache |= more.no_cache;
        if (more.max_age) said.max_age = std::min(said.max_age.value_or(kLongestLife), *more.max_age);
    }
    if (said.no_store) return std::nullopt;
    if (said.no_cache) return 0;
    const Seconds whole = std::min(said.max_age.value_or(kUnsaid), kLongestLife);
    return std::max<Seconds>(0, whole - age_of(response));
}

Documents::Documents(DocumentOptions options) : options_(std::move(options)) {}

std::string Documents::file_of(const std::string& url) const {
    return options_.directory + "/" + base64url_encode(sha256(url)) + ".json";
}

std::optional<Fetched> Documents::read(const std::string& url) const {
    // Of a directory that others can write into nothing is believed.
    if (options_.directory.empty() || !std::filesystem::exists(options_.directory) ||
        !store::make_private_directory(options_.directory))
        return std::nullopt;
    const auto text = store::read_file(file_of(url), kMostOnDisk);
    if (!text) return std::nullopt; // damaged is as good as absent: it is only remembered
    auto known = parse(*text, url);
    if (known && known->confirmed > now()) return std::nullopt; // the clock went back: nothing is known of its age
    return known;
}

// Replaces the file as a whole, so that who reads at the same time sees the old one or the new one.
void Documents::write(const Fetched& document) const {
    if (options_.directory.empty()) return;
    const nlohmann::ordered_json text = {{"url", document.url},
                                         {"confirmed", document.confirmed},
                                         {"lives", document.lives},
                                         {"etag", document.etag},
                                         {"body", base64url_encode(document.body)}};
    const auto dumped = text.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    // Not remembered is no failure: it is fetched once more.
    if (store::make_private_directory(options_.directory))
        (void)store::write_file(file_of(document.url), dumped + "\n", store::Existing::replace);
}

void Documents::forget(const std::string& url) const {
    std::error_code none;
    if (!options_.directory.empty()) std::filesystem::remove(file_of(url), none);
}

Result<Fetched> Documents::ask(const std::string& url, const std::optional<Fetched>& known) {
    Headers headers{{"Accept", "application/json"}};
    if (known && !known->etag.empty()) headers.emplace_back("If-None-Match", known->etag);
    if (!client_) client_.emplace(options_.access);
    const auto response = fetch(*client_, url, headers);
    if (!response) return tl::unexpected(response.error());
    const Time now = options_.clock();
    const auto life = life_of(*response);
    Fetched out;
    if (response->status == 304 && known && !known->etag.empty()) {
        out = *known;
        out.from_disk = false;
    } else if (response->status == 200) {
        out = {.url = url, .body = response->body};
        const std::string* const etag = response->header("etag");
        if (etag != nullptr && etag->size() <= 1024) out.etag = *etag;
    } else {
        const bool gone = response->status == 404 || response->status == 410;
        if (gone) forget(url);
        return fail(gone ? Fault::not_found : Fault::unreadable,
                    url + " answers with status " + std::to_string(response->status));
    }
    out.confirmed = now;
    out.lives = life.value_or(0);
    if (life)
        write(out);
    else
        forget(url);
    return out;
}

Result<Fetched> Documents::get(const std::string& url) {
    if (const auto seen = seen_.find(url); seen != seen_.end()) return seen->second;
    Result<Fetched> out = fail(Fault::not_found, url + " has not been fetched yet: --fetch does");
    if (options_.kept) {
        if (const auto kept = options_.kept->find(url); kept != options_.kept->end()) out = kept->second;
        return seen_.insert_or_assign(url, std::move(out)).first->second;
    }
    const std::optional<Fetched> known = read(url);
    const bool lives = known && known->ends() > now();
    if (known && (lives || !options_.online))
        out = *known;
    else if (options_.online)
        out = ask(url, known);
    seen_.insert_or_assign(url, out);
    return out;
}

Result<Fetched> Documents::get_now(const std::string& url) {
    if (!options_.online) return get(url);
    auto out = ask(url, read(url));
    seen_.insert_or_assign(url, out);
    return out;
}

Result<Fetched> Documents::get_again(const std::string& url) {
    auto last = get(url);
    const auto again = asked_again_.find(url);
    const Time asked = again == asked_again_.end() ? 0 : again->second;
    if (!options_.online || !last || now() - std::max(last->confirmed, asked) < kBetween) return last;
    asked_again_[url] = now();
    auto fresh = ask(url, *last);
    if (fresh) seen_.insert_or_assign(url, fresh);
    return fresh;
}

} // namespace jwtdomain::net
