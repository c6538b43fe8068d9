#include "cli/crack/search.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/app/progress.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {
namespace {

constexpr std::int64_t kKeepEach = 2000; // milliseconds between two lines of the journal

std::string count_text(double number) {
    if (number >= 1e6) return fmt::format("{:.1f} M", number / 1e6);
    return number >= 1e3 ? fmt::format("{:.1f} k", number / 1e3) : fmt::format("{:.0f}", number);
}

class Searching {
public:
    Searching(Session& session, const SearchPlan& plan)
        : world_(session.world()), plan_(plan), targets_(targets_of(plan.tokens)), progress_(session),
          began_(world_.milliseconds()), read_before_(plan.lists.read()) {
        end_.secrets.resize(plan.tokens.size());
        end_.found.resize(plan.tokens.size());
        end_.known.resize(plan.tokens.size());
        place_ = plan.journal ? plan.journal->place() : ListPlace{};
        if (plan.journal == nullptr) return;
        for (const std::size_t i : plan.journal->found()) {
            if (i >= plan.tokens.size()) continue;
            targets_.set_found(i);
            end_.found[i] = end_.known[i] = true;
        }
    }

    SearchEnd run() {
        std::vector<std::thread> threads;
        for (unsigned part = 1; part < plan_.threads; ++part) threads.emplace_back([this, part] { work(part); });
        work(0);
        for (std::thread& thread : threads) thread.join();
        progress_.clear();
        end_.tried = built_in_ + place_.tried;
        end_.complete = targets_.all_found() || (world_.interrupted() == 0 && !failed_);
        if (plan_.journal) note(plan_.journal->keep(place_));
        return std::move(end_);
    }

private:
    static std::vector<crack::Target> targets_of(const std::vector<CrackToken>& tokens) {
        std::vector<crack::Target> out;
        for (const CrackToken& token : tokens) out.push_back(token.target);
        return out;
    }

    bool stopped() const { return world_.interrupted() != 0 || failed_ || targets_.all_found(); }

    void work(unsigned part) {
        crack::Worker worker(
            targets_, [this](std::size_t target, std::string_view secret) { hit(target, secret); },
            [this] { return stopped(); });
        std::uint64_t counted = 0;
        const auto count = [&] { tried_ += worker.tried() - std::exchange(counted, worker.tried()); };
        WordPiece piece;
        bool going = !stopped() && crack::try_built_in(worker, part, plan_.threads);
        worker.flush();
        count();
        built_in_ += counted;
        while (going && !stopped()) {
            const auto more = plan_.lists.next(piece);
            if (!more) {
                const std::lock_guard lock(mutex_);
                note(fail(more.error()));
                break;
            }
            if (!*more) break;
            const std::uint64_t before = counted;
            going = worker.lines(piece.text, plan_.variation);
            count();
            if (going) tell(plan_.lists.done(piece, counted - before));
        }
        wipe(piece.text.data(), piece.text.size());
    }

    void hit(std::size_t target, std::string_view secret) {
        const std::lock_guard lock(mutex_);
        end_.found[target] = true;
        end_.secrets[target] = SecretBytes(secret);
        if (plan_.out) {
            const Status written = plan_.out->add(plan_.tokens[target], secret);
            note(written);
            if (!written) return; // a later run has to find it again
        }
        if (plan_.journal) note(plan_.journal->keep_found(target));
    }

    // Under the lock.
    void note(const Status& status) {
        if (status) return;
        end_.faults.push_back(status.error());
        failed_ = true;
    }

    void tell(const ListPlace& place) {
        const std::int64_t now = world_.milliseconds();
        {
            const std::lock_guard lock(mutex_);
            if (place.list > place_.list || (place.list == place_.list && place.at > place_.at)) place_ = place;
            if (plan_.journal && now - kept_ >= kKeepEach) {
                kept_ = now;
                note(plan_.journal->keep(place_));
            }
        }
        progress_.tell(words(now));
    }

    std::string words(std::int64_t now) const {
        const double seconds = static_cast<double>(now - began_) / 1000;
        const double read = static_cast<double>(plan_.lists.read());
        std::string out = fmt::format("{} secrets", count_text(static_cast<double>(tried_)));
        if (seconds <= 0) return out;
        out += fmt::format(", {}/s", count_text(static_cast<double>(tried_) / seconds));
        const double fresh = read - static_cast<double>(read_before_);
        if (!plan_.lists.size() || fresh <= 0) return out;
        const double all = static_cast<double>(*plan_.lists.size());
        const auto left = static_cast<Seconds>(std::max(0.0, all - read) * seconds / fresh);
        return out + fmt::format(", {:.0f} % read, {} left", all > 0 ? 100 * read / all : 100, format_duration(left));
    }

    World& world_;
    const SearchPlan& plan_;
    crack::Targets targets_;
    Progress progress_;
    std::int64_t began_, kept_ = 0;
    std::uint64_t read_before_;
    std::atomic<std::uint64_t> tried_ = 0, built_in_ = 0; // by this run
    std::atomic<bool> failed_ = false;
    std::mutex mutex_;
    ListPlace place_ = {};
    SearchEnd end_;
};

} // namespace

SearchEnd search(Session& session, const SearchPlan& plan) { return Searching(session, plan).run(); }

} // namespace jwtdomain::cli
