// Tests of cli/program.h and cli/commands.h.
// Implements: the exit status and the lines of every kind of exception; --set; default directory.
#include "cli/program.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.h"
#include "cli/commands.h"

namespace thermodose::cli {
namespace {

// Status and text of report() for an exception.
template <class Exception>
std::pair<int, std::string> reported(const Exception& exception) {
  std::FILE* file = std::tmpfile();
  const int status = report(std::make_exception_ptr(exception), file);
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return {status, text};
}

using Report = std::pair<int, std::string>;

TEST(ProgramTest, EveryProblemOfAnInputHasALine) {
  const InputError error({{"a.yaml", 3, "domain.size", "found '3', expected a length"},
                          {"a.yaml", 9, "probes", "none\nat all"}});
  EXPECT_EQ(reported(error), Report(2,
                                    "a.yaml:3: domain.size: found '3', expected a length\n"
                                    "a.yaml:9: probes: none at all\n"));
}

TEST(ProgramTest, StatusOfTheOtherErrors) {
  EXPECT_EQ(reported(SolverError("diverged")), Report(3, "solver error: diverged\n"));
  EXPECT_EQ(reported(std::bad_alloc()).first, 3);
  EXPECT_EQ(reported(IoError("no space")), Report(4, "input/output error: no space\n"));
  EXPECT_EQ(reported(Interrupted("at 12 s")), Report(130, "interrupted: at 12 s\n"));
  EXPECT_EQ(reported(std::out_of_range("a\nb")),
            Report(70, "internal error, please report it: a b\n"));
  EXPECT_EQ(reported(42).first, 70);
}

TEST(CommandsTest, SettingsSplitAtTheFirstEqualSign) {
  const auto pairs = split_settings({"accuracy=5 %", "title=a=b", "x=", " accuracy =5 %"});
  ASSERT_EQ(pairs.size(), 4U);
  EXPECT_EQ(pairs[3], pairs[0]);
  EXPECT_EQ(pairs[0], std::make_pair(std::string("accuracy"), std::string("5 %")));
  EXPECT_EQ(pairs[1], std::make_pair(std::string("title"), std::string("a=b")));
  EXPECT_EQ(pairs[2], std::make_pair(std::string("x"), std::string("")));
}

TEST(CommandsTest, EverySettingWithoutAKeyIsAProblem) {
  try {
    split_settings({"accuracy", "a=1", "=3", "  =3"});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems().size(), 3U) << error.what();
  }
}

TEST(CommandsTest, ResultsGoToADirectoryNamedAfterTheCase) {
  EXPECT_EQ(default_directory("cases/cryo_ref/case.yaml"), "results/cryo_ref");
  EXPECT_EQ(default_directory("cases/./cryo_ref/../bone/case.yaml"), "results/bone");
  EXPECT_EQ(default_directory("mine.yaml"), "results/mine");
  EXPECT_EQ(default_directory("/case.yaml"), "results/case");
}

TEST(CommandsTest, ADirectoryMeansItsCaseFile) {
  const std::string folder = ::testing::TempDir() + "commands_test";
  std::filesystem::create_directories(folder);
  EXPECT_EQ(case_file(folder), folder + "/case.yaml");
  std::filesystem::remove(folder);
  EXPECT_EQ(case_file("no/such.yaml"), "no/such.yaml");
}

}  // namespace
}  // namespace thermodose::cli
