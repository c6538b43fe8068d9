// A list of revocations: what is listed is found.
#include "check.h"
#include "jwtdomain/accept/revocation.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto list = parse_revocations(view(data, size), "f");
    if (!list) return 0;
    for (const Revocation& entry : list->entries()) {
        RevocationSubject subject{.domain = entry.domain};
        switch (entry.kind) {
        case Revoked::jti: subject.jti = entry.value; break;
        case Revoked::family: subject.family = entry.value; break;
        case Revoked::subject: subject.subject = entry.value; break;
        case Revoked::key: subject.thumbprint = entry.value; break;
        case Revoked::domain: break;
        }
        const bool matters = !entry.until || *entry.until > 1700000000;
        if (matters) CHECK(list->find(subject, 1700000000) != nullptr);
    }
    return 0;
}
