// AWS in the normal form: HTTP APIs in CloudFormation and SAM, and trust policies of IAM: each thing that its
// documentation says, and each that is not known.
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <string>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::ClaimTest;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

using Names = std::vector<std::string>;

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "template.yaml") {
    return test::imported("aws", file, text);
}

Names names(const std::vector<DeclaredVerifier>& all) {
    Names out;
    for (const DeclaredVerifier& each : all) out.push_back(each.name);
    return out;
}

std::string data(const std::string& name) {
    std::ifstream file(std::string(TEST_DATA) + "/gateway/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

const accept::ClaimRule* claim(const DeclaredPath& path, const std::string& name) {
    for (const accept::ClaimRule& each : path.claims) {
        if (each.path == Names{name}) return &each;
    }
    return nullptr;
}

const std::string kAuthorizer = R"(Resources:
  Shop:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration:
        Issuer: https://id.example/shop
        Audience: [orders, invoices]
  Function:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: {AuthorizerType: REQUEST, AuthorizerUri: x}
)";

// A route of CloudFormation with these properties.
DeclaredVerifier route(const std::string& properties, const std::string& authorizer = kAuthorizer) {
    const auto all = read(authorizer +
                          "  Route:\n    Type: AWS::ApiGatewayV2::Route\n    Properties: {ApiId: !Ref Api, "
                          "RouteKey: GET /orders" +
                          (properties.empty() ? "" : ", ") + properties + "}\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "route GET /orders");
    return all.front();
}

// The event of a SAM function, with these settings of the API.
DeclaredVerifier event(const std::string& auth, const std::string& properties) {
    const auto all =
        read("Resources:\n  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Auth: " + auth +
             "\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        E: "
             "{Type: HttpApi, Properties: {ApiId: !Ref Api, " +
             properties + "}}\n");
    REQUIRE(all.size() == 1);
    return all.front();
}

const std::string kAuth = "{DefaultAuthorizer: A, Authorizers: {A: {AuthorizationScopes: [read], JwtConfiguration: "
                          "{issuer: 'https://a', audience: [x]}}, B: {JwtConfiguration: {Issuer: 'https://b', "
                          "Audience: [y]}}, L: {FunctionArn: z, AuthorizerPayloadFormatVersion: 2.0}}}";

const std::string kGithub = "token.actions.githubusercontent.com";

// A trust policy whose one statement has this condition.
DeclaredVerifier trust(const std::string& condition, const std::string& principal = "") {
    const std::string federated =
        principal.empty() ? "{Federated: 'arn:aws:iam::1:oidc-provider/" + kGithub + "'}" : principal;
    const auto all = read("Version: 2012-10-17\nStatement:\n  - Effect: Allow\n    Action: "
                          "sts:AssumeRoleWithWebIdentity\n    Principal: " +
                          federated + "\n    Condition: " + (condition.empty() ? "{}" : condition) + "\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "trust policy");
    return all.front();
}

// Its path for tokens without azp.
DeclaredPath of_github(const std::string& operators) {
    std::string text = operators;
    for (std::size_t at = text.find("P:"); at != std::string::npos; at = text.find("P:", at + kGithub.size()))
        text.replace(at, 1, kGithub);
    const DeclaredVerifier out = trust(text);
    REQUIRE(out.accepts.size() == 2);
    CHECK(out.accepts[0].name == kGithub);
    return out.accepts[0];
}

} // namespace

TEST_CASE("gateway/aws: a JWT authorizer of an HTTP API") {
    const DeclaredVerifier out = route("AuthorizationType: JWT, AuthorizerId: !Ref Shop");
    REQUIRE(out.accepts.size() == 1);
    const DeclaredPath& path = out.accepts.front();
    CHECK(path.issuer.allowed.exact == Names{"https://id.example/shop"});
    CHECK(!path.issuer.absent_ok);
    CHECK(path.keys.front().location.value == "https://id.example/shop/.well-known/openid-configuration");
    CHECK(path.audience.any_of.exact == Names{"orders", "invoices"});
    CHECK(path.audience.fallback_claims == Names{"client_id"}); // where there is no aud
    CHECK(!path.audience.absent_ok);
    REQUIRE(path.algorithms);
    CHECK(path.algorithms->size() == 6); // RSA alone
    CHECK(path.kid == accept::KidRule::must_match);
    CHECK(path.time.expiry == accept::Presence::optional); // it is not said what a token without exp meets
    CHECK(path.time.not_before);
    CHECK(path.time.issued_at);
    CHECK(path.type.any);
    CHECK(path.claims.empty());
    CHECK(path.dropped.empty());
    CHECK(path.where.line == 15);
    for (const char* reference :
         {"{Ref: Shop}", "!GetAtt Shop.AuthorizerId", "{'Fn::GetAtt': [Shop, AuthorizerId]}", "!Sub '${Shop}'"}) {
        CAPTURE(reference);
        CHECK(route("AuthorizationType: JWT, AuthorizerId: " + std::string(reference)).accepts.size() == 1);
    }
}

TEST_CASE("gateway/aws: one scope of a route must be in scope or in scp") {
    const DeclaredVerifier out =
        route("AuthorizationType: JWT, AuthorizerId: !Ref Shop, AuthorizationScopes: [read, write]");
    REQUIRE(out.accepts.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto* const scope = claim(out.accepts[i], i == 0 ? "scope" : "scp");
        REQUIRE(scope != nullptr);
        CHECK(scope->test == ClaimTest::has_any);
        CHECK(scope->shape == accept::ClaimShape::words);
        CHECK(scope->values.exact == Names{"read", "write"});
        CHECK(!scope->absent_ok);
    }
    const DeclaredVerifier unknown =
        route("AuthorizationType: JWT, AuthorizerId: !Ref Shop, AuthorizationScopes: [read, !Ref Scope]");
    REQUIRE(unknown.accepts.size() == 1);
    CHECK(unknown.accepts.front().claims.empty());
    CHECK(unknown.accepts.front().dropped.size() == 1);
}

TEST_CASE("gateway/aws: routes without an authorizer are open, and what is no authorizer of JWTs is opaque") {
    CHECK(route("").guard == Entry::Guard::open);
    CHECK(route("AuthorizationType: NONE").guard == Entry::Guard::open);
    CHECK(route("AuthorizerId: !Ref Shop").guard == Entry::Guard::open); // the type decides
    for (const char* other :
         {"AuthorizationType: CUSTOM, AuthorizerId: !Ref Function", "AuthorizationType: AWS_IAM",
          "AuthorizationType: !Ref Type", "AuthorizationType: MAGIC", "AuthorizationType: JWT, AuthorizerId: abc123",
          "AuthorizationType: JWT, AuthorizerId: !Ref Function", "AuthorizationType: JWT, AuthorizerId: !Ref Route",
          "AuthorizationType: JWT", "AuthorizationType: JWT, AuthorizerId: !ImportValue x",
          "AuthorizationType: !If [Prod, JWT, NONE], AuthorizerId: !Ref Shop"}) {
        CAPTURE(other);
        CHECK(route(other).guard == Entry::Guard::opaque);
    }
    const auto quick =
        read("Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {ProtocolType: HTTP, "
             "Target: x}\n");
    CHECK(quick.front().guard == Entry::Guard::open);
    const auto body = read("Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {Body: {}}\n");
    CHECK(body.front().guard == Entry::Guard::opaque);
    CHECK(read("Resources:\n  A: {Type: 'AWS::ApiGateway::Authorizer'}\n").front().guard == Entry::Guard::opaque);
    const auto socket = read("Resources:\n  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: "
                             "WEBSOCKET}}\n  C: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, "
                             "RouteKey: $connect}}\n  D: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref "
                             "Api, RouteKey: $default}}\n");
    CHECK(names(socket) == Names{"route $connect"});
    const auto loop = read(kAuthorizer + "  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: {RouteKey: x}}\n  "
                                         "Fn::ForEach::Routes: [a, [b], {}]\n");
    CHECK(names(loop) == Names{"route x", "further resources"});
}

TEST_CASE("gateway/aws: references and substitutions are never taken for text") {
    for (const char* value : {"!Ref X", "!Sub 'https://${X}'", "{'Fn::Sub': 'https://${X}'}", "!ImportValue x",
                              "!Join ['', [https, x]]", "'{{resolve:ssm:/x}}'", "[a]"}) {
        CAPTURE(value);
        const std::string authorizer = "Resources:\n  Shop: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: "
                                       "{AuthorizerType: JWT, JwtConfiguration: {Issuer: " +
                                       std::string(value) + ", Audience: [a, " + value + "]}}}\n";
        const DeclaredPath path = route("AuthorizationType: JWT, AuthorizerId: !Ref Shop", authorizer).accepts.front();
        CHECK(path.issuer.allowed.any);
        CHECK(path.keys.front().location.value == "an issuer that is not known");
        CHECK(path.audience.any);
        CHECK(path.dropped.size() == 2);
    }
    const std::string plain =
        "Resources:\n  Shop: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {AuthorizerType: "
        "JWT, JwtConfiguration: {Issuer: !Sub 'https://x', Audience: any}}}\n";
    const DeclaredPath path = route("AuthorizationType: JWT, AuthorizerId: !Ref Shop", plain).accepts.front();
    CHECK(path.issuer.allowed.exact == Names{"https://x"});
    CHECK(!path.audience.any);
    CHECK(path.audience.any_of.contains("any"));
    CHECK(!path.audience.any_of.contains("other"));
}

TEST_CASE("gateway/aws: SAM's authorizers, by default and by event") {
    const DeclaredVerifier standard = event(kAuth, "Path: /x, Method: get");
    CHECK(standard.name == "get /x");
    CHECK(standard.accepts.size() == 2); // its own scopes
    CHECK(standard.accepts[0].issuer.allowed.exact == Names{"https://a"});
    CHECK(standard.accepts[0].audience.any_of.exact == Names{"x"});
    CHECK(claim(standard.accepts[0], "scope")->values.exact == Names{"read"});
    const DeclaredVerifier other = event(kAuth, "Path: /x, Method: get, Auth: {Authorizer: B}");
    REQUIRE(other.accepts.size() == 1);
    CHECK(other.accepts[0].issuer.allowed.exact == Names{"https://b"}); // names in capitals do, too
    const DeclaredVerifier scopes = event(kAuth, "Path: /x, Method: get, Auth: {AuthorizationScopes: [write]}");
    CHECK(claim(scopes.accepts[0], "scope")->values.exact == Names{"write"});
    const DeclaredVerifier empty = event(kAuth, "Path: /x, Method: get, Auth: {AuthorizationScopes: []}");
    CHECK(claim(empty.accepts[0], "scope")->values.exact == Names{"read"});
    CHECK(event(kAuth, "Path: /x, Method: get, Auth: {Authorizer: NONE}").guard == Entry::Guard::open);
    CHECK(event("{}", "Path: /x, Method: get").guard == Entry::Guard::open);
    // The default is not for OPTIONS; an event that names it is.
    CHECK(event(kAuth, "Path: /x, Method: options").guard == Entry::Guard::open);
    CHECK(event(kAuth, "Path: /x, Method: !Ref M").guard == Entry::Guard::open);
    CHECK(event(kAuth, "Path: /x, Method: OPTIONS, Auth: {Authorizer: A}").guard == Entry::Guard::paths);
    CHECK(event(kAuth, "Path: /x, Method: any").guard == Entry::Guard::paths);
    for (const char* opaque :
         {"Auth: {Authorizer: L}", "Auth: {Authorizer: AWS_IAM}", "Auth: {Authorizer: C}", "Auth: {Authorizer: !Ref A}",
          "Auth: !If [P, {Authorizer: A}, {Authorizer: B}]", "Auth: [A]"}) {
        CAPTURE(opaque);
        CHECK(event(kAuth, "Path: /x, Method: get, " + std::string(opaque)).guard == Entry::Guard::opaque);
    }
    CHECK(event("!If [P, {DefaultAuthorizer: A}, {}]", "Path: /x, Method: get").guard == Entry::Guard::opaque);
    CHECK(read("Resources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {Events: {E: {Type: HttpApi, "
               "Properties: {ApiId: abc}}}}}\n")
              .front()
              .guard == Entry::Guard::opaque);
    CHECK(read("Resources:\n  A: {Type: 'AWS::Serverless::HttpApi', Properties: {DefinitionUri: x}}\n").front().guard ==
          Entry::Guard::opaque);
}

TEST_CASE("gateway/aws: SAM's globals, and an API that nobody wrote down") {
    const auto all = read(data("sam.yaml"));
    CHECK(names(all) == Names{"get /orders", "GET /health", "POST /export/<tenant>", "ANY /admin", "options /orders"});
    CHECK(all[0].accepts[0].issuer.allowed.exact == Names{"https://id.prod.example/realms/shop"});
    CHECK(claim(all[0].accepts[0], "scope")->values.exact == Names{"orders.read"});
    CHECK(all[1].guard == Entry::Guard::open);
    CHECK(claim(all[2].accepts[1], "scp")->values.exact == Names{"orders.export"});
    CHECK(all[3].accepts[0].issuer.allowed.any);
    CHECK(all[3].accepts[0].dropped.size() == 2);
    CHECK(all[4].guard == Entry::Guard::open);
    // what an API says itself goes before them; lists are joined
    const auto local = read("Globals: {HttpApi: {Auth: " + kAuth +
                            "}}\nResources:\n  Api: {Type: "
                            "'AWS::Serverless::HttpApi', Properties: {Auth: {Authorizers: {A: {JwtConfiguration: "
                            "{issuer: 'https://own', audience: [z]}}}}}}\n  F: {Type: 'AWS::Serverless::Function', "
                            "Properties: {Events: {E: {Type: HttpApi, Properties: {ApiId: !Ref Api}}}}}\n");
    CHECK(names(local) == Names{"ANY $default"});
    CHECK(local[0].accepts[0].issuer.allowed.exact == Names{"https://own"});
    CHECK(local[0].accepts[0].audience.any_of.exact == Names{"x", "z"});
}

TEST_CASE("gateway/aws: a trust policy: the provider is the issuer") {
    const auto all = read(data("trust.json"), "trust.json");
    REQUIRE(all.size() == 1);
    REQUIRE(all[0].accepts.size() == 2);
    const DeclaredPath& path = all[0].accepts[0];
    CHECK(path.issuer.allowed.exact == Names{"https://" + kGithub});
    CHECK(path.keys.front().location.value == "https://" + kGithub + "/.well-known/openid-configuration");
    CHECK(path.audience.any_of.exact == Names{"sts.amazonaws.com"});
    CHECK(path.time.expiry == accept::Presence::required);
    CHECK(path.time.leeway == 300);
    const auto* const sub = claim(path, "sub");
    REQUIRE(sub != nullptr);
    CHECK(sub->values.contains("repo:shop/orders:environment:prod"));
    CHECK(!sub->values.contains("repo:shop/orders:environment:dev"));
    CHECK(!sub->absent_ok);
    CHECK(path.dropped.empty());
    CHECK(claim(path, "azp")->test == ClaimTest::absent);
    // a token with azp is for that, whatever its aud
    const DeclaredPath& azp = all[0].accepts[1];
    CHECK(claim(azp, "azp")->values.exact == Names{"sts.amazonaws.com"});
    CHECK(azp.audience.any);
    CHECK(claim(azp, "sub") != nullptr);
}

TEST_CASE("gateway/aws: without a condition on sub the whole issuer is trusted, and without one on aud every client") {
    const DeclaredPath no_sub = of_github("{StringEquals: {'P:aud': sts.amazonaws.com}}");
    CHECK(claim(no_sub, "sub") == nullptr);
    CHECK(no_sub.dropped.empty()); // it is so
    const DeclaredPath none = of_github("");
    CHECK(none.audience.any_of.any);
    CHECK(!none.audience.any);
    CHECK(!none.audience.absent_ok); // STS asks for one
    CHECK(none.dropped.size() == 1); // the client ids of the provider
    const DeclaredVerifier google = trust("", "{Federated: accounts.google.com}");
    CHECK(google.accepts[0].issuer.allowed.exact == Names{"https://accounts.google.com", "accounts.google.com"});
    CHECK(google.accepts[0].dropped.empty()); // everybody has a client there
}

TEST_CASE("gateway/aws: operators and values") {
    CHECK(claim(of_github("{StringEquals: {'P:sub': ['a*', b]}}"), "sub")->values.exact == Names{"a*", "b"});
    const DeclaredPath like = of_github("{StringLike: {'P:sub': ['a*', b]}}");
    CHECK(claim(like, "sub")->values.contains("abc"));
    CHECK(claim(like, "sub")->values.exact == Names{"b"});
    CHECK(of_github("{StringLike: {'P:aud': 'sts.*'}}").audience.any_of.contains("sts.amazonaws.com"));
    // ...IfExists and ForAllValues hold where there is no such key
    CHECK(claim(of_github("{StringEqualsIfExists: {'P:sub': a}}"), "sub")->absent_ok);
    const auto all_values = of_github("{'ForAllValues:StringEquals': {'P:sub': a}}");
    CHECK(claim(all_values, "sub")->absent_ok);
    CHECK(claim(all_values, "sub")->test == ClaimTest::all_in);
    const auto any_value = of_github("{'ForAnyValue:StringLike': {'P:amr': 'authenticated*'}}");
    CHECK(!claim(any_value, "amr")->absent_ok);
    CHECK(claim(any_value, "amr")->test == ClaimTest::has_any);
    CHECK(claim(of_github("{StringEquals: {'P:amr': x}}"), "amr")->test == ClaimTest::has_any);
    CHECK(claim(of_github("{StringEquals: {'P:repository': shop/orders}}"), "repository")->values.exact ==
          Names{"shop/orders"});
    const auto null = of_github("{'Null': {'P:sub': 'false'}}");
    REQUIRE(claim(null, "sub") != nullptr);
    CHECK(claim(null, "sub")->test == ClaimTest::present);
    // names of keys know no case
    CHECK(of_github("{StringEquals: {'Token.Actions.GithubUserContent.com:AUD': x}}").audience.any_of.any);
    CHECK(of_github("{StringEquals: {'Token.Actions.GithubUserContent.com:aud': x}}").audience.any_of.exact ==
          Names{"x"});
    // left out, and said
    for (const char* dropped :
         {"StringNotEquals: {'P:sub': a}", "StringNotLike: {'P:sub': a}", "StringEqualsIgnoreCase: {'P:sub': a}",
          "StringLike: {'P:sub': 'a?'}", "StringLike: {'P:sub': '${aws:username}'}", "StringEquals: {'P:sub': '${x}'}",
          "StringEquals: {'P:sub': [a, !Ref X]}", "StringEquals: {'P:sub': !Sub 'repo:${Org}/x'}",
          "StringEquals: {'P:sub': '{{resolve:ssm:x}}'}", "StringEquals: {'P:sub': []}", "'Null': {'P:sub': 'true'}",
          "StringEquals: {'other.example:sub': a}", "IpAddress: {'aws:SourceIp': 10.0.0.0/8}", "StringEquals: !If [a]",
          "StringEquals: {'P:Sub': a}", "StringEquals: [a]", "Bool: {'P:email_verified': 'true'}"}) {
        CAPTURE(dropped);
        const DeclaredPath path = of_github("{'ForAnyValue:StringEquals': {'P:aud': a}, " + std::string(dropped) + "}");
        CHECK(claim(path, "sub") == nullptr);
        CHECK(path.audience.any_of.exact == Names{"a"});
        CHECK(path.dropped.size() == 1);
    }
    const DeclaredPath twice = of_github("{StringEquals: {'P:sub': a}, StringLike: {'P:sub': 'a*', 'P:aud': b}}");
    CHECK(claim(twice, "sub")->values.exact == Names{"a"});
    CHECK(twice.dropped.size() == 1);
    // oaud is the aud of a token that has azp
    const DeclaredVerifier google = trust("{StringEquals: {'accounts.google.com:aud': me, 'accounts.google.com:oaud': "
                                          "it, 'accounts.google.com:azp': me}}",
                                          "{Federated: accounts.google.com}");
    REQUIRE(google.accepts.size() == 1); // a condition on azp needs it
    CHECK(google.accepts[0].audience.any_of.exact == Names{"it"});
}

TEST_CASE("gateway/aws: several statements, and those that deny") {
    const std::string begin = "Statement:\n",
                      allow = "  - {Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', "
                              "Principal: {Federated: 'arn:aws:iam::1:oidc-provider/",
                      end = "'}, Condition: {}}\n";
    const auto two = read(begin + allow + "a.example" + end + allow + "b.example/id/X" + end +
                          "  - {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: ec2.amazonaws.com}}\n");
    REQUIRE(two.size() == 1);
    REQUIRE(two[0].accepts.size() == 4);
    CHECK(two[0].accepts[2].issuer.allowed.exact == Names{"https://b.example/id/X"});
    const auto denied = read(begin + allow + "a.example" + end +
                             "  - {Effect: Deny, Action: '*', Principal: '*', Condition: {StringNotLike: "
                             "{'a.example:sub': x}}}\n");
    REQUIRE(denied[0].accepts.size() == 2);
    CHECK(denied[0].accepts[0].dropped.size() == 2); // and the client ids
    const auto unknown = [&](const std::string& statement) {
        const auto all = read(begin + allow + "a.example" + end + "  - " + statement + "\n");
        REQUIRE(all.size() == 1);
        return all[0].guard == Entry::Guard::opaque;
    };
    CHECK(unknown("{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: '*'}"));
    CHECK(unknown("{Effect: Allow, Action: 'sts:*', Principal: {AWS: '*'}}"));
    CHECK(unknown("{Effect: Allow, Action: 'STS:assumeRoleWith*', NotPrincipal: {Federated: x}}"));
    CHECK(unknown("{Effect: Allow, NotAction: 's3:*', Principal: '*'}"));
    CHECK(unknown("{Effect: Allow, Action: [!Ref A], Principal: {Federated: !Ref P}}"));
    CHECK(unknown("{Effect: !Ref E, Action: '*', Principal: {Federated: x}}"));
    CHECK(unknown("!If [a, b, c]"));
    CHECK(!unknown("{Effect: Allow, Action: '*', Principal: {Service: x, AWS: 'arn:aws:iam::1:root'}}"));
    CHECK(!unknown("{Effect: Allow, Action: 'sts:AssumeRoleWithSAML', Principal: {Federated: "
                   "'arn:aws:iam::1:saml-provider/x'}}"));
    for (const char* opaque :
         {"graph.facebook.com", "'*'", "'arn:aws:iam::1:oidc-provider/'", "!Ref P",
          "!Sub 'arn:aws:iam::1:oidc-provider/${P}'", "'arn:aws:iam::1:oidc-provider/*'", "{a: b}"}) {
        CAPTURE(opaque);
        CHECK(trust("", "{Federated: " + std::string(opaque) + "}").guard == Entry::Guard::opaque);
    }
}

TEST_CASE("gateway/aws: roles of templates, with their providers") {
    const auto all = read(R"(Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: 'https://id.example/ci', ClientIdList: [sts.amazonaws.com, other]}
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deploy
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: [sts:AssumeRoleWithWebIdentity, sts:TagSession]
          Principal: {Federated: !Ref Provider}
          Condition: {StringLike: {'id.example/ci:aud': 'sts.*', 'id.example/ci:sub': 'main'}}
  Loose:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: !GetAtt Provider.Arn}}
          - {Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}}
  Lambda:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}]
  Text:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub '{"Statement": []}'
)");
    REQUIRE(names(all) == Names{"role deploy", "role Loose", "role Text"});
    const DeclaredPath& deploy = all[0].accepts[0];
    CHECK(deploy.issuer.allowed.exact == Names{"https://id.example/ci"});
    CHECK(deploy.audience.any_of.exact == Names{"sts.amazonaws.com"}); // what both take
    CHECK(deploy.dropped.empty());
    CHECK(claim(deploy, "sub")->values.exact == Names{"main"});
    const DeclaredPath& loose = all[1].accepts[0];
    CHECK(loose.audience.any_of.exact == Names{"sts.amazonaws.com", "other"});
    CHECK(claim(loose, "sub") == nullptr);
    CHECK(loose.dropped.empty());
    CHECK(claim(all[1].accepts[1], "azp")->values.exact == Names{"sts.amazonaws.com", "other"});
    CHECK(all[1].accepts[2].issuer.allowed.exact == Names{"https://token.actions.githubusercontent.com"});
    CHECK(all[2].guard == Entry::Guard::opaque);
    const auto printed =
        read(R"({"Role": {"RoleName": "ci", "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "cognito-identity.amazonaws.com"}}]}}})",
             "role.json");
    CHECK(names(printed) == Names{"role ci"});
}

