#include "jwtdomain/net/http.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jwtdomain/base/text.h"
#include "jwtdomain/base/version.h"
#include "jwtdomain/net/address.h"
#include "jwtdomain/net/curl.h"

namespace jwtdomain::net {
namespace {

constexpr std::size_t kMostHeaders = 64u << 10;
constexpr int kMostRedirects = 3;

struct UrlHandle {
    explicit UrlHandle(const Curl& library) : curl(library), handle(library.url()) {}
    ~UrlHandle() { curl.url_cleanup(handle); }
    UrlHandle(const UrlHandle&) = delete;
    UrlHandle& operator=(const UrlHandle&) = delete;

    bool set(const std::string& text, unsigned flags) const {
        return text.find('\0') == std::string::npos && curl.url_set(handle, CURLUPART_URL, text.c_str(), flags) == 0;
    }
    std::string get(CURLUPart part, unsigned flags = 0) const {
        char* text = nullptr;
        if (curl.url_get(handle, part, &text, flags) != 0 || text == nullptr) return {};
        std::string out = text;
        curl.free(text);
        return out;
    }
    const Curl& curl;
    CURLU* handle;
};

Result<Url> checked(const UrlHandle& handle, const std::string& text) {
    Url url;
    url.text = handle.get(CURLUPART_URL);
    url.scheme = handle.get(CURLUPART_SCHEME);
    url.host = lower_case(handle.get(CURLUPART_HOST));
    if (url.text.empty() || url.host.empty()) return fail(Fault::invalid, "not a URL: " + text);
    url.origin = url.scheme + "://" + url.host + ":" + handle.get(CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!handle.get(CURLUPART_USER).empty() || !handle.get(CURLUPART_PASSWORD).empty())
        return fail(Fault::invalid, "a URL with a user or password is not fetched: " + text);
    if (url.scheme != "https" && !(url.scheme == "http" && url.names_loopback()))
        return fail(Fault::invalid, "only https is fetched, and http from a loopback host: " + text);
    return url;
}

// RFC 9110 5.6.2.
bool is_token(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
    });
}

bool is_header(const std::pair<std::string, std::string>& header) {
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    return is_token(header.first) && std::none_of(header.second.begin(), header.second.end(), breaks);
}

} // namespace

