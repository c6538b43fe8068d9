// Which documents of Spring's configuration are in force together, and what they say then.
//
// A document for profiles is in force with them alone; of two that are, the later one says a property, a list as a
// whole. Files for a profile go before those for all, properties before YAML. spring.profiles is the form of Spring
// Boot before 2.4.
#include <algorithm>
#include <charconv>
#include <map>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/spring.h"

namespace jwtdomain::gateway::spring {
namespace {

constexpr std::string_view kNone = "default"; // the profile that is active if none is said to be
constexpr std::size_t kDeepest = 32;          // parentheses
constexpr std::size_t kMostRounds = 16;       // of profiles that bring others
constexpr std::size_t kMostActive = 64;

// Names, '!', '&', '|' and parentheses; '&' and '|' side by side need parentheses, as Spring has it.
class Expression {
public:
    Expression(std::string_view text, const Profiles& active) : rest_(text), active_(active) {}

    std::optional<bool> value() {
        const bool holds = joined(0);
        return good_ && trimmed(rest_).empty() ? std::optional(holds) : std::nullopt;
    }
    Profiles names;     // that stand in it
    Profiles needed;    // without '!'
    bool joins = false; // with '&'

private:
    char next() {
        rest_ = trimmed(rest_);
        return rest_.empty() ? '\0' : rest_.front();
    }
    bool refuse() { return good_ = false; }

    bool joined(std::size_t depth) {
        bool out = one(depth, false);
        char seen = '\0';
        for (char c = next(); good_ && (c == '&' || c == '|'); c = next()) {
            if (seen != '\0' && seen != c) return refuse();
            seen = c;
            joins = joins || c == '&';
            rest_.remove_prefix(1);
            const bool other = one(depth, false);
            out = c == '&' ? out && other : out || other;
        }
        return out;
    }

    bool one(std::size_t depth, bool negated) {
        const char c = next();
        if (depth > kDeepest) return refuse();
        if (c == '!') {
            rest_.remove_prefix(1);
            return !one(depth + 1, !negated);
        }
        if (c == '(') {
            rest_.remove_prefix(1);
            const bool inner = joined(depth + 1);
            if (next() != ')') return refuse();
            rest_.remove_prefix(1);
            return inner;
        }
        const std::string_view name = trimmed(rest_.substr(0, rest_.find_first_of("!&|()")));
        if (name.empty()) return refuse();
        rest_.remove_prefix(static_cast<std::size_t>(name.data() - rest_.data()) + name.size());
        names.emplace_back(name);
        if (!negated) needed.emplace_back(name);
        return std::find(active_.begin(), active_.end(), name) != active_.end();
    }

    std::string_view rest_;
    const Profiles& active_; // must outlive it
    bool good_ = true;
};

bool add_once(Profiles& to, const std::string& name) {
    if (name.empty() || std::find(to.begin(), to.end(), name) != to.end()) return false;
    to.push_back(name);
    return true;
}

std::optional<bool> is_in_force(const Document& document, const Profiles& active) {
    if (!document.profile.empty() && std::find(active.begin(), active.end(), document.profile) == active.end())
        return false;
    if (document.has("spring.config.activate.oncloudplatform")) return std::nullopt;
    const Value& condition = document.condition;
    if (condition.absent()) return true;
    if (condition.unknown()) return std::nullopt;
    for (const Node& each : condition.items) {
        const auto one = holds(each.text, active);
        if (!one || *one) return one;
    }
    return false;
}

// Profiles that come with those that are active.
bool add_brought(const std::vector<Document>& documents, Profiles& active) {
    bool grown = false;
    const auto add_all = [&](const Value& value) {
        for (const Node& each : value.items)
            grown = (active.size() < kMostActive && add_once(active, each.text)) || grown;
    };
    const Profiles before = active;
    for (const Document& document : documents) {
        if (!document.include.absent() && is_in_force(document, before) == true) add_all(document.include);
        if (!document.groups) continue;
        for (const std::string& name : before) add_all(list_in(document, "spring.profiles.group." + relaxed(name)));
    }
    return grown;
}

// An index of a list: "[3]"; nullopt for what goes on otherwise.
std::optional<std::size_t> index_of(std::string_view rest) {
    if (rest.size() < 3 || rest.front() != '[' || rest.back() != ']') return std::nullopt;
    std::size_t index = 0;
    const char *const begin = rest.data() + 1, *const end = rest.data() + rest.size() - 1;
    const auto [stop, error] = std::from_chars(begin, end, index);
    return error == std::errc() && stop == end ? std::optional(index) : std::nullopt;
}

Value unknown(std::string why, Mark at) {
    return {.kind = Value::Kind::unknown, .items = {}, .mark = at, .why = std::move(why)};
}

// Properties of that name, and of what is inside it.
std::vector<const Property*> under(const Document& document, std::string_view name) {
    std::vector<const Property*> out;
    for (const Property& each : document.properties) {
        const std::string_view have = each.name;
        if (have.starts_with(name) &&
            (have.size() == name.size() || have[name.size()] == '[' || have[name.size()] == '.'))
            out.push_back(&each);
    }
    return out;
}

void split(const Property& property, std::vector<Node>& out) {
    std::string_view rest = property.text;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const std::string_view one = trimmed(rest.substr(0, comma));
        out.push_back(text(std::string(one), property.mark));
        rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
    }
}

Value scalar_in(const Document& document, std::string_view name) {
    const auto found = under(document, name);
    if (found.empty()) return {};
    const Property& first = *found.front();
    for (const Property* each : found) {
        if (each->name.size() != name.size()) return unknown("a list, where one value is due", each->mark);
        if (each->text != first.text) return unknown("it stands there twice", each->mark);
    }
    if (!first.unknown.empty()) return unknown(first.unknown, first.mark);
    return {.kind = Value::Kind::known, .items = {text(first.text, first.mark)}, .mark = first.mark};
}

// The first document from the end that says it.
template <class Read> Value last_of(const Documents& documents, Read read) {
    for (auto at = documents.rbegin(); at != documents.rend(); ++at) {
        Value value = read(**at);
        if (value.absent()) continue;
        for (auto other = at + 1; other != documents.rend() && !(*at)->profile.empty(); ++other) {
            if ((*other)->profile.empty() || (*other)->profile == (*at)->profile || read(**other).absent()) continue;
            return unknown("the files of two profiles say it", value.mark);
        }
        return value;
    }
    return {};
}

} // namespace

