#include "jwtdomain/gateway/apache_text.h"

#include <algorithm>
#include <map>
#include <set>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway::apache {
namespace {

using document::Mark;

constexpr std::size_t kDeepest = 32;           // sections, and files that include one another
constexpr std::size_t kLongestArgs = 64 << 10; // with variables replaced
constexpr std::size_t kMostDirectives = 200'000;
constexpr std::string_view kSpace = " \t\v\f\r";

bool is_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Lines, with those that end in a backslash joined to the next.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    bool next(std::string& line, std::uint32_t& number, std::uint32_t& column) {
        if (rest_.empty()) return false;
        line.clear();
        number = read_ + 1;
        for (bool more = true; more && !rest_.empty();) {
            const std::size_t end = std::min(rest_.find('\n'), rest_.size());
            std::string_view part = rest_.substr(0, end);
            rest_.remove_prefix(std::min(end + 1, rest_.size()));
            ++read_;
            if (!part.empty() && part.back() == '\r') part.remove_suffix(1);
            more = !part.empty() && part.back() == '\\';
            if (more) part.remove_suffix(1);
            line += part;
        }
        const std::size_t begin = std::min(line.find_first_not_of(kSpace), line.size());
        column = static_cast<std::uint32_t>(begin + 1);
        return true;
    }

private:
    std::string_view rest_;
    std::uint32_t read_ = 0;
};

class Parser {
public:
    Parser(std::string_view text, std::uint32_t source) : lines_(text), source_(source) {}

    Configuration run() {
        Configuration out;
        read(out.directives, "", 0);
        out.fault = std::move(fault_);
        out.fault_at = at_;
        return out;
    }

private:
    void refuse(std::string why) {
        if (fault_.empty()) fault_ = std::move(why);
    }

    // Until the section of that name ends.
    void read(std::vector<Directive>& out, const std::string& section, std::size_t depth) {
        std::string line;
        std::uint32_t number = 0, column = 0;
        while (fault_.empty() && lines_.next(line, number, column)) {
            std::string_view text = trimmed(line, kSpace);
            if (text.empty() || text.front() == '#') continue;
            at_ = {.line = number, .column = column, .source = source_};
            if (find_invalid_utf8(text) != text.npos) return refuse("it is not UTF-8");
            if (++count_ > kMostDirectives) return refuse("it has more than 200000 directives");
            if (text.substr(0, 2) == "</") {
                if (text.back() != '>' || lower_case(trimmed(text.substr(2, text.size() - 3), kSpace)) != section ||
                    section.empty())
                    refuse("a section ends here that did not begin");
                return;
            }
            add(text, out, depth);
        }
        if (fault_.empty() && !section.empty()) refuse("the section " + section + " does not end");
    }

    void add(std::string_view text, std::vector<Directive>& out, std::size_t depth) {
        const bool is_section = text.front() == '<';
        if (is_section && text.back() != '>') return refuse("a section without '>'");
        if (is_section) text = text.substr(1, text.size() - 2);
        const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
        const std::string name = lower_case(text.substr(0, end));
        if (!is_name(name)) return refuse("this is no directive");
        out.push_back({.name = (is_section ? "<" : "") + name,
                       .args = std::string(trimmed(text.substr(end), kSpace)),
                       .mark = at_});
        if (!is_section) return;
        if (depth == kDeepest) return refuse("sections are nested too deep");
        std::vector<Directive> inner;
        read(inner, name, depth + 1);
        out.back().inner = std::move(inner);
    }

    Lines lines_;
    std::uint32_t source_;
    Mark at_ = {};
    std::string fault_;
    std::size_t count_ = 0;
};

// Does a file's name end in what is included, by whole parts?
bool is_named(std::string_view file, std::string_view included) {
    if (included.find_first_of("*?[") != included.npos || included.empty()) return false;
    if (file.size() < included.size() || !file.ends_with(included)) return false;
    return included.front() == '/' || file.size() == included.size() || file[file.size() - included.size() - 1] == '/';
}

class Joiner {
public:
    Joiner(std::span<const Source> sources, std::vector<Configuration>& parsed) : sources_(sources), parsed_(parsed) {}

