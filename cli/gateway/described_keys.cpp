#include "cli/gateway/described_keys.h"

#include <algorithm>

#include "cli/app/gateways.h"
#include "cli/app/policy.h"

namespace jwtdomain::cli {
namespace {

using document::Kind;
using document::Node;
using policy::KeyLocation;

// Where source number `k` of the path's keys is written.
document::Mark mark_of(const Node& path, std::size_t k) {
    const Node* node = path.find("keys");
    if (node == nullptr) return path.mark;
    if (node->kind == Kind::array && k < node->elements.size()) node = &node->elements[k];
    const Node* const place = node->kind == Kind::object ? node->find("jwks") : nullptr;
    return place != nullptr ? place->mark : node->mark;
}

void read(const policy::KeyReader& reader, const policy::DeclaredKeys& keys, DescribeReport::KeyPlace& out) {
    if (!keys.named_by.empty()) {
        out.by_token = true;
        out.problem = "the claim " + keys.named_by + " of each token says where they are";
        return;
    }
    const auto set = reader(keys.location);
    if (!set) {
        out.problem = describe(set.error());
        return;
    }
    out.count = set->keys.size();
    for (const Jwk& key : set->keys) {
        if (key.metadata.kid) out.kids.push_back(*key.metadata.kid);
    }
}

} // namespace

void read_keys(Session& session, DescribeReport& report) {
    policy::Policy nowhere;
    nowhere.directory = session.world().directory();
    const policy::KeyReader reader = key_reader(session, nowhere);
    for (std::size_t r = 0; r < report.rows.size(); ++r) {
        const DescribeReport::Row& row = report.rows[r];
        policy::DeclaredVerifier placed = row.verifier;
        place_keys(placed, nowhere.directory, nowhere.directory);
        const Node* const paths = row.form.find("accepts");
        for (std::size_t p = 0; paths != nullptr && p < row.verifier.accepts.size(); ++p) {
            const auto& written = row.verifier.accepts[p].keys;
            for (std::size_t k = 0; k < written.size(); ++k) {
                const policy::DeclaredKeys& keys = placed.accepts[p].keys[k];
                const auto known = [&](const DescribeReport::KeyPlace& other) {
                    return other.kind == keys.location.kind && other.read_from == keys.location.value;
                };
                if (std::any_of(report.keys.begin(), report.keys.end(), known)) continue;
                DescribeReport::KeyPlace place{.written = written[k].location.value,
                                               .read_from = keys.location.value,
                                               .kind = keys.location.kind,
                                               .row = r,
                                               .mark = mark_of(paths->elements[p], k)};
                read(reader, keys, place);
                report.keys.push_back(std::move(place));
            }
        }
    }
    // What is written in the configuration itself is only told of where it cannot be used.
    std::erase_if(report.keys, [](const auto& place) {
        return place.kind == KeyLocation::Kind::none ||
               (place.kind == KeyLocation::Kind::text && place.problem.empty());
    });
}

bool lacks_fetched(const DescribeReport& report) {
    return std::any_of(report.keys.begin(), report.keys.end(), [](const DescribeReport::KeyPlace& place) {
        const bool at_url = place.kind == KeyLocation::Kind::url || place.kind == KeyLocation::Kind::discovery;
        return at_url && !place.problem.empty() && !place.by_token;
    });
}

} // namespace jwtdomain::cli
