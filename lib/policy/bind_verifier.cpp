#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::policy::bind {

namespace {

using document::Kind;
using schema::refuse;

template <class Enum> void set_word(const Node& node, std::string_view name, schema::Words words, Enum& out) {
    if (const Node* n = node.find(name)) out = static_cast<Enum>(word_index(*n, words()));
}

bool is_word(const Node* node, std::string_view word) { return node != nullptr && node->text == word; }

void set_optional_span(const Node& node, std::string_view name, std::optional<Seconds>& out) {
    if (const Node* n = node.find(name)) out = span(*n);
}

// The claim in "https://{tenant}.example/keys"; empty: none.
Result<std::string> claim_in(const Node& place, const std::string& file) {
    const std::size_t open = place.text.find('{'), close = place.text.find('}');
    if (open == std::string::npos && close == std::string::npos) return std::string();
    if (open != std::string::npos && close != std::string::npos && open < close) {
        std::string name = place.text.substr(open + 1, close - open - 1);
        const bool one = place.text.find_first_of("{}", close + 1) == std::string::npos;
        if (one && parse_claim_path(name)) return name;
    }
    return refuse(file, place.mark, "a place of keys with braces that do not hold the name of one claim",
                  "write {iss}, or another claim, where the verifier puts the claim of a token");
}

// The place for some value of the claim, as a URL if the claim begins it.
std::string example_of(const std::string& place) {
    const std::size_t open = place.find('{');
    return (open == 0 ? "https://" : "") + place.substr(0, open) + "x" + place.substr(place.find('}') + 1);
}

// Of a verifier, whatever it does: others fetch keys without TLS, too.
Result<KeyLocation> any_location(const Node& node, const std::string& file) {
    if (node.text.rfind("http://", 0) == 0) return KeyLocation{KeyLocation::Kind::url, node.text};
    return key_location(node, {}, file);
}

Result<DeclaredKeys> placed_keys(const Node& where, const std::string& file) {
    auto named_by = claim_in(where, file);
    if (!named_by) return fail(named_by.error());
    Node tried = where;
    if (!named_by->empty()) tried.text = example_of(where.text);
    auto location = any_location(tried, file);
    if (!location) return fail(location.error());
    DeclaredKeys keys;
    keys.location = {location->kind, named_by->empty() ? location->value : where.text};
    keys.named_by = std::move(*named_by);
    return keys;
}

Result<DeclaredKeys> key_source(const Node& node, const std::string& file) {
    if (node.kind != Kind::object) return placed_keys(node, file);
    const Node *place = node.find("jwks"), *text = node.find("inline");
    if ((place == nullptr) == (text == nullptr))
        return refuse(file, node.mark, "a source of keys needs exactly one of jwks and inline");
    DeclaredKeys keys;
    if (text != nullptr) {
        keys.location = {KeyLocation::Kind::text, text->text};
    } else {
        auto placed = placed_keys(*place, file);
        if (!placed) return placed;
        keys = std::move(*placed);
    }
    if (const Node* n = node.find("algorithms")) keys.algorithms = algorithms(*n);
    if (const Node* n = node.find("kid")) keys.kid = n->text;
    set(node, "owner", keys.owner);
    if (const Node* n = node.find("metadata_issuer")) keys.metadata_issuer = n->text;
    return keys;
}

Status bind_keys(const Node& node, const std::string& file, DeclaredPath& path) {
    if (node.kind == Kind::string && node.text == "none") {
        path.signature_unchecked = true;
        return {};
    }
    const auto add = [&](const Node& source) -> Status {
        auto keys = key_source(source, file);
        if (!keys) return fail(keys.error());
        path.keys.push_back(std::move(*keys));
        return {};
    };
    if (node.kind != Kind::array) return add(node);
    for (const Node& element : node.elements) {
        if (element.text == "none") {
            return refuse(file, element.mark, "the word none in a list",
                          "write keys: none if signatures are not checked");
        }
        if (auto ok = add(element); !ok) return ok;
    }
    return {};
}

Status bind_issuer(const Node& node, const std::string& file, DeclaredPath& path) {
    auto allowed = language(*node.find("issuer"), file, true);
    if (!allowed) return fail(allowed.error());
    path.issuer.allowed = std::move(*allowed);
    path.issuer.absent_ok = path.issuer.allowed.any;
    set(node, "issuer_optional", path.issuer.absent_ok);
    return {};
}

Status bind_audience_rule(const Node& node, const std::string& file, accept::AudienceRule& rule) {
    const Node* any_of = node.find("any_of");
    if (any_of == nullptr && node.find("all_of") == nullptr && node.find("subset_of") == nullptr) {
        return refuse(file, node.mark, "an audience rule that checks nothing", "write audience: any if it is so");
    }
    if (any_of == nullptr) {
        rule.any_of.any = true;
    } else {
        auto values = language(*any_of, file, true);
        if (!values) return fail(values.error());
        rule.any_of = std::move(*values);
    }
    set(node, "all_of", rule.all_of);
    if (const Node* n = node.find("subset_of")) rule.subset_of = texts(*n);
    set(node, "optional", rule.absent_ok);
    set(node, "empty_ok", rule.empty_ok);
    set(node, "string_only", rule.string_only);
    set_word(node, "comparison", schema::comparison_words, rule.comparison);
    if (const Node* n = node.find("fallback")) {
        auto claims = top_claim_names(*n, file);
        if (!claims) return fail(claims.error());
        rule.fallback_claims = std::move(*claims);
    }
    return {};
}

Status bind_audience(const Node& node, const std::string& file, accept::AudienceRule& rule) {
    if (node.kind == Kind::object) return bind_audience_rule(node, file, rule);
    if (node.kind == Kind::string && node.text == "absent") {
        rule.must_be_absent = rule.absent_ok = true;
        return {};
    }
    auto values = language(node, file, true);
    if (!values) return fail(values.error());
    rule.any = values->any;
    rule.any_of = std::move(*values);
    return {};
}

void bind_time(const Node& node, accept::TimeRule& time) {
    set_word(node, "expiry", schema::presence_words, time.expiry);
    time.negative_expiry_ok = is_word(node.find("negative_expiry"), "accepted");
    time.zero_expiry_absent = is_word(node.find("zero_expiry"), "absent");
    time.malformed_absent = is_word(node.find("malformed_times"), "absent");
    time.not_before = is_word(node.find("not_before"), "checked");
    time.issued_at = is_word(node.find("issued_at"), "checked");
    set_optional_span(node, "longest_life", time.longest_life);
    set_optional_span(node, "longest_remaining", time.longest_remaining);
    set_span(node, "leeway", time.leeway);
    if (const Node* ends = node.find("ends")) time.path_ends = bind::time(*ends);
}

Status bind_claims(const Node& node, const std::string& file, DeclaredPath& path) {
    if (const Node* required = node.find("required")) {
        auto names = claim_names(*required, file);
        if (!names) return fail(names.error());
        for (const std::string& name : *names) {
            accept::ClaimRule rule;
            rule.path = parse_claim_path(name).value();
            rule.role = accept::ClaimRule::Role::required;
            path.claims.push_back(std::move(rule));
        }
    }
    if (const Node* claims = node.find("claims")) {
        auto rules = tests(*claims, file);
        if (!rules) return fail(rules.error());
        for (auto& rule : *rules) path.claims.push_back(std::move(rule));
    }
    return {};
}

void bind_dialect(const Node& node, accept::Dialect& dialect) {
    const Node* d = node.find("dialect");
    if (d == nullptr) return;
    set_word(*d, "duplicates", schema::duplicates_words, dialect.duplicates);
    if (const Node* names = d->find("any_case")) dialect.any_case = texts(*names);
    dialect.lenient_base64 = is_word(d->find("base64"), "lenient");
    dialect.issuer_array_ok = is_word(d->find("issuer_array"), "accepted");
    dialect.ignores_crit = is_word(d->find("crit"), "ignored");
    dialect.ignores_alg = is_word(d->find("alg"), "ignored");
    dialect.accepts_none = is_word(d->find("none"), "accepted");
    dialect.accepts_encrypted = is_word(d->find("encryption"), "accepted");
    dialect.accepts_json = is_word(d->find("json"), "accepted");
    set(*d, "cache", dialect.cache);
}

// What has no name is called by its number among its like: names stand in fingerprints, which must not change with
// lines that are added elsewhere.
std::string unnamed(std::size_t number) { return "#" + std::to_string(number); }

Status bind_principal(const Node& node, const std::string& file, DeclaredPath& path) {
    const Node* principal = node.find("principal");
    if (principal == nullptr) return {};
    auto names = claim_names(*principal, file);
    if (!names) return fail(names.error());
    for (const std::string& name : *names) path.principal.push_back(parse_claim_path(name).value());
    return {};
}

Result<DeclaredPath> path_of(const Node& node, const std::string& file, std::size_t number) {
    DeclaredPath path;
    path.where = place(file, node.mark);
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        const document::Mark mark = node.elements[i].mark.line != 0 ? node.elements[i].mark : node.names[i].mark;
        path.places.emplace_back(node.names[i].text, place(file, mark));
    }
    path.name = unnamed(number);
    set(node, "name", path.name);
    if (auto ok = bind_keys(*node.find("keys"), file, path); !ok) return fail(ok.error());
    set_word(node, "kid", schema::kid_words, path.kid);
    path.key_issuer_checked = is_word(node.find("key_issuer"), "checked");
    if (const Node* n = node.find("algorithms")) path.algorithms = algorithms(*n);
    path.type.any = true;
    if (const Node* n = node.find("types")) {
        auto allowed = types(*n, file);
        if (!allowed) return fail(allowed.error());
        path.type = type_rule(*allowed);
    }
    if (auto ok = bind_issuer(node, file, path); !ok) return fail(ok.error());
    if (auto ok = bind_audience(*node.find("audience"), file, path.audience); !ok) return fail(ok.error());
    bind_time(node, path.time);
    if (auto ok = bind_claims(node, file, path); !ok) return fail(ok.error());
    if (auto ok = bind_principal(node, file, path); !ok) return fail(ok.error());
    bind_dialect(node, path.dialect);
    set(node, "dropped", path.dropped);
    return path;
}