    Configuration run() {
        for (const Configuration& each : parsed_) find_included(each.directives);
        Configuration out;
        for (std::size_t i = 0; i < parsed_.size(); ++i) {
            if (!parsed_[i].fault.empty() && out.fault.empty()) {
                out.fault = parsed_[i].fault;
                out.fault_at = parsed_[i].fault_at;
            }
            if (included_.count(i) == 0) append(parsed_[i].directives, out.directives, 0);
        }
        return out;
    }

private:
    // The one source that is meant; size() if there is none, or more than one.
    std::size_t source_of(const Directive& directive) const {
        std::size_t found = sources_.size();
        if (directive.name != "include" && directive.name != "includeoptional") return found;
        const std::vector<std::string> names = words(directive.args);
        if (names.size() != 1) return found;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (i == directive.mark.source || !is_named(sources_[i].file, names.front())) continue;
            if (found != sources_.size()) return sources_.size();
            found = i;
        }
        return found;
    }

    void find_included(const std::vector<Directive>& directives) {
        for (const Directive& each : directives) {
            if (const std::size_t i = source_of(each); i < sources_.size()) included_.insert(i);
            find_included(each.inner);
        }
    }

    void append(const std::vector<Directive>& from, std::vector<Directive>& to, std::size_t depth) {
        for (const Directive& each : from) {
            if (made_ > kMostDirectives) return;
            ++made_;
            const std::size_t i = source_of(each);
            if (i < sources_.size() && depth < kDeepest) {
                append(parsed_[i].directives, to, depth + 1);
                continue;
            }
            to.push_back({.name = each.name, .args = each.args, .mark = each.mark});
            append(each.inner, to.back().inner, depth);
        }
    }

    std::span<const Source> sources_;
    std::vector<Configuration>& parsed_;
    std::set<std::size_t> included_;
    std::size_t made_ = 0;
};

// Variables that are defined once, whatever the conditions, stand for their values from there on.
class Variables {
public:
    void replace(std::vector<Directive>& directives) {
        count(directives, false);
        walk(directives);
    }

private:
    void count(const std::vector<Directive>& directives, bool conditional) {
        for (const Directive& each : directives) {
            if (each.name == "define" || each.name == "undefine") {
                std::string_view args = each.args;
                times_[take_word(args)] += conditional || each.name == "undefine" ? 2 : 1;
            }
            count(each.inner, true);
        }
    }

    void walk(std::vector<Directive>& directives) {
        for (Directive& each : directives) {
            if (each.args.find("${") != std::string::npos) each.args = replaced(each.args);
            if (each.name == "define") {
                const std::vector<std::string> all = words(each.args);
                if (all.size() == 2 && times_[all[0]] == 1 && !has_variable(all[1])) values_[all[0]] = all[1];
            }
            walk(each.inner);
        }
    }

    std::string replaced(std::string_view text) const {
        std::string out;
        for (std::size_t i = 0; i < text.size() && out.size() <= kLongestArgs;) {
            const std::size_t open = text.find("${", i);
            const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
            out += text.substr(i, open == text.npos ? text.npos : open - i);
            if (open == text.npos) break;
            if (close == text.npos) {
                out += text.substr(open);
                break;
            }
            const auto found = values_.find(std::string(text.substr(open + 2, close - open - 2)));
            out += found == values_.end() ? text.substr(open, close - open + 1) : std::string_view(found->second);
            i = close + 1;
        }
        return out.size() > kLongestArgs ? std::string(text) : out;
    }

    std::map<std::string, int> times_;
    std::map<std::string, std::string> values_;
};

} // namespace

bool has_variable(std::string_view text) { return text.find("${") != text.npos; }

std::string take_word(std::string_view& args) {
    std::string out;
    args.remove_prefix(std::min(args.find_first_not_of(kSpace), args.size()));
    if (args.empty()) return out;
    const char quote = args.front() == '"' || args.front() == '\'' ? args.front() : '\0';
    std::size_t i = quote != '\0' ? 1 : 0;
    for (; i < args.size(); ++i) {
        const char c = args[i], next = i + 1 < args.size() ? args[i + 1] : '\0';
        if (c == '\\' && (next == '\\' || (quote != '\0' && next == quote))) {
            out += next;
            ++i;
        } else if (quote != '\0' ? c == quote : kSpace.find(c) != kSpace.npos) {
            break;
        } else {
            out += c;
        }
    }
    args.remove_prefix(std::min(i + (quote != '\0' ? 1 : 0), args.size()));
    args.remove_prefix(std::min(args.find_first_not_of(kSpace), args.size()));
    return out;
}

std::vector<std::string> words(std::string_view args) {
    std::vector<std::string> out;
    args.remove_prefix(std::min(args.find_first_not_of(kSpace), args.size()));
    while (!args.empty()) out.push_back(take_word(args));
    return out;
}

Configuration parse(std::string_view text, std::uint32_t source) { return Parser(text, source).run(); }

Configuration parse_together(std::span<const Source> sources) {
    std::vector<Configuration> parsed;
    for (const Source& source : sources)
        parsed.push_back(parse(source.text, static_cast<std::uint32_t>(parsed.size())));
    Configuration out = Joiner(sources, parsed).run();
    Variables().replace(out.directives);
    return out;
}

} // namespace jwtdomain::gateway::apache
