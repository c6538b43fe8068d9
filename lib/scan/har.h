// HAR files (HTTP Archive 1.2, as browsers and proxies write them): which request and response a place belongs to,
// followed while the file is read, in memory that does not grow with it.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

// By its beginning: an object whose first member is the object "log".
bool is_har(std::string_view first);

// From now on the input has `part_at`: "entry 12 GET https://a.example/b, request header Cookie". Entries count from 1.
// Of a URL neither user, query nor fragment is in it, nor what is too long for a word: they may be secrets.
void follow_har(Input& input);

// Follows the nesting of JSON. What is no JSON, or no HAR, leads to no part, or to a wrong one, and to nothing worse.
class HarTracker {
public:
    void feed(std::string_view text);
    std::string part_at(std::uint64_t at) const;

private:
    struct Frame {
        bool array = false;
        std::string key = {}; // of an object: the member that it is at
    };
    struct Entry {
        std::uint64_t number = 0;
        std::string method = {}, url = {};
    };
    struct Mark { // a string, from its first octet on
        std::uint64_t begin = 0;
        std::uint64_t entry = 0;
        std::string what = {};
    };

    void structural(char c);
    void begin_string();
    void end_string();
    bool is_in(std::size_t depth, std::string_view key) const;
    std::string what() const;

    std::vector<Frame> stack_;
    std::size_t too_deep_ = 0; // containers below those of the stack
    std::uint64_t at_ = 0;
    bool in_string_ = false, escaped_ = false, expects_key_ = false, is_key_ = false;
    std::uint64_t string_begin_ = 0;
    std::string captured_; // the beginning of the string
    std::string name_;     // of the header, cookie or parameter
    std::deque<Entry> entries_;
    std::deque<Mark> marks_;
};

} // namespace jwtdomain::scan
