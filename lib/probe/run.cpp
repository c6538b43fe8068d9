#include "jwtdomain/probe/run.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "jwtdomain/probe/runner.h"

namespace jwtdomain::probe {
namespace {

// Has threads take one plan after the other, of those whose origin has room.
class Crew {
public:
    Crew(const std::vector<Plan>& plans, const Crowd& crowd, std::function<void(std::size_t)> work)
        : plans_(plans), crowd_(crowd), work_(std::move(work)) {
        for (std::size_t i = 0; i < plans.size(); ++i) waiting_.push_back(i);
    }

    void run() {
        const std::size_t jobs = std::min<std::size_t>(std::max(crowd_.jobs, 1u), plans_.size());
        std::vector<std::thread> others;
        try {
            while (others.size() + 1 < jobs) others.emplace_back([this] { take_turns(); });
        } catch (const std::system_error&) { // as many as the system lets us have
        }
        take_turns();
        for (std::thread& each : others) each.join();
        if (thrown_) std::rethrow_exception(thrown_);
    }

private:
    void take_turns() {
        std::unique_lock lock(mutex_);
        while (!waiting_.empty()) {
            const auto next = std::find_if(waiting_.begin(), waiting_.end(), [this](std::size_t each) {
                return busy_[plans_[each].origin] < std::max(crowd_.of_one_origin, 1u);
            });
            if (next == waiting_.end()) {
                room_.wait(lock);
                continue;
            }
            const std::size_t number = *next;
            waiting_.erase(next);
            unsigned& busy = busy_[plans_[number].origin];
            ++busy;
            lock.unlock();
            std::exception_ptr thrown;
            try {
                work_(number);
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            --busy;
            if (thrown) {
                thrown_ = thrown;
                waiting_.clear();
            }
            room_.notify_all();
        }
    }

    const std::vector<Plan>& plans_;
    const Crowd& crowd_;
    std::function<void(std::size_t)> work_;
    std::mutex mutex_;
    std::condition_variable room_;
    std::vector<std::size_t> waiting_;
    std::map<std::string, unsigned> busy_;
    std::exception_ptr thrown_;
};

} // namespace

Findings run(const Plan& plan) { return std::move(run_all({plan}, {}).front()); }

std::vector<Findings> run_all(const std::vector<Plan>& plans, const Crowd& crowd) {
    std::vector<detail::Runner> runners;
    for (const Plan& plan : plans) runners.emplace_back(plan);
    std::vector<Findings> out(plans.size());
    Crew(plans, crowd, [&](std::size_t i) { runners[i].begin(); }).run();
    Crew(plans, crowd, [&](std::size_t i) { out[i] = runners[i].finish(); }).run();
    return out;
}

std::string_view Sent::rule() const { return kind != nullptr ? kind->rule : warmed ? "RUN-02" : "RUN-01"; }

std::string Sent::title() const { return kind != nullptr ? label : "a token of " + domain + ", " + label; }

bool Sent::is_narrower() const { return conclusion == Conclusion::holds && !accepted && modelled == Modelled::accepts; }

std::string_view name_of(Modelled modelled) {
    switch (modelled) {
    case Modelled::unknown: return "unknown";
    case Modelled::accepts: return "accepts";
    case Modelled::refuses: return "refuses";
    }
    return {};
}

std::string_view name_of(Conclusion conclusion) {
    switch (conclusion) {
    case Conclusion::holds: return "holds";
    case Conclusion::broken: return "broken";
    case Conclusion::inconclusive: return "inconclusive";
    case Conclusion::skipped: return "skipped";
    }
    return {};
}

} // namespace jwtdomain::probe
