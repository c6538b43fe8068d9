#include "cli/keygen/report.h"

#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/text.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

std::string key_name(const KeyReport& r) {
    std::string out = r.algorithm.empty() ? r.key_type : r.algorithm;
    if (r.action == KeyReport::Action::converted)
        out += r.private_file.empty() ? " public key" : " private key";
    else
        out += " key";
    if (r.keys > 1) return std::to_string(r.keys) + " public keys";
    return r.kid.empty() ? out : out + " " + r.kid;
}

void domain_to_text(const KeyReport& r, TextReport& out) {
    out.headline(Tone::good, "MADE", key_name(r) + " for " + r.domain);
    out.path("private", r.private_file);
    out.field("", "never commit or copy it: it mints tokens of " + r.domain);
    out.path("public", r.public_file);
    out.field("", "commit and publish it: it is what verifiers read");
    if (r.published > 1) {
        out.blank();
        const std::string which = "This is key " + std::to_string(r.published) + " of " + escape_text(r.domain) + ". ";
        if (r.starts)
            out.line(which + "It signs from " + format_time(*r.starts) +
                     " on: until then, verifiers may have a copy of the set without it. The key before it signs until "
                     "then, and jwtdomain rotate --domain " +
                     escape_text(r.domain) + " removes it when its tokens are over.");
        else
            out.line(which + "No other signs now, so that it signs at once. Verifiers that keep a copy of the set must "
                             "read it anew.");
    }
    out.blank();
    out.line("Next: jwtdomain issue --domain " + escape_text(r.domain) + " --subject alice");
}

} // namespace

std::string to_text(const KeyReport& r, bool color) {
    TextReport out(color);
    switch (r.action) {
    case KeyReport::Action::made_for_domain: domain_to_text(r, out); return out.take();
    case KeyReport::Action::made: out.headline(Tone::good, "MADE", key_name(r)); break;
    case KeyReport::Action::converted: out.headline(Tone::good, "WROTE", key_name(r)); break;
    }
    const std::string how = " (" + r.format + (r.encrypted ? ", encrypted)" : ")");
    if (!r.private_file.empty()) out.path("private", r.private_file + how);
    if (!r.public_file.empty()) out.path("public", r.public_file + how);
    const bool has_half = !r.private_file.empty() && r.key_type != "HMAC" && r.action == KeyReport::Action::made;
    if (has_half) out.blank().line("Its public half: jwtdomain jwks --key " + escape_text(r.private_file));
    return out.take();
}

std::string to_json(const KeyReport& r) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "keygen";
    out["action"] = r.action == KeyReport::Action::converted ? "converted" : "made";
    if (!r.domain.empty()) out["domain"] = r.domain;
    if (!r.algorithm.empty()) out["algorithm"] = r.algorithm;
    out["key_type"] = r.key_type;
    if (!r.kid.empty()) out["kid"] = r.kid;
    if (!r.format.empty()) {
        out["format"] = r.format;
        out["encrypted"] = r.encrypted;
        out["keys"] = r.keys;
    }
    if (!r.private_file.empty()) out["private_file"] = r.private_file;
    if (!r.public_file.empty()) out["public_file"] = r.public_file;
    if (r.published > 0) out["published"] = r.published;
    if (r.starts) out["signs_from"] = format_time(*r.starts);
    return json_text(out);
}

} // namespace jwtdomain::cli
