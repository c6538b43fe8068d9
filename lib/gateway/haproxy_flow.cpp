#include "jwtdomain/gateway/haproxy_flow.h"

#include <algorithm>
#include <array>
#include <optional>

#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway::haproxy {
namespace {

using Does = Step::Does;
using document::Mark;

bool among(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 6> kDenials = {"deny", "reject", "tarpit", "silent-drop", "redirect", "auth"};
constexpr std::array<std::string_view, 5> kOfHeader = {"set-header", "add-header", "del-header", "replace-header",
                                                       "replace-value"};
constexpr std::array<std::string_view, 9> kOfPlace = {"set-path",      "set-pathq",   "set-query",
                                                      "set-uri",       "set-method",  "replace-path",
                                                      "replace-pathq", "replace-uri", "normalize-uri"};
// They look, or do something that no rule here asks for.
constexpr std::array<std::string_view, 26> kHarmless = {"set-log-level",
                                                        "set-nice",
                                                        "set-tos",
                                                        "set-mark",
                                                        "set-timeout",
                                                        "capture",
                                                        "track-sc0",
                                                        "track-sc1",
                                                        "track-sc2",
                                                        "set-priority-class",
                                                        "set-priority-offset",
                                                        "wait-for-body",
                                                        "wait-for-handshake",
                                                        "do-resolve",
                                                        "disable-l7-retry",
                                                        "sc-inc-gpc",
                                                        "sc-inc-gpc0",
                                                        "sc-inc-gpc1",
                                                        "sc-set-gpt0",
                                                        "sc-set-gpt",
                                                        "sc-add-gpc",
                                                        "set-bandwidth-limit",
                                                        "strict-mode",
                                                        "set-fc-tos",
                                                        "set-fc-mark",
                                                        "early-hint"};

// The words that begin a condition, or the end.
std::size_t condition_at(const Line& line) {
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i].text == "if" || line[i].text == "unless") return i;
    }
    return line.size();
}

std::string joined(const Word* words, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : " ") + words[i].text;
    return out;
}

// "set-var(txn.iss)": what is in the brackets.
std::string in_brackets(const std::string& action) {
    const std::size_t open = action.find('('), close = action.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) return {};
    return action.substr(open + 1, close - open - 1);
}

int status_of(const Line& line) {
    for (std::size_t i = 1; i + 1 < line.size(); ++i) {
        if (line[i].text == "status") return std::atoi(line[i + 1].text.c_str());
    }
    return 200;
}

// Options of a test, up to its values.
std::size_t read_options(const Word* words, std::size_t count, Test& out) {
    std::size_t at = 1;
    for (; at < count && words[at].text.starts_with('-'); ++at) {
        const std::string& option = words[at].text;
        if (option == "--") return at + 1;
        if (option == "-i") {
            out.any_case = true;
        } else if (option == "-m" && at + 1 < count) {
            out.method = words[++at].text;
        } else if (option != "-n") { // -f, -M, -u
            out.unknown_values = true;
        }
    }
    return at;
}

bool is_predefined(const std::string& name) {
    constexpr std::array<std::string_view, 4> kNames = {"LOCALHOST", "REQ_CONTENT", "WAIT_END", "RDP_COOKIE"};
    return name.starts_with("METH_") || name.starts_with("HTTP") || among(name, kNames);
}

std::optional<bool> holds(const Value& constant, const Test& test) {
    if (test.unknown_values || test.any_case) return std::nullopt;
    if (test.method == "found") return true;
    if (test.method == "bool") {
        if (constant.text == "1") return true;
        if (constant.text == "0") return false;
    }
    if ((test.method == "str" || test.method == "int" || test.method.empty()) && test.values.size() == 1) {
        if (constant.text == test.values.front()) return true;
        if (test.method == "str") return false;
    }
    return std::nullopt;
}

} // namespace

std::uint32_t Atoms::add(Atom atom, const std::string& key) {
    const auto [found, made] = by_key_.try_emplace(key, static_cast<std::uint32_t>(all_.size()));
    if (made) all_.push_back(std::move(atom));
    return found->second;
}

