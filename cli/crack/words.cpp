#include "cli/crack/words.h"

#include <algorithm>
#include <utility>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kPiece = 1u << 20; // octets; a longer line is no secret

} // namespace

Result<std::unique_ptr<WordLists>> WordLists::open(World& world, const std::vector<std::string>& names) {
    std::unique_ptr<WordLists> out(new WordLists(world));
    bool input = false;
    for (const std::string& name : names) {
        List list{.name = name, .file = {}};
        if (name == "-") {
            if (std::exchange(input, true))
                return fail(Fault::usage, "standard input is a word list once", "give --wordlist - once");
            out->size_.reset();
        } else {
            auto file = store::SequentialFile::open(name);
            if (!file) return fail(file.error());
            if (file->size() && out->size_)
                *out->size_ += *file->size();
            else
                out->size_.reset();
            list.file.emplace(std::move(*file));
        }
        out->identity_ +=
            name + "\n" + (list.file && list.file->size() ? std::to_string(*list.file->size()) : "") + "\n";
        out->lists_.push_back(std::move(list));
    }
    return out;
}

WordLists::~WordLists() { wipe(carry_.data(), carry_.size()); }

Status WordLists::skip(ListPlace from) {
    for (; list_ < std::min(from.list, lists_.size()); ++list_) {
        if (const auto& file = lists_[list_].file; file && file->size()) read_ += *file->size();
    }
    place_ = from;
    at_ = from.at;
    read_ += from.at;
    if (from.at == 0 || list_ == lists_.size()) return {};
    if (auto& file = lists_[list_].file) return file->skip(from.at);
    char dropped[65536];
    for (std::uint64_t left = from.at; left > 0;) {
        const auto got = world_.read(dropped, static_cast<std::size_t>(std::min<std::uint64_t>(left, sizeof dropped)));
        if (!got) return fail(got.error());
        if (*got == 0) break;
        left -= *got;
    }
    return {};
}

Result<std::size_t> WordLists::read_more(char* to, std::size_t size) {
    auto& file = lists_[list_].file;
    return file ? file->read(to, size) : world_.read(to, size);
}

Result<bool> WordLists::next(WordPiece& piece) {
    const std::lock_guard lock(mutex_);
    std::string& text = piece.text;
    while (list_ < lists_.size()) {
        text.assign(carry_);
        carry_.clear();
        bool ended = false;
        std::size_t cut = std::string::npos;
        while (cut == std::string::npos && !ended) {
            const std::size_t before = text.size();
            text.resize(before + kPiece);
            const auto got = read_more(text.data() + before, kPiece);
            text.resize(before + (got ? *got : 0));
            if (!got) {
                list_ = lists_.size();
                return fail(got.error());
            }
            ended = *got == 0;
            read_ += *got;
            if (dropping_) {
                const std::size_t newline = text.find('\n', before);
                if (newline == std::string::npos) {
                    at_ += text.size();
                    text.clear();
                    if (ended) dropping_ = false;
                    continue;
                }
                at_ += newline + 1;
                text.erase(0, newline + 1);
                dropping_ = false;
            }
            cut = text.rfind('\n');
            if (cut == std::string::npos && text.size() >= kPiece) {
                ++too_long_;
                dropping_ = true;
                at_ += text.size();
                text.clear();
            }
        }
        if (cut != std::string::npos) {
            carry_.assign(text, cut + 1);
            text.resize(cut + 1);
        }
        at_ += text.size();
        piece.end = {.list = list_, .at = at_};
        if (ended) {
            ++list_;
            at_ = 0;
            piece.end = {.list = list_, .at = 0};
        }
        if (text.empty() && list_ < lists_.size()) continue;
        if (text.empty()) return false;
        piece.number = number_++;
        return true;
    }
    return false;
}

ListPlace WordLists::done(const WordPiece& piece, std::uint64_t tried) {
    const std::lock_guard lock(mutex_);
    finished_[piece.number] = {.list = piece.end.list, .at = piece.end.at, .tried = tried};
    for (auto first = finished_.begin(); first != finished_.end() && first->first == next_finished_;
         first = finished_.erase(first)) {
        place_ = {first->second.list, first->second.at, place_.tried + first->second.tried};
        ++next_finished_;
    }
    return place_;
}

std::uint64_t WordLists::read() const {
    const std::lock_guard lock(mutex_);
    return read_;
}

} // namespace jwtdomain::cli
