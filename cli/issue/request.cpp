#include "cli/issue/request.h"

#include <algorithm>
#include <array>

#include "cli/app/keys.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

std::string quoted(std::string_view text) { return "\"" + escape_text(text, 80) + "\""; }

struct ReservedHeader {
    std::string_view name, instead;
    bool for_tests; // a token outside of any policy may have it
};
constexpr std::array kReserved{
    ReservedHeader{"alg", "it is the key's", false},
    ReservedHeader{"kid", "use --kid", false},
    ReservedHeader{"typ", "it is the policy's; without a policy, use --type", false},
    ReservedHeader{"crit", "no verifier of the policy understands an extension", true},
    ReservedHeader{"b64", "the payload of a JWT is always base64url (RFC 7797 section 7)", true},
    ReservedHeader{"zip", "it is for encryption", true},
    ReservedHeader{"enc", "it is for encryption", true},
    ReservedHeader{"jku", "keys come from the policy, never from a token", true},
    ReservedHeader{"jwk", "keys come from the policy, never from a token", true},
    ReservedHeader{"x5u", "keys come from the policy, never from a token", true},
    ReservedHeader{"x5c", "keys come from the policy, never from a token", true},
};

tl::unexpected<Error> bad_line(std::string message, std::string hint = {}) {
    return fail(Fault::invalid, std::move(message), std::move(hint));
}

// A text, or an array of them.
Status read_texts(const json::Member& member, std::vector<std::string>& out) {
    out.clear();
    if (member.value.is(json::Kind::string)) {
        out.emplace_back(member.value.text());
        return {};
    }
    if (!member.value.is(json::Kind::array))
        return bad_line(quoted(member.name) + " is neither a text nor a list of texts");
    for (const json::Member& element : member.value) {
        if (!element.value.is(json::Kind::string))
            return bad_line(quoted(member.name) + " holds something that is no text");
        out.emplace_back(element.value.text());
    }
    return {};
}

Status read_text(const json::Member& member, std::optional<std::string>& out) {
    if (!member.value.is(json::Kind::string)) return bad_line(quoted(member.name) + " is not a text");
    out = std::string(member.value.text());
    return {};
}

// Seconds as a number, or as --ttl takes them.
Status read_ttl(const json::Member& member, policy::IssueRequest& request) {
    if (const auto seconds = member.value.integer()) {
        request.lifetime = *seconds;
        return {};
    }
    const auto span = parse_duration(std::string(member.value.text()));
    if (!member.value.is(json::Kind::string) || !span)
        return bad_line(quoted(member.name) + " is not a span of time", "300, or \"5m\"");
    request.lifetime = *span;
    return {};
}

Status read_not_before(const json::Member& member, Time now, policy::IssueRequest& request) {
    if (const auto seconds = member.value.integer()) {
        request.not_before = *seconds;
        return {};
    }
    const auto moment = parse_moment(std::string(member.value.text()), now);
    if (!member.value.is(json::Kind::string) || !moment)
        return bad_line(quoted(member.name) + " is not a time", "seconds since 1970, RFC 3339, or \"+5m\"");
    request.not_before = *moment;
    return {};
}

Status read_claims(const json::Member& member, policy::IssueRequest& request) {
    if (!member.value.is(json::Kind::object)) return bad_line("\"claims\" is not an object");
    for (const json::Member& claim : member.value)
        request.claims.push_back({std::string(claim.name), std::string(claim.value.raw())});
    return {};
}

Status read_member(const json::Member& member, Time now, policy::IssueRequest& request) {
    const std::string_view name = member.name;
    if (name == "subject" || name == "sub") return read_text(member, request.subject);
    if (name == "audience" || name == "aud") return read_texts(member, request.audiences);
    if (name == "scope") return read_texts(member, request.scopes);
    if (name == "client") return read_text(member, request.client);
    if (name == "ttl") return read_ttl(member, request);
    if (name == "not_before") return read_not_before(member, now, request);
    if (name == "claims") return read_claims(member, request);
    constexpr std::array<std::string_view, 7> kNames{"subject", "audience",   "scope", "client",
                                                     "ttl",     "not_before", "claims"};
    const std::string_view near = nearest(name, kNames);
    return bad_line("the line has a member " + quoted(name) + " that is not known",
                    near.empty() ? "claims of your own go into \"claims\": {...}"
                                 : "did you mean " + quoted(near) + "?");
}

} // namespace

