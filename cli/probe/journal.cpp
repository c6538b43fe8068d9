#include "cli/probe/journal.h"

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

using probe::Answer;

constexpr std::size_t kMostOctets = 64u << 20;
constexpr std::size_t kMostAnswers = 16; // of a row
constexpr Seconds kOldest = 86400, kAhead = 300;
constexpr const char* kAnew = "move it away to begin anew";
constexpr std::string_view kSum = ",\"sum\":\"";
constexpr std::size_t kSumSize = 64;

std::string sum_of(const std::string& before, std::string_view line) {
    return fingerprint(before + "\n" + std::string(line));
}

// The line without its sum, which stands last.
std::optional<std::string_view> unsummed(std::string_view line, std::string_view& sum) {
    const std::size_t tail = kSum.size() + kSumSize + 2;
    if (line.size() <= tail || !line.ends_with("\"}")) return std::nullopt;
    const std::size_t at = line.size() - tail;
    if (line.substr(at, kSum.size()) != kSum) return std::nullopt;
    sum = line.substr(at + kSum.size(), kSumSize);
    return line.substr(0, at);
}

std::string text_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is(json::Kind::string) ? std::string(value->text()) : std::string();
}

std::optional<Answer> answer_of(json::Value value) {
    if (!value.is(json::Kind::object) || value.size() != 2) return std::nullopt;
    const auto outcome = probe::find_outcome(text_of(value, "outcome"));
    const auto detail = value.find("detail");
    if (!outcome || !is_clear(*outcome) || !detail || !detail->is(json::Kind::string)) return std::nullopt;
    return Answer{*outcome, std::string(detail->text())};
}

} // namespace

std::string digest_of(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += std::to_string(part.size()) + ":" + part;
    return fingerprint(all);
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, const std::string& plan, std::size_t targets,
                                               Time now) {
    auto lines = store::PrivateLines::open(path);
    if (!lines) return tl::unexpected(lines.error());
    std::unique_ptr<Journal> out(new Journal(std::move(*lines), path));
    const auto content = out->lines_.read(kMostOctets);
    if (!content) return tl::unexpected(content.error());
    out->begun_ = now;
    const Status good = content->empty() ? out->begin(plan, targets) : out->read(*content, plan, targets, now);
    if (!good) return tl::unexpected(good.error());
    return out;
}

Status Journal::begin(const std::string& plan, std::size_t targets) {
    std::string line;
    json::ObjectWriter writer(line);
    writer.number("version", 1).text("command", "probe").text("plan", plan);
    writer.number("targets", static_cast<std::int64_t>(targets)).text("begun", format_time(begun_));
    return append(std::move(line));
}

// `line` is an object that is not closed yet.
Status Journal::append(std::string line) {
    sum_ = sum_of(sum_, line);
    return lines_.append(line + std::string(kSum) + sum_ + "\"}");
}

tl::unexpected<Error> Journal::damaged(std::size_t line, const std::string& what) const {
    return fail({.fault = Fault::invalid,
                 .message = "what an earlier probe was answered is damaged here, and is left as it is: " + what,
                 .where = {.file = path_, .line = static_cast<unsigned>(line)},
                 .hint = kAnew});
}

Status Journal::read(const std::string& content, const std::string& plan, std::size_t targets, Time now) {
    const auto refuse = [&](const std::string& why, const std::string& hint) {
        return fail({.fault = Fault::conflict, .message = why, .where = {.file = path_}, .hint = hint});
    };
    const std::size_t end = content.rfind('\n') + 1; // npos: none
    std::size_t number = 0;
    json::Document document;
    for (std::size_t at = 0; at < end;) {
        const std::size_t next = content.find('\n', at);
        const std::string_view line = std::string_view(content).substr(at, next - at);
        at = next + 1;
        ++number;
        std::string_view sum;
        const auto body = unsummed(line, sum);
        const bool is_object = !document.parse(line) && document.root().is(json::Kind::object);
        if (number == 1) {
            const bool ours = is_object && text_of(document.root(), "command") == "probe" && body &&
                              !text_of(document.root(), "plan").empty();
            if (!ours)
                return refuse("this is not what an earlier probe was answered, and is left as it is",
                              "name a file that is not there yet");
        }
        if (!body || !is_object || sum_of(sum_, *body) != sum) return damaged(number, "its sum is another");
        sum_ = std::string(sum);
        if (number > 1) {
            if (const Status good = read_row(line, number, targets); !good) return good;
            continue;
        }
        const auto version = document.root().find("version");
        const auto begun = parse_time(text_of(document.root(), "begun"));
        const auto count = document.root().find("targets");
        if (!version || version->integer() != 1)
            return refuse("this was written by another version of jwtdomain", kAnew);
        if (text_of(document.root(), "plan") != plan || !count ||
            count->integer() != static_cast<std::int64_t>(targets))
            return refuse("this was answered to another probe: the policy, the targets, the configuration or how they "
                          "are asked have changed",
                          kAnew);
        if (!begun || *begun > now + kAhead) return refuse("this was answered in the future", kAnew);
        if (now - *begun > kOldest)
            return refuse("this was begun " + format_relative(*begun, now) + ": answers older than a day are not used",
                          kAnew);
        begun_ = *begun;
    }
    if (number == 0)
        return refuse("this is not what an earlier probe was answered, and is left as it is",
                      "name a file that is not there yet");
    return end < content.size() ? lines_.keep(end) : Status{};
}

Status Journal::read_row(std::string_view line, std::size_t number, std::size_t targets) {
    json::Document document;
    if (document.parse(line)) return damaged(number, "it is no JSON");
    const json::Value root = document.root();
    const auto target = root.find("target");
    const std::int64_t index = target ? target->integer().value_or(-1) : -1;
    const std::string row = text_of(root, "row");
    const auto answers = root.find("answers");
    if (root.size() != 4 || index < 0 || static_cast<std::size_t>(index) >= targets || row.empty() || !answers ||
        !answers->is(json::Kind::array) || answers->size() == 0 || answers->size() > kMostAnswers)
        return damaged(number, "it is no row of a target");
    std::vector<Answer> read;
    for (const json::Member each : *answers) {
        auto answer = answer_of(each.value);
        if (!answer) return damaged(number, "it holds what is no answer");
        read.push_back(std::move(*answer));
    }
    if (!known_.emplace(std::pair{static_cast<std::size_t>(index), row}, std::move(read)).second)
        return damaged(number, "the row stands there twice");
    return {};
}

const std::vector<Answer>* Journal::known(std::size_t target, const std::string& row) const {
    const auto found = known_.find({target, row});
    return found == known_.end() ? nullptr : &found->second;
}

void Journal::keep(std::size_t target, const std::string& row, const std::vector<Answer>& answers) {
    std::string list = "[";
    for (const Answer& answer : answers) {
        if (find_invalid_utf8(answer.detail) != std::string::npos || answers.size() > kMostAnswers) return;
        if (list.size() > 1) list += ',';
        json::ObjectWriter writer(list);
        writer.text("outcome", name_of(answer.outcome)).text("detail", answer.detail).close();
    }
    std::string line;
    json::ObjectWriter writer(line);
    writer.number("target", static_cast<std::int64_t>(target)).text("row", row).raw("answers", list + "]");
    const std::lock_guard lock(mutex_);
    if (!written_) return;
    written_ = append(std::move(line));
}

Status Journal::written() const {
    const std::lock_guard lock(mutex_);
    return written_;
}

} // namespace jwtdomain::cli
