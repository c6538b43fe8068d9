// Scanning the content of a file, whatever it was packed in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/scan/gap.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

// What unpacking one input may take. What meets a limit is a gap (limit); what was had before is looked at.
struct ContentOptions {
    std::uint64_t window = 36u << 20;  // octets of memory, of all decoders that are at work together
    std::uint64_t unpacked = 1u << 30; // octets that come out, of all layers; or 200 times the size, if that is more
    std::uint64_t members = 1'000'000; // of archives
    std::size_t depth = 16;            // archives and compression inside of each other
    std::vector<std::string> exclude = {}; // members of archives, by their names in there; as WalkOptions
};

struct ContentEvents {
    // What is told next stands in there: the path of the input, and of a member "a.zip!dir/b.tar!c", where each name is
    // as the archive has it: any octets. May be empty.
    std::function<void(const std::string& path)> begin = {};
    std::function<void(const std::string& path, Gap gap, std::string_view detail)> gap;
};

struct ContentEnd {
    std::uint64_t octets = 0;   // that were searched, unpacked
    std::uint64_t members = 0;  // of archives that were looked at
    std::uint64_t excluded = 0; // members that were left out
};

// By its first octets: what is compressed is unpacked, archives (zip, tar, 7z, cpio, ar) are read member by member, and
// so on for what is in them; also a zip that stands behind something else, where the input has its size. Each is read
// as a stream, and nothing is written. Where the input says stop, it ends.
ContentEnd scan_content(Stream& stream, const std::string& path, Input input, const ContentOptions& options,
                        const ContentEvents& events);

// Of an input that has its size: whether scan_content() would search it as it is, and nothing else but look for a zip
// behind it. Then its segments (scan/segment.h) may be searched apart, and scan_appended() does the rest.
bool is_plain_content(const Input& input);
ContentEnd scan_appended(Stream& stream, const std::string& path, const Input& input, const ContentOptions& options,
                         const ContentEvents& events);

} // namespace jwtdomain::scan
