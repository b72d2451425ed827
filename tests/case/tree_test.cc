// Implements: tests of the parsed tree: places, duplicate keys, limits.
#include "case/tree.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace thermodose {
namespace {

std::string problems_of(const std::string& text) {
  Problems problems;
  parse_yaml(text, "f", problems);
  try {
    problems.raise();
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Tree, KnowsWhereKeysAndValuesStand) {
  Problems problems;
  const auto root = parse_yaml("# comment\na: 1\nb:\n  - x\n  - {c: [p,\n    q]}\n", "f", problems);
  ASSERT_TRUE(root);
  ASSERT_TRUE(problems.empty());
  EXPECT_EQ(root->find("a")->text, "1");
  EXPECT_EQ(root->find("a")->place.line, 2);
  EXPECT_EQ(*root->find("a")->place.file, "f");
  EXPECT_EQ(root->entries[1].place.line, 3);
  const Node& list = *root->find("b");
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[1].find("c")->items[1].place.line, 6);
  EXPECT_EQ(root->find("z"), nullptr);
}

TEST(Tree, TellsNothingFromText) {
  Problems problems;
  const auto root = parse_yaml("a:\nb: ~\nc: null\nd: 'null'\ne: ''\n", "f", problems);
  ASSERT_TRUE(root);
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(root->find(key)->kind, Node::Kind::nothing);
  for (const char* key : {"d", "e"}) EXPECT_EQ(root->find(key)->kind, Node::Kind::scalar);
}

TEST(Tree, KeepsTheFirstOfDuplicateKeysAndTellsBoth) {
  Problems problems;
  const auto root = parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", "f", problems);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find("a")->text, "1");
  EXPECT_EQ(problems_of("a: 1\nb: {c: 1, c: 2}\na: 3\n"),
            "f:2: b.c: the key is given twice; the first is in line 2\n"
            "f:3: a: the key is given twice; the first is in line 1");
  EXPECT_EQ(problems_of("'': 1\n'': 2\n"),
            "f:1: a key is missing before the colon\nf:2: the key is given twice");
}

TEST(Tree, LooksForTheCauseWhereItIs) {
  const std::string no = "this is not YAML: ";
  // Noticed in line 5, behind a comment and a blank line.
  EXPECT_EQ(problems_of("a: 1\nb:2\n# c\n\nd: 3\n"),
            "f:2: " + no + "write a blank after the colon of 'b:'");
  EXPECT_EQ(problems_of("a: 1\rb: 2\rc: {d: 3}\r"),
            "f:1: " + no + "its lines end in carriage returns alone; save it with Unix line ends");
  EXPECT_EQ(problems_of("a: [1,\n  2\nb: 3\n"), "f:1: " + no + "the bracket '[' is not closed");
  // Quotes and comments hide what they hold.
  EXPECT_EQ(problems_of("a: 'x: {'\nb: \"[\" # {\nc: d: e\n"),
            "f:3: " + no + "a value with a colon must stand in quotes");
  // Nothing known: the parser's words.
  EXPECT_EQ(problems_of("a: |x\n  b\n"), "f:1: " + no + "unexpected character in block scalar");
}

TEST(Tree, RefusesWhatItDoesNotSupport) {
  EXPECT_EQ(problems_of("a: &x 1\nb: *x\n"),
            "f:1: a: anchors (&name) are not supported: write the value out");
  EXPECT_EQ(problems_of("a: &x [*x]\n"),
            "f:1: a: anchors (&name) are not supported: write the value out");
  EXPECT_EQ(problems_of("a: !!int 1\n"),
            "f:1: a: tags are not supported: remove 'tag:yaml.org,2002:int'");
  EXPECT_EQ(problems_of("a: 1\n---\nb: 2\n"),
            "f:3: a second YAML document (---) begins; expected one");
  EXPECT_EQ(problems_of("[0, 0, 0] mm"), "f:1: there is more text behind the end: 'mm'");
  EXPECT_EQ(problems_of("[a, b]: 1\n"),
            "f:1: found a list or map where a key is due; is a bracket not closed?");
}

TEST(Tree, RefusesBytesThatAreNoText) {
  EXPECT_EQ(problems_of(std::string("a: 1\nb: \0\n", 10)),
            "f:2: the file holds a control character; it must be plain text");
  EXPECT_EQ(problems_of("a: 1\n\nb: caf\xe9\n"), "f:3: the file is not UTF-8 text");
  EXPECT_EQ(problems_of("\xff\xfe"
                        "a\n"),
            "f:1: the file is not UTF-8 text");
  EXPECT_EQ(problems_of("a: \xc2\xb5m\r\n"), "");
}

TEST(Tree, LimitsDepthSizeAndCount) {
  EXPECT_EQ(problems_of("a: " + std::string(31, '[') + std::string(31, ']')), "");
  EXPECT_NE(problems_of("a: " + std::string(32, '[') + std::string(32, ']'))
                .find("nested too deeply: more than 32 levels"),
            std::string::npos);
  EXPECT_EQ(problems_of("a: " + std::string(kLargestFile, 'x')),
            "f: the file is larger than 1 MiB");
  std::string many = "a: [";
  for (int i = 0; i < 100000; ++i) many += "1,";
  EXPECT_NE(problems_of(many + "]").find("the file holds too many values"), std::string::npos);
}

TEST(Tree, QuotesMustClose) {
  // yaml-cpp takes these for the rest of the file.
  EXPECT_EQ(problems_of("a: 1\nb: 'x\nc: 3\n"), "f:2: b: the quote is not closed");
  EXPECT_EQ(problems_of("a: 1\nb: \"x\\\"\nc: 3\n"), "f:2: b: the quote is not closed");
  EXPECT_EQ(problems_of("a: \xc2\xb5\r\nb: 'it''s'\r\nc: \"\\\"\"\r\n"), "");
  EXPECT_EQ(problems_of("\xEF\xBB\xBF"
                        "b: 'x\n"),
            "f:1: b: the quote is not closed");
  EXPECT_EQ(problems_of("a: |\n  it's\nb: it's\n"), "");
}

TEST(Tree, SyntaxErrorsHaveALine) {
  for (const char* text : {"a: 1\nb: [1, 2\n", "a: 1\nb: 'x", "a: 1\nb: x: y\n", "a: 1\n\tb: 2\n",
                           "a: 1\n  b: 2\n", "a: 1\nb: @x\n", "a: 1\nb: \"\\q\"\n"}) {
    const std::string found = problems_of(text);
    EXPECT_EQ(found.rfind("f:", 0), 0U) << text;
    EXPECT_NE(found.find("this is not YAML"), std::string::npos) << text << found;
  }
}

}  // namespace
}  // namespace thermodose
