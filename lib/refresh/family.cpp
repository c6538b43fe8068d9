#include "jwtdomain/refresh/family.h"

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json_write.h"

namespace jwtdomain::refresh {
namespace {

std::string json_list(const std::vector<std::string>& values) {
    std::string out = "[";
    for (const std::string& value : values) out += (out.size() > 1 ? "," : "") + json::quote(value);
    return out + "]";
}

void append_field(std::string& out, std::string_view text) {
    out += std::to_string(text.size());
    out += ':';
    out += text;
}

std::vector<std::string> texts_of(json::Value list) {
    std::vector<std::string> out;
    for (const json::Member& element : list) out.emplace_back(element.value.text());
    return out;
}

} // namespace

std::string write_grant(const Grant& grant) {
    std::string out, claims;
    json::ObjectWriter inner(claims);
    for (const RawMember& claim : grant.claims) inner.raw(claim.name, claim.json);
    inner.close();
    json::ObjectWriter writer(out);
    if (grant.client) writer.text("client", *grant.client);
    if (grant.subject) writer.text("subject", *grant.subject);
    writer.raw("audiences", json_list(grant.audiences)).raw("scopes", json_list(grant.scopes)).raw("claims", claims);
    if (!grant.key_thumbprint.empty()) writer.text("jkt", grant.key_thumbprint);
    writer.close();
    return out;
}

Result<Grant> read_grant(std::string_view text) {
    json::Document document;
    if (document.parse(text) || !document.root().is(json::Kind::object))
        return fail(Fault::internal, "the grant of a family is not what we wrote");
    Grant out;
    for (const json::Member& member : document.root()) {
        const std::string value(member.value.text());
        if (member.name == "client") out.client = value;
        if (member.name == "subject") out.subject = value;
        if (member.name == "jkt") out.key_thumbprint = value;
        if (member.name == "audiences") out.audiences = texts_of(member.value);
        if (member.name == "scopes") out.scopes = texts_of(member.value);
        if (member.name != "claims") continue;
        for (const json::Member& claim : member.value)
            out.claims.push_back({std::string(claim.name), std::string(claim.value.raw())});
    }
    return out;
}

std::string canonical(const Family& family) {
    const Standing& s = family.standing;
    std::string out;
    for (const std::string_view text : {std::string_view(family.id), std::string_view(family.domain),
                                        std::string_view(family.head), std::string_view(family.previous)})
        append_field(out, text);
    append_field(out, write_grant(family.grant));
    for (const std::int64_t number : {s.generation, s.begun, s.ends, s.used, s.rotated, s.rotated_before,
                                      static_cast<std::int64_t>(s.retries), family.access_until, family.sealed_until})
        append_field(out, std::to_string(number));
    append_field(out, s.ended ? info(*s.ended).code : "");
    append_field(out, family.ended_at ? std::to_string(*family.ended_at) : "");
    return out;
}

std::string name_of_family(std::string_view id) { return base64url_encode(id); }

} // namespace jwtdomain::refresh
