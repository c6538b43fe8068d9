// HAProxy (haproxy.cfg and the files of a conf.d): what its http-request rules ask of a token.
//
// What it does, as found by running 2.6 and in its documentation: rules are looked at in order, those of the frontend
// and then those of the backend; nothing but a rule that refuses enforces anything, and only in HTTP mode. jwt_verify
// takes one key and no kid. The algorithm is its argument; if that is what the token's header says, a token whose alg
// is none passes unsigned, and HMAC is keyed with the text of the argument, the name of the key's file. Claims are read
// by jwt_payload_query, which takes the first of two, and sees neither null nor lists nor objects.
//
// Recognised idioms become exact paths. A condition that is not known may be true or not, whatever else is: with that
// a denial falls away, and a path that rests on it is not exact.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "jwtdomain/gateway/haproxy_path.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway {
namespace {

using namespace haproxy;
using document::Mark;

constexpr std::size_t kMostEntries = 10'000; // frontends and backends multiply

bool is_frontend(const Section& section) { return section.kind == "frontend" || section.kind == "listen"; }
bool is_backend(const Section& section) { return section.kind == "backend" || section.kind == "listen"; }

bool has_line(const Section& section, std::string_view first) {
    return std::any_of(section.lines.begin(), section.lines.end(),
                       [&](const Line& line) { return line.front().text == first; });
}

bool asks_for_tokens(const Section& section) {
    for (const Line& line : section.lines) {
        for (const Word& word : line) {
            if (word.text.find("jwt_") != std::string::npos) return true;
        }
    }
    return false;
}

// The last word that such a line sets.
std::string setting(const Section* section, std::string_view first) {
    std::string out;
    if (section == nullptr) return out;
    for (const Line& line : section->lines) {
        if (line.front().text == first && line.size() > 1) out = line[1].elsewhere ? "%" : line[1].text;
    }
    return out;
}

class Reader {
public:
    Reader(const Configuration& configuration, const std::string& host, Verifiers& out)
        : configuration_(configuration), host_(host), out_(out) {}

    void read() {
        const Section* last = nullptr;
        for (const Section& section : configuration_.sections) {
            if (section.kind == "defaults") named_defaults_.emplace(section.name, &section);
            if (is_backend(section)) backends_.emplace(section.name, &section);
        }
        for (const Section& section : configuration_.sections) {
            if (section.kind == "defaults") last = &section;
            defaults_.push_back(section.from.empty() ? last : before(section));
        }
        for (std::size_t i = 0; i < defaults_.size(); ++i) {
            if (is_frontend(configuration_.sections[i])) read_frontend(i);
        }
        for (const Section& section : configuration_.sections) {
            if (section.kind == "backend" && !used_.contains(section.name) && asks_for_tokens(section))
                read_unused(section);
        }
    }

private:
    static const Section* find(const std::map<std::string, const Section*>& sections, const std::string& name) {
        const auto found = sections.find(name);
        return found == sections.end() ? nullptr : found->second;
    }
    // Its defaults as far as they have rules, which must be asked for by name.
    const Section* before(const Section& section) const {
        return section.from.empty() ? nullptr : find(named_defaults_, section.from);
    }
    std::string setting_of(std::size_t number, std::string_view first) const {
        const std::string own = setting(&configuration_.sections[number], first);
        return own.empty() ? setting(defaults_[number], first) : own;
    }

    void read_frontend(std::size_t number) {
        const Section& section = configuration_.sections[number];
        const std::string name = section.kind + " " + section.name;
        const std::string mode = setting_of(number, "mode");
        if (mode != "http") {
            if (mode == "%") out_.push_back(opaque(readable(name), "its mode is not known", section.mark));
            if (mode == "%" || !has_line(section, "http-request")) return;
            out_.push_back(gateway::open(readable(name),
                                         "it is not in HTTP mode, so that its http-request rules are not looked at",
                                         section.mark));
            return;
        }
        Atoms atoms(budget_);
        Walk walk(atoms);
        const std::vector<Step> steps = walk.rules_of(section, before(section));
        add_entries(name, section.mark, passes(steps, Formula::never(), true), atoms, host_, out_);
        for (const Line& line : section.lines) {
            if (line.front().text != "use_backend" || line.size() < 2) continue;
            const Formula when = walk.condition(section, line, 2);
            routes(section, line[1].elsewhere ? "%" : line[1].text, line.front().mark, steps, when, walk, atoms);
        }
        const std::string last = setting_of(number, "default_backend");
        if (!last.empty())
            routes(section, last, section.mark, steps, Formula::always(), walk, atoms);
        else if (section.kind == "listen" && has_line(section, "server"))
            add_entries(name, section.mark, passes(steps, Formula::always(), false), atoms, host_, out_);
    }

