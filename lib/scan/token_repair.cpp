// Reading a token whose characters were escaped, and between whose characters something was put. What is undone is
// believed where it gives a header and claims in JSON, and a signature of the length that the algorithm has.
#include <algorithm>

#include "jwtdomain/scan/alphabet.h"
#include "jwtdomain/scan/cookie_chunks.h"
#include "jwtdomain/scan/token_end.h"
#include "jwtdomain/scan/token_reader.h"

namespace jwtdomain::scan {
namespace {

using Outcome = Reading::Outcome;

enum class Stop : std::uint8_t { dot, end, more };

// Puts a token's characters together, part by part.
class Assembly {
public:
    Assembly(std::string_view text, std::size_t at, bool last, bool loose, std::string& out)
        : text_(text), at_(at), limit_(std::min(text.size(), at + 2 * kLongestToken)), last_(last), loose_(loose),
          chunks_(CookieChunks::of(text, at)), out_(out) {
        out_.clear();
    }

    // Up to a dot, which is taken, or to the end of what can belong to the part. `goes_on` is asked, now and then,
    // whether what was read so far is worth going on with.
    template <class GoesOn> Stop read_part(const GoesOn& goes_on) {
        const std::size_t begin = out_.size();
        std::size_t next_question = begin + 64;
        for (;;) {
            take_run(limit_);
            if (out_.size() >= next_question) {
                if (!goes_on(std::string_view(out_).substr(begin))) return Stop::end;
                next_question = begin + (out_.size() - begin) * 8;
            }
            if (out_.size() > kLongestToken) return Stop::end;
            if (at_ >= text_.size()) return last_ ? Stop::end : Stop::more;
            if (at_ >= limit_) return Stop::end;
            if (text_[at_] == '.') {
                if (text_.substr(at_, 3) == "...") return Stop::end;
                ++at_;
                out_ += '.';
                return Stop::dot;
            }
            const std::size_t before = at_;
            const Piece piece = take_joints(std::string_view(out_).substr(begin));
            if (piece.kind == Piece::Kind::more) return last_ ? give_back(before) : Stop::more;
            if (piece.kind == Piece::Kind::none) {
                if (at_ == before || !goes_on_here()) return give_back(before);
                continue;
            }
            at_ += piece.size;
            repairs_.add(piece.repair);
            if (piece.character == '.' || piece.kind == Piece::Kind::list) {
                out_ += '.';
                return Stop::dot;
            }
            if (piece.character != '=' && piece.character != '~') out_ += piece.character;
            if (piece.character == '~') return give_back(before);
        }
    }

    // The last part, whose length is known or not.
    Stop read_tail(const Lengths& lengths, RightEnd& right) {
        const std::size_t begin = out_.size();
        const auto taken = [&] { return out_.size() - begin; };
        bool joined = false;
        std::size_t fit = 0, fit_at = 0; // where it could have ended
        for (;;) {
            const std::size_t before_run = taken();
            take_run(limit_);
            if (lengths.any() && taken() > 0 && (at_ >= text_.size() || !escapes_here())) break;
            if (at_ >= text_.size() && !last_) return Stop::more;
            if (!lengths.any() && lengths.longest() <= taken()) break;
            if (!lengths.any() && lengths.has(taken())) { // a longer one may go on behind a joint
                fit = taken();
                fit_at = at_;
            }
            if (at_ >= text_.size()) {
                if (!last_) return Stop::more;
                break;
            }
            const std::size_t before = at_;
            const Piece piece = take_joints({});
            if (piece.kind == Piece::Kind::more) {
                if (!last_) return Stop::more;
                at_ = before;
                break;
            }
            if (piece.kind == Piece::Kind::none &&
                (at_ == before || at_ >= text_.size() || !is_url_character(text_[at_]))) {
                at_ = before;
                break;
            }
            joined = joined || at_ != before;
            if (piece.kind == Piece::Kind::none) continue;
            if (piece.kind != Piece::Kind::character || piece.character == '.' || piece.character == '~' ||
                piece.character == '=') {
                at_ = before;
                break;
            }
            at_ += piece.size;
            repairs_.add(piece.repair);
            out_ += piece.character;
            if (before_run == taken()) break; // nothing moved
        }
        if (fit > 0 && !lengths.has(taken())) {
            at_ = fit_at;
            out_.resize(begin + fit);
            joined = true;
        }
        right = right_end(lengths, std::string_view(out_).substr(begin), joined);
        const std::size_t excess = taken() - right.size;
        at_ -= excess; // only a run that stands as it is has any
        out_.resize(begin + right.size);
        take_padding();
        return Stop::end;
    }

