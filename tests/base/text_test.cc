// Implements: tests of base/text.h.
#include "base/text.h"

#include <gtest/gtest.h>

namespace thermodose::text {
namespace {

TEST(EditDistance, CountsSingleChanges) {
  EXPECT_EQ(edit_distance("radius", "radius"), 0);
  EXPECT_EQ(edit_distance("radius", "raduis"), 1);   // swapped neighbours
  EXPECT_EQ(edit_distance("radius", "radus"), 1);    // left out
  EXPECT_EQ(edit_distance("radius", "raddius"), 1);  // doubled
  EXPECT_EQ(edit_distance("radius", "rodius"), 1);   // replaced
  EXPECT_EQ(edit_distance("radius", "Radius"), 0.5);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);  // Levenshtein's textbook pair
}

TEST(Nearest, FindsMisspellingsAndNothingElse) {
  const std::vector<std::string> names{"radius", "center", "active_length", "diameter"};
  EXPECT_EQ(nearest("raduis", names), "radius");
  EXPECT_EQ(nearest("centre", names), "center");
  EXPECT_EQ(nearest("length", names), "active_length");
  EXPECT_EQ(nearest("Diametre", names), "diameter");
  EXPECT_EQ(nearest("colour", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("center", {"center"}), std::nullopt);  // the word itself is no advice
  EXPECT_EQ(nearest("radius", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(1000, 'r'), names), std::nullopt);
}

TEST(DidYouMean, IsAClauseOrNothing) {
  EXPECT_EQ(did_you_mean("spere", {"sphere", "box"}), "; did you mean 'sphere'?");
  EXPECT_EQ(did_you_mean("torus", {"sphere", "box"}), "");
}

TEST(List, JoinsWords) {
  EXPECT_EQ(list({}), "");
  EXPECT_EQ(list({"a"}), "a");
  EXPECT_EQ(list({"a", "b"}), "a and b");
  EXPECT_EQ(list({"a", "b", "c"}, "or"), "a, b or c");
  const std::string many = list(std::vector<std::string>(1000, "x"), "or");
  EXPECT_EQ(many.substr(many.size() - 16), "x, x or 960 more");
}

TEST(Quoted, EscapesAndClips) {
  EXPECT_EQ(quoted("5 mm"), "'5 mm'");
  EXPECT_EQ(quoted("a\nb\x01"), "'a\\x0ab\\x01'");
  EXPECT_EQ(quoted("\xc2\xb0"
                   "C"),
            "'\xc2\xb0"
            "C'");
  EXPECT_EQ(quoted("\xff"), "'\\xff'");
  EXPECT_EQ(quoted(std::string(100, 'x')), "'" + std::string(60, 'x') + "...'");
}

TEST(Words, AreSplitAtBlanks) {
  EXPECT_EQ(words("  1 2\t3  mm "), (std::vector<std::string>{"1", "2", "3", "mm"}));
  EXPECT_TRUE(words(" \t ").empty());
  EXPECT_EQ(trim("  a b \n"), "a b");
  EXPECT_EQ(trim(" "), "");
}

TEST(Utf8, AcceptsWellFormedAndRefusesTheRest) {
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(is_utf8("\xc2\xb5m \xe2\x82\xac \xf0\x9f\x98\x80"));
  EXPECT_FALSE(is_utf8("\xff"));              // never a lead byte
  EXPECT_FALSE(is_utf8("\xc3"));              // cut off
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_utf8("\xe0\x80\xaf"));      // overlong
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("latin\xe9 text"));    // Latin-1
}

TEST(Numbers, AreShortOrExact) {
  EXPECT_EQ(number(0.1 + 0.2), "0.3");
  EXPECT_EQ(exact(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(exact(310.15), "310.15");
  EXPECT_EQ(number(1e9), "1e+09");
}

}  // namespace
}  // namespace thermodose::text
