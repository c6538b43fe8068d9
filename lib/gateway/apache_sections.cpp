#include "jwtdomain/gateway/apache_sections.h"

#include <algorithm>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/apache_settings.h"

namespace jwtdomain::gateway::apache {
namespace {

using document::Mark;
using Kind = Section::Kind;

constexpr std::size_t kMostSections = 512;
constexpr std::size_t kMostScopes = 1024;
constexpr std::size_t kMostSteps = 400'000;

std::optional<Kind> kind_of(const std::string& name, bool regex) {
    if (name == "<directory" || name == "<proxy") return regex ? Kind::directory_match : Kind::directory;
    if (name == "<directorymatch" || name == "<proxymatch") return Kind::directory_match;
    if (name == "<files" || name == "<filesmatch") return Kind::files;
    if (name == "<location" || name == "<locationmatch") return Kind::location;
    if (name == "<if" || name == "<elseif" || name == "<else") return Kind::condition;
    return std::nullopt;
}

Section section_of(const Directive& directive, Kind kind, int inside) {
    const std::vector<std::string> all = words(directive.args);
    const std::string last = all.empty() ? "" : all.back();
    Section out{.kind = kind, .name = last, .pattern = {}, .inside = inside, .directive = &directive};
    const bool literal =
        all.size() == 1 && last.starts_with('/') && last.find_first_of("*?[") == last.npos && !has_variable(last);
    if (literal && (directive.name == "<location" || directive.name == "<directory")) out.pattern = last;
    if (directive.name == "<locationmatch" && (last == "^/" || last == "/")) out.pattern = "/";
    if (kind == Kind::condition || out.name.empty()) out.name = directive.name + " " + directive.args + ">";
    if (directive.name != "<location" && kind != Kind::condition) out.name = directive.name + " " + last + ">";
    return out;
}

class Reader {
public:
    std::vector<Host> run(const Configuration& configuration) {
        hosts_.emplace_back();
        read(configuration.directives, 0);
        Host& server = hosts_.front();
        server.of_server = server.common.size();
        for (std::size_t i = 1; i < hosts_.size(); ++i) inherit(server, hosts_[i]);
        for (Host& host : hosts_) finish(host);
        return std::move(hosts_);
    }

private:
    void read(const std::vector<Directive>& directives, std::size_t host) {
        for (const Directive& each : directives) {
            if (each.name == "<virtualhost" && host == 0) {
                hosts_.push_back({.directive = &each, .mark = each.mark});
                read(each.inner, hosts_.size() - 1);
            } else if (!is_condition(each, hosts_[host].base, [&](const Directive& d) { read(d.inner, host); })) {
                add(each, hosts_[host]);
            }
        }
    }

    // Looks into a section that holds if something about the server is so.
    template <class Look> static bool is_condition(const Directive& directive, Settings& settings, Look look) {
        switch (condition_of(directive)) {
        case Condition::none: return false;
        case Condition::holds: look(directive); break;
        case Condition::fails: break;
        case Condition::unknown:
            if (holds_what_matters(directive))
                blame(settings, directive, directive.name + " " + directive.args + "> may hold or not");
            break;
        }
        return true;
    }

    static void blame(Settings& settings, const Directive& directive, std::string why) {
        if (!settings.unknown.empty()) return;
        settings.unknown = std::move(why);
        settings.unknown_at = directive.mark;
    }

    static void add(const Directive& directive, Host& host) {
        if (add_section(directive, host, -1)) return;
        if (directive.name.starts_with('<')) {
            if (directive.name.starts_with("<require") || directive.name.starts_with("<limit"))
                read_setting(directive, {}, host.base);
            else if (!directive.name.starts_with("<authz") && holds_what_matters(directive))
                blame(host.base, directive, directive.name + "> is not known here");
            return;
        }
        if (host.mark.line == 0) host.mark = directive.mark;
        host.common.push_back(&directive);
        read_setting(directive, {}, host.base);
        if (directive.name == "servername" || directive.name == "serveralias") {
            for (std::string& name : words(directive.args)) host.names.push_back(lower_case(name));
        }
    }

    static bool add_section(const Directive& directive, Host& host, int inside) {
        const std::string regex = directive.args.substr(0, directive.args.find_first_of(" \t"));
        const std::optional<Kind> kind = kind_of(directive.name, regex == "~");
        if (!kind) return false;
        if (host.mark.line == 0) host.mark = directive.mark;
        const auto number = static_cast<int>(host.sections.size());
        host.sections.push_back(section_of(directive, *kind, inside));
        add_inner(directive.inner, host, number);
        return true;
    }

    static void add_inner(const std::vector<Directive>& directives, Host& host, int section) {
        for (const Directive& each : directives) {
            Settings& own = host.sections[static_cast<std::size_t>(section)].own;
            if (is_condition(each, own, [&](const Directive& d) { add_inner(d.inner, host, section); })) continue;
            if (add_section(each, host, section)) continue;
            const bool known =
                !each.name.starts_with('<') || each.name.starts_with("<require") || each.name.starts_with("<limit");
            if (!known && holds_what_matters(each)) blame(own, each, each.name + "> is not known here");
            if (!known) continue;
            read_setting(each, {}, own);
            if (each.name.starts_with("oidcoauth")) host.common.push_back(&each);
        }
    }

