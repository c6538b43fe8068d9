#include "cli/scan/run.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <tuple>

#include "cli/app/number.h"
#include "cli/audit/options.h"
#include "cli/scan/known.h"
#include "cli/scan/reading.h"
#include "cli/scan/repositories.h"
#include "cli/scan/shard.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/name.h"
#include "jwtdomain/scan/walk.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

struct Settled {
    ReadingOptions reading;
    scan::WalkOptions walk;
    scan::GitSince since;
    Shard shard;
    Baseline baseline;
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

Result<Settled> settle_scan(const ScanWords& words, Time now, unsigned processors) {
    Settled out;
    constexpr unsigned kMostByItself = 16, kMostThreads = 256; // each has a buffer of some MiB
    const auto jobs = words.jobs ? parse_number(*words.jobs, "--jobs", kMostThreads)
                                 : Result<std::size_t>(std::min(processors, kMostByItself));
    if (!jobs) return tl::unexpected(jobs.error());
    out.reading.threads = static_cast<unsigned>(*jobs);
    if (words.across && words.shard)
        return fail(Fault::usage, "--across holds all tokens beside each other, and a shard has a part of them");
    if (words.derive_keys && !words.across)
        return fail(Fault::usage, "--derive-keys is for what --across finds", "give both");
    if (words.recover && !words.across) return fail(Fault::usage, "--recover is for what --across finds", "give both");
    if (words.recover) {
        if (const Status good = store::check_new_private_file(*words.recover); !good) return fail(good.error());
    }
    if (words.strict && words.loose) return fail(Fault::usage, "--strict and --loose cannot both be");
    if (words.strict) out.reading.effort = scan::Effort::strict;
    if (words.loose) out.reading.effort = scan::Effort::loose;
    if (const Status good = scan::check_patterns(words.exclude); !good) return fail(good.error());
    out.walk.exclude = out.reading.content.exclude = words.exclude;
    if (words.max_depth) {
        const char* const end = words.max_depth->data() + words.max_depth->size();
        const auto [stop, error] = std::from_chars(words.max_depth->data(), end, out.walk.depth);
        if (error != std::errc() || stop != end || out.walk.depth > 10000)
            return fail(Fault::usage, "--max-depth takes a number up to 10000");
    }
    if (words.since) out.since = since_of(*words.since, now);
    if (const Status good = check_known(words); !good) return fail(good.error());
    auto baseline = load_baseline(words);
    if (!baseline) return tl::unexpected(baseline.error());
    out.baseline = std::move(*baseline);
    if (words.shard) {
        const auto shard = Shard::read(*words.shard);
        if (!shard) return tl::unexpected(shard.error());
        out.shard = *shard;
    }
    if (words.staged && words.since) return fail(Fault::usage, "--staged and --since cannot both be");
    if (words.staged && words.paths.size() > 1)
        return fail(Fault::usage, "--staged looks at one work tree", "name one, or none: that of this directory");
    for (const auto& [word, name, to] :
         {std::tuple(&words.max_window, "--max-window", &out.reading.content.window),
          std::tuple(&words.max_unpacked, "--max-unpacked", &out.reading.content.unpacked)}) {
        if (!*word) continue;
        const auto size = read_size(**word);
        if (!size) return fail(Fault::usage, std::string(name) + " takes a size, as 64M or 2G");
        *to = *size;
    }
    if (words.fail_on) out.fail_on = *find_severity(*words.fail_on);
    if (words.only) {
        constexpr std::size_t kShortest = 8;
        std::string& only = out.reading.sight.only = lower_case(*words.only);
        const bool digits = only.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!digits || only.size() < kShortest || only.size() > 64)
            return fail(Fault::usage, "--only takes a fingerprint: 64 hexadecimal digits, or at least the first eight");
    }
    out.reading.sight.reveal = words.reveal;
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
    Scan(Session& session, const ScanWords& words, const Settled& settled, Classifier classifier)
        : session_(session), words_(words), settled_(settled), classifier_(std::move(classifier)),
          streams_(streams_lines(session)), collector_(collecting()),
          reading_(
              classifier_, reading(), collector_, report_.coverage, [this] { return stopped(); },
              [this] { print_lines(); }),
          repositories_(settled.reading.effort, {settled.since, settled.walk.exclude, [this] { return stopped(); }},
                        settled.reading.content) {
        report_.fail_on = settled.fail_on;
        report_.policy_read = classifier_.has_policy();
        report_.now = session.now();
        report_.coverage.may_be_empty = settled.shard.any();
    }

    void input() {
        scan::Input content;
        content.read = [this](char* to, std::size_t size) { return session_.world().read(to, size); };
        content.ready = [this] { return session_.world().input_ready(); };
        reading_.here("<stdin>", content, true);
        if (report_.coverage.octets == 0) --report_.coverage.files; // there was none
    }

    void place(const std::string& path) {
        scan::WalkEvents events;
        const Shard& shard = settled_.shard;
        events.file = [&](const std::string& file, const scan::Input& content) {
            return !shard.has(file) || reading_.file(file, content);
        };
        events.gap = [&](const std::string& file, scan::Gap gap, std::string_view detail) {
            if (shard.has(file)) reading_.gap(file, gap, detail);
        };
        events.link = [&](const std::string& link) {
            reading_.count([&](Coverage& coverage) { coverage.links += shard.has(link); });
        };
        events.excluded = [&](const std::string& path_left_out) {
            reading_.count([&](Coverage& coverage) { coverage.excluded += shard.has(path_left_out); });
        };
        events.repository = [&](const std::string& directory) {
            return !shard.has(directory) || repository(directory);
        };
        scan::walk(path, settled_.walk, events);
    }

