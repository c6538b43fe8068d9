#include "jwtdomain/crack/guess.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "jwtdomain/base/secret.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crack/hmac256.h"
#include "jwtdomain/crack/hmac512.h"
#include "jwtdomain/crack/variations.h"
#include "jwtdomain/crypto/sha2.h"

namespace jwtdomain::crack {
namespace {

constexpr unsigned kStopEach = 4096; // secrets between two questions whether to stop

std::uint64_t number_at(const std::string& octets, std::size_t size) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size && i < octets.size(); ++i) out = out << 8 | static_cast<unsigned char>(octets[i]);
    return out;
}

struct Short { // HS256
    std::size_t target;
    Message256 message;
    std::uint32_t first;
};

struct Long { // HS384, HS512
    std::size_t target;
    Message512 message;
    std::uint64_t first;
};

} // namespace

struct Targets::Impl {
    explicit Impl(std::vector<Target> given) : targets(std::move(given)), found(targets.size()) {
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const Target& target = targets[i];
            if (target.algorithm == Algorithm::HS256)
                of256.push_back(
                    {i, Message256(target.signing_input), static_cast<std::uint32_t>(number_at(target.signature, 4))});
            else
                (target.algorithm == Algorithm::HS384 ? of384 : of512)
                    .push_back({i, Message512(target.signing_input), number_at(target.signature, 8)});
        }
        left = targets.size();
    }
    std::vector<Target> targets;
    std::vector<std::atomic<bool>> found;
    std::atomic<std::size_t> left;
    std::vector<Short> of256;
    std::vector<Long> of384, of512;
};

Targets::Targets(std::vector<Target> targets) : impl_(std::make_unique<Impl>(std::move(targets))) {}
Targets::~Targets() = default;

std::size_t Targets::size() const { return impl_->targets.size(); }
bool Targets::found(std::size_t target) const { return impl_->found[target].load(std::memory_order_relaxed); }
bool Targets::all_found() const { return impl_->left.load(std::memory_order_relaxed) == 0; }
bool Targets::set_found(std::size_t target) {
    if (impl_->found[target].exchange(true)) return false;
    --impl_->left;
    return true;
}

bool Targets::verifies(std::size_t target, std::string_view secret) const {
    const Target& wanted = impl_->targets[target];
    unsigned char result[sha2::kMaxDigest];
    const std::size_t size = sha2::Hmac(info(wanted.algorithm).hash_bits, secret).mac(wanted.signing_input, result);
    return size == wanted.signature.size() && std::memcmp(result, wanted.signature.data(), size) == 0;
}

struct Worker::Impl {
    Impl(Targets& all, Hit told, Stop asked)
        : targets(all), data(*all.impl_), kernel(kernel256()), hit(std::move(told)), stop(std::move(asked)) {}
    ~Impl() {
        wipe(&secrets, sizeof secrets);
        wipe(&pads, sizeof pads);
        wipe(&long_pads, sizeof long_pads);
        wipe(varied, sizeof varied);
    }

    bool stopped() {
        if (++since < kStopEach) return false;
        since = 0;
        return targets.all_found() || (stop && stop());
    }

    void check(std::size_t target, std::string_view secret) {
        if (targets.verifies(target, secret) && targets.set_found(target)) hit(target, secret);
    }

    void add(std::string_view secret) {
        ++tried;
        if (!data.of384.empty()) try_long(384, data.of384, secret);
        if (!data.of512.empty()) try_long(512, data.of512, secret);
        if (data.of256.empty()) return;
        unsigned char* const to = secrets.octets[lanes];
        std::memset(to, 0, kBlock256);
        if (secret.size() > kBlock256)
            sha2::digest(256, secret, to);
        else if (!secret.empty())
            std::memcpy(to, secret.data(), secret.size());
        originals[lanes] = secret;
        if (++lanes == kLanes) try_lanes();
    }

    void try_lanes() {
        const std::size_t count = std::exchange(lanes, 0);
        if (count == 0) return;
        kernel.prepare(secrets, pads);
        std::array<std::uint32_t, kLanes> words;
        for (const Short& each : data.of256) {
            if (targets.found(each.target)) continue;
            kernel.first_words(pads, each.message, words);
            for (std::size_t lane = 0; lane < count; ++lane) {
                if (words[lane] == each.first) check(each.target, originals[lane]);
            }
        }
    }

    void try_long(unsigned bits, const std::vector<Long>& wanted, std::string_view secret) {
        unsigned char key[kBlock512] = {};
        if (secret.size() > kBlock512)
            sha2::digest(bits, secret, key);
        else if (!secret.empty())
            std::memcpy(key, secret.data(), secret.size());
        long_pads.prepare(bits, key);
        for (const Long& each : wanted) {
            if (!targets.found(each.target) && first_word(bits, long_pads, each.message) == each.first)
                check(each.target, secret);
        }
    }

    bool vary(std::string_view word) {
        Variations variations(word);
        while (const std::size_t size = variations.next(varied[lanes])) {
            add({varied[lanes], size});
            if (stopped()) return false;
        }
        return true;
    }

    Targets& targets;
    const Targets::Impl& data;
    const Kernel256& kernel;
    Hit hit;
    Stop stop;
    Secrets256 secrets = {};
    Pads256 pads;
    Pads512 long_pads;
    std::string_view originals[kLanes];
    char varied[kLanes][2 * kLongestVaried]; // behind the views of `originals`
    std::size_t lanes = 0;
    unsigned since = 0;
    std::uint64_t tried = 0;
};

Worker::Worker(Targets& targets, Hit hit, Stop stop)
    : impl_(std::make_unique<Impl>(targets, std::move(hit), std::move(stop))) {}
Worker::~Worker() = default;

bool Worker::lines(std::string_view text, Variation variation) {
    Impl& impl = *impl_;
    while (!text.empty()) {
        std::string_view word = take_until(text, '\n');
        if (!word.empty() && word.back() == '\r') word.remove_suffix(1);
        if (word.empty()) continue;
        if (variation == Variation::simple && word.size() <= kLongestVaried) {
            if (!impl.vary(word)) return false;
            continue;
        }
        impl.add(word);
        if (impl.stopped()) return false;
    }
    flush();
    return true;
}

void Worker::secret(std::string_view octets) { impl_->add(octets); }
void Worker::flush() { impl_->try_lanes(); }
std::uint64_t Worker::tried() const { return impl_->tried; }

} // namespace jwtdomain::crack