Formula Walk::test(const Word* words, std::size_t count) {
    if (++atoms_.budget().tests > Budget::kTests) return Formula::unbounded();
    if (count == 0) return Formula::of({atoms_.add({.text = "an empty condition"}, atoms_.fresh()), true});
    Test wanted;
    const std::size_t values = read_options(words, count, wanted);
    for (std::size_t i = values; i < count; ++i) {
        wanted.values.push_back(words[i].text);
        wanted.unknown_values = wanted.unknown_values || words[i].elsewhere;
    }
    const Variable* const variable = state_.variable_of(words[0]);
    const Formula when = variable != nullptr ? variable->when : Formula::always();
    Value value = state_.read(words[0]);
    if (value.kind == Value::Kind::constant) {
        if (const auto known = holds(value, wanted)) return *known ? when : Formula::never();
        value = {};
    }
    Atom atom{.text = joined(words, count), .mark = words[0].mark, .value = value, .test = wanted};
    std::string key = value.text + "\n" + joined(words + 1, count - 1);
    const bool unfixed =
        value.kind == Value::Kind::verification && !(value.key && (value.of_header || !value.algorithm.empty()));
    switch (value.kind) {
    case Value::Kind::unknown:
    case Value::Kind::constant: key = atoms_.fresh(); break;
    case Value::Kind::request: atom.kind = Atom::Kind::request; break;
    case Value::Kind::moment:
        if (value.claims == 0) {
            key = atoms_.fresh();
            break;
        }
        [[fallthrough]];
    case Value::Kind::life:
    case Value::Kind::payload:
    case Value::Kind::header:
    case Value::Kind::verification:
        atom.kind = Atom::Kind::token;
        if (unfixed) key = atoms_.fresh();
        // Each condition may be true of another one of the request's tokens.
        if (value.several) atom.value.token += atoms_.fresh();
    }
    return when && Formula::of({atoms_.add(std::move(atom), key), true});
}

Formula Walk::names(const Section& section, const std::string& name, Mark at) {
    if (name == "TRUE") return Formula::always();
    if (name == "FALSE") return Formula::never();
    if (named_of_ != &section) {
        named_of_ = &section;
        named_ = std::make_shared<std::multimap<std::string, const Line*>>();
        for (const Line& line : section.lines) {
            if (line.front().text == "acl" && line.size() > 2) named_->emplace(line[1].text, &line);
        }
    }
    Formula out = Formula::never();
    const auto [first, last] = named_->equal_range(name); // those that come later are part of it, too
    const bool found = first != last;
    for (auto each = first; each != last && !out.too_large(); ++each)
        out = out || test(each->second->data() + 2, each->second->size() - 2);
    if (found) return out;
    const bool predefined = is_predefined(name);
    return Formula::of(
        {atoms_.add({.kind = predefined ? Atom::Kind::request : Atom::Kind::unknown, .text = name, .mark = at},
                    predefined ? name : atoms_.fresh()),
         true});
}

Formula Walk::condition(const Section& section, const Line& line, std::size_t from) {
    const auto is_many = [](const Word& word) { return word.elsewhere && word.text.find("[*]") != std::string::npos; };
    if (std::any_of(line.begin(), line.end(), is_many)) // any number of words, of a condition, too
        return Formula::of(
            {atoms_.add({.text = "words of the environment", .mark = line.front().mark}, atoms_.fresh()), true});
    std::size_t at = from;
    while (at < line.size() && line[at].text != "if" && line[at].text != "unless") ++at;
    if (at == line.size()) return Formula::always();
    const bool negated = line[at].text == "unless";
    Formula out = Formula::never(), together = Formula::always();
    bool no = false;
    for (++at; at < line.size(); ++at) {
        std::string word = line[at].text;
        const std::size_t marks = std::min(word.find_first_not_of('!'), word.size());
        if (marks % 2 == 1) no = !no;
        word.erase(0, marks);
        if (word.empty()) continue;
        if (word == "||" || lower_case(word) == "or") {
            out = out || together;
            together = Formula::always();
            no = false;
            continue;
        }
        Formula one = Formula::never();
        if (word == "{") {
            std::size_t end = at + 1;
            while (end < line.size() && line[end].text != "}") ++end;
            one = test(line.data() + at + 1, end - at - 1);
            at = end;
        } else {
            one = names(section, word, line[at].mark);
        }
        together = together && (no ? !one : one);
        no = false;
    }
    out = out || together;
    return negated ? !out : out;
}

