#include "jwtdomain/scan/token_reader.h"

#include <algorithm>

#include "jwtdomain/scan/alphabet.h"
#include "jwtdomain/scan/token_end.h"

namespace jwtdomain::scan {
namespace {

using Outcome = Reading::Outcome;

Reading outcome(Outcome what) { return {.outcome = what}; }

Reading plain_token(std::string_view text, std::size_t at, std::size_t end, Form form, const RightEnd& right) {
    return {.outcome = Outcome::token,
            .end = end,
            .token = text.substr(at, end - at),
            .form = form,
            .condition = right.condition,
            .glued = right.glued};
}

} // namespace

// Where the run that goes on at `from` ends, as far as a token that begins at `begin` may reach.
std::size_t TokenReader::run(std::string_view text, std::size_t begin, std::size_t from) {
    const std::size_t end = end_of_run(text.substr(0, std::min(text.size(), begin + kLongestToken)), from);
    work_ += end - from;
    return end;
}

// A header and a dot may stand in front of a token. What is read in place of the claims is a header then, with another
// dot behind.
bool TokenReader::begins_another(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] == 'e' && read_plain_header(text, at, true).outcome == Outcome::token;
}

Reading TokenReader::read(std::string_view text, std::size_t at, bool last) {
    Reading plain;
    if (text[at] == 'e') {
        const PlainHeader header = read_plain_header(text, at, last);
        if (header.outcome == Outcome::more || header.hopeless) return outcome(header.outcome);
        if (header.outcome == Outcome::token) {
            plain = header.facts->encrypted ? read_plain_encrypted(text, at, header, last)
                                            : read_plain_signed(text, at, header, last);
            const bool whole = plain.outcome == Outcome::token && plain.condition == Condition::whole;
            if (whole || plain.outcome == Outcome::more) return plain;
            if (!header.facts->encrypted && begins_another(text, header.end + 1)) return {};
        }
    }
    if (effort_ == Effort::strict && text[at] == 'e') return plain;
    const Reading repaired = read_repairing(text, at, last);
    if (plain.outcome == Outcome::nothing || repaired.outcome == Outcome::more) return repaired;
    return repaired.outcome == Outcome::token && repaired.condition == Condition::whole ? repaired : plain;
}

// A run is walked in steps, each much longer than the last, and left when what was walked is no JSON: a false start
// does not cost what the run is long.
TokenReader::PlainHeader TokenReader::read_plain_header(std::string_view text, std::size_t at, bool last) {
    PlainHeader out{.outcome = Outcome::nothing, .end = at};
    for (std::size_t step = 64;; step *= 8) {
        const std::size_t limit = std::min(text.size(), at + std::min(step, kMaxHeader));
        out.end = end_of_run(text.substr(0, limit), out.end);
        work_ += out.end - at;
        out.hopeless = !headers_.may_begin(text.substr(at, out.end - at));
        if (out.hopeless) return out;
        if (out.end < limit) break;
        if (limit == text.size()) {
            if (!last) out.outcome = Outcome::more;
            return out;
        }
        out.hopeless = step >= kMaxHeader;
        if (out.hopeless) return out;
    }
    if (text[out.end] != '.') return out;
    out.facts = headers_.read(text.substr(at, out.end - at));
    out.hopeless = !out.facts;
    if (out.facts) out.outcome = Outcome::token;
    return out;
}

Reading TokenReader::read_plain_signed(std::string_view text, std::size_t at, const PlainHeader& header, bool last) {
    const std::size_t payload_at = header.end + 1;
    const std::size_t payload_end = run(text, at, payload_at);
    if (payload_end == text.size() && !last) return outcome(Outcome::more);
    const std::string_view payload = text.substr(payload_at, payload_end - payload_at);
    if (payload_end == text.size() || text[payload_end] != '.') {
        if (!begins_json_object(payload)) return outcome(Outcome::nothing);
        return plain_token(text, at, payload_end, Form::jws, {.condition = Condition::truncated});
    }
    const std::size_t signature_at = payload_end + 1;
    const std::size_t run_end = run(text, at, signature_at);
    if (run_end == text.size() && !last) return outcome(Outcome::more);
    RightEnd right = right_end(header.facts->signature, text.substr(signature_at, run_end - signature_at));
    if (run_end == signature_at && text.substr(payload_end, 3) == "...") right.condition = Condition::truncated;
    constexpr std::size_t kShortest =
        16; // characters of a signature that we do not know, over a payload that is no JSON
    const bool sure = right.condition == Condition::whole && !header.facts->is_unsigned &&
                      (!header.facts->signature.any() || right.size >= kShortest);
    if (!sure && !begins_json_object(payload)) return outcome(Outcome::nothing);
    const Form form = payload.empty() ? Form::detached : Form::jws;
    const Reading jws = plain_token(text, at, signature_at + right.size, form, right);
    return jws.condition == Condition::whole ? read_disclosures(text, at, jws, last) : jws;
}

// "~disclosure~disclosure~" or with a key binding behind (RFC 9901 section 4).
Reading TokenReader::read_disclosures(std::string_view text, std::size_t at, Reading jws, bool last) {
    std::size_t end = jws.end;
    bool any = false;
    while (end < text.size() && text[end] == '~') {
        const std::size_t next = run(text, at, end + 1);
        if (next == text.size() && !last) return outcome(Outcome::more);
        if (next == end + 1) {
            if (any) ++end;
            break;
        }
        if (next < text.size() && text[next] == '.') {
            const PlainHeader header = read_plain_header(text, end + 1, last);
            if (header.outcome == Outcome::more) return outcome(Outcome::more);
            if (header.outcome != Outcome::token || header.facts->encrypted) break;
            const Reading binding = read_plain_signed(text, end + 1, header, last);
            if (binding.outcome == Outcome::more) return binding;
            if (binding.outcome != Outcome::token) break;
            any = true;
            end = binding.end;
            break;
        }
        if (!is_disclosure(text.substr(end + 1, next - end - 1))) break;
        any = true;
        end = next;
    }
    if (!any) return jws;
    return plain_token(text, at, end, Form::sd_jwt, {.condition = jws.condition});
}

// header.key.vector.ciphertext.tag (RFC 7516 section 7.1); the key may be empty.
Reading TokenReader::read_plain_encrypted(std::string_view text, std::size_t at, const PlainHeader& header, bool last) {
    std::size_t begin = header.end + 1;
    for (int part = 1; part < 4; ++part) {
        const std::size_t end = run(text, at, begin);
        if (end == text.size() && !last) return outcome(Outcome::more);
        const Lengths& vector = header.facts->vector;
        if (part == 2 && !vector.any() && !vector.has(end - begin)) return outcome(Outcome::nothing);
        if (end == text.size() || text[end] != '.') {
            if (part < 3) return outcome(Outcome::nothing);
            return plain_token(text, at, end, Form::jwe, {.condition = Condition::truncated});
        }
        begin = end + 1;
    }
    const std::size_t end = run(text, at, begin);
    if (end == text.size() && !last) return outcome(Outcome::more);
    const RightEnd right = right_end(header.facts->tag, text.substr(begin, end - begin));
    return plain_token(text, at, begin + right.size, Form::jwe, right);
}

} // namespace jwtdomain::scan
