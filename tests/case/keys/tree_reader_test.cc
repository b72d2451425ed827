// Implements: tests of reading every kind of key, on a small object of its own.
#include "case/tree_reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/registry.h"

namespace thermodose {
namespace {

/// Not a physical thing: one key of every kind.
class Gadget : public Configurable {
 public:
  double length = 0;
  std::optional<double> warmth;
  TaggedReal flow;
  int count = 0;
  std::optional<int> spare;
  bool on = false;
  std::string word = "first";
  std::vector<std::string> words;
  Vec3 point{};
  std::optional<Vec3> other;
  std::vector<double> marks;
  std::vector<std::string> names;
  std::vector<Vec3> places;
  std::vector<std::pair<double, double>> table;
  bool has_box = false;
  double depth = 0;
  std::vector<double> rows;
  std::vector<std::string> entry_names;
  std::vector<double> entries;
  std::string chosen;
  std::shared_ptr<Configurable> plugin;
  std::vector<std::string> many_chosen;
  std::vector<std::shared_ptr<Configurable>> many;

  void keys(Keys& k) override {
    k.real(key("length", "mm", "A length.").range(1, 50).optional(), length);
    k.real(key("warmth", "degC", "A temperature.").range(-10, 50).optional(), warmth);
    k.real_in(key("flow", "1/s", "A flow.").range(0, 1).optional(), {"1/s", "mL/min/kg"}, flow);
    k.integer(key("count", "1", "A count.").range(1, 9).optional(), count);
    k.integer(key("spare", "1", "A count.").optional(), spare);
    k.flag(key("on", "", "A flag.").optional(), on);
    k.text(key("word", "", "A word.").one_of({"first", "second"}).optional(), word);
    k.texts(key("words", "", "Words.").one_of({"red", "green"}).optional(), words);
    k.point(key("point", "mm", "A point.").optional(), point);
    k.point(key("other", "1", "A direction.").optional(), other);
    k.reals(key("marks", "degC", "Marks.").optional(), marks);
    k.named_points(key("places", "mm", "Places.").optional(), names, places);
    k.curve(key("table", "%", "Shares.").range(0, 100).optional(),
            key("time", "s", "Time.").range(0, 100), table);
    k.section(key("box", "", "A box.").optional(), &has_box,
              [&](Keys& box) { box.real(key("depth", "mm", "Depth.").positive(), depth); });
    k.list(
        key("rows", "", "Rows.").optional(), [&](std::size_t n) { rows.resize(n); },
        [&] { return rows.size(); },
        [&](Keys& row, std::size_t i) { row.real(key("width", "mm", "Width."), rows[i]); });
    k.named(
        key("entries", "", "Entries.").optional(), entry_names,
        [&](std::size_t n) { entries.resize(n); },
        [&](Keys& e, std::size_t i) { e.real(key("size", "mm", "Size."), entries[i]); });
    k.plugin(key("plugin", "", "A gadget.").optional(), "test_gadget", chosen, plugin);
    k.plugins(key("many", "", "Gadgets.").optional(), "test_gadget", many_chosen, many);
  }
  std::vector<std::string> check() const override {
    if (std::fabs(length - 0.013) < 1e-9) return {"length: thirteen is unlucky"};
    if (std::fabs(length - 0.014) < 1e-9) return {"nothing but trouble: this is not a key"};
    return {};
  }
};

class Widget : public Configurable {
 public:
  double mass = 0;
  void keys(Keys& k) override { k.real(key("mass", "kg", "A mass."), mass); }
};

THERMODOSE_REGISTER("test_gadget", "gadget", Gadget, "One key of every kind.");
THERMODOSE_REGISTER("test_gadget", "widget", Widget, "Something with a mass.");

struct Reading {
  Gadget gadget;
  std::string problems;
};

Reading read(const std::string& text) {
  Reading out;
  Problems problems;
  const auto root = parse_yaml(text, "f", problems);
  EXPECT_TRUE(root) << text;
  if (root) read_configurable(*root, "", problems, {}, out.gadget);
  try {
    problems.raise();
  } catch (const InputError& e) {
    out.problems = e.what();
  }
  return out;
}

TEST(TreeReader, ReadsEveryKindOfKey) {
  const Reading r = read(
      "length: 5 mm\nwarmth: {value: 20 degC, spread: 1 K, source: guess}\nflow: 6 mL/min/100g\n"
      "count: 3\nspare: 4\non: true\nword: second\nwords: [red, green]\npoint: 1 2 3 mm\n"
      "other: [0, 0, 1]\nmarks: [0 degC, 10 degC]\nplaces: {a: 1 0 0 cm, b: [1 mm, 2 mm, 3 mm]}\n"
      "table: [[0 s, 0 %], [1 min, 50 %]]\nbox: {depth: 1 mm}\nrows: [{width: 1 mm}, {width: 2 "
      "mm}]\nentries: {p: {size: 1 mm}, q: {size: 2 mm}}\nplugin: {widget: {mass: 1 g}}\n"
      "many: [gadget, {widget: {mass: 2 g}}]\n");
  ASSERT_EQ(r.problems, "");
  const Gadget& g = r.gadget;
  EXPECT_DOUBLE_EQ(g.length, 0.005);
  EXPECT_DOUBLE_EQ(g.warmth.value_or(0), 293.15);
  EXPECT_EQ(g.flow.unit, "mL/min/kg");
  EXPECT_DOUBLE_EQ(g.flow.value, 1e-6);
  EXPECT_EQ(g.count, 3);
  EXPECT_EQ(g.spare, 4);
  EXPECT_TRUE(g.on);
  EXPECT_EQ(g.word, "second");
  EXPECT_EQ(g.words, (std::vector<std::string>{"red", "green"}));
  EXPECT_DOUBLE_EQ(g.point[2], 0.003);
  EXPECT_EQ(g.other, (Vec3{0, 0, 1}));
  ASSERT_EQ(g.marks.size(), 2U);
  EXPECT_DOUBLE_EQ(g.marks[1], 283.15);
  EXPECT_EQ(g.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_DOUBLE_EQ(g.places[0][0], 0.01);
  EXPECT_DOUBLE_EQ(g.places[1][1], 0.002);
  ASSERT_EQ(g.table.size(), 2U);
  EXPECT_EQ(g.table[1], (std::pair<double, double>{60, 0.5}));
  EXPECT_TRUE(g.has_box);
  EXPECT_DOUBLE_EQ(g.depth, 0.001);
  EXPECT_EQ(g.rows, (std::vector<double>{0.001, 0.002}));
  EXPECT_EQ(g.entry_names, (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(g.entries, (std::vector<double>{0.001, 0.002}));
  EXPECT_EQ(g.chosen, "widget");
  EXPECT_DOUBLE_EQ(dynamic_cast<Widget&>(*g.plugin).mass, 1e-3);
  EXPECT_EQ(g.many_chosen, (std::vector<std::string>{"gadget", "widget"}));
}

TEST(TreeReader, TakesOneRowForPointsAndLists) {
  EXPECT_EQ(read("marks: 0 10 20 degC").gadget.marks.size(), 3U);
  EXPECT_EQ(read("marks: -5 degC").gadget.marks.size(), 1U);
  EXPECT_EQ(read("words: red").gadget.words, std::vector<std::string>{"red"});
  EXPECT_DOUBLE_EQ(read("point: 1 2 3mm").gadget.point[2], 0.003);
  const auto table = read("table: 30 %").gadget.table;
  ASSERT_EQ(table.size(), 1U);
  EXPECT_DOUBLE_EQ(table[0].second, 0.3);
}

TEST(TreeReader, AbsentOptionalKeysKeepTheirValues) {
  const Gadget g = read("on: true").gadget;
  EXPECT_EQ(g.word, "first");
  EXPECT_FALSE(g.warmth);
  EXPECT_FALSE(g.has_box);
  EXPECT_FALSE(g.plugin);
}

struct Bad {
  const char *text, *message;
};

std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.text; }

class TreeReaderRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(TreeReaderRefuses, WithPlaceKeyAndAdvice) {
  EXPECT_EQ(read(GetParam().text).problems, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Values, TreeReaderRefuses,
    ::testing::Values(
        Bad{"\n\nlenght: 5 mm", "f:3: lenght: unknown key; did you mean 'length'?"},
        Bad{"length: 60 mm", "f:1: length: found '60 mm', allowed: 1 .. 50 mm"},
        Bad{"length: 6 cm", "f:1: length: found '6 cm', allowed: 0.1 .. 5 cm"},
        Bad{"warmth: 400 K", "f:1: warmth: found '400 K', allowed: 263.15 .. 323.15 K"},
        Bad{"length: [5 mm]", "f:1: length: found a list, expected a quantity in units such as mm"},
        Bad{"length: {valeu: 5 mm}",
            "f:1: length.valeu: unknown key; a quantity has the keys value, spread and source; did "
            "you mean 'value'?\n"
            "f:1: length: the quantity has no value: write {value: ..., source: ...}"},
        Bad{"length: {value: [5 mm]}", "f:1: length.value: found a list, expected a quantity"},
        Bad{"length: {value: 5 mm, spread: 3 K}",
            "f:1: length.spread: found '3 K', which is temperature (K), expected length (m) in "
            "units such as mm"},
        Bad{"length: {value: 5 mm, spread: -3 %}",
            "f:1: length.spread: found '-3 %', allowed: at least 0"},
        Bad{"length: {value: 5 mm, source: [a]}",
            "f:1: length.source: found a list, expected text"},
        Bad{"length:", "f:1: length: found nothing; give a value or remove the key"},
        Bad{"length: 13 mm", "f:1: length: thirteen is unlucky"},
        Bad{"length: 14 mm", "f:1: nothing but trouble: this is not a key"},
        Bad{"flow: 3",
            "f:1: flow: found '3': the unit is missing, expected a quantity in 1/s or "
            "mL/min/kg"},
        Bad{"flow: 3 mm",
            "f:1: flow: found '3 mm', which is length (m), expected a quantity in "
            "1/s or mL/min/kg"},
        Bad{"flow: 2 1/s", "f:1: flow: found '2 1/s', allowed: 0 .. 1 1/s"},
        Bad{"flow: -2 mL/min/kg", "f:1: flow: found '-2 mL/min/kg', allowed: at least 0 mL/min/kg"},
        Bad{"count: 1.5", "f:1: count: found '1.5', expected a whole number"},
        Bad{"count: 10", "f:1: count: found '10', allowed: 1 .. 9"},
        Bad{"count: 3 mm", "f:1: count: found '3 mm', expected a number without a unit"},
        Bad{"count: 1e20", "f:1: count: found '1e20', expected a whole number"},
        Bad{"count: {a: 1}", "f:1: count: found a map, expected a whole number"},
        Bad{"on: yes", "f:1: on: found 'yes', expected true or false"},
        Bad{"word: secnd",
            "f:1: word: found 'secnd', allowed: first or second; did you mean "
            "'second'?"},
        Bad{"word: [first]", "f:1: word: found a list, expected text"},
        Bad{"words: [red, grene]",
            "f:1: words[1]: found 'grene', allowed: red or green; did you mean 'green'?"},
        Bad{"words: {a: red}", "f:1: words: found a map, expected a list of words"},
        Bad{"point: 1 2 mm",
            "f:1: point: found '1 2 mm', expected three numbers separated by "
            "blanks and one unit, such as '0 0 10 mm'"},
        Bad{"point: 1 2 3 4 mm",
            "f:1: point: found '1 2 3 4 mm', expected three numbers separated "
            "by blanks and one unit, such as '0 0 10 mm'"},
        Bad{"point: 1, 2, 3 mm",
            "f:1: point: found '1, 2, 3 mm', expected three numbers separated "
            "by blanks and one unit, such as '0 0 10 mm'"},
        Bad{"point: 1 2 3",
            "f:1: point: found the bare number '1', expected length (m) in units "
            "such as mm: the unit is missing"},
        Bad{"point: [1 mm, 2 mm]",
            "f:1: point: found a list of 2 values, expected a point such as '0 0 10 mm'"},
        Bad{"point: [1 mm, 2 K, 3 mm]",
            "f:1: point[1]: found '2 K', which is temperature (K), "
            "expected length (m) in units such as mm"},
        Bad{"other: 0 0 1 mm",
            "f:1: other: found '0 mm', which is length (m), expected a pure "
            "number"},
        Bad{"marks: [5 mm]",
            "f:1: marks[0]: found '5 mm', which is length (m), expected a "
            "temperature such as '37 degC'"},
        Bad{"marks: {a: 1}", "f:1: marks: found a map, expected a list of quantities"},
        Bad{"places: [1 2 3 mm]", "f:1: places: found a list, expected a map from names to points"},
        Bad{"places: {a b: 1 2 3 mm}",
            "f:1: places.a b: the name 'a b' may only hold letters, digits, '_', '-', '+' and '.', "
            "at most 64 of them, and must start with a letter or digit"},
        Bad{"table: [[0 s, 0 %], [0 s, 5 %]]",
            "f:1: table[1]: found '0 s': time must increase from row to row"},
        Bad{"table: [[0 s]]", "f:1: table[0]: found a list, expected a pair [time, table]"},
        Bad{"table: [[200 s, 5 %]]", "f:1: table[0]: found '200 s', allowed: 0 .. 100 s"},
        Bad{"table: []", "f:1: table: the table is empty"},
        Bad{"table: {a: b}",
            "f:1: table: found a map, expected a quantity or a table [[time, table], ...]"},
        Bad{"box: 3 mm", "f:1: box: found '3 mm', expected a map of keys"},
        Bad{"box: {depth: 0 mm}", "f:1: box.depth: found '0 mm', allowed: more than 0 mm"},
        Bad{"box: {}", "f:1: box.depth: missing; expected: Depth."},
        Bad{"rows: {width: 1 mm}", "f:1: rows: found a map, expected a list (- ...)"},
        Bad{"rows: [3]", "f:1: rows[0]: found '3', expected a map of keys"},
        Bad{"rows: [{width: 1 mm}, {}]", "f:1: rows[1].width: missing; expected: Width."},
        Bad{"entries: [a]", "f:1: entries: found a list, expected a map from names to maps"},
        Bad{"entries: {a: 1}", "f:1: entries.a: found '1', expected a map of keys"},
        Bad{"plugin: gadgte",
            "f:1: plugin: unknown test gadget 'gadgte'; known: gadget and widget; "
            "did you mean 'gadget'?"},
        Bad{"plugin: widget", "f:1: plugin.widget.mass: missing; expected: A mass."},
        Bad{"plugin: [widget]",
            "f:1: plugin: found a list, expected one test gadget: a word or a map of one key such "
            "as {gadget: {...}}"},
        Bad{"plugin: {widget: {mass: 1 g}, gadget: }",
            "f:1: plugin: found a map with widget and gadget, expected one test gadget: a word or "
            "a "
            "map of one "
            "key such as {gadget: {...}}"},
        Bad{"plugin: {widget: 3 g}", "f:1: plugin.widget: found '3 g', expected a map of keys"},
        Bad{"many: widget", "f:1: many: found 'widget', expected a list [...]"},
        Bad{"many: [gadget, widgte]",
            "f:1: many[1]: unknown test gadget 'widgte'; known: gadget "
            "and widget; did you mean 'widget'?"}));

TEST(TreeReader, TellsEveryProblemInOrderOfLines) {
  EXPECT_EQ(read("point: 1 2 3\nlength: 5\nwrod: first\n").problems,
            "f:1: point: found the bare number '1', expected length (m) in units such as mm: the "
            "unit is missing\n"
            "f:2: length: found the bare number '5', expected length (m) in units such as mm: the "
            "unit is missing\n"
            "f:3: wrod: unknown key; did you mean 'word'?");
}

}  // namespace
}  // namespace thermodose
