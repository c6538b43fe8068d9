#include "jwtdomain/gateway/haproxy_value.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway::haproxy {
namespace {

using Kind = Value::Kind;

// Of the request, and the same whenever they are asked for, unless a rule changes what they read.
constexpr std::array<std::string_view, 12> kOfHeaders = {
    "req.hdr",     "hdr",     "req.fhdr",     "fhdr",        "req.cook", "cook",
    "req.hdr_cnt", "hdr_cnt", "req.fhdr_cnt", "req.hdr_val", "hdr_val",  "http_auth_bearer"};
constexpr std::array<std::string_view, 16> kOfPlace = {"path",
                                                       "pathq",
                                                       "url",
                                                       "base",
                                                       "query",
                                                       "method",
                                                       "url_param",
                                                       "urlp",
                                                       "req.ver",
                                                       "req_ver",
                                                       "req.proto_http",
                                                       "baseq",
                                                       "url_ip",
                                                       "url_port",
                                                       "capture.req.uri",
                                                       "capture.req.method"};
constexpr std::array<std::string_view, 16> kOfConnection = {
    "src",        "dst",        "src_port",       "dst_port",   "ssl_fc", "ssl_fc_sni", "ssl_c_used", "ssl_c_verify",
    "ssl_c_s_dn", "ssl_c_i_dn", "ssl_fc_has_sni", "ssl_c_sha1", "fe_id",  "fe_name",    "so_id",      "dst_is_local"};
// Converters that make the same of the same.
constexpr std::array<std::string_view, 20> kPure = {
    "word",    "field", "regsub", "lower",  "upper", "bytes", "length", "ub64dec", "b64dec", "json_query",
    "url_dec", "ltrim", "rtrim",  "concat", "param", "hex",   "base64", "ub64enc", "sha2",   "digest"};
// Fetches that hold a test in their own name: path_beg.
constexpr std::array<std::string_view, 8> kTests = {"_beg", "_dir", "_dom", "_end", "_len", "_reg", "_sub", "_dom"};

bool among(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view without_test(std::string_view name) {
    for (const std::string_view test : kTests) {
        if (name.ends_with(test)) return name.substr(0, name.size() - test.size());
    }
    return name;
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    constexpr std::int64_t kMost = std::int64_t{1} << 40; // more is no time, and could overflow
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || out > kMost || out < -kMost)
        return std::nullopt;
    return out;
}

bool is_variable(std::string_view text) {
    constexpr std::array<std::string_view, 6> kScopes = {"proc.", "sess.", "txn.", "req.", "res.", "check."};
    return std::any_of(kScopes.begin(), kScopes.end(), [&](std::string_view scope) { return text.starts_with(scope); });
}

bool is_claim(const Value& value) { return value.kind == Kind::payload || value.kind == Kind::header; }

} // namespace

// fetch(argument,...),converter(argument,...): quotes within the brackets are read once more.
std::optional<std::vector<State::Call>> State::calls_of(std::string_view text) {
    std::vector<Call> out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find_first_of("(,", at), text.size());
        Call call{.name = std::string(text.substr(at, end - at)), .arguments = {}};
        at = end;
        if (at < text.size() && text[at] == '(') {
            char quote = 0;
            call.arguments.emplace_back();
            for (++at; at < text.size() && (quote != 0 || text[at] != ')'); ++at) {
                const char c = text[at];
                if (c == quote)
                    quote = 0;
                else if (quote == 0 && (c == '\'' || c == '"'))
                    quote = c;
                else if (quote == 0 && c == ',')
                    call.arguments.emplace_back();
                else
                    call.arguments.back() += c;
            }
            if (at++ >= text.size()) return std::nullopt;
        }
        if (call.name.empty()) return std::nullopt;
        out.push_back(std::move(call));
        if (at < text.size() && text[at++] != ',') return std::nullopt;
    }
    if (out.empty()) return std::nullopt;
    return out;
}

