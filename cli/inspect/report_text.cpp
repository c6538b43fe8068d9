#include <algorithm>

#include <fmt/format.h>

#include "cli/app/layout.h"
#include "cli/app/text.h"
#include "cli/inspect/members_text.h"
#include "cli/inspect/report.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"

namespace jwtdomain::cli {
namespace {

using inspect::Form;
using inspect::Payload;
using inspect::Token;

// What is usual, and so not worth a line each.
bool is_absence(Reason reason) {
    return reason == Reason::sub_missing || reason == Reason::jti_missing || reason == Reason::nbf_missing;
}

// What the form says already.
bool is_said_by_form(const Token& token, Reason reason) {
    return reason == Reason::token_encrypted || reason == Reason::token_serialization ||
           reason == Reason::token_is_refresh || (reason == Reason::nested_token && !token.inner.empty());
}

std::size_t count_anomalies(const Token& token) {
    const auto counts = [&](const Finding& f) { return !is_absence(f.reason) && !is_said_by_form(token, f.reason); };
    return static_cast<std::size_t>(std::count_if(token.findings.begin(), token.findings.end(), counts));
}

std::size_t count_all_anomalies(const Token& token) {
    std::size_t count = count_anomalies(token);
    for (const Token& inner : token.inner) count += count_all_anomalies(inner);
    for (const Token& binding : token.key_binding) count += count_all_anomalies(binding);
    return count;
}

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string joined(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ", ")); }

std::string what_it_is(const InspectReport& r) {
    std::string text = r.token.kind.empty() ? std::string(describe(r.token.form)) : r.token.kind;
    if (!r.token.inner.empty()) text += " with a token inside";
    if (!r.domains.empty() && (r.domains.size() == 1 || (r.domains[0].issuer && !r.domains[1].issuer))) {
        text += " claiming to be of " + escape_text(r.domains.front().name, 24);
    }
    return text;
}

std::string state_of(const InspectReport& r) {
    std::string text;
    if (const auto expires = r.token.expires)
        text = fmt::format("{} {}; ", *expires <= r.now ? "expired" : "expires", format_relative(*expires, r.now));
    const std::size_t anomalies = count_all_anomalies(r.token);
    return text + (anomalies == 0 ? "nothing odd" : counted(anomalies, "anomaly", "anomalies"));
}

// In one line if it fits, else broken between the two things that it says.
void write_headline(const InspectReport& r, TextReport& out) {
    constexpr std::string_view kVerdict = "NOT VERIFIED:";
    const std::string what = what_it_is(r) + (r.token.expires ? "," : ";"), state = state_of(r);
    const bool fits = columns(kVerdict) + 1 + columns(what) + 1 + columns(state) <= kTextWidth;
    out.headline(Tone::warning, kVerdict, fits ? what + " " + state : what);
    if (!fits) out.line(state);
}

std::string seen_text(const InspectReport& r) {
    std::vector<std::string> items;
    for (const Seen& seen : r.seen) items.push_back(describe(seen));
    return joined(items);
}

std::string key_text(const inspect::WantedKey& key) {
    std::vector<std::string> items;
    if (!key.kid.empty()) items.push_back("kid " + key.kid);
    if (!key.x5t_s256.empty())
        items.push_back("certificate " + key.x5t_s256);
    else if (!key.x5t.empty() && key.kid.empty())
        items.push_back("certificate (SHA-1) " + key.x5t);
    if (!key.algorithm.empty()) items.push_back(key.algorithm);
    if (key.kid.empty() && !items.empty()) items.emplace_back("no kid");
    return joined(items);
}

std::string domain_text(const DomainMatch& match) {
    std::vector<std::string> by;
    if (match.issuer) by.emplace_back("issuer");
    if (match.claim) by.emplace_back("domain claim");
    if (match.audience) by.emplace_back("audience");
    std::string text = match.name + " (by " + joined(by) + ")";
    if (match.has_kid) text += *match.has_kid ? "; has a key of that kid" : "; no key of that kid";
    return text;
}

// `value` is untrusted, unless it is escaped already.
void write_field(TextReport& out, std::string_view name, std::string_view value, bool escaped = false) {
    write_row(out, {.name = name, .meaning = {}, .value = value, .escaped = escaped}, {.name = 12, .meaning = 0});
}

class TextWriter {
public:
    TextWriter(TextReport& out, Time now) : out_(out), now_(now) {}

    void token(const Token& token, bool outermost) {
        std::string form = std::string(describe(token.form)) + ", " + counted(token.size, "octet", "octets");
        if (token.form != Form::refresh) field("form", form);
        if (!token.kind.empty() && !outermost) field("kind", token.kind);
        if (!token.issuer_kind.empty()) field("made by", "looks like " + token.issuer_kind);
        if (!token.fingerprint.empty()) field("fingerprint", token.fingerprint);
        key(token.key);
        anomalies(token);
        if (token.signatures.size() > 1) signatures(token);
        part("Header", token.header, true);
        payload(token);
        if (token.disclosed) disclosures(token);
        for (const Token& inner : token.inner) within("The token inside", inner);
        for (const Token& binding : token.key_binding) within("The key binding at its end", binding);
    }

private:
    void field(std::string_view name, std::string_view value) { write_field(out_, name, value); }

    void key(const inspect::WantedKey& key) {
        if (const std::string text = key_text(key); !text.empty()) field("wants key", text);
        if (!key.jwk_thumbprint.empty()) field("brings key", key.jwk_thumbprint + ", not to be trusted");
        if (!key.bound_jkt.empty()) field("bound to", "the sender's key with the thumbprint " + key.bound_jkt);
        if (!key.bound_x5t.empty()) field("bound to", "the sender's certificate with the SHA-256 " + key.bound_x5t);
    }

