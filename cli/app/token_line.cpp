#include "cli/app/token_line.h"

#include "jwtdomain/base/json.h"

namespace jwtdomain::cli {

const char* read_token_line(std::string_view text, TokenLine& out) {
    out.token = text;
    json::Document object;
    if (text.substr(text.find_first_not_of(" \t")).front() != '{' || object.parse(text)) return nullptr;
    const json::Value root = object.root();
    const auto token = root.find("token");
    if (!token) return nullptr;
    if (!token->is(json::Kind::string)) return "token is not a string";
    for (const json::Member& member : root) {
        if (member.name == "token") continue;
        if (member.name != "id" || !member.value.is(json::Kind::string))
            return "the line has a member beside token and id, which are strings";
        out.id = member.value.text();
    }
    out.token = token->text();
    return nullptr;
}

} // namespace jwtdomain::cli