    // A name that is made for each request can be that of any backend.
    void routes(const Section& from, const std::string& to, Mark at, const std::vector<Step>& steps,
                const Formula& when, const Walk& walk, Atoms& atoms) {
        if (to.find('%') == std::string::npos || backends_.empty())
            return route(from, to, at, steps, when, walk, atoms);
        for (const auto& [name, section] : backends_) route(from, name, at, steps, when, walk, atoms);
    }

    // `walk` is where the frontend's rules have come to.
    void route(const Section& from, const std::string& to, Mark at, const std::vector<Step>& steps, const Formula& when,
               Walk walk, Atoms& atoms) {
        if (closed_) return;
        const std::string name = from.kind + " " + from.name + ", backend " + to;
        used_.insert(to);
        const Section* const target = find(backends_, to);
        budget_.steps += steps.size();
        budget_.lines += target == nullptr ? 1 : target->lines.size() + 1;
        closed_ = budget_.spent() || out_.size() > kMostEntries;
        if (closed_) {
            out_.push_back(opaque(readable(name),
                                  "there are more ways through it, and through what follows, than are looked at", at));
            return;
        }
        Formula passing = Formula::always();
        if (target != nullptr && target != &from)
            passing = passes(walk.rules_of(*target, before(*target)), passing, true);
        add_entries(name, at, passes(steps, when && passing, false), atoms, host_, out_);
    }

    // A backend whose frontends are somewhere else: they can only refuse more.
    void read_unused(const Section& section) {
        Atoms atoms(budget_);
        Walk walk(atoms);
        add_entries("backend " + section.name, section.mark,
                    passes(walk.rules_of(section, before(section)), Formula::always(), true), atoms, host_, out_);
    }

    const Configuration& configuration_;
    const std::string& host_; // that is asked for; empty: all
    Verifiers& out_;
    std::vector<const Section*> defaults_;
    std::map<std::string, const Section*> named_defaults_, backends_;
    std::set<std::string> used_;
    Budget budget_;
    bool closed_ = false; // what is not looked at has been said
};

constexpr std::array<std::string_view, 12> kProxyWords = {
    "http-request", "http-response",   "bind",    "mode", "server", "acl", "option", "timeout",
    "use_backend",  "default_backend", "balance", "log"};

} // namespace

bool recognises_haproxy(const Content& content) {
    const Configuration configuration = read_text(content.sources);
    if (!configuration.plausible) return false;
    bool proxies = false;
    std::size_t known = 0, lines = 0;
    for (const Section& section : configuration.sections) {
        if (section.kind == "defaults" || is_frontend(section) || is_backend(section)) proxies = true;
        for (const Line& line : section.lines) {
            ++lines;
            if (std::find(kProxyWords.begin(), kProxyWords.end(), line.front().text) != kProxyWords.end()) ++known;
        }
    }
    return proxies && known > 0 && known * 4 >= lines;
}

Verifiers read_haproxy(const Content& content) {
    Verifiers out;
    const Configuration configuration = read_text(content.sources);
    if (configuration.conditional) {
        for (const Section& section : configuration.sections) {
            if (!is_frontend(section)) continue;
            out.push_back(opaque(readable(section.kind + " " + section.name),
                                 "there are lines under .if: which of them hold is not known", section.mark));
            if (out.size() > kMostEntries) break;
        }
        return out;
    }
    Reader(configuration, content.selection.host, out).read();
    return out;
}

} // namespace jwtdomain::gateway
