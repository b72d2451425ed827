// Tests of base/log.h and base/version.h.
// Implements: lines and warnings of a run log, silence without one, failure as IoError, the
// search for the data directory.
#include "base/log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/version.h"

namespace thermodose {
namespace {

namespace fs = std::filesystem;

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log::to_console(log::Level::warning,
                    [this](log::Level, const std::string& text) { console.push_back(text); });
  }
  void TearDown() override {
    log::to_console(log::Level::warning, {});
    fs::remove(path);
  }

  std::vector<std::string> console;
  // ctest runs the tests of this file side by side.
  const std::string path = fmt::format("{}log_test_{}.log", ::testing::TempDir(), ::getpid());
};

TEST_F(LogTest, FileHasAllLevelsConsoleOnlyWarnings) {
  {
    const log::RunLog run(path);
    log::debug("step 1");
    log::info("mesh {} built");  // braces are text, not a format
    log::warning("coarse");
    EXPECT_EQ(read(path).find("coarse") == std::string::npos, false) << "lines appear at once";
  }
  log::info("after the run");
  const std::regex line(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} (\w+): (.*))");
  const std::string text = read(path);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) {
    found.push_back((*it)[1].str() + "|" + (*it)[2].str());
  }
  EXPECT_EQ(found,
            (std::vector<std::string>{"debug|step 1", "info|mesh {} built", "warning|coarse"}));
  EXPECT_EQ(console, std::vector<std::string>{"coarse"});
}

TEST_F(LogTest, WarningsAreListedOnceAndStartAfreshPerRun) {
  {
    const log::RunLog run(path);
    log::warning("b");
    log::warning("a");
    log::warning("b");
    EXPECT_EQ(run.warnings(), (std::vector<std::string>{"b", "a"}));
  }
  const log::RunLog next(path);
  EXPECT_TRUE(next.warnings().empty());
  EXPECT_EQ(read(path), "") << "a new run replaces the log";
}

TEST_F(LogTest, UnwritablePathIsAnIoError) {
  EXPECT_THROW(log::RunLog("/proc/no_such_directory/run.log"), IoError);
  const log::RunLog run(path);  // the failed one left nothing open
}

TEST_F(LogTest, FullDiskIsReported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const log::RunLog run("/dev/full");
  EXPECT_NO_THROW(run.check());
  log::info("lost");
  EXPECT_THROW(run.check(), IoError);
}

TEST(VersionTest, ProvenanceIsKnown) {
  EXPECT_TRUE(std::regex_match(version(), std::regex(R"(\d+\.\d+\.\d+)"))) << version();
  EXPECT_TRUE(std::regex_match(git_hash(), std::regex(R"([0-9a-f]{12}\+?|unknown)"))) << git_hash();
  std::string all;
  for (const auto& [name, number] : library_versions()) {
    all += name + " ";
    EXPECT_TRUE(std::regex_match(number, std::regex(R"(\d+(\.\d+)+)"))) << name << " " << number;
  }
  EXPECT_NE(all.find("yaml-cpp"), std::string::npos) << all;
}

TEST(VersionTest, HomeIsTheEnvironmentsWhenItHoldsMaterials) {
  const fs::path home = fs::path(::testing::TempDir()) / fmt::format("version_test_{}", ::getpid());
  fs::remove_all(home);
  fs::create_directories(home);
  ::setenv("THERMODOSE_HOME", home.c_str(), 1);
  EXPECT_THROW(home_directory(), IoError);
  fs::create_directories(home / "materials");
  EXPECT_EQ(home_directory(), home.string());
  ::unsetenv("THERMODOSE_HOME");
  EXPECT_EQ(home_directory(), THERMODOSE_SOURCE_DIR);
  fs::remove_all(home);
}

}  // namespace
}  // namespace thermodose
