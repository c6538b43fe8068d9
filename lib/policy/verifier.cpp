#include "jwtdomain/policy/verifier.h"

#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/schema.h"

namespace jwtdomain::policy {

Result<DeclaredVerifier> read_verifier(const document::Node& node, const std::string& file, std::size_t number) {
    if (auto good = schema::check(node, schema::verifier_object(), file); !good) return fail(good.error());
    return bind::verifier(node, file, number);
}

} // namespace jwtdomain::policy
