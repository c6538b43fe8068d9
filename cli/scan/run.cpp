#include "cli/scan/run.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "cli/audit/options.h"
#include "cli/scan/collect.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/scan/content.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::cli {
namespace {

struct Settled {
    scan::Effort effort = scan::Effort::normal;
    scan::WalkOptions walk;
    scan::ContentOptions content;
    CollectOptions collect;
    Severity fail_on = Severity::high;
};

// "64M": octets, or with K, M, G or T so many times 1024 of them.
std::optional<std::uint64_t> read_size(std::string_view text) {
    constexpr std::string_view kUnits = "KMGT";
    std::uint64_t size = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (error != std::errc() || text.size() > 1) return std::nullopt;
    if (text.empty()) return size;
    const std::size_t unit = kUnits.find(text.front());
    const unsigned bits = 10 * (static_cast<unsigned>(unit) + 1);
    if (unit == std::string_view::npos || size > (~std::uint64_t{0} >> bits)) return std::nullopt;
    return size << bits;
}

Result<Settled> settle_scan(const ScanWords& words) {
    Settled out;
    if (words.strict && words.loose) return fail(Fault::usage, "--strict and --loose cannot both be");
    if (words.strict) out.effort = scan::Effort::strict;
    if (words.loose) out.effort = scan::Effort::loose;
    if (const Status good = scan::check_patterns(words.exclude); !good) return fail(good.error());
    out.walk.exclude = words.exclude;
    if (words.max_depth) {
        const char* const end = words.max_depth->data() + words.max_depth->size();
        const auto [stop, error] = std::from_chars(words.max_depth->data(), end, out.walk.depth);
        if (error != std::errc() || stop != end || out.walk.depth > 10000)
            return fail(Fault::usage, "--max-depth takes a number up to 10000");
    }
    for (const auto& [word, name, to] : {std::tuple(&words.max_window, "--max-window", &out.content.window),
                                         std::tuple(&words.max_unpacked, "--max-unpacked", &out.content.unpacked)}) {
        if (!*word) continue;
        const auto size = read_size(**word);
        if (!size) return fail(Fault::usage, std::string(name) + " takes a size, as 64M or 2G");
        *to = *size;
    }
    if (words.fail_on) out.fail_on = *find_severity(*words.fail_on);
    if (words.only) {
        constexpr std::size_t kShortest = 8;
        out.collect.only = lower_case(*words.only);
        const bool digits = out.collect.only.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!digits || out.collect.only.size() < kShortest || out.collect.only.size() > 64)
            return fail(Fault::usage, "--only takes a fingerprint: 64 hexadecimal digits, or at least the first eight");
    }
    out.collect.reveal = words.reveal;
    return out;
}

// Are lines wanted on standard output, as they come?
bool streams_lines(const Session& session) {
    const auto& formats = session.common().formats;
    const bool to_file = session.common().output && *session.common().output != "-";
    return !to_file && std::find(formats.begin(), formats.end(), "jsonl") != formats.end();
}

class Scan {
public:
    Scan(Session& session, const Settled& settled, Classifier classifier)
        : session_(session), settled_(settled), classifier_(std::move(classifier)), streams_(streams_lines(session)),
          collector_(classifier_, collecting()),
          stream_(settled.effort, [this](const scan::Found& found, const scan::Place& place) {
              collector_.take(path_, found, place);
          }) {
        report_.fail_on = settled.fail_on;
        report_.policy_read = classifier_.has_policy();
        report_.now = session.now();
        events_.begin = [this](const std::string& inside) { path_ = inside; };
        events_.gap = [this](const std::string& inside, scan::Gap gap, std::string_view detail) {
            add(inside, gap, detail);
        };
    }

    void input() {
        scan::Input content;
        content.read = [this](char* to, std::size_t size) { return session_.world().read(to, size); };
        content.ready = [this] { return session_.world().input_ready(); };
        read("<stdin>", content);
        if (report_.coverage.octets == 0) --report_.coverage.files; // there was none
    }

    void place(const std::string& path) {
        scan::WalkEvents events;
        events.file = [this](const std::string& file, const scan::Input& content) { return read(file, content); };
        events.gap = [this](const std::string& file, scan::Gap gap, std::string_view detail) {
            add(file, gap, detail);
        };
        events.link = [this](const std::string&) { ++report_.coverage.links; };
        events.excluded = [this](const std::string&) { ++report_.coverage.excluded; };
        scan::walk(path, settled_.walk, events);
    }

    Exit finish() {
        collector_.give(report_);
        const Exit status = exit_of(report_);
        if (status == Exit::no_input) return session_.report({Fault::no_input, "there is nothing to read"});
        if (streams_) session_.print(jsonl_summary(report_));
        lines_ += jsonl_summary(report_);
        return session_.emit(status, {{"text", [&] { return to_text(report_, session_.color()); }},
                                      {"json", [&] { return to_json(report_); }},
                                      {"jsonl", [&] { return streams_ ? std::string() : lines_; }}});
    }

private:
    CollectOptions collecting() {
        CollectOptions options = settled_.collect;
        const auto& formats = session_.common().formats;
        const bool lines = std::any_of(formats.begin(), formats.end(),
                                       [](const std::string& format) { return format.compare(0, 5, "jsonl") == 0; });
        if (lines)
            options.told = [this](const FoundToken& token, const Occurrence& occurrence, bool known) {
                if (streams_)
                    session_.print(jsonl_of(token, occurrence, known));
                else
                    lines_ += jsonl_of(token, occurrence, known);
            };
        return options;
    }

    bool read(const std::string& path, const scan::Input& content) {
        ++report_.coverage.files;
        scan::Input input = content;
        input.stop = [this] { return stopped(); };
        const scan::ContentEnd end = scan::scan_content(stream_, path, std::move(input), settled_.content, events_);
        report_.coverage.octets += end.octets;
        report_.coverage.members += end.members;
        return !stopped();
    }

    // Whoever reads what we write may have gone, or we were told to stop.
    bool stopped() {
        report_.coverage.interrupted = session_.world().interrupted();
        return report_.coverage.interrupted != 0 || session_.output_failed();
    }

    void add(const std::string& path, scan::Gap gap, std::string_view detail) {
        ++report_.coverage.gap_count;
        if (report_.coverage.gaps.size() < kShownGaps)
            report_.coverage.gaps.push_back({redact_text(path), gap, std::string(detail)});
    }

    Session& session_;
    const Settled& settled_;
    Classifier classifier_;
    bool streams_;
    std::string lines_;
    ScanReport report_;
    std::string path_; // of what is being read
    scan::ContentEvents events_;
    Collector collector_;
    scan::Stream stream_;
};

} // namespace

Exit run_scan(Session& session, const ScanWords& words) {
    const auto settled = settle_scan(words);
    if (!settled) return session.report(settled.error());
    const bool from_input = words.paths.empty();
    if (from_input && session.world().is_terminal(Stream::in))
        return session.report({Fault::no_input,
                               "there is nothing to read",
                               {},
                               "name files or directories, or give it on standard input"});
    auto basis = TriageBasis::load(session);
    if (!basis) return session.report(basis.error());
    Scan scan(session, *settled, Classifier(std::move(*basis)));
    if (from_input) scan.input();
    for (const std::string& path : words.paths) {
        if (path == "-")
            scan.input();
        else
            scan.place(path);
        if (session.output_failed() || session.world().interrupted() != 0) break;
    }
    return scan.finish();
}

} // namespace jwtdomain::cli
