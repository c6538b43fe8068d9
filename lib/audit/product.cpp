#include "jwtdomain/audit/product.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "jwtdomain/audit/utf8.h"

namespace jwtdomain::audit {
namespace {

using Octets = accept::Automaton::Octets;
using Key = std::vector<std::uint32_t>; // a state of each factor, of the trie, of UTF-8

constexpr std::uint32_t kNoParent = UINT32_MAX;

// The octets in the order in which a word that people will read should have them.
const std::array<unsigned char, 256>& preferred_octets() {
    static const auto order = [] {
        std::array<unsigned char, 256> out{};
        std::size_t n = 0;
        Octets used;
        const auto put = [&](unsigned first, unsigned last) {
            for (unsigned octet = first; octet <= last; ++octet) {
                if (used.test(octet)) continue;
                used.set(octet);
                out[n++] = static_cast<unsigned char>(octet);
            }
        };
        put('a', 'z');
        put('0', '9');
        put('A', 'Z');
        put('!', '~');
        put(0, 255);
        return out;
    }();
    return order;
}

std::uint32_t first_preferred(const Octets& octets) {
    const auto& order = preferred_octets();
    std::uint32_t place = 0;
    while (!octets.test(order[place])) ++place;
    return place;
}

// The states of the product that were met, each with the way to it.
class Met {
public:
    struct Way {
        std::uint32_t parent;
        std::uint32_t octet; // its place in the preferred order
        std::uint32_t rank;  // among the words of its length, where equal words are equal
        std::uint32_t layer; // the length of the word
    };

    explicit Met(std::size_t width) : width_(width), table_(1024, kFree) {}

    std::size_t size() const { return ways_.size(); }
    Way& way(std::uint32_t index) { return ways_[index]; }
    const std::uint32_t* key(std::uint32_t index) const { return keys_.data() + index * width_; }

    // Its index, and whether it is new.
    std::pair<std::uint32_t, bool> insert(const Key& key) {
        if (ways_.size() * 2 >= table_.size()) grow();
        std::size_t slot = place(key.data());
        for (; table_[slot] != kFree; slot = (slot + 1) & (table_.size() - 1)) {
            if (std::equal(key.begin(), key.end(), this->key(table_[slot]))) return {table_[slot], false};
        }
        const auto index = static_cast<std::uint32_t>(ways_.size());
        table_[slot] = index;
        keys_.insert(keys_.end(), key.begin(), key.end());
        ways_.push_back({kNoParent, 0, 0, 0});
        return {index, true};
    }

private:
    static constexpr std::uint32_t kFree = UINT32_MAX;

    std::size_t place(const std::uint32_t* key) const {
        std::uint64_t hash = 0;
        for (std::size_t i = 0; i < width_; ++i) {
            hash = (hash ^ key[i]) * 0x9e3779b97f4a7c15U;
            hash ^= hash >> 32;
        }
        return static_cast<std::size_t>(hash) & (table_.size() - 1);
    }
    void grow() {
        table_.assign(table_.size() * 2, kFree);
        for (std::uint32_t index = 0; index < ways_.size(); ++index) {
            std::size_t slot = place(key(index));
            while (table_[slot] != kFree) slot = (slot + 1) & (table_.size() - 1);
            table_[slot] = index;
        }
    }

    std::size_t width_;
    std::vector<std::uint32_t> keys_;
    std::vector<Way> ways_;
    std::vector<std::uint32_t> table_;
};

class Search {
public:
    Search(std::span<Factor> factors, const Trie& excluded, const SearchLimits& limits)
        : factors_(factors), excluded_(excluded), limits_(limits), met_(factors.size() + 2) {}

    CommonWord run() {
        if (!start()) return unknown();
        std::uint32_t layer = 0;
        while (!next_.empty()) {
            order(next_);
            std::vector<std::uint32_t> now = std::exchange(next_, {});
            for (const std::uint32_t index : now) {
                if (!accepts(index)) continue;
                if (met_.key(index)[width()] == utf8::between) return {.overlap = Overlap::some, .word = word(index)};
                malformed_ = true;
            }
            ++layer;
            for (const std::uint32_t index : now) {
                if (!expand(index, layer)) return unknown();
            }
        }
        // Only now those that no continuation makes UTF-8: one that is accepted is as good as all.
        for (std::size_t i = 0; i < broken_.size() && !malformed_; ++i) {
            malformed_ = accepts(broken_[i]);
            if (!expand(broken_[i], 0)) return unknown();
        }
        if (!malformed_) return {};
        return {.overlap = Overlap::unknown, .why = "only words that are not UTF-8 are common to the patterns"};
    }

    SearchCost cost() const { return {.states = met_.size(), .edges = edges(), .steps = steps_}; }

private:
    std::size_t width() const { return factors_.size(); } // then UTF-8, then the trie

    std::size_t edges() const {
        std::size_t sum = 0;
        for (const Factor& factor : factors_) sum += factor.edges_made();
        return sum;
    }
    CommonWord unknown() const { return {.overlap = Overlap::unknown, .why = why_}; }
    bool too_large(std::string why) {
        why_ = std::move(why);
        return false;
    }