TEST_CASE("gateway/aws: what is not of it, and bad input") {
    const auto recognised = [](const std::string& text) {
        const auto import = gateway::read({.file = "x.yaml", .text = text});
        return import && import->type == "aws";
    };
    CHECK(!recognised("Resources:\n  B: {Type: 'AWS::S3::Bucket'}\n"));
    CHECK(!recognised("Resources: [a]\n"));
    CHECK(!recognised("Statement:\n  - {Effect: Allow, Action: 's3:GetObject', Principal: '*'}\n"));
    CHECK(!recognised("Statement: x\n"));
    CHECK(!recognised("Role: admin\n"));
    CHECK(
        !recognised("Resources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {Events: {E: {Type: Api}}}}\n"));
    for (const char* odd : {"Resources:\n  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: [a]}\n",
                            "Resources:\n  R: {Type: 'AWS::ApiGatewayV2::Route'}\n",
                            "Resources:\n  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: {RouteKey: [a], ApiId: "
                            "{}, AuthorizationScopes: {}}}\n"}) {
        CAPTURE(odd);
        CHECK(read(odd).front().guard == Entry::Guard::open);
    }
    // lists that are copied for each of many routes
    std::string many = "Resources:\n  Shop: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {AuthorizerType: JWT, "
                       "JwtConfiguration: {Issuer: 'https://i', Audience: [";
    for (int i = 0; i < 2000; ++i) many += "a" + std::to_string(i) + ", ";
    many += "b]}}}\n";
    for (int i = 0; i < 1000; ++i)
        many += "  R" + std::to_string(i) +
                ": {Type: 'AWS::ApiGatewayV2::Route', Properties: {RouteKey: GET /, "
                "AuthorizationType: JWT, AuthorizerId: !Ref Shop}}\n";
    CHECK(read(many).back().guard == Entry::Guard::opaque);
}
