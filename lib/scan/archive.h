// Archives, read member by member through libarchive. Nothing is written anywhere.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "jwtdomain/scan/allowance.h"
#include "jwtdomain/scan/find.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

struct ArchiveMember {
    std::string name; // as it stands there: any octets
    bool encrypted = false;
    bool has_content = true; // a directory and a link have none
};

class Archive {
public:
    // `layer`: what packed_by says. A 7z is read from its end: where the input has no `read_at`, it is held in memory
    // as far as the allowance goes. Faults: unsupported, limit.
    static Result<std::unique_ptr<Archive>> open(Layer layer, Input input, Allowance& allowance);
    virtual ~Archive() = default;

    // Nothing at the end, or behind a break that was told before. Faults: invalid, those of the input; unless it is
    // broken then, more members may follow.
    virtual Result<std::optional<ArchiveMember>> next() = 0;

    // A fault, of `next` or of a content, was the end of it.
    virtual bool is_broken() = 0;

    // Is there anything encrypted in what was read of it? Then that may be why `next` gave a fault.
    virtual bool is_encrypted() = 0;

    // Of the member that `next` gave last, until it is called again.
    virtual Input content() = 0;

    // What stands behind the end of the archive, or behind the place where it is broken; empty if it has no such end.
    virtual Input rest() = 0;
};

} // namespace jwtdomain::scan
