// Tokens shaped as common issuers make them. Their signatures are so many octets of nothing.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/base64url.h"

namespace jwtdomain::test {

inline std::string shaped(std::string_view header, std::string_view claims, std::size_t signature = 256) {
    return base64url_encode(header) + "." + base64url_encode(claims) + "." +
           base64url_encode(std::string(signature, 'S'));
}

inline std::string keycloak_token() {
    return shaped(
        R"({"alg":"RS256","typ":"JWT","kid":"WAy9Fp1RzKq8cYQe0J0l7mYc4lXH2yqRZ0Jkq2D1x2A"})",
        R"({"exp":1700000300,"iat":1700000000,"auth_time":1699999980,"jti":"onrtac:2b0d6f7c-3f0a-4d3c-9a57-0d9c7f5c1234",)"
        R"("iss":"https://sso.example.com/realms/shop","aud":"account","sub":"f3c2a1d0-6a35-4b4f-8c55-1e2d3c4b5a69",)"
        R"("typ":"Bearer","azp":"shop-web","sid":"6a0c3f0e-1d1b-47f5-8a1f-0c6f4c4b7d11","acr":"1",)"
        R"("allowed-origins":["https://shop.example.com"],"realm_access":{"roles":["offline_access","uma_authorization"]},)"
        R"("resource_access":{"account":{"roles":["manage-account","view-profile"]}},"scope":"openid email profile",)"
        R"("email_verified":true,"name":"Alice Example","preferred_username":"alice","given_name":"Alice",)"
        R"("family_name":"Example","email":"alice@example.com"})");
}

inline std::string entra_token() {
    return shaped(
        R"({"typ":"JWT","alg":"RS256","x5t":"L1KfKFI_jnXbwWc22xZxw1sUHH0","kid":"L1KfKFI_jnXbwWc22xZxw1sUHH0"})",
        R"({"aud":"api://2c5a7f0e-8a44-4a25-9a4a-6b8a8d2a1f10",)"
        R"("iss":"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0","iat":1699999700,)"
        R"("nbf":1699999700,"exp":1700003600,"aio":"AWQAm/8XAAAA","azp":"1f7c8a2d-0b7e-4f6b-9a43-2b1c0d9e8f70",)"
        R"("azpacr":"1","idtyp":"app","oid":"5c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f","rh":"0.AX0A","roles":["Orders.Read.All"],)"
        R"("sub":"5c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f","tid":"9188040d-6c67-4c5b-b112-36a304b66dad",)"
        R"("uti":"kq2D1x2AWAy9Fp1RzKq8AA","ver":"2.0"})");
}

inline std::string kubernetes_token() {
    return shaped(
        R"({"alg":"RS256","kid":"jRQ2Yk4cXsZ5bN0w7LhVtTqU3oG9eDfAaCmIyPvKxBs"})",
        R"({"aud":["https://kubernetes.default.svc.cluster.local"],"exp":1731536000,"iat":1700000000,)"
        R"("iss":"https://kubernetes.default.svc.cluster.local","jti":"0d4b1f3a-5e6c-4b7d-9f80-a1b2c3d4e5f6",)"
        R"("kubernetes.io":{"namespace":"payments","pod":{"name":"orders-7c9d5b8f6d-x2k4q",)"
        R"("uid":"2a3b4c5d-6e7f-4081-9293-a4b5c6d7e8f9"},"serviceaccount":{"name":"orders",)"
        R"("uid":"3b4c5d6e-7f80-4192-a3b4-c5d6e7f8091a"},"warnafter":1700003607},"nbf":1700000000,)"
        R"("sub":"system:serviceaccount:payments:orders"})");
}

inline std::string cognito_token() {
    return shaped(
        R"({"kid":"Vb/1Gk+uTzWn2eYx8aQ0rLpD5mJ7cHsF3iOvN4yZqKU=","alg":"RS256"})",
        R"({"sub":"b2c5a7f0-e8a4-44a2-89a4-a6b8a8d2a1f1","cognito:groups":["admins"],)"
        R"("iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI","client_id":"3n4b5v6c7x8z9a0s1d2f3g4h5j",)"
        R"("origin_jti":"5e6c4b7d-9f80-41b2-83d4-e5f60d4b1f3a","event_id":"c4d5e6f7-0819-42a3-b4c5-d6e7f8091a2b",)"
        R"("token_use":"access","scope":"aws.cognito.signin.user.admin orders/read","auth_time":1699999940,)"
        R"("exp":1700003540,"iat":1699999940,"jti":"7d9f80a1-b2c3-44e5-960d-4b1f3a5e6c4b",)"
        R"("username":"b2c5a7f0-e8a4-44a2-89a4-a6b8a8d2a1f1"})");
}

} // namespace jwtdomain::test
