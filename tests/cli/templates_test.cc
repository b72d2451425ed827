// Tests of cli/templates.h.
// Implements: `new` copies a case and never over anything.
#include "cli/templates.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/error.h"

namespace thermodose::cli {
namespace {

namespace fs = std::filesystem;

class TemplatesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root = fs::path(::testing::TempDir()) / fmt::format("templates_test_{}", ::getpid());
    fs::remove_all(root);
    fs::create_directories(root / "home/materials");
    fs::create_directories(root / "home/cases/two_probes/labels");
    fs::create_directories(root / "home/cases/not_a_case");
    std::ofstream(root / "home/cases/two_probes/case.yaml") << "#\n# Two probes.\nthermodose: 1\n";
    std::ofstream(root / "home/cases/two_probes/labels/a.nii") << "x";
    ::setenv("THERMODOSE_HOME", (root / "home").c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("THERMODOSE_HOME");
    fs::remove_all(root);
  }
  std::string in(const char* name) const { return (root / name).string(); }

  fs::path root;
};

TEST_F(TemplatesTest, OnlyDirectoriesWithACaseAreTemplates) {
  const auto all = templates();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].name, "two_probes");
  EXPECT_EQ(all[0].summary, "Two probes.");
}

TEST_F(TemplatesTest, CopiesTheWholeDirectory) {
  EXPECT_EQ(create_case("two_probes", in("mine/deep/")), in("mine/deep/case.yaml"));
  EXPECT_TRUE(fs::is_regular_file(root / "mine/deep/case.yaml"));
  EXPECT_TRUE(fs::is_regular_file(root / "mine/deep/labels/a.nii"));
  EXPECT_FALSE(fs::exists(root / "mine/deep.part"));
}

TEST_F(TemplatesTest, SaysHowToRunTheCopyFromWhereItIs) {
  const std::string comment = "# Two probes.\n# Run: thermodose run cases/two_probes/case.yaml";
  std::ofstream(root / "home/cases/two_probes/case.yaml")
      << comment << "     (a second)\nthermodose: 1\ntitle: as in cases/two_probes/case.yaml\n";
  fs::permissions(root / "home/cases/two_probes/case.yaml", fs::perms::owner_read);
  create_case("two_probes", in("mine"));
  std::ifstream copy(root / "mine/case.yaml");
  const std::string text{std::istreambuf_iterator<char>(copy), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text,
            "# Two probes.\n# Run, in this directory: thermodose run case.yaml     (a second)\n"
            "thermodose: 1\ntitle: as in cases/two_probes/case.yaml\n");
  std::ofstream again(root / "mine/case.yaml", std::ios::app);
  EXPECT_TRUE(again.is_open()) << "the copy is there to be changed";
}

TEST_F(TemplatesTest, TheShippedCasesSayItToo) {
  ::setenv("THERMODOSE_HOME", THERMODOSE_SOURCE_DIR, 1);
  ASSERT_FALSE(templates().empty());
  for (const Template& t : templates()) {
    std::ifstream copy(create_case(t.name, in(t.name.c_str())));
    const std::string text{std::istreambuf_iterator<char>(copy), std::istreambuf_iterator<char>()};
    EXPECT_NE(text.find("# Run, in this directory: thermodose run case.yaml"), std::string::npos)
        << t.name;
    EXPECT_EQ(text.find("cases/" + t.name), std::string::npos) << t.name;
  }
}

TEST_F(TemplatesTest, AnEmptyDirectoryIsGoodEnough) {
  fs::create_directories(root / "empty");
  create_case("two_probes", in("empty"));
  EXPECT_TRUE(fs::exists(root / "empty/case.yaml"));
}

TEST_F(TemplatesTest, RefusesToOverwrite) {
  fs::create_directories(root / "full");
  std::ofstream(root / "full/notes.txt") << "precious";
  std::ofstream(root / "file") << "precious";
  fs::create_symlink(root / "nowhere", root / "link");
  for (const char* name : {"full", "file", "link"}) {
    EXPECT_THROW(create_case("two_probes", in(name)), InputError) << name;
  }
  EXPECT_EQ(fs::file_size(root / "full/notes.txt"), 8U);
  EXPECT_FALSE(fs::exists(root / "full/case.yaml"));
  EXPECT_FALSE(fs::exists(root / "nowhere"));
}

TEST_F(TemplatesTest, UnknownNameIsSuggested) {
  try {
    create_case("two_probs", in("x"));
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'two_probes'"), std::string::npos)
        << error.what();
  }
  EXPECT_FALSE(fs::exists(root / "x"));
}

TEST_F(TemplatesTest, UnwritablePlaceIsAnIoErrorAndLeavesNothing) {
  std::ofstream(root / "file") << "x";
  EXPECT_THROW(create_case("two_probes", in("file/below")), IoError);
  EXPECT_THROW(create_case("two_probes", "/proc/new_case"), IoError);
}

TEST_F(TemplatesTest, ACopyThatFailsHalfWayLeavesNothing) {
  const fs::path pipe = root / "home/cases/two_probes/labels/pipe";  // cannot be copied
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(create_case("two_probes", in("mine/case_1")), IoError);
  EXPECT_TRUE(fs::is_empty(root / "mine"));
}

}  // namespace
}  // namespace thermodose::cli