    std::size_t at() const { return at_; }
    const Repairs& repairs() const { return repairs_; }

private:
    void take_run(std::size_t limit) {
        if (at_ >= limit) return;
        const std::size_t end = end_of_run(text_.substr(0, limit), at_);
        out_.append(text_, at_, end - at_);
        at_ = end;
    }

    Stop give_back(std::size_t to) {
        at_ = to;
        return Stop::end;
    }

    // Passes over joints, and gives the first piece that is none: it stands at at().
    Piece take_joints(std::string_view part) {
        for (int count = 0; count < 64 && at_ < limit_; ++count) {
            if (const std::size_t next = chunks_ && !is_url_character(text_[at_]) ? chunks_->next(text_, at_) : 0) {
                at_ = next;
                repairs_.add(Repair::cookie_chunks);
                continue;
            }
            if (!begins_piece(text_[at_], loose_)) return {};
            const Piece piece = piece_at(text_, at_, loose_);
            const bool joins =
                piece.kind == Piece::Kind::joint || (piece.kind == Piece::Kind::list && !is_json_object(part));
            if (!joins) return piece;
            at_ += piece.size;
            repairs_.add(piece.kind == Piece::Kind::list ? Repair::listed : piece.repair);
        }
        return at_ < text_.size() || last_ ? Piece{} : Piece{.kind = Piece::Kind::more};
    }

    bool goes_on_here() const { return at_ < text_.size() && (is_url_character(text_[at_]) || text_[at_] == '.'); }
    bool escapes_here() const { return begins_piece(text_[at_], loose_); }

    void take_padding() {
        for (int i = 0; i < 2 && at_ < text_.size(); ++i) {
            if (text_[at_] == '=')
                ++at_;
            else if (text_.substr(at_, 3) == "%3D" || text_.substr(at_, 3) == "=3D")
                at_ += 3;
            else
                return;
            repairs_.add(Repair::padding);
        }
    }

    std::string_view text_;
    std::size_t at_, limit_;
    bool last_, loose_;
    std::optional<CookieChunks> chunks_;
    std::string& out_;
    Repairs repairs_;
};

Reading stopped(Stop stop) { return {.outcome = stop == Stop::more ? Outcome::more : Outcome::nothing}; }

} // namespace

Reading TokenReader::read_repairing(std::string_view text, std::size_t at, bool last) {
    Assembly assembly(text, at, last, effort_ == Effort::loose, cleaned_);
    const auto always = [](std::string_view) { return true; };
    Stop stop = assembly.read_part(
        [&](std::string_view part) { return part.size() <= kMaxHeader && headers_.may_begin(part); });
    work_ += cleaned_.size();
    if (stop != Stop::dot) return stopped(stop);
    const HeaderFacts* const known = headers_.read(std::string_view(cleaned_).substr(0, cleaned_.size() - 1));
    if (!known) return {};
    const HeaderFacts facts = *known;
    Reading out{.outcome = Outcome::token};
    RightEnd right{.condition = Condition::truncated};
    const std::size_t payload_at = cleaned_.size();
    bool exact = true; // every part is what it must be
    for (int part = 1; part < (facts.encrypted ? 4 : 2); ++part) {
        const std::size_t begin = cleaned_.size();
        stop = assembly.read_part(always);
        if (stop == Stop::more) return stopped(stop);
        if (stop == Stop::end) break;
        const std::string_view read = std::string_view(cleaned_).substr(begin, cleaned_.size() - 1 - begin);
        if (part == 2 && !facts.vector.any() && !facts.vector.has(read.size())) return {};
        if (!facts.encrypted) {
            out.form = read.empty() ? Form::detached : Form::jws;
            exact = read.empty() || is_json_object(read);
        }
    }
    work_ += cleaned_.size();
    if (facts.encrypted) out.form = Form::jwe;
    if (stop == Stop::dot) {
        stop = assembly.read_tail(facts.encrypted ? facts.tag : facts.signature, right);
        if (stop == Stop::more) return stopped(stop);
    } else if (facts.encrypted) {
        return {};
    }
    const std::string_view payload =
        std::string_view(cleaned_).substr(payload_at, std::string_view(cleaned_).find('.', payload_at) - payload_at);
    if (!exact && (right.condition != Condition::whole || right.glued)) return {};
    if (right.condition != Condition::whole && !begins_json_object(payload)) return {};
    out.end = assembly.at();
    out.token = cleaned_;
    out.condition = right.condition;
    out.glued = right.glued;
    out.repairs = assembly.repairs();
    return out;
}

} // namespace jwtdomain::scan