std::optional<bool> holds(std::string_view expression, const Profiles& active) {
    return Expression(expression, active).value();
}

Value list_in(const Document& document, std::string_view name) {
    const auto found = under(document, name);
    if (found.empty()) return {};
    Value out{.kind = Value::Kind::known, .items = {}, .mark = found.front()->mark};
    std::map<std::size_t, Node> indexed;
    bool whole = false;
    for (const Property* each : found) {
        const std::string_view rest = std::string_view(each->name).substr(name.size());
        // spring.profiles has names below it that are none of its list
        if (rest.starts_with('.') && name == "spring.profiles") continue;
        if (!each->unknown.empty()) return unknown(each->unknown, each->mark);
        if (rest.empty() && !whole) {
            whole = true;
            split(*each, out.items);
            continue;
        }
        const auto index = index_of(rest);
        if (!index || !indexed.emplace(*index, text(each->text, each->mark)).second)
            return unknown("a list that is not read here", each->mark);
    }
    if (whole && !indexed.empty()) return unknown("it stands there twice", out.mark);
    if (!whole && indexed.empty()) return {};
    for (auto& [index, node] : indexed) out.items.push_back(std::move(node));
    return out;
}

// Before 2.4 it was spring.profiles that said it.
void note_profiles(Document& document) {
    document.condition = list_in(document, "spring.config.activate.onprofile");
    if (document.condition.absent()) document.condition = list_in(document, "spring.profiles");
    document.include = list_in(document, "spring.profiles.include");
    document.groups = document.has("spring.profiles.group.");
}

Value value_of(const Documents& documents, std::string_view name) {
    Value out = last_of(documents, [&](const Document& each) { return scalar_in(each, name); });
    const bool blank = out.known() && trimmed(out.items.front().text).empty();
    return blank ? Value{} : out;
}

Value list_of(const Documents& documents, std::string_view name) {
    Value out = last_of(documents, [&](const Document& each) { return list_in(each, name); });
    return out.known() && out.items.empty() ? Value{} : out;
}

std::vector<Profiles> choices(const std::vector<Document>& documents, std::size_t most) {
    Profiles each;
    std::set<Profiles> together;
    for (const Document& document : documents) {
        add_once(each, document.profile);
        for (const Node& condition : document.condition.items) {
            const Profiles nobody;
            Expression expression(condition.text, nobody);
            if (!expression.value()) continue;
            if (each.size() + expression.names.size() + together.size() > most) return std::vector<Profiles>(most + 1);
            if (expression.joins) together.insert(expression.needed);
            for (const std::string& name : expression.names) add_once(each, name);
        }
    }
    std::vector<Profiles> out{{}};
    for (const std::string& name : each) {
        if (name != kNone) out.push_back({name});
    }
    for (const Profiles& names : together) {
        if (names.size() > 1) out.push_back(names);
    }
    if (out.size() > most) out.resize(most + 1);
    return out;
}

Documents in_force(const std::vector<Document>& documents, Profiles active, std::string& doubt) {
    if (active.empty()) active.emplace_back(kNone);
    for (std::size_t round = 0; round < kMostRounds && add_brought(documents, active); ++round) {
    }
    Documents out;
    for (const Document& document : documents) {
        const auto holds_now = is_in_force(document, active);
        if (!holds_now && document.has("spring.security"))
            doubt = "it is not known here when a document of it is in force";
        if (holds_now == true) out.push_back(&document);
    }
    std::stable_sort(out.begin(), out.end(), [](const Document* a, const Document* b) {
        const auto rank = [](const Document* each) { return 2 * !each->profile.empty() + each->preferred; };
        return rank(a) < rank(b);
    });
    return out;
}

} // namespace jwtdomain::gateway::spring