// Is something in it that the environment has, but for the key of a verification?
bool State::is_elsewhere(const Call& call) {
    const auto unknown = [](const std::string& text) { return text.find(kElsewhere) != std::string::npos; };
    const std::size_t known =
        call.name == "jwt_verify" ? std::min<std::size_t>(call.arguments.size(), 1) : call.arguments.size();
    return unknown(call.name) ||
           std::any_of(call.arguments.begin(), call.arguments.begin() + static_cast<std::ptrdiff_t>(known), unknown);
}

std::string State::age_of_header(const std::string& name) const {
    const auto found = headers_.find(lower_case(name));
    const unsigned changed = all_headers_ + (found == headers_.end() ? 0 : found->second);
    return changed == 0 ? "" : "#" + std::to_string(changed);
}

Value State::read(const Word& expression) const {
    const auto calls = calls_of(expression.text);
    if (!calls || std::any_of(calls->begin(), calls->end(), is_elsewhere)) return {};
    Value out = fetched(calls->front());
    for (std::size_t i = 1; i < calls->size(); ++i) out = converted(std::move(out), (*calls)[i]);
    return out;
}

Value State::fetched(const Call& call) const {
    const std::string first = call.arguments.empty() ? "" : call.arguments.front();
    std::string text = call.name;
    for (const std::string& argument : call.arguments)
        text += (&argument == &call.arguments.front() ? "(" : ",") + argument;
    if (!call.arguments.empty()) text += ")";
    if (call.name == "var") {
        const Variable* const found = variable(first);
        return found != nullptr ? found->value : Value{};
    }
    if (call.name == "date") {
        const auto offset = first.empty() ? std::optional<std::int64_t>(0) : number_of(first);
        if (!offset || call.arguments.size() > 1) return {};
        return {.kind = Kind::moment, .text = text, .nows = 1, .seconds = *offset};
    }
    if (call.name == "int" || call.name == "str" || call.name == "bool")
        return {.kind = Kind::constant,
                .text = call.name == "bool" ? (first == "true" || first == "1" ? "1" : "0") : first};
    if (call.name == "always_true" || call.name == "always_false")
        return {.kind = Kind::constant, .text = call.name == "always_true" ? "1" : "0"};
    const std::string_view name = without_test(call.name);
    const bool several = call.arguments.size() < 2 && name != "http_auth_bearer";
    if (among(name, kOfHeaders)) {
        const bool bearer = name == "http_auth_bearer", cookie = name.ends_with("cook");
        if (first.empty() && !bearer) return {};
        const std::string header = cookie ? "cookie" : first.empty() ? "authorization" : first;
        return {.kind = Kind::request, .text = text + age_of_header(header), .several = several};
    }
    if (among(name, kOfPlace))
        return {.kind = Kind::request,
                .text = text + (place_ == 0 ? "" : "#" + std::to_string(place_)),
                .several = several};
    if (among(name, kOfConnection)) return {.kind = Kind::request, .text = text};
    return {};
}

Value State::converted(Value value, const Call& call) const {
    const std::string first = call.arguments.empty() ? "" : call.arguments.front();
    if (value.kind == Kind::request) {
        // A rule may have written it, with a token of its own.
        if (call.name.starts_with("jwt_") && value.text.find('#') != std::string::npos) return {};
        const bool payload = call.name == "jwt_payload_query";
        if ((payload || call.name == "jwt_header_query") && !first.empty()) {
            const bool whole = call.arguments.size() > 1 && call.arguments[1] == "int";
            return {.kind = payload ? Kind::payload : Kind::header,
                    .text = value.text + "," + call.name + "(" + first + (whole ? ",int)" : ")"),
                    .token = value.text,
                    .query = first,
                    .whole = whole,
                    .several = value.several};
        }
        if (call.name == "jwt_verify" && call.arguments.size() == 2) return verified(value, call);
        if (!among(call.name, kPure)) return {};
        value.text += "," + call.name + "(";
        for (const std::string& argument : call.arguments) value.text += "'" + argument + "',";
        value.text += ")";
        return value;
    }
    if (call.name == "add" || call.name == "sub") return moved(std::move(value), first, call.name == "add" ? 1 : -1);
    return {};
}

