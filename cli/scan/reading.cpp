#include "cli/scan/reading.h"

#include <algorithm>

#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kHeld = 16u << 20; // octets of sightings that wait for their turn, of all units

std::size_t size_of(const Sighting& sighting) {
    std::size_t size = sizeof(Sighting) + sighting.occurrence.path.size();
    if (sighting.judged) size += sizeof(Judged) + 4 * sighting.judged->members.size() + 1024;
    return size;
}

// Contents that are read from the first octet to the last.
class WholeFiles final : public Unit {
public:
    using Files = std::vector<std::pair<std::string, scan::Input>>;
    WholeFiles(ReadingState& state, Files files) : state_(state), files_(std::move(files)) {}

    void work(std::size_t thread, const std::function<void()>& wait) override {
        Reader& reader = state_.reader(thread);
        const Reader::Take take = [&](Sighting&& sighting) {
            if (!direct_ && size_ > state_.room) before_alone(wait);
            if (direct_) return state_.collector.take(std::move(sighting));
            size_ += size_of(sighting);
            held_.push_back(std::move(sighting));
        };
        for (auto& [path, input] : files_) {
            if (state_.stop) return;
            read(reader, path, input, take);
            input = {}; // its file is closed
        }
    }

    void before_alone(const std::function<void()>& wait) override {
        wait();
        direct_ = true;
        take_held();
    }

    void settle(std::size_t) override {
        take_held();
        state_.settled();
    }

private:
    void read(Reader& reader, const std::string& path, scan::Input& input, const Reader::Take& take) {
        input.stop = [this] { return state_.stop.load(); };
        state_.count(1, reader.read(path, input, state_.options.content, take, state_.tell_gap()));
        if (!state_.stop && input.shrank && input.shrank()) state_.gap(path, scan::Gap::cut, "");
    }
    void take_held() {
        for (Sighting& each : held_) state_.collector.take(std::move(each));
        held_.clear();
    }

    ReadingState& state_;
    Files files_;
    std::vector<Sighting> held_;
    std::size_t size_ = 0;
    bool direct_ = false; // it is our turn
};

// A large file, of which several units read segments. What is said here is known when their turn comes.
struct SplitFile {
    std::string path;
    scan::Input input;
    std::uint64_t reached = 0, lines = 0;
    bool failed = false;
};

class OneSegment final : public Unit {
public:
    OneSegment(ReadingState& state, std::shared_ptr<SplitFile> file, std::uint64_t begin)
        : state_(state), file_(std::move(file)), segment_{.begin = begin,
                                                          .end = std::min(begin + scan::kSegment, file_->input.size),
                                                          .from = begin} {}

    void work(std::size_t thread, const std::function<void()>&) override {
        if (state_.stop) return;
        const Reader::Take take = [&](Sighting&& sighting) {
            full_ = full_ || size_ > state_.room;
            if (full_) return;
            size_ += size_of(sighting);
            held_.push_back(std::move(sighting));
        };
        end_ = read(thread, segment_, take, false);
    }

    void settle(std::size_t thread) override {
        if (state_.stop) return;
        const std::uint64_t reached = std::max(file_->reached, segment_.begin);
        const auto place = [&](Sighting&& sighting) {
            sighting.occurrence.line += file_->lines;
            state_.collector.take(std::move(sighting));
        };
        if (full_ || !end_ || !scan::agrees_from(*end_, reached)) {
            // Not so that it could be used: once more, from where the one before has come to.
            for (Sighting& each : held_) state_.collector.discard(std::move(each));
            full_ = false;
            end_ = read(thread, {segment_.begin, segment_.end, reached}, place, true);
        } else {
            for (Sighting& each : held_) {
                if (each.occurrence.offset < reached)
                    state_.collector.discard(std::move(each));
                else
                    place(std::move(each));
            }
        }
        end();
        state_.settled();
    }

private:
    Result<scan::SegmentEnd> read(std::size_t thread, const scan::Segment& segment, const Reader::Take& take,
                                  bool again) {
        scan::Input input;
        input.read_at = file_->input.read_at;
        input.size = file_->input.size;
        input.stop = [this] { return full_ || state_.stop; };
        return state_.reader(thread).read_segment(file_->path, input, segment, take, again);
    }

    void end() {
        const bool first = !file_->failed;
        if (!end_) {
            file_->failed = true;
            if (first) state_.gap(file_->path, scan::gap_of(end_.error().fault), end_.error().message);
            return;
        }
        const bool cut = !end_->interrupted && end_->read < segment_.end - segment_.begin;
        file_->failed = file_->failed || cut;
        if (cut && first) state_.gap(file_->path, scan::Gap::cut, "");
        file_->lines += end_->newlines;
        file_->reached = std::max(file_->reached, end_->reached);
        state_.count(0, {.octets = end_->read});
    }