bool Url::names_loopback() const {
    if (host == "localhost" || host == "[::1]") return true;
    in_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

Result<Url> parse_url(const std::string& text) {
    const auto library = curl();
    if (!library) return tl::unexpected(library.error());
    const UrlHandle handle(**library);
    if (!handle.set(text, 0)) return fail(Fault::invalid, "not a URL: " + text);
    return checked(handle, text);
}

Result<Url> resolve(const Url& base, const std::string& reference) {
    const auto library = curl();
    if (!library) return tl::unexpected(library.error());
    const UrlHandle handle(**library);
    if (!handle.set(base.text, 0) || !handle.set(reference, 0))
        return fail(Fault::invalid, "a redirect to no URL: " + reference);
    return checked(handle, reference);
}

const std::string* Response::header(std::string_view name) const {
    const auto found = std::find_if(headers.rbegin(), headers.rend(), [&](const auto& h) { return h.first == name; });
    return found == headers.rend() ? nullptr : &found->second;
}

struct Client::State {
    State(const Curl& library, Access wanted) : curl(library), access(std::move(wanted)), easy(curl.easy_init()) {
        for (const std::string& entry : access.resolve) overrides = curl.slist_append(overrides, entry.c_str());
    }
    ~State() {
        if (easy != nullptr) curl.easy_cleanup(easy);
        curl.slist_free_all(overrides);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    template <class Value> void set(CURLoption option, Value value) { curl.easy_setopt(easy, option, value); }

    void prepare(const Url& url, const Request& request, curl_slist* lines, std::array<char, CURL_ERROR_SIZE>& said);
    Result<Response> perform(const Url& url, const Request& request, curl_slist* lines);
    Error explain(CURLcode code, const Url& url, const char* said) const;

    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* to);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

    const Curl& curl;
    Access access;
    CURL* easy;
    curl_slist* overrides = nullptr;
    // of the request that is being made
    Response response;
    std::size_t most = 0, header_octets = 0;
    bool plain = false, loopback_ok = false, too_large = false, was_stopped = false;
    std::string refused; // an address
};

std::size_t Client::State::on_body(char* data, std::size_t, std::size_t size, void* self) {
    State& state = *static_cast<State*>(self);
    if (size > state.most - std::min(state.most, state.response.body.size())) {
        state.too_large = true;
        return 0;
    }
    state.response.body.append(data, size);
    return size;
}

std::size_t Client::State::on_header(char* data, std::size_t, std::size_t size, void* self) {
    State& state = *static_cast<State*>(self);
    state.header_octets += size;
    if (state.header_octets > kMostHeaders) {
        state.too_large = true;
        return 0;
    }
    const std::string_view line = trimmed({data, size});
    if (line.starts_with("HTTP/")) state.response.headers.clear(); // of an interim answer
    const std::size_t colon = line.find(':');
    if (colon == line.npos || line.starts_with("HTTP/")) return size;
    state.response.headers.emplace_back(lower_case(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    return size;
}

curl_socket_t Client::State::on_socket(void* self, curlsocktype, curl_sockaddr* to) {
    State& state = *static_cast<State*>(self);
    const bool is_ok = state.plain ? is_loopback(to->addr)
                                   : state.access.private_addresses || !is_private(to->addr) ||
                                         (state.loopback_ok && is_loopback(to->addr));
    if (!is_ok) {
        state.refused = text_of(to->addr);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int Client::State::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    State& state = *static_cast<State*>(self);
    state.was_stopped = state.access.stopped && state.access.stopped();
    return state.was_stopped ? 1 : 0;
}

void Client::State::prepare(const Url& url, const Request& request, curl_slist* lines,
                            std::array<char, CURL_ERROR_SIZE>& said) {
    curl.easy_reset(easy); // connections stay
    set(CURLOPT_ERRORBUFFER, said.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_URL, url.text.c_str());
    set(CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!access.ca_file.empty()) {
        set(CURLOPT_CAINFO, access.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    }
    if (overrides != nullptr) set(CURLOPT_RESOLVE, overrides);
    set(CURLOPT_CONNECTTIMEOUT_MS, access.connect_time);
    set(CURLOPT_TIMEOUT_MS, access.whole_time);
    const std::string agent = "jwtdomain/" + std::string(version());
    set(CURLOPT_USERAGENT, agent.c_str());
    set(CURLOPT_HTTPHEADER, lines);
    set(CURLOPT_OPENSOCKETFUNCTION, &State::on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_HEADERFUNCTION, &State::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &State::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &State::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (request.body) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        set(CURLOPT_POSTFIELDS, request.body->c_str());
    }
    if (request.method != "GET" || request.body) set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Error Client::State::explain(CURLcode code, const Url& url, const char* said) const {
    const std::string what = said[0] != '\0' ? said : curl.easy_strerror(code);
    if (!refused.empty())
        return {.fault = Fault::unreadable,
                .message = url.text + " leads to " + refused + ", which is no public address",
                .hint = "if that is right: --allow-private"};
    if (too_large) return {.fault = Fault::limit, .message = url.text + " answers more than is read"};
    if (was_stopped) return {.fault = Fault::retry, .message = "stopped while waiting for " + url.text};
    if (code == CURLE_OPERATION_TIMEDOUT)
        return {.fault = Fault::retry, .message = url.text + " did not answer in time: " + what};
    const bool by_certificate = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    return {.fault = Fault::unreadable,
            .message = url.text + ": " + what,
            .hint = by_certificate ? "for an authority of your own: --cacert FILE" : ""};
}

Result<Response> Client::State::perform(const Url& url, const Request& request, curl_slist* lines) {
    response = {};
    most = request.most;
    header_octets = 0;
    plain = url.scheme == "http";
    loopback_ok = url.names_loopback();
    too_large = was_stopped = false;
    refused.clear();
    std::array<char, CURL_ERROR_SIZE> said{};
    prepare(url, request, lines, said);
    const CURLcode code = curl.easy_perform(easy);
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    const bool cut = request.cut && code == CURLE_WRITE_ERROR && too_large && !response.headers.empty();
    if (code != CURLE_OK && !cut) return tl::unexpected(explain(code, url, said.data()));
    long status = 0;
    curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 0) return fail(Fault::unreadable, url.text + " answers in no HTTP");
    response.status = static_cast<int>(status);
    return std::move(response);
}

Client::Client(Access access) {
    // Without the library every request fails alike.
    if (const auto library = curl()) state_ = std::make_unique<State>(**library, std::move(access));
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Response> Client::send(const Request& request) {
    const auto url = parse_url(request.url);
    if (!url) return tl::unexpected(url.error());
    if (!is_token(request.method)) return fail(Fault::invalid, "not an HTTP method: " + request.method);
    if (!state_ || state_->easy == nullptr) return fail(Fault::internal, "libcurl gave no handle");
    curl_slist* lines = state_->curl.slist_append(nullptr, "Expect:"); // no waiting before a body
    for (const auto& header : request.headers) {
        if (!is_header(header)) {
            state_->curl.slist_free_all(lines);
            return fail(Fault::invalid, "not a header: " + header.first);
        }
        const std::string line = header.second.empty() ? header.first + ";" : header.first + ": " + header.second;
        lines = state_->curl.slist_append(lines, line.c_str());
    }
    auto response = state_->perform(*url, request, lines);
    state_->curl.slist_free_all(lines);
    return response;
}

Result<Response> fetch(Client& client, const std::string& url, const Headers& headers) {
    auto where = parse_url(url);
    if (!where) return tl::unexpected(where.error());
    for (int redirects = 0;; ++redirects) {
        auto response = client.send({.url = where->text, .headers = headers});
        if (!response) return response;
        const std::string* const location = response->header("location");
        const bool redirected = response->status >= 301 && response->status <= 308 && response->status != 304 &&
                                response->status != 305 && response->status != 306;
        if (!redirected || location == nullptr) return response;
        if (redirects == kMostRedirects) return fail(Fault::unreadable, url + " redirects without end");
        auto next = resolve(*where, *location);
        if (!next) return tl::unexpected(next.error());
        if (next->origin != where->origin)
            return fail(Fault::unreadable, url + " redirects to another origin: " + next->origin,
                        "if that is where it is, name it: " + next->text);
        where = std::move(next);
    }
}

} // namespace jwtdomain::net
