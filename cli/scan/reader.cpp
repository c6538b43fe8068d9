#include "cli/scan/reader.h"

#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {

Reader::Reader(Classifier classifier, const SightOptions& options, scan::Effort effort)
    : sighter_(std::move(classifier), options),
      stream_(effort, [this](const scan::Found& what, const scan::Place& place) { found(what, place); }),
      segments_(effort, [this](const scan::Found& what, const scan::Place& place) { found(what, place); }) {}

void Reader::found(const scan::Found& what, const scan::Place& place) {
    if (shown_.empty()) shown_ = redact_text(path_);
    if (auto sighting = sighter_.look(what, place, shown_, git_, again_)) (*take_)(std::move(*sighting));
}

void Reader::begin(const std::string& path, const Take& take, const scan::GitPlace* git) {
    path_ = path;
    shown_.clear();
    take_ = &take;
    git_ = git;
    again_ = false;
}

scan::ContentEnd Reader::read(const std::string& path, scan::Input input, const scan::ContentOptions& options,
                              const Take& take, const TellGap& gap, const scan::GitPlace* git) {
    begin(path, take, git);
    const auto inside = [&](const std::string& place) { begin(place, take, git); };
    return scan::scan_content(stream_, path, std::move(input), options, {.begin = inside, .gap = gap});
}

scan::ContentEnd Reader::read_behind(const std::string& path, const scan::Input& input,
                                     const scan::ContentOptions& options, const Take& take, const TellGap& gap) {
    begin(path, take, nullptr);
    const auto inside = [&](const std::string& place) { begin(place, take, nullptr); };
    return scan::scan_appended(stream_, path, input, options, {.begin = inside, .gap = gap});
}

Result<scan::SegmentEnd> Reader::read_segment(const std::string& path, const scan::Input& input,
                                              const scan::Segment& segment, const Take& take, bool again) {
    begin(path, take, nullptr);
    again_ = again;
    return segments_.scan(input, segment);
}

} // namespace jwtdomain::cli
