// YAML into the document tree, by yaml-cpp's events: its own nodes lose duplicate names and expand aliases freely.
#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "jwtdomain/base/document_detail.h"

namespace jwtdomain::document::detail {

namespace {

// Thrown through yaml-cpp, caught in parse_yaml.
struct Refusal {
    Mark mark;
    Fault fault;
    std::string message;
    std::string hint;
};

Mark place_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Values that aliases may make, beside one for each octet of the text: a few octets must not come to millions.
constexpr std::size_t kFewAliased = 20'000;
constexpr std::size_t kSpare = 64; // values of a text of hardly any octets

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

// "!Sub", "!reference": what it means is the application's to say.
bool is_local(std::string_view tag) { return tag.size() > 1 && tag.front() == '!'; }

bool is_collection_tag(std::string_view tag, std::string_view core) {
    if (tag.empty() || tag == "?" || tag == "!") return true;
    return tag.substr(0, kCoreTag.size()) == kCoreTag && tag.substr(kCoreTag.size()) == core;
}

class Builder : public YAML::EventHandler {
public:
    Builder(const Stream* stream, std::size_t octets)
        : stream_(stream != nullptr), source_(stream_ ? stream->source : 0), text_(stream_ ? stream->text : ""),
          octets_(octets), most_aliased_(kFewAliased + octets) {}

    std::vector<Node> documents;

