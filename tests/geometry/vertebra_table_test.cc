// The table of vertebral dimensions: sources, caveats, and what is said about a bad table.
#include "geometry/vertebra_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "base/error.h"
#include "output/scratch.h"
#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

const std::string kMeshes = std::string(THERMODOSE_SOURCE_DIR) + "/meshes/";

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the table has no " + from);
  return text.replace(at, from.size(), to);
}

/// What reading a table with this text says; "" when nothing.
std::vector<Problem> problems_of(const std::string& text) {
  const Scratch dir;
  const std::string path = dir.file("table.yaml");
  std::ofstream(path) << text;
  try {
    read_vertebra_table(path);
  } catch (const InputError& e) {
    return e.problems();
  }
  return {};
}

TEST(VertebraTable, HoldsPublishedNumbers) {
  const VertebraTable table = read_vertebra_table(kMeshes + "thoracolumbar.yaml");
  ASSERT_EQ(table.levels.size(), 8U);
  const VertebraDimensions& l3 = table.levels[5];  // Panjabi 1992
  EXPECT_DOUBLE_EQ(l3.body_width, 0.0441);
  EXPECT_DOUBLE_EQ(l3.body_height, 0.0238);
  EXPECT_DOUBLE_EQ(l3.canal_width, 0.0243);
  EXPECT_DOUBLE_EQ(l3.pedicle_width, 0.01015);
  EXPECT_DOUBLE_EQ(l3.dura_thickness, 0.307e-3);
  EXPECT_DOUBLE_EQ(l3.psoas_area, 7.0e-4);
  EXPECT_NEAR(l3.root_angle, 55.2 * 3.14159265358979 / 180, 1e-12);
  EXPECT_NEAR(table.centre_distance(4, 5), 0.0243 / 2 + 0.0081 + 0.0238 / 2, 1e-15);
  EXPECT_DOUBLE_EQ(table.centre_distance(5, 3), -table.centre_distance(3, 5));
}

// Every source is a code that meshes/SOURCES.md resolves, or says that the number is unverified,
// or explains a 0.
TEST(VertebraTable, EverySourceCanBeLookedUp) {
  const std::string sources = contents(kMeshes + "SOURCES.md");
  std::istringstream lines(contents(kMeshes + "thoracolumbar.yaml"));
  const std::regex entry("value: ([^,]+), source: \"(.*)\"");
  int entries = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (line[0] == '#' || !std::regex_search(line, found, entry)) continue;
    ++entries;
    const std::string value = found[1], source = found[2];
    const std::regex code("\\[(\\w+)\\]");
    bool resolved = source.find("unverified") != std::string::npos || value[0] == '0';
    for (std::sregex_iterator i(source.begin(), source.end(), code), end; i != end; ++i) {
      EXPECT_NE(sources.find("| `" + (*i)[1].str() + "` |"), std::string::npos) << line;
      resolved = true;
    }
    EXPECT_TRUE(resolved) << line;
  }
  EXPECT_EQ(entries, 11 + 1 + 8 * 25);
}

TEST(VertebraTable, CaveatsNameWhatIsUnverified) {
  for (const auto& level : vertebra_levels()) {
    const Placed v = make_anatomy("vertebra", {{}, {}, {{"level", level}}, {}, {}});
    ASSERT_EQ(v->caveats().size(), 1U);
    const std::string& caveat = v->caveats().front();
    EXPECT_NE(caveat.find("vertebra " + level), std::string::npos);
    EXPECT_NE(caveat.find("arch_cortex"), std::string::npos) << "assumed at every level";
    EXPECT_EQ(caveat.find("dura_thickness"), std::string::npos) << "measured";
    EXPECT_EQ(caveat.find("body_depth") == std::string::npos, level == "L5") << caveat;
    EXPECT_EQ(caveat.find("canal_width") == std::string::npos, level != "T10") << caveat;
  }
}

TEST(VertebraTable, EveryProblemIsToldWithItsLine) {
  std::string text = contents(kMeshes + "thoracolumbar.yaml");
  text = replaced(text, "  arch_cortex: {value: 1.0 mm", "  arch_cortex: {value: 1.0 kg");
  text = replaced(text, "T10:\n  body_width", "T10:\n  body_breadth");
  text =
      replaced(text, "T11:\n  body_width: {value: 35.2 mm", "T11:\n  body_width: {value: -35.2 mm");
  text = replaced(text, "\nL5:\n", "\nL6:\n");
  const auto problems = problems_of(text);
  std::string all;
  for (const auto& p : problems) all += p.text() + "\n";
  EXPECT_NE(all.find(".arch_cortex"), std::string::npos) << all;
  EXPECT_NE(all.find("T10.body_breadth: unknown; allowed are"), std::string::npos) << all;
  EXPECT_NE(all.find("did you mean 'body_width'?"), std::string::npos) << all;
  EXPECT_NE(all.find("T10.body_width: not found"), std::string::npos) << all;
  EXPECT_NE(all.find("T11.body_width: found '-35.2 mm', expected 0 or more"), std::string::npos)
      << all;
  EXPECT_NE(all.find("L6: unknown"), std::string::npos) << all;
  EXPECT_NE(all.find("L5.body_width: not found"), std::string::npos) << all;
  for (const auto& p : problems) {
    const bool missing = p.message.find("not found") != std::string::npos;
    EXPECT_EQ(p.line == 0, missing) << p.text();
  }
}

TEST(VertebraTable, MalformedEntriesAndText) {
  const std::string good = contents(kMeshes + "thoracolumbar.yaml");
  const std::string own = "T10:\n  body_width: {value: 30.6 mm, source: \"";
  EXPECT_TRUE(problems_of(good).empty());
  const std::string bare = "T10:\n  body_width: 30.6 mm #";
  auto problems = problems_of(replaced(good, own, bare));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "T10.body_width");
  EXPECT_GT(problems[0].line, 1);
  problems = problems_of(replaced(good, own, "T10:\n  body_width: {value: 30.6 mm, origin: \""));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems[0].message.find("expected {value: 41.2 mm"), std::string::npos);
  problems = problems_of(
      replaced(good, own, "T10:\n  body_depth: {value: 1 mm, source: \"x\"}\n" + own.substr(5)));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems[0].message.find("a second time"), std::string::npos);
  problems = problems_of("T10: {a: [}");
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems[0].message.find("not YAML"), std::string::npos);
  EXPECT_THROW(read_vertebra_table(kMeshes + "no_such.yaml"), IoError);
}

// In a folder itself, below it, or beside it as materials and meshes are shipped.
TEST(VertebraTable, TheShippedFileIsFound) {
  const std::string home = THERMODOSE_SOURCE_DIR;
  for (const std::string& folder : {home, home + "/meshes", home + "/materials"}) {
    const Placed v = configure("vertebra", {{}, {}, {{"level", "L2"}}, {}, {}});
    EXPECT_NO_THROW(v->prepare({"", {"/nowhere", folder}})) << folder;
  }
}

TEST(VertebraTable, AMissingFileSaysWhereItWasLookedFor) {
  const Placed v = configure("vertebra", {{}, {}, {{"level", "L2"}}, {}, {}});
  try {
    v->prepare({"", {"/nowhere/a", "/nowhere/b"}});
    FAIL() << "nothing was thrown";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("/nowhere/a or /nowhere/b"), std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace thermodose::test