    static void inherit(const Host& server, Host& host) {
        host.common.insert(host.common.begin(), server.common.begin(), server.common.end());
        host.of_server = server.common.size();
        const auto further = static_cast<int>(server.sections.size());
        for (Section& each : host.sections) each.inside += each.inside < 0 ? 0 : further;
        host.sections.insert(host.sections.begin(), server.sections.begin(), server.sections.end());
        host.base = merged(server.base, host.base);
    }

    static std::size_t depth(const Section& section) {
        if (section.kind != Kind::directory) return 0;
        const std::string path = section.name.substr(0, section.name.find_last_not_of("/>") + 1);
        return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
    }

    static void finish(Host& host) {
        host.unknown = host.base.unknown;
        host.unknown_at = host.base.unknown_at;
        std::vector<std::size_t> order(host.sections.size()), place(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const Section &one = host.sections[a], &other = host.sections[b];
            return one.kind != other.kind ? one.kind < other.kind : depth(one) < depth(other);
        });
        for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
        std::vector<Section> sorted;
        for (const std::size_t i : order) {
            sorted.push_back(std::move(host.sections[i]));
            int& inside = sorted.back().inside;
            if (inside >= 0) inside = static_cast<int>(place[static_cast<std::size_t>(inside)]);
        }
        host.sections = std::move(sorted);
    }

    std::vector<Host> hosts_;
};

bool is_around(const std::string& path, const std::string& inner) {
    if (!inner.starts_with(path)) return false;
    return path.ends_with('/') || inner.size() == path.size() || inner[path.size()] == '/';
}

bool comparable(const Section& one, const Section& other) {
    return one.kind == other.kind && !one.pattern.empty() && !other.pattern.empty();
}

// Does every request that the second is for meet the first?
bool covers(const Section& one, const Section& other) {
    return comparable(one, other) && is_around(one.pattern, other.pattern);
}

bool are_apart(const Section& one, const Section& other) {
    return comparable(one, other) && !is_around(one.pattern, other.pattern) && !is_around(other.pattern, one.pattern);
}

bool is_for_all(const Section& section) {
    return section.kind == Kind::location && section.pattern == "/" && section.inside < 0;
}

bool says_something(const Settings& own) {
    return own.auth_type != nullptr || own.require || own.merging != Settings::Merging::unset ||
           own.satisfy != nullptr || own.by_host != nullptr || !own.token_verify.empty() ||
           own.target_pass != nullptr || own.unauthenticated != nullptr || own.interval != nullptr ||
           own.overridden != nullptr || !own.unknown.empty();
}

class Scopes {
public:
    explicit Scopes(const Host& host) : host_(host) {
        std::vector<bool> wanted(host.sections.size());
        for (std::size_t i = 0; i < host.sections.size(); ++i) {
            if (!says_something(host.sections[i].own)) continue;
            for (int at = static_cast<int>(i); at >= 0; at = host.sections[static_cast<std::size_t>(at)].inside)
                wanted[static_cast<std::size_t>(at)] = true;
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i]) sections_.push_back(i);
        }
    }

    std::optional<std::vector<Scope>> run() {
        if (sections_.size() > kMostSections) return std::nullopt;
        decide(0);
        if (too_many_) return std::nullopt;
        return std::move(out_);
    }

private:
    const Section& at(std::size_t i) const { return host_.sections[i]; }

    bool may_apply(std::size_t i) const {
        const int around = at(i).inside;
        if (around >= 0 && std::find(chosen_.begin(), chosen_.end(), static_cast<std::size_t>(around)) == chosen_.end())
            return false;
        return std::none_of(chosen_.begin(), chosen_.end(), [&](std::size_t c) { return are_apart(at(c), at(i)); }) &&
               std::none_of(skipped_.begin(), skipped_.end(),
                            [&](std::size_t s) { return at(s).inside < 0 && covers(at(s), at(i)); });
    }

    bool may_not_apply(std::size_t i) const {
        if (is_for_all(at(i))) return false;
        return at(i).inside >= 0 ||
               std::none_of(chosen_.begin(), chosen_.end(), [&](std::size_t c) { return covers(at(i), at(c)); });
    }

    void decide(std::size_t next) {
        if (++steps_ > kMostSteps || out_.size() >= kMostScopes) too_many_ = true;
        if (too_many_) return;
        if (next == sections_.size()) return add();
        const std::size_t i = sections_[next];
        if (may_apply(i)) {
            chosen_.push_back(i);
            decide(next + 1);
            chosen_.pop_back();
        }
        if (may_not_apply(i)) {
            skipped_.push_back(i);
            decide(next + 1);
            skipped_.pop_back();
        }
    }

    void add() {
        Settings settings = host_.base;
        for (const std::size_t i : chosen_) settings = merged(settings, at(i).own);
        out_.push_back({chosen_, std::move(settings)});
    }

    const Host& host_;
    std::vector<std::size_t> sections_, chosen_, skipped_;
    std::vector<Scope> out_;
    std::size_t steps_ = 0;
    bool too_many_ = false;
};

} // namespace

std::vector<Host> hosts_of(const Configuration& configuration) { return Reader().run(configuration); }

std::optional<std::vector<Scope>> scopes_of(const Host& host) { return Scopes(host).run(); }

} // namespace jwtdomain::gateway::apache