Result<RawMember> parse_member(const std::string& text, const char* option) {
    const std::string usage = std::string(option) + " takes NAME=TEXT or NAME:=JSON";
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return fail(Fault::usage, usage + ", and got " + quoted(text));
    const bool raw = equals > 0 && text[equals - 1] == ':';
    RawMember member{.name = text.substr(0, raw ? equals - 1 : equals), .json = text.substr(equals + 1)};
    if (member.name.empty()) return fail(Fault::usage, usage + ": the name is missing");
    if (find_invalid_utf8(text) != std::string_view::npos)
        return fail(Fault::usage, std::string(option) + " " + quoted(member.name) + " is not UTF-8");
    if (!raw) {
        member.json = json::quote(member.json);
        return member;
    }
    json::Document document;
    if (const json::Problem problem = document.parse(member.json)) {
        return fail(Fault::usage,
                    std::string(option) + " " + quoted(member.name) +
                        ": what follows := is not strict JSON (expected " + problem.expected + ")",
                    "a text by itself is written " + member.name + "=TEXT");
    }
    return member;
}

Result<std::vector<RawMember>> parse_members(const std::vector<std::string>& texts, const char* option) {
    std::vector<RawMember> out;
    for (const std::string& text : texts) {
        auto member = parse_member(text, option);
        if (!member) return tl::unexpected(member.error());
        const bool twice =
            std::any_of(out.begin(), out.end(), [&](const RawMember& m) { return m.name == member->name; });
        if (twice) return fail(Fault::usage, std::string(option) + " " + quoted(member->name) + " is given twice");
        out.push_back(std::move(*member));
    }
    return out;
}

Result<Time> parse_moment(const std::string& text, Time now) {
    if (text.empty() || text.front() != '+') return parse_time(text);
    const auto span = parse_duration(text.substr(1));
    if (!span) return tl::unexpected(span.error());
    return now + *span;
}

Result<std::vector<RawMember>> parse_headers(const IssueOptions& options) {
    auto members = parse_members(options.headers, "--header");
    if (!members) return members;
    for (const RawMember& member : *members) {
        for (const ReservedHeader& reserved : kReserved) {
            if (member.name != reserved.name || (reserved.for_tests && !options.domain)) continue;
            return fail(Fault::usage, "the header's member " + quoted(member.name) + " cannot be set by --header",
                        std::string(reserved.instead));
        }
    }
    return members;
}

Result<policy::IssueRequest> request_of(const IssueOptions& options, Time now) {
    policy::IssueRequest request;
    request.subject = options.subject;
    request.client = options.client;
    request.audiences = options.audiences;
    request.scopes = options.scopes;
    if (options.ttl) {
        const auto span = parse_duration(*options.ttl);
        if (!span) return tl::unexpected(span.error());
        request.lifetime = *span;
    }
    if (options.not_before) {
        const auto moment = parse_moment(*options.not_before, now);
        if (!moment) return tl::unexpected(moment.error());
        request.not_before = *moment;
    }
    auto claims = parse_members(options.claims, "--claim");
    if (!claims) return tl::unexpected(claims.error());
    request.claims = std::move(*claims);
    return request;
}

Result<policy::IssueRequest> request_for_domain(Session& session, const IssueOptions& options) {
    auto request = request_of(options, session.now());
    if (!request || !options.dpop_key) return request;
    auto thumbprint = client_thumbprint(session, *options.dpop_key);
    if (!thumbprint) return tl::unexpected(thumbprint.error());
    request->key_thumbprint = std::move(*thumbprint);
    return request;
}

Result<policy::IssueRequest> request_of_line(json::Document& document, std::string_view line,
                                             const policy::IssueRequest& defaults, Time now) {
    if (const json::Problem problem = document.parse(line)) {
        return bad_line("not strict JSON: expected " + std::string(problem.expected) + " at column " +
                        std::to_string(problem.offset + 1));
    }
    if (!document.root().is(json::Kind::object)) return bad_line("not a JSON object", "{\"subject\": \"alice\"}");
    policy::IssueRequest request = defaults;
    for (const json::Member& member : document.root()) {
        if (const Status good = read_member(member, now, request); !good) return tl::unexpected(good.error());
    }
    return request;
}

} // namespace jwtdomain::cli
