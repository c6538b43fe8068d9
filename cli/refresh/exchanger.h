// Exchanges refresh tokens of one domain.
#pragma once

#include <memory>
#include <string>

#include "cli/issue/family_minter.h"
#include "cli/refresh/options.h"

namespace jwtdomain::cli {

class Exchanger {
public:
    // The session must outlive it. Faults: those of the issuer and of the store; usage.
    static Result<std::unique_ptr<Exchanger>> open(Session& session, const RefreshOptions& options);

    // Faults: those of Ledger::exchange, and of reading a proof.
    Result<refresh::Answer> exchange(std::string_view token);

    const std::string& domain() const { return issuer_->domain; }

private:
    Exchanger(Session& session, std::unique_ptr<DomainIssuer> issuer, FamilyMinter minter, refresh::Ledger ledger)
        : session_(session), issuer_(std::move(issuer)), minter_(std::move(minter)), ledger_(std::move(ledger)) {}

    Session& session_;
    std::unique_ptr<DomainIssuer> issuer_;
    FamilyMinter minter_;
    refresh::Ledger ledger_;
    Narrowing narrowing_;
    std::optional<std::string> client_;
    Result<refresh::Exchange> with_proof(refresh::Exchange exchange) const;
    std::optional<std::string> proof_;     // that came with the token
    std::optional<PrivateKey> client_key_; // or with which one is made
    std::string endpoint_;
};

// RFC 6749 section 5.2: what the client is told, which says as little of every token that is no longer good.
std::string error_response(refresh::Cause cause);
std::string_view error_code(refresh::Cause cause);

} // namespace jwtdomain::cli