    ReadingState& state_;
    std::shared_ptr<SplitFile> file_;
    scan::Segment segment_;
    Result<scan::SegmentEnd> end_ = scan::SegmentEnd{};
    std::vector<Sighting> held_;
    std::size_t size_ = 0;
    bool full_ = false;
};

// A zip that stands behind something else.
class BehindFile final : public Unit {
public:
    BehindFile(ReadingState& state, std::shared_ptr<SplitFile> file) : state_(state), file_(std::move(file)) {}

    void work(std::size_t thread, const std::function<void()>& wait) override {
        bool waited = false;
        const Reader::Take take = [&](Sighting&& sighting) {
            if (!std::exchange(waited, true)) wait();
            state_.collector.take(std::move(sighting));
        };
        scan::Input input = file_->input;
        input.stop = [this] { return state_.stop.load(); };
        if (state_.stop) return;
        state_.count(
            1, state_.reader(thread).read_behind(file_->path, input, state_.options.content, take, state_.tell_gap()));
    }
    void settle(std::size_t) override { state_.settled(); }

private:
    ReadingState& state_;
    std::shared_ptr<SplitFile> file_;
};

} // namespace

Reader& ReadingState::reader(std::size_t thread) {
    std::unique_ptr<Reader>& made = readers[thread];
    if (!made) made = std::make_unique<Reader>(classifier.another(), options.sight, options.effort);
    return *made;
}

void ReadingState::gap(const std::string& path, scan::Gap gap, std::string_view detail) {
    const std::lock_guard lock(mutex);
    add_gap(coverage, {redact_text(path), gap, redact_text(detail)});
}

void ReadingState::count(std::uint64_t files, const scan::ContentEnd& end) {
    const std::lock_guard lock(mutex);
    coverage.files += files;
    coverage.octets += end.octets;
    coverage.members += end.members;
    coverage.excluded += end.excluded;
}

Reading::Reading(const Classifier& classifier, ReadingOptions options, Collector& collector, Coverage& coverage,
                 std::function<bool()> stopped, std::function<void()> settled)
    : state_(classifier, std::move(options), collector, coverage), stopped_(std::move(stopped)),
      turns_(state_.options.threads > 1 ? state_.options.threads : 0) {
    if (state_.options.threads > 1) at_work_.emplace();
    state_.settled = std::move(settled);
    state_.readers.resize(std::size_t{state_.options.threads} + 1);
    state_.room = kHeld / turns_.window();
}

bool Reading::stopped() {
    if (stopped_()) state_.stop = true;
    return state_.stop;
}

void Reading::give(std::unique_ptr<Unit> unit) {
    turns_.give(std::move(unit), [this] { stopped(); });
}

void Reading::give_small() {
    if (small_.empty()) return;
    give(std::make_unique<WholeFiles>(state_, std::exchange(small_, {})));
    small_size_ = 0;
}

bool Reading::file(const std::string& path, const scan::Input& input) {
    constexpr std::uint64_t kLarge = 4 * scan::kSegment;
    if (input.size >= kLarge && scan::is_plain_content(input)) {
        give_small();
        const auto split = std::make_shared<SplitFile>();
        split->path = path;
        split->input = input;
        for (std::uint64_t at = 0; at < input.size && !stopped(); at += scan::kSegment)
            give(std::make_unique<OneSegment>(state_, split, at));
        give(std::make_unique<BehindFile>(state_, split));
        return !stopped();
    }
    constexpr std::uint64_t kTogether = 256u << 10;
    constexpr std::size_t kMostTogether = 16;
    small_.emplace_back(path, input);
    small_size_ += input.size;
    const bool enough = input.size == 0 || small_size_ >= kTogether || small_.size() >= kMostTogether;
    if (enough || turns_.window() == 1) give_small();
    return !stopped();
}

bool Reading::here(const std::string& path, const scan::Input& given, bool counts, const scan::GitPlace* git) {
    end();
    scan::Input input = given;
    input.stop = [this] {
        state_.settled();
        return stopped();
    };
    const Reader::Take take = [this](Sighting&& sighting) { state_.collector.take(std::move(sighting)); };
    // Alone, if it has to be.
    const scan::ContentEnd end =
        state_.reader(0).read(path, std::move(input), state_.options.content, take, state_.tell_gap(), git);
    if (at_work_) at_work_->share();
    state_.count(counts, counts ? end : scan::ContentEnd{.excluded = end.excluded});
    state_.settled();
    return !stopped();
}

void Reading::count(const std::function<void(Coverage&)>& change) {
    const std::lock_guard lock(state_.mutex);
    change(state_.coverage);
}

void Reading::end() {
    give_small();
    turns_.drain([this] { stopped(); });
}

} // namespace jwtdomain::cli
