// What guards the resources: verifiers with their entries and paths. What has no name of its own goes by what it says.
#include <algorithm>

#include "jwtdomain/audit/check_parts.h"
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/vectors.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::Entry;
using accept::Path;
using accept::Verifier;

// The policy calls what has no name by its number, which may be another one in the other policy.
bool is_number(const std::string& name) {
    return name.size() > 1 && name.front() == '#' && name.find_first_not_of("0123456789", 1) == std::string::npos;
}
bool is_unnamed(const Path& path) { return is_number(path.name); }
bool is_unnamed(const Verifier& verifier) { return verifier.name == verifier.domain || is_number(verifier.name); }

template <class Placed> bool same_name(const Placed& a, const Placed& b) {
    return is_unnamed(a) == is_unnamed(b) && (is_unnamed(a) || a.name == b.name);
}

class VerifierDiff {
public:
    VerifierDiff(Changes& out, const Estate& before, const Estate& after, const ToldKeys& told, SameEntries& same)
        : out_(out), before_(before), after_(after), told_(told), same_(same) {}

    void domain(const std::string& name, const std::vector<const Verifier*>& before,
                const std::vector<const Verifier*>& after) {
        const Recorder to(out_, Change::Kind::verifier, name);
        const Pairing pairing = pair_up(
            before, after, [](const Verifier& a, const Verifier& b) { return !is_unnamed(a) && same_name(a, b); },
            [&](const Verifier& a, const Verifier& b) { return same_name(a, b) && is_equal(a, b); },
            [](const Verifier& a, const Verifier& b) { return same_name(a, b) && guards(a) == guards(b); });
        for (const auto& [b, a] : pairing.both)
            entries(to.of(Change::Kind::verifier, label("verifier", *after[a])), *before[b], *after[a]);
        for (const std::size_t a : pairing.come) came(to, *after[a]);
        for (const std::size_t b : pairing.gone)
            to.went("verifier", is_unnamed(*before[b]) ? guards(*before[b]) : before[b]->name, Direction::stronger);
    }

private:
    template <class Placed> static std::string label(const std::string& noun, const Placed& it) {
        return is_unnamed(it) ? noun : noun + " " + it.name;
    }

    static std::string guards(const Entry& entry) {
        const std::string resource = entry.resource.empty() ? "all resources" : entry.resource;
        return entry.methods.empty() ? resource : join(entry.methods, ", ") + " " + resource;
    }
    static std::string guards(const Verifier& verifier) {
        std::vector<std::string> out;
        for (const Entry& entry : verifier.entries) out.push_back(guards(entry));
        std::sort(out.begin(), out.end());
        return join(out, ", ");
    }

    // Compared for nothing but the answer.
    VerifierDiff silent(Changes& out, SameEntries& same) const { return {out, before_, after_, told_, same}; }

    bool is_equal(const Verifier& before, const Verifier& after) const {
        Changes changes;
        SameEntries same;
        silent(changes, same).entries(Recorder(changes, Change::Kind::verifier, ""), before, after);
        return changes.empty();
    }
    bool is_equal(const Path& before, const Path& after) const {
        Changes changes;
        diff_path(Recorder(changes, Change::Kind::verifier, ""), {before_, before, after_, after}, told_);
        return changes.empty();
    }

    void came(const Recorder& to, const Verifier& verifier) const {
        to.came("verifier", is_unnamed(verifier) ? guards(verifier) : verifier.name, Direction::weaker);
    }

    void entries(const Recorder& to, const Verifier& before, const Verifier& after) {
        const auto old_ones = pointers(before.entries), new_ones = pointers(after.entries);
        const bool only = old_ones.size() == 1 && new_ones.size() == 1; // as those that are written by hand
        const Pairing pairing = pair_up(old_ones, new_ones, [&](const Entry& a, const Entry& b) {
            return only || (a.resource == b.resource && a.methods == b.methods);
        });
        for (const auto& [b, a] : pairing.both) {
            const std::string part = only ? "" : guards(*new_ones[a]);
            entry(to.of(Change::Kind::verifier, part), *old_ones[b], *new_ones[a]);
        }
        for (const std::size_t a : pairing.come) to.came("entry", guards(*new_ones[a]), Direction::weaker);
        for (const std::size_t b : pairing.gone) to.went("entry", guards(*old_ones[b]), Direction::stronger);
    }

