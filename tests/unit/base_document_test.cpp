#include <doctest/doctest.h>

#include <string>

#include "jwtdomain/base/document.h"

using namespace jwtdomain;
using document::Kind;

namespace {

document::Node yaml(const std::string& text) {
    auto parsed = document::parse(text, "p.yaml");
    if (!parsed) FAIL_CHECK(describe(parsed.error()));
    return parsed.value_or(document::Node{});
}

std::string refusal(const std::string& text, const std::string& file = "p.yaml") {
    const auto parsed = document::parse(text, file);
    return parsed ? "accepted" : describe(parsed.error());
}

Fault fault(const std::string& text, const std::string& file = "p.yaml") {
    const auto parsed = document::parse(text, file);
    REQUIRE(!parsed);
    return parsed.error().fault;
}

std::string repeat(const std::string& part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

} // namespace

TEST_CASE("base/document: YAML scalars follow the core schema") {
    const auto kind = [](const std::string& scalar) { return yaml("v: " + scalar).elements.at(0).kind; };
    CHECK(kind("no") == Kind::string);
    CHECK(kind("off") == Kind::string);
    CHECK(kind("2027-03-01") == Kind::string);
    CHECK(kind("10m") == Kind::string);
    CHECK(kind("1_000") == Kind::string);
    CHECK(kind("\"true\"") == Kind::string);
    CHECK(kind("!!str 12") == Kind::string);
    CHECK(kind("true") == Kind::boolean);
    CHECK(kind("~") == Kind::null);
    CHECK(kind("") == Kind::null);
    CHECK(kind("-12") == Kind::integer);
    CHECK(kind("0x1f") == Kind::integer);
    CHECK(kind("1.5e3") == Kind::real);
    CHECK(kind(".inf") == Kind::real);
    CHECK(kind("99999999999999999999") == Kind::real);
    CHECK(yaml("v: 0o17").elements.at(0).integer == 15);
    CHECK(yaml("v: +5").elements.at(0).integer == 5);
}

TEST_CASE("base/document: every name and value knows its place") {
    const auto root = yaml("a: 1\nlist:\n  - {x: deep}\n");
    REQUIRE(root.names.size() == 2);
    CHECK(root.names[1].mark.line == 2);
    CHECK(root.names[1].mark.column == 1);
    const auto& deep = root.find("list")->elements.at(0).elements.at(0);
    CHECK(deep.text == "deep");
    CHECK(deep.mark.line == 3);
    CHECK(deep.mark.column == 9);
}

TEST_CASE("base/document: JSON gives the same tree and places") {
    const auto root = document::parse("{\"a\": [1, 2.5, \"x\\u00e9\"],\n \"b\": {\"c\": null}}", "p.json").value();
    CHECK(root.find("a")->elements.at(0).integer == 1);
    CHECK(root.find("a")->elements.at(1).kind == Kind::real);
    CHECK(root.find("a")->elements.at(2).text == "xé");
    CHECK(root.names.at(1).mark.line == 2);
    CHECK(root.names.at(1).mark.column == 2);
    CHECK(root.find("b")->find("c")->mark.column == 13);
}

TEST_CASE("base/document: a name that stands twice is refused with its place") {
    CHECK(refusal("a: 1\nb: 2\na: 3\n") == "p.yaml:3:1: the name 'a' stands here twice");
    CHECK(refusal("{a: 1, \"\\u0061\": 2}") == "p.yaml:1:8: the name 'a' stands here twice");
    std::string many;
    for (int i = 0; i < 40; ++i) many += "k" + std::to_string(i) + ": 1\n";
    CHECK(refusal(many + "k3: 1\n") == "p.yaml:41:1: the name 'k3' stands here twice");
    CHECK(refusal(many + "k39: 1\n") == "p.yaml:41:1: the name 'k39' stands here twice");
    CHECK(refusal("{\"a\": 1,\n\"\\u0061\": 2}", "p.json").rfind("p.json:2:", 0) == 0);
}

TEST_CASE("base/document: what YAML has and a policy must not use is refused") {
    CHECK(refusal("base: &b {x: 1}\nother:\n  <<: *b\n").find("merge keys") != std::string::npos);
    CHECK(refusal("a: 1\n---\nb: 2\n").find("second document") != std::string::npos);
    CHECK(refusal("a: !secret x\n").find("tag !secret") != std::string::npos);
    CHECK(refusal("a: !!int x\n").find("does not fit its tag") != std::string::npos);
    CHECK(refusal("1: x\n").find("a name must be a string") != std::string::npos);
    CHECK(refusal("{[a]: x}").find("a name must be a string") != std::string::npos);
    CHECK(refusal("a: \"x\\q\"\n").find("p.yaml:1:") == 0);
    CHECK(refusal("a: [1, 2\n").find("not valid YAML") != std::string::npos);
    CHECK(refusal("a: 1\n]\n").find("not valid YAML") != std::string::npos);
    CHECK(refusal("{a: 1} junk\n") != "accepted");
    CHECK(refusal("a: *nowhere\n").find("not valid YAML") != std::string::npos);
    CHECK(refusal("a: &x [*x]\n") != "accepted");
    CHECK(refusal(std::string("a: \0", 4)) == "p.yaml:1:4: a control character");
    CHECK(refusal("a: b\n\xff\n") == "p.yaml:2:1: not valid UTF-8");
    CHECK(refusal("{\"a\": 1} {}", "p.json").find("after the end") != std::string::npos);
    CHECK(refusal("{\"a\": 1,}", "p.json").find("not valid JSON") != std::string::npos);
}

TEST_CASE("base/document: aliases are copies of what they stand for") {
    const auto root = yaml("a: &x [1, {b: two}]\nc: *x\nd: &y plain\ne: *y\n");
    CHECK(root.find("c")->elements.at(1).find("b")->text == "two");
    CHECK(root.find("e")->text == "plain");
}

TEST_CASE("base/document: hostile sizes are errors, not crashes") {
    CHECK(fault(repeat("[", 100'000)) == Fault::limit);
    CHECK(fault(repeat("{a: ", 100'000)) == Fault::limit);
    CHECK(fault(repeat("[", 9'000)) == Fault::invalid);
    CHECK(fault(repeat("- ", 100'000)) == Fault::limit);
    CHECK(fault(repeat("? ", 100'000)) == Fault::invalid);
    CHECK(fault(repeat("a: ", 100'000)) == Fault::invalid);
    CHECK(fault(repeat("&a ", 100'000)) == Fault::invalid);
    CHECK(fault(repeat("[", 100'000), "p.json") == Fault::limit);
    CHECK(fault(repeat("x", document::kMaxSize + 1)) == Fault::limit);
    CHECK(yaml(repeat("[", 64) + repeat("]", 64)).kind == Kind::array);
    CHECK(fault(repeat("[", 65) + repeat("]", 65)) == Fault::limit);

    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
        laughs += name + ": &" + name + " [" + repeat(before + ", ", 9) + before + "]\n";
    }
    CHECK(fault(laughs) == Fault::limit);

    std::string tower = "a0: &a0 x\n"; // each alias adds a level
    for (int i = 1; i < 100; ++i) {
        const std::string name = "a" + std::to_string(i);
        tower += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
    }
    CHECK(fault(tower) == Fault::limit);
}

TEST_CASE("base/document: aliases in a few octets do not come to much") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"; // under a million values, in some 300 octets
    for (int i = 1; i < 5; ++i) {
        const std::string before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
        bomb += name + ": &" + name + " [" + repeat(before + ", ", 9) + before + "]\n";
    }
    CHECK(fault(bomb) == Fault::limit);
    CHECK(refusal(bomb).find("aliases come to more than") != std::string::npos);
    std::string long_list = "a: &a [" + repeat("x, ", 5'000) + "x]\nb: *a\nc: *a\n";
    CHECK(yaml(long_list).find("c")->elements.size() == 5'001);
}

TEST_CASE("base/document: a broken collection in braces makes no values without an end") {
    CHECK(fault("{\"a\": 1, }, - b=c\n\"d\": 2}\n") == Fault::invalid);
    CHECK(refusal("{\"a\": 1, }, - b=c\n\"d\": 2}\n").find("not valid YAML") != std::string::npos);
    CHECK(yaml("{a, b, c}").elements.size() == 3); // each with nothing
}

TEST_CASE("base/document: nothing at all is null") {
    CHECK(yaml("").kind == Kind::null);
    CHECK(yaml("# only a comment\n").kind == Kind::null);
    CHECK(fault("", "p.json") == Fault::invalid);
}

TEST_CASE("base/document: a stream that others wrote") {
    const auto stream =
        document::parse_stream("a: !Sub 'x-${Y}'\nNull: 1\n~: 2\n8080: http\ntrue: yes\n---\n# nothing\n---\n"
                               "b: !If [c, !Ref D]\n",
                               "x.yaml", 7);
    REQUIRE(stream);
    REQUIRE(stream->size() == 2);
    const document::Node& first = stream->front();
    REQUIRE(first.names.size() == 5);
    CHECK(first.names[1].text == "Null");
    CHECK(first.names[2].text == "~");
    CHECK(first.names[3].text == "8080");
    CHECK(first.names[4].text == "true");
    CHECK(first.mark.source == 7);
    const document::Node* tagged = first.find("a");
    REQUIRE(tagged->kind == document::Kind::object);
    CHECK(tagged->names.front().text == "!Sub");
    CHECK(tagged->elements.front().text == "x-${Y}");
    const document::Node* list = (*stream)[1].find("b")->find("!If");
    REQUIRE(list != nullptr);
    CHECK(list->elements[1].find("!Ref")->text == "D");
    // Our own documents are as strict as before.
    CHECK(!document::parse("a: !Sub x\n", "x.yaml"));
    CHECK(!document::parse("8080: x\n", "x.yaml"));
    CHECK(!document::parse_stream("a: 1\na: 2\n", "x.yaml"));
}
