#include "cli/audit/witness_fields.h"

#include <set>

#include "cli/app/json_text.h"
#include "cli/audit/codes.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;
using audit::Field;

std::string text_of(const Json& value) {
    std::string text = json_text(value, -1);
    text.pop_back(); // the newline
    return text;
}

std::string member(const Json& object, const std::string& name) {
    const auto found = object.find(name);
    return found == object.end() ? "" : text_of(*found);
}

std::string claim_at(const Json& claims, const std::string& text) {
    const auto path = policy::parse_claim_path(text);
    const Json* at = &claims;
    for (const std::string& step : path ? *path : std::vector<std::string>{text}) {
        const auto found = at->is_object() ? at->find(step) : at->end();
        if (found == at->end()) return {};
        at = &*found;
    }
    return text_of(*at);
}

class Fields {
public:
    explicit Fields(const AuditReport::CrossingRow& row)
        : row_(row), header_(json_value(row.header)), claims_(json_value(row.claims)) {}

    std::vector<WitnessField> run() {
        for (std::size_t i = 0; i < row_.remedies.size(); ++i) {
            const audit::Remedy& remedy = row_.remedies[i];
            out_.push_back({.name = title_of(remedy),
                            .has = value(remedy),
                            .now = remedy.now,
                            .then = remedy.then,
                            .stops = stopped_by(remedy),
                            .smallest = row_.fix == i});
        }
        rest(header_, "header ", said_header_);
        rest(claims_, "", said_claims_);
        return std::move(out_);
    }

private:
    std::string value(const audit::Remedy& remedy) {
        if (!remedy.besides.empty()) return {};
        switch (remedy.field) {
        case Field::signing: {
            said_header_.insert({"alg", "kid"});
            Json shown;
            for (const char* name : {"alg", "kid"}) {
                if (header_.contains(name)) shown[name] = header_[name];
            }
            return text_of(shown);
        }
        case Field::type: said_header_.insert("typ"); return member(header_, "typ");
        case Field::issuer: said_claims_.insert("iss"); return member(claims_, "iss");
        case Field::audience: said_claims_.insert("aud"); return member(claims_, "aud");
        case Field::time: return member(claims_, "exp");
        case Field::claim: said_claims_.insert(remedy.claim); return claim_at(claims_, remedy.claim);
        }
        return {};
    }

    void rest(const Json& object, const std::string& where, const std::set<std::string>& said) {
        for (const auto& [name, each] : object.items()) {
            if (!said.contains(name))
                out_.push_back({.name = where + name, .has = text_of(each), .now = {}, .then = {}, .stops = {}});
        }
    }

    const AuditReport::CrossingRow& row_;
    Json header_, claims_;
    std::set<std::string> said_header_, said_claims_;
    std::vector<WitnessField> out_;
};

} // namespace

std::vector<WitnessField> witness_fields(const AuditReport::CrossingRow& row) {
    return row.header.empty() ? std::vector<WitnessField>{} : Fields(row).run();
}

} // namespace jwtdomain::cli
