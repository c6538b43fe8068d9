// Word lists as one stream of pieces of whole lines, handed to several threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/store/sequential.h"

namespace jwtdomain::cli {

// Where a search has come to: all lists before this one were tried, and so many octets of it.
struct ListPlace {
    std::size_t list = 0;
    std::uint64_t at = 0;
    std::uint64_t tried = 0; // secrets, of the lists alone
};

struct WordPiece {
    std::string text;         // whole lines, or the last one without its end
    std::uint64_t number = 0; // counting from 0
    ListPlace end;
};

class WordLists {
public:
    // Faults: those of opening a list; usage ("-" twice).
    static Result<std::unique_ptr<WordLists>> open(World& world, const std::vector<std::string>& names);
    // Goes on where an earlier run has come to. Before the first next(). Faults: unreadable.
    Status skip(ListPlace from);

    ~WordLists(); // wipes what it held

    // Fills the piece; false at the end. May be called by several threads. Faults: unreadable.
    Result<bool> next(WordPiece& piece);
    // The piece was tried: so many secrets. Gives how far all pieces without a gap have come.
    ListPlace done(const WordPiece& piece, std::uint64_t tried);

    // Octets of all lists, if that is known, and those that next() has read or skipped.
    std::optional<std::uint64_t> size() const { return size_; }
    std::uint64_t read() const;
    std::uint64_t too_long() const { return too_long_; } // lines that were left out
    // What the lists are: a list of other files has another.
    std::string identity() const { return identity_; }

private:
    struct List {
        std::string name;
        std::optional<store::SequentialFile> file; // none: standard input
    };
    explicit WordLists(World& world) : world_(world) {}
    Result<std::size_t> read_more(char* to, std::size_t size);
    World& world_;
    std::vector<List> lists_;
    std::string identity_, carry_;
    std::optional<std::uint64_t> size_ = 0;
    mutable std::mutex mutex_;
    std::size_t list_ = 0;
    std::uint64_t at_ = 0, read_ = 0, number_ = 0, too_long_ = 0;
    bool dropping_ = false; // what is left of a line that is too long
    std::map<std::uint64_t, ListPlace> finished_;
    std::uint64_t next_finished_ = 0;
    ListPlace place_;
};

} // namespace jwtdomain::cli