Value State::verified(const Value& token, const Call& call) const {
    Value out{.kind = Kind::verification, .token = token.text, .several = token.several};
    const std::string &by = call.arguments[0], &key = call.arguments[1];
    Value algorithm{.kind = Kind::constant, .text = by};
    if (is_variable(by)) {
        const Variable* const found = variable(by);
        algorithm = found != nullptr && found->when.cubes() == Formula::always().cubes() ? found->value : Value{};
    }
    if (algorithm.kind == Kind::constant) out.algorithm = algorithm.text;
    out.of_header = algorithm.kind == Kind::header && algorithm.token == token.text && algorithm.query == "$.alg" &&
                    !algorithm.whole;
    if (key.find(kElsewhere) != std::string::npos) {
        out.key = std::nullopt;
    } else if (!is_variable(key)) {
        out.key = key;
    } else if (const Variable* const found = variable(key); found != nullptr && found->value.kind == Kind::constant) {
        out.key = found->value.text;
    }
    out.text = token.text + ",jwt_verify(" +
               (out.of_header                      ? "its own"
                : algorithm.kind == Kind::constant ? "'" + algorithm.text + "'"
                                                   : by) +
               ",'" + out.key.value_or(key) + "')" + std::to_string(all_variables_);
    return out;
}

// A number more or less.
Value State::moved(Value value, const std::string& by, int sign) const {
    if (is_claim(value) && value.kind == Kind::payload) {
        value.kind = Kind::moment;
        value.claims = 1;
    }
    if (value.kind != Kind::moment) return {};
    if (const auto seconds = number_of(by)) {
        value.seconds += sign * *seconds;
    } else {
        const Variable* const found = variable(by);
        if (found == nullptr || found->when.cubes() != Formula::always().cubes()) return {};
        Value other = found->value;
        if (other.kind == Kind::payload) other.kind = Kind::moment, other.claims = 1;
        if (other.kind != Kind::moment) return {};
        if (value.claims != 0 && other.claims != 0) {
            const auto is = [](const Value& one, const char* query) {
                return one.query == query && one.claims == 1 && one.nows == 0 && one.seconds == 0;
            };
            if (sign > 0 || !is(value, "$.exp") || !is(other, "$.iat") || value.token != other.token) return {};
            return {.kind = Kind::life, .text = value.token + "$.exp-$.iat", .token = value.token};
        }
        if (other.claims != 0) value.query = other.query, value.token = other.token;
        value.claims += sign * other.claims;
        value.nows += sign * other.nows;
        value.seconds += sign * other.seconds;
    }
    value.text = value.token + value.query + "*" + std::to_string(value.claims) + "+now*" + std::to_string(value.nows) +
                 "+" + std::to_string(value.seconds);
    return value;
}

const Variable* State::variable(const std::string& name) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? nullptr : &found->second;
}

const Variable* State::variable_of(const Word& expression) const {
    const auto calls = calls_of(expression.text);
    if (!calls || calls->front().name != "var" || calls->front().arguments.empty()) return nullptr;
    return variable(calls->front().arguments.front());
}

// What outlives a request (sess, proc) may be another's.
void State::set(const std::string& name, Value value, Formula when) {
    const bool of_request = name.starts_with("txn.") || name.starts_with("req.");
    const auto found = variables_.find(name);
    const bool again = found != variables_.end();
    const bool same = again && found->second.value.kind == value.kind && found->second.value.text == value.text;
    if (!of_request || (again && !same)) value = {};
    value.several = false;
    if (again) when = found->second.when || when;
    variables_.insert_or_assign(name, Variable{.value = std::move(value), .when = std::move(when)});
}

void State::forget_variables() {
    ++all_variables_;
    for (auto& [name, variable] : variables_) variable = {};
}

void State::forget_header(const std::string& name) {
    if (name.empty())
        ++all_headers_;
    else
        ++headers_[lower_case(name)];
}

void State::forget_everything() {
    forget_variables();
    forget_header("");
    forget_place();
}

} // namespace jwtdomain::gateway::haproxy