    void anomalies(const Token& token) {
        std::vector<std::string> absent;
        for (const Finding& finding : token.findings) {
            const ReasonInfo& reason = info(finding.reason);
            if (is_absence(finding.reason)) absent.emplace_back(reason.code.substr(0, reason.code.find('-')));
        }
        if (!absent.empty()) field("absent", joined(absent));
        if (count_anomalies(token) == 0) return;
        out_.blank().heading("Anomalies");
        for (const Finding& finding : token.findings) {
            if (!is_absence(finding.reason) && !is_said_by_form(token, finding.reason))
                anomaly(info(finding.reason), finding.detail);
        }
    }

    void anomaly(const ReasonInfo& reason, const std::string& detail) {
        const std::string text = detail.empty() ? std::string(reason.sentence) : escape_text(detail, 400);
        write_row(out_, {.name = reason.code, .meaning = {}, .value = text, .escaped = true, .tone = Tone::warning},
                  {.name = 25, .meaning = 0});
    }

    void signatures(const Token& token) {
        out_.blank().heading("Signatures");
        std::size_t number = 0;
        for (const inspect::Signature& s : token.signatures) {
            const std::string& header = s.header.json.empty() ? s.unprotected.json : s.header.json;
            field("number " + std::to_string(++number), header.empty() ? "its header cannot be read" : header);
        }
    }

    void part(const char* title, const inspect::Part& part, bool is_header) {
        if (!part.present) return;
        out_.blank().heading(title + std::string(part.json.empty() || part.whole ? "" : " (as far as it can be read)"));
        if (part.json.empty())
            unreadable(part);
        else
            write_members(out_, part.json, {.header = is_header, .now = now_});
    }

    void unreadable(const inspect::Part& part) {
        if (part.size == 0) {
            out_.line("nothing");
            return;
        }
        const bool text =
            find_invalid_utf8(part.text) == std::string_view::npos && part.text.find('\0') == std::string::npos;
        out_.line(counted(part.size, "octet", "octets") +
                  (text ? ", no JSON object:" : " that are no text, beginning:"));
        for (const std::string& line : shown_lines(part.text, text ? 400 : 160)) out_.line(line, 4);
    }

    void payload(const Token& token) {
        switch (token.payload) {
        case Payload::claims:
            part("Claims", token.claims, false);
            if (token.claims.json == "{}") out_.line("none");
            return;
        case Payload::other: return part("Payload", token.claims, false);
        case Payload::empty: out_.blank().line("The payload is empty.", 0); return;
        case Payload::detached: out_.blank().line("The payload is not in it: it was sent apart.", 0); return;
        case Payload::encrypted:
            if (token.form != Form::refresh) out_.blank().line("All but the header is encrypted.", 0);
            return;
        case Payload::token: return;
        case Payload::unread: out_.blank().line("It breaks off before the claims.", 0); return;
        }
    }

    void disclosures(const Token& token) {
        const Disclosed& disclosed = *token.disclosed;
        out_.blank().heading("Disclosures");
        for (const Disclosure& d : disclosed.disclosures) {
            const std::string place = d.place.empty() ? (d.name.empty() ? "?" : d.name) : d.place;
            write_row(out_, {.name = place, .meaning = {}, .value = d.readable ? d.value : "unreadable: " + d.defect},
                      {.name = 22, .meaning = 0});
        }
        if (disclosed.disclosures.empty()) out_.line("none");
        if (disclosed.undisclosed > 0) {
            out_.line(counted(disclosed.undisclosed, "digest has", "digests have") +
                      " no disclosure: hidden claims, or decoys");
        }
        if (token.key_binding_covers) {
            out_.line(*token.key_binding_covers ? "The key binding covers these disclosures (sd_hash fits)."
                                                : "The key binding is not of these disclosures: sd_hash does not fit.");
        }
    }

    void within(const char* title, const Token& inner) {
        out_.blank().heading(title);
        token(inner, false);
    }

    TextReport& out_;
    Time now_;
};

void next_step(const InspectReport& r, TextReport& out) {
    if (r.more > 0) {
        out.blank().line("There " + std::string(r.more == 1 ? "is" : "are") + " " +
                             counted(r.more, "more token", "more tokens") +
                             " in the input; this is the first. `jwtdomain scan` is for dumps.",
                         0);
    }
    if (!r.domains.empty()) {
        out.blank().line("Next: jwtdomain verify --domain " + escape_text(r.domains.front().name, 60) +
                             " says whether it is genuine.",
                         0);
    }
}

} // namespace

std::string to_text(const InspectReport& r, bool color) {
    TextReport out(color);
    write_headline(r, out);
    if (!r.seen.empty()) write_field(out, "seen", seen_text(r), true);
    if (r.domains.size() > 1 || (r.domains.size() == 1 && !r.domains.front().issuer)) {
        for (const DomainMatch& match : r.domains) write_field(out, "domain", domain_text(match));
    } else if (r.domains.size() == 1) {
        write_field(out, "domain", domain_text(r.domains.front()));
    } else if (r.policy_read && !r.token.claims.json.empty()) {
        write_field(out, "domain", "none of the policy's: issuer, domain claim and audience are nobody's");
    }
    TextWriter(out, r.now).token(r.token, true);
    next_step(r, out);
    return out.take();
}

} // namespace jwtdomain::cli