    bool start() {
        std::size_t combinations = 1;
        for (const Factor& factor : factors_) {
            combinations *= factor.starts().size();
            if (combinations > limits_.starts)
                return too_large("there are more than " + std::to_string(limits_.starts) + " combinations of patterns");
        }
        for (std::size_t combination = 0; combination < combinations; ++combination) {
            Key key(width() + 2);
            std::size_t rest = combination;
            for (std::size_t i = 0; i < width(); ++i) {
                const auto& starts = factors_[i].starts();
                key[i] = starts[rest % starts.size()];
                rest /= starts.size();
            }
            key[width()] = utf8::between;
            key[width() + 1] = excluded_.root();
            if (const auto [index, is_new] = met_.insert(key); is_new) next_.push_back(index);
        }
        return true;
    }

    // By their least words, and ranked by them.
    void order(std::vector<std::uint32_t>& layer) {
        const auto least = [&](std::uint32_t index) {
            const Met::Way& way = met_.way(index);
            return std::pair(way.parent == kNoParent ? 0 : met_.way(way.parent).rank, way.octet);
        };
        std::sort(layer.begin(), layer.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return std::pair(least(a), a) < std::pair(least(b), b); });
        std::uint32_t rank = 0;
        for (std::size_t i = 0; i < layer.size(); ++i) {
            if (i > 0 && least(layer[i]) != least(layer[i - 1])) ++rank;
            met_.way(layer[i]).rank = rank;
        }
    }

    bool accepts(std::uint32_t index) {
        const std::uint32_t* key = met_.key(index);
        for (std::size_t i = 0; i < width(); ++i) {
            if (!factors_[i].at(key[i]).accepting) return false;
        }
        return !excluded_.is_word(key[width() + 1]);
    }

    bool expand(std::uint32_t index, std::uint32_t layer) {
        from_.assign(met_.key(index), met_.key(index) + width() + 2);
        from_index_ = index;
        layer_ = layer;
        to_.resize(width() + 2);
        return combine(0, Octets{}.set());
    }

    // Chooses an edge of factor `i` and all after it that share octets.
    bool combine(std::size_t i, const Octets& on) {
        if (i == width()) return arrive(on);
        const Factor::State& state = factors_[i].at(from_[i]);
        if (edges() > limits_.edges) return too_large("the patterns have too many branches");
        for (const Factor::Edge& edge : state.edges) {
            if (++steps_ > limits_.steps)
                return too_large("the search took more than " + std::to_string(limits_.steps) + " steps");
            const Octets common = on & edge.on;
            if (common.none()) continue;
            to_[i] = edge.to;
            if (!combine(i + 1, common)) return false;
        }
        return true;
    }

    // The factors have moved by any octet of `on`: now UTF-8 and the trie, which depend on which it was.
    bool arrive(const Octets& on) {
        Octets others = on;
        if (const std::uint32_t node = from_[width() + 1]; node != Trie::kNone) {
            for (const auto& [octet, child] : excluded_.node(node).children) {
                ++steps_;
                if (!on.test(octet)) continue;
                others.reset(octet);
                if (!arrive(Octets{}.set(octet), child)) return false;
            }
        }
        return arrive(others, Trie::kNone);
    }

    bool arrive(const Octets& on, std::uint32_t trie_node) {
        if (on.none()) return true;
        to_[width() + 1] = trie_node;
        for (const utf8::Move& move : utf8::moves(static_cast<utf8::State>(from_[width()]))) {
            ++steps_;
            const Octets common = on & move.on;
            if (common.none() || (move.to == utf8::broken && malformed_)) continue;
            to_[width()] = move.to;
            if (!meet(common)) return false;
        }
        return true;
    }

    bool meet(const Octets& on) {
        const auto [index, is_new] = met_.insert(to_);
        if (is_new && met_.size() > limits_.states)
            return too_large("the search met more than " + std::to_string(limits_.states) + " states");
        Met::Way& way = met_.way(index);
        if (to_[width()] == utf8::broken) {
            if (is_new) broken_.push_back(index);
            return true;
        }
        if (!is_new && way.layer != layer_) return true; // it has a shorter word
        const std::uint32_t octet = first_preferred(on);
        const std::uint32_t rank = met_.way(from_index_).rank;
        if (is_new) {
            next_.push_back(index);
        } else if (std::pair(met_.way(way.parent).rank, way.octet) <= std::pair(rank, octet)) {
            return true;
        }
        way = {.parent = from_index_, .octet = octet, .rank = 0, .layer = layer_};
        return true;
    }

    std::string word(std::uint32_t index) {
        std::string out;
        for (; met_.way(index).parent != kNoParent; index = met_.way(index).parent)
            out += static_cast<char>(preferred_octets()[met_.way(index).octet]);
        std::reverse(out.begin(), out.end());
        return out;
    }

    std::span<Factor> factors_;
    const Trie& excluded_;
    const SearchLimits& limits_;
    Met met_;
    std::vector<std::uint32_t> next_, broken_;
    Key from_, to_; // the move that is being made
    std::uint32_t from_index_ = 0, layer_ = 0;
    std::size_t steps_ = 0;
    bool malformed_ = false;
    std::string why_;
};

} // namespace

CommonWord search_product(std::span<Factor> factors, const Trie& excluded, const SearchLimits& limits,
                          SearchCost* cost) {
    Search search(factors, excluded, limits);
    CommonWord found = search.run();
    if (cost) *cost = search.cost();
    return found;
}

} // namespace jwtdomain::audit
