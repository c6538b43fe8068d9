#include "jwtdomain/scan/content.h"

#include "jwtdomain/scan/inflate.h"

namespace jwtdomain::scan {

Result<StreamEnd> scan_content(Stream& stream, Input input) {
    constexpr std::size_t kFirst = 512, kLayers = 8;
    std::vector<Layer> layers;
    while (layers.size() < kLayers) {
        const std::string first = peek(input, kFirst);
        const auto layer = compressed_by(first);
        if (!layer) break;
        layers.push_back(*layer);
        input = inflated(*layer, std::move(input));
    }
    return stream.scan(input, std::move(layers));
}

} // namespace jwtdomain::scan
