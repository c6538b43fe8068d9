// Files that audits write and read again: witnesses, ignores, baselines, certificates, envelopes. The first octet says
// which; what is read is within its bounds, and a certificate of nothing that we have is refused.
#include <array>

#include "check.h"
#include "jwtdomain/audit/baseline.h"
#include "jwtdomain/audit/certificate.h"
#include "jwtdomain/audit/ignores.h"
#include "jwtdomain/audit/witness_case.h"
#include "jwtdomain/jwt/envelope.h"

using namespace jwtdomain;

namespace {

constexpr Time kNow = 1'700'000'000;
constexpr std::array<std::string_view, 2> kRules{"ISOLATION", "KEY-01"};

void check_certificate(std::string_view text) {
    const auto certificate = audit::read_certificate(text, "f.json");
    if (!certificate) return;
    static const policy::Policy nothing;
    static const audit::Estate estate = audit::make_estate(
        nothing, [](const policy::KeyLocation&) -> Result<JwkSet> { return JwkSet{}; }, kNow);
    const auto refused = audit::refusals(*certificate, estate, {}, kNow);
    CHECK(!refused || refused->size() <= 20);
    CHECK(!refused || !refused->empty());
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text = view(data + 1, size - 1);
    switch (data[0]) {
    case 'w':
        if (const auto witness = audit::parse_case(text, "f.json"); witness)
            CHECK(audit::parse_case(audit::write_case(*witness), "f.json").has_value());
        break;
    case 'i':
        if (const auto ignores = audit::read_ignores(text, "f.yaml", kRules, kNow); ignores) {
            for (const audit::Ignore& each : *ignores) CHECK(each.expires - kNow <= audit::Ignore::kLongest);
        }
        break;
    case 'b':
        if (const auto known = audit::read_baseline(text, "f.json", kRules); known) {
            for (const audit::Known& each : *known) CHECK(!each.owner.empty());
        }
        break;
    case 'c': check_certificate(text); break;
    case 'e':
        if (const auto envelope = open_envelope(text, "f.json", 1u << 20); envelope) {
            CHECK(looks_sealed(text));
            CHECK(!is_signed_by(*envelope, {}));
        }
        break;
    default: break;
    }
    return 0;
}