std::vector<Step> Walk::rules_of(const Section& section, const Section* before) {
    std::vector<Step> out;
    reached_ = Formula::always();
    for (const char* kind : {"tcp-request", "http-request"}) {
        for (const Section* each : {before, &section}) {
            if (each == nullptr) continue;
            for (const Line& line : each->lines) {
                if (line.front().text == kind && line.size() > 1) rule(*each, line, out);
            }
        }
    }
    for (const Line& line : section.lines) { // they come after all others
        if (line.front().text == "redirect")
            out.push_back({Does::deny, condition(section, line, 1), line.front().mark});
    }
    return out;
}

void Walk::rule(const Section& section, const Line& line, std::vector<Step>& out) {
    if (line.front().text == "tcp-request") { // it can only refuse more, but for its variables
        for (const Word& word : line) {
            if (word.text.starts_with("set-var")) state_.set(in_brackets(word.text), {}, Formula::always());
            if (word.text.starts_with("lua.")) state_.forget_variables();
        }
        return;
    }
    const std::string action = line[1].text.substr(0, line[1].text.find('('));
    const std::size_t at = condition_at(line);
    const Formula when = condition(section, line, at);
    const Mark mark = line.front().mark;
    if (among(action, kDenials))
        out.push_back({Does::deny, when, mark});
    else if (action == "return")
        out.push_back({status_of(line) < 300 ? Does::answer : Does::deny, when, mark});
    else if (action == "use-service" && line.size() > 2 && line[2].text == "prometheus-exporter")
        out.push_back({Does::answer, when, mark});
    else if (action == "allow")
        out.push_back({Does::skip, when, mark}), reached_ = reached_ && !when;
    else
        change(action, line, when && reached_, out);
}

// A rule that changes what later ones see.
void Walk::change(const std::string& action, const Line& line, const Formula& when, std::vector<Step>& out) {
    const Word& whole = line[1];
    if (action == "set-var" && line.size() > 2) {
        const std::string name = in_brackets(whole.text);
        const bool plain = name.find(',') == std::string::npos && !whole.elsewhere;
        const Variable* const source = state_.variable_of(line[2]);
        state_.set(name.substr(0, name.find(',')), plain ? state_.read(line[2]) : Value{},
                   source != nullptr ? when && source->when : when);
    } else if (action == "set-var-fmt" || action == "unset-var") {
        const std::string name = in_brackets(whole.text);
        state_.set(name, {}, Formula::always());
        state_.set(name, {}, Formula::always());
    } else if (among(action, kOfHeader)) {
        const bool named = line.size() > 2 && line[2].text.find('%') == std::string::npos && !line[2].elsewhere &&
                           action != "del-header";
        const bool deleted =
            action == "del-header" && (line.size() < 4 || line[3].text == "if" || line[3].text == "unless");
        state_.forget_header(named || deleted ? line[2].text : "");
    } else if (among(action, kOfPlace)) {
        state_.forget_place();
        state_.forget_header("host"); // an absolute URI has it
    } else if (!among(action, kHarmless)) {
        const std::string what = "the rule \"http-request " + action + "\" can let requests through";
        const bool only_variables = action == "send-spoe-group";
        if (!only_variables)
            out.push_back(
                {Does::anything,
                 when && Formula::of({atoms_.add({.kind = Atom::Kind::opaque, .text = what, .mark = whole.mark},
                                                 atoms_.fresh()),
                                      true}),
                 whole.mark});
        state_.forget_everything();
    }
}

Formula passes(const std::vector<Step>& steps, const Formula& end, bool answered) {
    Formula out = end;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        switch (step->does) {
        case Does::deny: out = out && !step->when; break;
        case Does::skip: out = (step->when && end) || (!step->when && out); break;
        case Does::answer: out = answered ? step->when || out : out && !step->when; break;
        case Does::anything:
            if (answered) out = out || step->when;
            break;
        }
    }
    return out;
}

} // namespace jwtdomain::gateway::haproxy
