#include "jwtdomain/accept/judge.h"

#include <algorithm>

namespace jwtdomain::accept {

bool covers(std::string_view declared, std::string_view request) {
    request = request.substr(0, request.find_first_of("?#"));
    // A path with dot segments, encoded or not, could leave the resource that its prefix names.
    for (const std::string_view trick :
         {std::string_view("/../"), std::string_view("/./"), std::string_view("%2e"), std::string_view("%2E"),
          std::string_view("%2f"), std::string_view("%2F"), std::string_view("\\")}) {
        if (request.find(trick) != std::string_view::npos) return false;
    }
    if (request.size() >= 3 && request.substr(request.size() - 3) == "/..") return false;
    if (!declared.empty() && declared.back() == '/') declared.remove_suffix(1);
    return request.substr(0, declared.size()) == declared &&
           (request.size() == declared.size() || request[declared.size()] == '/');
}

std::vector<std::size_t> guarded_by(std::string_view resource, const std::vector<std::string_view>& declared) {
    std::size_t longest = 0;
    for (const std::string_view each : declared) {
        if (covers(each, resource)) longest = std::max(longest, each.size());
    }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const bool around = declared[i].size() == longest && covers(declared[i], resource);
        if (around || covers(resource, declared[i])) out.push_back(i);
    }
    return out;
}

void TokenReadings::reset(std::string_view token) {
    text_ = token;
    for (Parsed& parsed : parsed_) parsed.current = false;
}

const UnverifiedToken& TokenReadings::read(const Reading& reading) {
    auto found = std::find_if(parsed_.begin(), parsed_.end(), [&](const Parsed& p) { return p.reading == reading; });
    if (found == parsed_.end())
        found =
            parsed_.insert(found, {.reading = reading, .current = false, .token = std::make_unique<UnverifiedToken>()});
    if (!found->current) found->token->parse(text_, reading);
    found->current = true;
    return *found->token;
}

struct Judge::Impl {
    const Verifier& verifier;
    std::vector<std::vector<PathEngine>> engines; // per entry

    explicit Impl(const Verifier& v) : verifier(v) {
        for (const Entry& entry : v.entries) {
            auto& list = engines.emplace_back();
            for (const Path& path : entry.paths) list.emplace_back(path);
        }
    }

    // The entry with the longest resource that covers the request and has the method. Otherwise the reason.
    std::optional<std::size_t> select(const Request& request, std::vector<Finding>& findings) const;
};

std::optional<std::size_t> Judge::Impl::select(const Request& request, std::vector<Finding>& findings) const {
    std::optional<std::size_t> best;
    std::size_t longest = 0;
    bool other_method = false;
    for (std::size_t i = 0; i < verifier.entries.size(); ++i) {
        const Entry& entry = verifier.entries[i];
        if (request.resource.empty() ? !entry.resource.empty()
                                     : (entry.resource.empty() || !covers(entry.resource, request.resource)))
            continue;
        const bool method_fits =
            entry.methods.empty() || request.method.empty() ||
            std::find(entry.methods.begin(), entry.methods.end(), request.method) != entry.methods.end();
        // A request without a method must hold for every method, so an entry for some of them does not settle it.
        const bool settled = method_fits && (!request.method.empty() || entry.methods.empty());
        if (entry.resource.size() < longest) continue;
        if (entry.resource.size() > longest) {
            best.reset();
            other_method = false;
            longest = entry.resource.size();
        }
        if (settled && !best) best = i;
        if (!settled) other_method = true;
    }
    if (best) return best;
    if (other_method && !request.method.empty())
        findings.push_back({Reason::method_unknown, request.method + " " + request.resource});
    else if (other_method)
        findings.push_back(
            {Reason::method_unknown, "this resource asks for different scopes per method: name the method"});
    else
        findings.push_back(
            {request.resource.empty() ? Reason::domain_no_path : Reason::resource_unknown, request.resource});
    return std::nullopt;
}

Judge::Judge(const Verifier& verifier) : impl_(std::make_unique<Impl>(verifier)) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

const Verifier& Judge::verifier() const { return impl_->verifier; }

Decision Judge::decide(TokenReadings& token, const Context& context, const Request& request) {
    Decision decision;
    const auto index = impl_->select(request, decision.findings);
    // Without an entry for the request the token is still judged by the general one, so that all reasons are said.
    std::size_t entry = impl_->verifier.entries.size();
    if (index) {
        entry = *index;
    } else {
        for (std::size_t i = 0; i < impl_->verifier.entries.size(); ++i) {
            if (impl_->verifier.entries[i].resource.empty()) entry = i;
        }
        if (entry == impl_->verifier.entries.size()) return decision;
    }
    const Entry& guard = impl_->verifier.entries[entry];
    if (guard.guard != Entry::Guard::paths || impl_->engines[entry].empty()) {
        decision.findings.push_back({Reason::domain_no_path, guard.why});
        return decision;
    }
    std::vector<Finding> nearest;
    for (PathEngine& engine : impl_->engines[entry]) {
        Outcome outcome = engine.evaluate(token.read(engine.reading()), context, request.further);
        if (outcome.verified && index) {
            decision.verified = outcome.verified;
            decision.nearest = &engine.path();
            return decision;
        }
        if (!decision.nearest || outcome.findings.size() < nearest.size()) {
            decision.nearest = &engine.path();
            nearest = std::move(outcome.findings);
        }
    }
    nearest.insert(nearest.end(), decision.findings.begin(), decision.findings.end());
    decision.findings = std::move(nearest);
    return decision;
}

} // namespace jwtdomain::accept