// {tenant} stands for a tenant in templates of domains, and a verifier is of one domain. In the place of keys braces
// have a claim.
Status check_placeholders(const Node& node, const std::string& file) {
    if (node.kind == Kind::string && node.text.find("{tenant}") != std::string::npos) {
        return refuse(file, node.mark, "{tenant} in a verifier, where it stands for no tenant",
                      "write the tenant itself, and one verifier for each domain");
    }
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        if (i < node.names.size() && (node.names[i].text == "keys" || node.names[i].text == "jwks")) continue;
        if (auto ok = check_placeholders(node.elements[i], file); !ok) return ok;
    }
    return {};
}

// One without a host would be every resource.
Status check_resource(const Node& node, const std::string& file) {
    const Node* const resource = node.find("resource");
    if (resource == nullptr) return {};
    const std::string& uri = resource->text;
    const std::size_t scheme = uri.find("://");
    const bool host = scheme == std::string::npos || (scheme + 3 < uri.size() && uri[scheme + 3] != '/');
    if (is_absolute_uri(uri) && host && !uri.ends_with(":/")) return {};
    return refuse(file, resource->mark, "'" + uri + "' is not the absolute URI of a resource",
                  "such as https://api.prod.example.com/orders; without `resource` it guards all of the domain's");
}