    Status staged(const std::string& directory) {
        report_.coverage.may_be_empty = true;
        return repositories_.staged(session_, directory, [this](const std::string& path, const scan::Input& content) {
            reading_.here(path, content, true);
        });
    }

    Exit finish() {
        reading_.end();
        stopped(); // perhaps at the very end
        collector_.give(report_);
        const Status recovered = look_across();
        Exit status = exit_of(report_);
        if (status == Exit::no_input) return session_.report({Fault::no_input, "there is nothing to read"});
        if (!recovered) status = worse(status, session_.report(recovered.error()));
        if (streams_) session_.print(jsonl_summary(report_));
        lines_ += jsonl_summary(report_);
        std::vector<Rendering> renderings = scan_renderings(report_, session_.color());
        renderings.push_back({"jsonl", [&] { return streams_ ? std::string() : lines_; }});
        return write_known(session_, words_, report_, session_.emit(status, renderings));
    }

private:
    // Fails where keys cannot be written; the report is made all the same.
    Status look_across() {
        if (!words_.across) return {};
        AcrossReport across = across_.finish(classifier_.basis(), words_.derive_keys, [this] { return stopped(); });
        report_.failing_across = failing(across, report_.fail_on);
        const Status recovered = words_.recover ? across_.recover(*words_.recover, across) : Status();
        report_.across = std::move(across);
        return recovered;
    }

    bool wants_lines() const {
        const auto& formats = session_.common().formats;
        return std::any_of(formats.begin(), formats.end(),
                           [](const std::string& format) { return format.compare(0, 5, "jsonl") == 0; });
    }

    CollectOptions collecting() {
        CollectOptions options;
        options.fail_on = settled_.fail_on;
        options.only_told = streams_ && session_.common().formats.size() == 1 && !words_.write_baseline;
        if (wants_lines())
            options.told = [this](std::string_view members, const Occurrence& occurrence, bool first) {
                append_line(lines_, members, occurrence, first);
                constexpr std::size_t kMost = 64u << 10;
                if (lines_.size() > kMost) print_lines();
            };
        if (words_.across)
            options.whole = [this](const FoundToken& found, std::string_view token) {
                across_.take(token, scan::signing_input_of(token, found.form), found.fingerprint,
                             found.signed_by.has_value());
            };
        return options;
    }

    ReadingOptions reading() {
        ReadingOptions options = settled_.reading;
        options.sight.members = wants_lines();
        options.sight.texts = words_.across;
        if (settled_.baseline.size() > 0)
            options.sight.known = [this](const std::string& fingerprint) {
                return settled_.baseline.find(fingerprint);
            };
        return options;
    }

    // By whichever thread has the turn.
    void print_lines() {
        if (!streams_ || lines_.empty()) return;
        session_.print(lines_);
        lines_.clear();
        if (session_.output_failed()) output_failed_ = true;
    }

    bool repository(const std::string& directory) {
        reading_.end(); // its objects are read now
        const scan::GitEvents events{
            .look = {},
            .found =
                [&](const scan::GitPlace& place, const scan::Input& content) {
                    reading_.here(directory + "!" + place.name(), content, false, &place);
                },
            .gap =
                [&](const std::string& object, std::string_view detail) {
                    reading_.gap(object.empty() ? directory : directory + "!" + object, scan::Gap::git, detail);
                },
        };
        return repositories_.read(directory, events, report_.coverage);
    }

    // Whoever reads what we write may have gone, or we were told to stop.
    bool stopped() {
        const int interrupted = session_.world().interrupted();
        if (interrupted != 0) reading_.count([&](Coverage& coverage) { coverage.interrupted = interrupted; });
        return interrupted != 0 || output_failed_;
    }

    Session& session_;
    const ScanWords& words_;
    const Settled& settled_;
    Classifier classifier_;
    bool streams_;
    std::string lines_;
    ScanReport report_;
    std::atomic<bool> output_failed_ = false;
    Across across_;
    Collector collector_;
    Reading reading_;
    Repositories repositories_;
};

} // namespace

Exit run_scan(Session& session, const ScanWords& words) {
    const auto settled = settle_scan(words, session.now(), session.world().processors());
    if (!settled) return session.report(settled.error());
    const bool from_input = words.paths.empty() && !words.staged;
    if (from_input && session.world().is_terminal(Stream::in))
        return session.report({Fault::no_input,
                               "there is nothing to read",
                               {},
                               "name files or directories, or give it on standard input"});
    if (const Status good = use_sources(session, words.sources, "scan"); !good) return session.report(good.error());
    auto basis = TriageBasis::load(session, words.sources);
    if (!basis) return session.report(basis.error());
    auto signatures = Signatures::load(session, *basis, words.jwks);
    if (!signatures) return session.report(signatures.error());
    Scan scan(session, words, *settled, Classifier(std::move(*basis), std::move(*signatures)));
    if (words.staged) {
        const Status read = scan.staged(words.paths.empty() ? "" : words.paths.front());
        return read ? scan.finish() : session.report(read.error());
    }
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