    void OnDocumentStart(const YAML::Mark& mark) override {
        anchors_.clear();
        if (!documents.empty() && !stream_) {
            throw Refusal{mark_of(mark), Fault::invalid, "a second document in one file",
                          "put it in a file of its own"};
        }
    }
    void OnDocumentEnd() override {
        if (bad_name_) throw *bad_name_;
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        own(mark_of(mark));
        if (stream_ && in_name())
            return add(Node{.kind = Kind::string, .mark = mark_of(mark), .text = null_at(mark.pos)}, anchor);
        add(Node{.kind = Kind::null, .mark = mark_of(mark)}, anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            throw Refusal{mark_of(mark), Fault::invalid, "an alias inside the value that it stands for", {}};
        }
        if (in_name()) throw Refusal{mark_of(mark), Fault::invalid, "an alias cannot be a name", {}};
        const Shared shared = found->second;
        if (open_.size() + shared.height > kMaxDepth) too_deep(mark_of(mark));
        aliased_ += shared.nodes;
        if (aliased_ > most_aliased_) {
            throw Refusal{mark_of(mark), Fault::limit,
                          "its aliases come to more than " + std::to_string(most_aliased_) +
                              " values: what each stands for is counted every time",
                          "write them out, or leave out what multiplies them"};
        }
        count(shared.nodes - 1, mark_of(mark));
        Node copy = *shared.node;
        add(std::move(copy), 0, shared.nodes, shared.height);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const Mark at = mark_of(mark);
        if (in_name()) {
            if (tag == "?" && value == "<<") {
                throw Refusal{at, Fault::invalid, "merge keys ('<<') are not supported", "write the fields out"};
            }
        }
        Node node{.kind = Kind::string, .mark = at};
        if (stream_ && is_local(tag)) {
            node.text = value;
            add(tagged(tag, std::move(node)), anchor, 2, 1);
            return;
        }
        if (stream_ && in_name()) { // 8080: http
            node.text = value;
            add(std::move(node), anchor);
            return;
        }
        std::string_view wanted = "str";
        if (tag == "?") {
            resolve_plain(value, node);
            wanted = {};
        } else if (tag.compare(0, kCoreTag.size(), kCoreTag) == 0) {
            wanted = std::string_view(tag).substr(kCoreTag.size());
            if (wanted != "str") resolve_plain(value, node);
        } else if (tag != "!") {
            throw Refusal{at, Fault::invalid, "the tag " + tag + " is not supported", {}};
        }
        if (!fits(wanted, node.kind)) throw Refusal{at, Fault::invalid, "the value does not fit its tag " + tag, {}};
        if (node.kind == Kind::string) node.text = value;
        add(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        start(Kind::array, mark_of(mark), tag, "seq", anchor);
    }
    void OnSequenceEnd() override { end(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        start(Kind::object, mark_of(mark), tag, "map", anchor);
    }
    void OnMapEnd() override { end(); }

private:
    struct Open {
        Node node;
        YAML::anchor_t anchor;
        bool expects_name;
        std::size_t nodes_before;
        std::size_t height = 1;                 // levels of this collection and what is in it
        std::unordered_set<std::string> seen{}; // names, once there are many
        std::string tag{};                      // that is not of YAML
    };
    struct Shared {
        std::shared_ptr<const Node> node;
        std::size_t nodes;
        std::size_t height;
    };

    static bool fits(std::string_view tag, Kind kind) {
        if (tag.empty()) return true;
        if (tag == "str") return kind == Kind::string;
        if (tag == "null") return kind == Kind::null;
        if (tag == "bool") return kind == Kind::boolean;
        if (tag == "int") return kind == Kind::integer;
        return tag == "float" && (kind == Kind::integer || kind == Kind::real);
    }

    [[noreturn]] static void too_deep(Mark at) {
        throw Refusal{at, Fault::limit, "nested more than " + std::to_string(kMaxDepth) + " levels deep", {}};
    }

    bool in_name() const { return !open_.empty() && open_.back().expects_name; }

    // A value has an octet at least: of some broken collections in braces yaml-cpp gives empty ones without an end.
    void own(Mark at) {
        if (++own_ <= 2 * octets_ + kSpare) return;
        throw Refusal{at, Fault::invalid, "not valid YAML: something stands behind the end of a collection", {}};
    }

    void count(std::size_t nodes, Mark at) {
        nodes_ += nodes;
        if (nodes_ > kMaxNodes) {
            throw Refusal{at, Fault::limit, "more than " + std::to_string(kMaxNodes) + " values, aliases expanded", {}};
        }
    }

    Mark mark_of(const YAML::Mark& mark) const {
        Mark out = place_of(mark);
        out.source = source_;
        return out;
    }

    // As it is written there: "Null", "~".
    std::string null_at(int position) const {
        for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
            if (text_.substr(std::min(text_.size(), static_cast<std::size_t>(position)), word.size()) == word)
                return std::string(word);
        }
        return {};
    }

    // An object whose only name is the tag.
    static Node tagged(std::string_view tag, Node value) {
        Node out{.kind = Kind::object, .mark = value.mark};
        out.names.push_back({std::string(tag), value.mark});
        out.elements.push_back(std::move(value));
        return out;
    }

    void start(Kind kind, Mark at, std::string_view tag, std::string_view core, YAML::anchor_t anchor) {
        if (in_name()) throw Refusal{at, Fault::invalid, "a name must be a string", {}};
        const bool local = stream_ && is_local(tag);
        if (!local && !is_collection_tag(tag, core)) {
            throw Refusal{at, Fault::invalid, "the tag " + std::string(tag) + " is not supported", {}};
        }
        if (open_.size() >= kMaxDepth) too_deep(at);
        open_.push_back({Node{.kind = kind, .mark = at}, anchor, kind == Kind::object, nodes_});
        if (local) open_.back().tag = tag;
    }

    void end() {
        Open closed = std::move(open_.back());
        open_.pop_back();
        const std::size_t nodes = nodes_ - closed.nodes_before + 1;
        if (closed.tag.empty())
            add(std::move(closed.node), closed.anchor, nodes, closed.height);
        else
            add(tagged(closed.tag, std::move(closed.node)), closed.anchor, nodes + 1, closed.height + 1);
    }

    void add(Node&& node, YAML::anchor_t anchor, std::size_t nodes = 1, std::size_t height = 0) {
        count(1, node.mark);
        if (in_name()) {
            add_name(node);
            return;
        }
        if (anchor != 0) {
            count(nodes, node.mark); // the copy that is kept
            anchors_[anchor] = Shared{std::make_shared<const Node>(node), nodes, height};
        }
        if (open_.empty()) {
            documents.push_back(std::move(node));
            return;
        }
        Open& parent = open_.back();
        parent.height = std::max(parent.height, height + 1);
        parent.expects_name = parent.node.kind == Kind::object;
        parent.node.elements.push_back(std::move(node));
    }

    void add_name(const Node& name) {
        if (name.kind != Kind::string && !bad_name_) {
            // Thrown at the end: an unclosed "[1, 2" also gives this event, before yaml-cpp says what is really wrong.
            bad_name_ = Refusal{name.mark, Fault::invalid, "a name must be a string", "put it in quotes"};
        }
        Open& parent = open_.back();
        constexpr std::size_t kMany = 16;
        auto& names = parent.node.names;
        if (names.size() == kMany) {
            for (const auto& known : names) parent.seen.insert(known.text);
        }
        const bool duplicate =
            names.size() < kMany
                ? std::any_of(names.begin(), names.end(), [&](const auto& known) { return known.text == name.text; })
                : !parent.seen.insert(name.text).second;
        if (duplicate) throw Refusal{name.mark, Fault::invalid, "the name '" + name.text + "' stands here twice", {}};
        names.push_back({name.text, name.mark});
        parent.expects_name = false;
    }

    bool stream_;
    std::uint32_t source_;
    std::string_view text_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, Shared> anchors_;
    std::size_t nodes_ = 0, aliased_ = 0, own_ = 0;
    std::size_t octets_, most_aliased_;
    std::optional<Refusal> bad_name_;
};

// yaml-cpp reads a whole flow collection ahead before it gives the first event, so brackets are bounded beforehand.
// They are counted in strings and comments too, hence the wide margin.
constexpr std::size_t kMaxOpenBrackets = 10'000;

std::size_t find_bracket_excess(std::string_view text) {
    std::size_t open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c == '[' || c == '{') && ++open > kMaxOpenBrackets) return i;
        if ((c == ']' || c == '}') && open > 0) --open;
    }
    return std::string_view::npos;
}

} // namespace

Result<std::vector<Node>> parse_yaml(std::string_view text, const std::string& file, const Stream* stream) {
    if (const std::size_t at = find_bracket_excess(text); at != std::string_view::npos) {
        return refuse(Fault::limit, "nested more than " + std::to_string(kMaxDepth) + " levels deep", file,
                      mark_at(text, at));
    }
    try {
        std::istringstream in{std::string(text)};
        YAML::Parser parser(in);
        Builder builder(stream, text.size());
        while (parser.HandleNextDocument(builder)) {
        }
        return std::move(builder.documents);
    } catch (const Refusal& refusal) {
        return refuse(refusal.fault, refusal.message, file, refusal.mark, refusal.hint);
    } catch (const YAML::DeepRecursion& error) {
        return refuse(Fault::limit, "nested too deep", file, place_of(error.mark));
    } catch (const YAML::Exception& error) {
        return refuse(Fault::invalid, "not valid YAML: " + error.msg, file, place_of(error.mark));
    } catch (const std::exception& error) {
        return refuse(Fault::invalid, std::string("not valid YAML: ") + error.what(), file, {});
    }
}

} // namespace jwtdomain::document::detail
