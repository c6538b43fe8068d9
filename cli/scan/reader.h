// Reads contents, whatever they were packed in, and says of what is found in them all that one thread can.
#pragma once

#include <functional>
#include <string>

#include "cli/scan/sighting.h"
#include "jwtdomain/scan/content.h"
#include "jwtdomain/scan/segment.h"

namespace jwtdomain::cli {

// Belongs to one thread.
class Reader {
public:
    using Take = std::function<void(Sighting&&)>;
    using TellGap = std::function<void(const std::string& path, scan::Gap gap, std::string_view detail)>;

    Reader(Classifier classifier, const SightOptions& options, scan::Effort effort);

    // `git`: where it is in a repository; may be null.
    scan::ContentEnd read(const std::string& path, scan::Input input, const scan::ContentOptions& options,
                          const Take& take, const TellGap& gap, const scan::GitPlace* git = nullptr);
    // What scan_content() does beyond searching a plain content.
    scan::ContentEnd read_behind(const std::string& path, const scan::Input& input, const scan::ContentOptions& options,
                                 const Take& take, const TellGap& gap);
    // Lines count from the first of the segment. `again`: see Sighter.
    Result<scan::SegmentEnd> read_segment(const std::string& path, const scan::Input& input,
                                          const scan::Segment& segment, const Take& take, bool again);

private:
    void found(const scan::Found& found, const scan::Place& place);
    void begin(const std::string& path, const Take& take, const scan::GitPlace* git);

    Sighter sighter_;
    scan::Stream stream_;
    scan::SegmentScanner segments_;
    std::string path_, shown_; // of what is read; shown_: redacted
    const Take* take_ = nullptr;
    const scan::GitPlace* git_ = nullptr;
    bool again_ = false;
};

} // namespace jwtdomain::cli