Status bind_unsigned(const Node& node, const std::string& file, DeclaredVerifier& verifier) {
    const Node* const inputs = node.find("unsigned");
    if (inputs == nullptr) return {};
    for (const Node& element : inputs->elements) {
        accept::UnsignedInput input;
        input.where = place(file, element.mark);
        set_word(element, "from", schema::part_words, input.part);
        set_word(element, "decides", schema::decides_words, input.decides);
        set(element, "name", input.name);
        set(element, "protected_by", input.protected_by);
        if (const Node* claim = element.find("must_equal")) {
            if (auto path = parse_claim_path(claim->text); !path)
                return refuse(file, claim->mark, path.error().message, path.error().hint);
            input.must_equal = claim->text;
        }
        verifier.unsigned_inputs.push_back(std::move(input));
    }
    return {};
}

Status check_kind(const Node& node, const std::string& file, const DeclaredVerifier& verifier) {
    const bool gateway = !verifier.type.empty(), written = node.find("accepts") != nullptr;
    const bool other = verifier.guard != accept::Entry::Guard::paths;
    if (gateway != !verifier.path.empty()) {
        return refuse(file, node.mark, "a verifier with only one of type and path",
                      "they go together: {type: istio, path: k8s/prod}");
    }
    if (gateway + written + other != 1) {
        return refuse(file, node.mark, "a verifier needs exactly one of type and path, accepts, or guard: open|opaque",
                      "see jwtdomain schema verifier");
    }
    if (verifier.anonymous && !written && verifier.guard != accept::Entry::Guard::open) {
        return refuse(file, node.mark, "unknown_issuer without 'accepts', which has the issuers that are known",
                      "or with guard: open, where there are none");
    }
    if (other && verifier.why.empty()) {
        return refuse(file, node.mark, "a verifier that is open or opaque without 'why'", "say why, for the reports");
    }
    return {};
}

} // namespace

accept::TypeRule type_rule(const std::vector<std::string>& types) {
    accept::TypeRule rule;
    for (const std::string& type : types) {
        if (type == "any")
            rule.any = true;
        else if (type == "absent")
            rule.absent_ok = true;
        else
            rule.allowed.push_back(type);
    }
    return rule;
}

Result<DeclaredVerifier> verifier(const Node& node, const std::string& file, std::size_t number) {
    DeclaredVerifier out;
    if (auto ok = check_placeholders(node, file); !ok) return fail(ok.error());
    out.where = place(file, node.mark);
    out.domain = node.find("domain")->text;
    out.name = number == 1 ? out.domain : unnamed(number);
    set(node, "name", out.name);
    set(node, "resource", out.resource);
    set(node, "methods", out.methods);
    set(node, "type", out.type);
    set(node, "path", out.path);
    set_word(node, "guard", schema::guard_words, out.guard);
    set(node, "why", out.why);
    out.anonymous = is_word(node.find("unknown_issuer"), "anonymous");
    if (auto ok = bind_unsigned(node, file, out); !ok) return fail(ok.error());
    if (auto ok = check_kind(node, file, out); !ok) return fail(ok.error());
    if (auto ok = check_resource(node, file); !ok) return fail(ok.error());
    if (const Node* accepts = node.find("accepts")) {
        for (const Node& element : accepts->elements) {
            auto path = path_of(element, file, out.accepts.size() + 1);
            if (!path) return fail(path.error());
            out.accepts.push_back(std::move(*path));
        }
    }
    return out;
}

} // namespace jwtdomain::policy::bind
