#include "jwtdomain/base/result.h"

namespace jwtdomain {

std::string describe(const Error& error) {
    std::string text = error.where.file;
    if (error.where.line > 0) {
        text += ":" + std::to_string(error.where.line);
        if (error.where.column > 0) text += ":" + std::to_string(error.where.column);
    }
    if (!text.empty()) text += ": ";
    return text + error.message;
}

} // namespace jwtdomain