    void entry(const Recorder& to, const Entry& before, const Entry& after) {
        same_.emplace(&before, &after);
        to.text("resource", before.resource, after.resource);
        const auto methods = [](const Entry& each) {
            return each.methods.empty() ? anything() : exactly(each.methods);
        };
        to.language("methods", methods(before), methods(after));
        guard(to, before, after);
        inputs(to, before, after);
        if (before.guard == Entry::Guard::paths && after.guard == Entry::Guard::paths)
            paths(to, before.paths, after.paths);
    }

    static void guard(const Recorder& to, const Entry& before, const Entry& after) {
        const auto word = [](const Entry& each) -> std::string {
            switch (each.guard) {
            case Entry::Guard::paths: return "paths";
            case Entry::Guard::open: return "open to every request";
            case Entry::Guard::opaque: return "opaque: " + each.why;
            }
            return {};
        };
        to.text("guarded by", word(before), word(after),
                before.guard == after.guard          ? Direction::different
                : after.guard == Entry::Guard::open  ? Direction::weaker
                : before.guard == Entry::Guard::open ? Direction::stronger
                                                     : Direction::different);
    }

    // What is bound to a claim or kept from callers opens nothing.
    static void inputs(const Recorder& to, const Entry& before, const Entry& after) {
        const auto texts = [](const Entry& each, bool bound) {
            std::vector<std::string> out;
            for (const accept::UnsignedInput& input : each.unsigned_inputs) {
                if (bound == is_believed_unsigned(input)) continue;
                const auto part = policy::schema::part_words()[static_cast<std::size_t>(input.part)];
                const auto decides = policy::schema::decides_words()[static_cast<std::size_t>(input.decides)];
                std::string text = std::string(decides) + " from " + std::string(part) + " " + input.name;
                if (!input.must_equal.empty()) text += ", equal to " + input.must_equal;
                if (!input.protected_by.empty()) text += ", protected by " + input.protected_by;
                out.push_back(std::move(text));
            }
            return out;
        };
        to.set("believes without a signature", texts(before, false), texts(after, false));
        to.set("believes, and is bound", texts(before, true), texts(after, true), Direction::different);
    }

    void paths(const Recorder& to, const std::vector<Path>& before, const std::vector<Path>& after) {
        const Pairing pairing = pair_up(
            pointers(before), pointers(after),
            [](const Path& a, const Path& b) { return !is_unnamed(a) && same_name(a, b); },
            [&](const Path& a, const Path& b) { return same_name(a, b) && is_equal(a, b); }, same_name<Path>);
        for (const auto& [b, a] : pairing.both) {
            const std::string part = after.size() == 1 ? "" : label("path", after[a]);
            diff_path(to.of(Change::Kind::verifier, part), {before_, before[b], after_, after[a]}, told_);
        }
        const auto text = [](const Path& path) {
            return is_unnamed(path) ? "issuer " + text_of_issuer(path) : path.name + ", issuer " + text_of_issuer(path);
        };
        for (const std::size_t a : pairing.come) to.came("path", text(after[a]), Direction::weaker);
        for (const std::size_t b : pairing.gone) to.went("path", text(before[b]), Direction::stronger);
    }

    static std::string text_of_issuer(const Path& path) { return text_of(path.issuer.allowed); }

    Changes& out_;
    const Estate& before_;
    const Estate& after_;
    const ToldKeys& told_;
    SameEntries& same_;
};

using ByDomain = std::map<std::string, std::vector<const Verifier*>>;

ByDomain by_domain(const Estate& estate) {
    ByDomain out;
    for (const policy::Domain& domain : estate.policy->domains) out[domain.name];
    for (const Verifier& verifier : estate.verifiers) out[verifier.domain].push_back(&verifier);
    return out;
}

} // namespace

void diff_verifiers(Changes& out, const Estate& before, const Estate& after, const ToldKeys& told, SameEntries& same) {
    // Without verifiers these are the domains themselves, whose fields have been compared.
    Changes ignored;
    const bool declared = !before.policy_only && !after.policy_only;
    if (before.policy_only != after.policy_only) {
        Recorder(out, Change::Kind::policy, "policy")
            .flag("says what guards the resources", !before.policy_only, !after.policy_only, Direction::stronger);
        return;
    }
    VerifierDiff diff(declared ? out : ignored, before, after, told, same);
    const ByDomain old_ones = by_domain(before);
    for (const auto& [name, verifiers] : by_domain(after)) {
        const auto found = old_ones.find(name);
        if (found != old_ones.end()) diff.domain(name, found->second, verifiers);
    }
}

} // namespace jwtdomain::audit::detail
