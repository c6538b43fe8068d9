#include "cli/app/lines.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kBlock = 64u << 10; // small, so that at the end no thread has much more to do than another

// Whole lines that are handled together, and what came of them.
struct Block {
    std::string input;
    std::size_t first = 1; // number of its first line
    std::string output;
    bool done = false;
};

void handle(const LineWorker& worker, Block& block) {
    std::string_view rest = block.input;
    std::size_t number = block.first;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        worker(line, number++, block.output);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

// By find(), which looks at many octets at once: std::count takes as long as a quarter of judging an HS256 token.
std::size_t count_newlines(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ++count;
    return count;
}

// Cuts standard input into blocks of whole lines. Of a line that is too long the excess is dropped.
class BlockReader {
public:
    BlockReader(World& world, std::size_t longest) : world_(world), longest_(longest) {}

    // Fills `block`; false at the end of the input.
    Result<bool> next(Block& block) {
        block.first = line_;
        block.input.swap(rest_);
        rest_.clear();
        while (!ended_) {
            if (world_.interrupted() != 0) {
                ended_ = true;
                block.input.clear();
                return false;
            }
            const std::size_t size = block.input.size();
            block.input.resize(size + kBlock);
            const auto got = world_.read(block.input.data() + size, kBlock);
            if (!got) return tl::unexpected(got.error());
            block.input.resize(size + *got);
            if (*got == 0) {
                ended_ = true;
                break;
            }
            // Only in what is new: a line without end would be searched again and again.
            const std::size_t newline = std::string_view(block.input).substr(size).rfind('\n');
            if (newline != std::string_view::npos) {
                rest_.assign(block.input, size + newline + 1);
                block.input.resize(size + newline + 1);
                break;
            }
            if (block.input.size() > longest_ + kBlock) block.input.resize(longest_ + 1);
        }
        line_ += count_newlines(block.input);
        return !block.input.empty();
    }

    std::size_t lines() const { return line_ - 1; }

private:
    World& world_;
    std::size_t longest_;
    std::string rest_;
    std::size_t line_ = 1;
    bool ended_ = false;
};

class Pool {
public:
    explicit Pool(const LineJob& job) {
        for (unsigned i = 0; i < job.threads; ++i) threads_.emplace_back([this, &job] { work(job.make_worker()); });
    }
    ~Pool() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    void give(Block* block) {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(block);
        }
        wake_.notify_one();
    }
    void wait(const Block& block) {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return block.done; });
    }

private:
    void work(const LineWorker& worker) {
        for (;;) {
            Block* block = nullptr;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [&] { return closed_ || !queue_.empty(); });
                if (queue_.empty()) return;
                block = queue_.front();
                queue_.pop_front();
            }
            handle(worker, *block);
            {
                const std::lock_guard lock(mutex_);
                block->done = true;
            }
            done_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::deque<Block*> queue_;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

Result<LineTotals> on_one_thread(World& world, const LineJob& job) {
    const LineWorker worker = job.make_worker();
    BlockReader reader(world, job.longest);
    Block block;
    for (;;) {
        const auto more = reader.next(block);
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        block.output.clear();
        handle(worker, block);
        if (const Status written = world.write(block.output); !written) return tl::unexpected(written.error());
    }
    return LineTotals{.lines = reader.lines(), .interrupted = world.interrupted()};
}

} // namespace

Result<LineTotals> for_each_line(World& world, const LineJob& job) {
    if (job.threads <= 1) return on_one_thread(world, job);
    Pool pool(job);
    BlockReader reader(world, job.longest);
    const std::size_t window = 4 * std::size_t{job.threads};
    std::deque<std::unique_ptr<Block>> pending, spare;
    const auto write_oldest = [&]() -> Status {
        pool.wait(*pending.front());
        Status written = world.write(pending.front()->output);
        spare.push_back(std::move(pending.front()));
        pending.pop_front();
        return written;
    };
    const auto drain = [&]() { // nothing may be freed under a worker's hands
        for (const auto& block : pending) pool.wait(*block);
    };
    for (;;) {
        // Before waiting for input that is not there yet, what is done is told.
        while (!pending.empty() && (pending.size() >= window || !world.input_ready())) {
            if (const Status written = write_oldest(); !written) {
                drain();
                return tl::unexpected(written.error());
            }
        }
        std::unique_ptr<Block> block;
        if (spare.empty()) {
            block = std::make_unique<Block>();
        } else {
            block = std::move(spare.back());
            spare.pop_back();
        }
        block->input.clear();
        block->output.clear();
        block->done = false;
        const auto more = reader.next(*block);
        if (!more || !*more) {
            while (!pending.empty()) {
                if (const Status written = write_oldest(); !written) {
                    drain();
                    return tl::unexpected(written.error());
                }
            }
            if (!more) return tl::unexpected(more.error());
            break;
        }
        pending.push_back(std::move(block));
        pool.give(pending.back().get());
    }
    return LineTotals{.lines = reader.lines(), .interrupted = world.interrupted()};
}

std::optional<Exit> ended_early(Session& session, const Result<LineTotals>& totals, Exit so_far) {
    if (!totals) {
        if (totals.error().fault == Fault::retry) return static_cast<Exit>(128 + 13); // whoever read it has gone
        return worse(so_far, session.report(totals.error()));
    }
    if (totals->interrupted != 0) return static_cast<Exit>(128 + totals->interrupted);
    return std::nullopt;
}

} // namespace jwtdomain::cli
