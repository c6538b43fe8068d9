#include "cli/app/fetched.h"

#include <algorithm>

#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/net/snapshot.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

std::string text_of_age(Seconds age) { return format_duration(age < 60 ? age : age - age % 60); }

Seconds seconds_since(const net::Fetched& fetched, Time now) { return std::max<Seconds>(0, now - fetched.confirmed); }

} // namespace

std::string age_of(const net::Fetched& fetched, Time now) { return text_of_age(seconds_since(fetched, now)); }

Status keep_snapshot(Session& session, const std::string& file) {
    return store::write_file(file, net::write_snapshot(session.documents().answers()), store::Existing::replace);
}

Status use_snapshot(Session& session, const std::string& file) {
    const auto text = store::read_file(file, net::kMostSnapshot);
    if (!text) return tl::unexpected(text.error());
    auto answers = net::read_snapshot(*text, file);
    if (!answers) return tl::unexpected(answers.error());
    session.set_documents(std::move(*answers));
    return {};
}

std::vector<FetchedLine> fetched_lines(Session& session, Time as_of) {
    std::vector<FetchedLine> out;
    for (const auto& [url, answer] : session.documents().answers()) {
        if (answer)
            out.push_back({url, hexadecimal(sha256(answer->body)), answer->confirmed, seconds_since(*answer, as_of)});
    }
    return out;
}

std::string text_of(const FetchedLine& line) {
    return line.url + ", " + (line.age == 0 ? "just fetched" : text_of_age(line.age) + " old");
}

} // namespace jwtdomain::cli
