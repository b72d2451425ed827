// Implements: every file of tests/malformed gives exactly the problems that it announces.
// A file opens with lines "# expect: FILE:LINE: KEY: MESSAGE", one per problem, in order; FILE is
// relative to the folder. All of them are bad input, exit status 2.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sample_case.h"

namespace thermodose::test {
namespace {

const std::string kFolder = std::string(THERMODOSE_SOURCE_DIR) + "/tests/malformed/";

std::vector<std::string> malformed_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string expected_problems(const std::string& text) {
  const std::string mark = "# expect: ";
  std::string out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line) && line.rfind(mark, 0) == 0;) {
    out += (out.empty() ? "" : "\n") + line.substr(mark.size());
  }
  return out;
}

std::string without_folder(std::string text) {
  for (std::size_t at = 0; (at = text.find(kFolder, at)) != std::string::npos;) {
    text.erase(at, kFolder.size());
  }
  return text;
}

class Malformed : public ::testing::TestWithParam<std::string> {};

TEST_P(Malformed, GivesTheProblemsItAnnounces) {
  const std::string file = kFolder + GetParam() + ".yaml";
  const std::string expected = expected_problems(read_text(file));
  ASSERT_NE(expected, "") << "no '# expect:' line";
  try {
    read_case(file, {{kFolder + "library"}, {}});
    ADD_FAILURE() << "read as a good case";
  } catch (const InputError& e) {
    EXPECT_EQ(without_folder(e.what()), expected);
    for (const auto& problem : e.problems()) {
      EXPECT_GT(problem.line, 0) << problem.message;
      EXPECT_FALSE(problem.message.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Malformed, ::testing::ValuesIn(malformed_files()),
                         [](const auto& name) { return name.param; });

TEST(MalformedFiles, AreManyAndCoverEverySection) {
  const auto names = malformed_files();
  EXPECT_GE(names.size(), 90U);
  for (const char* section :
       {"syntax", "top", "domain", "faces", "tissue", "materials", "regions", "devices", "probes",
        "protocol", "duration", "dose", "thermocouples", "accuracy", "numerics", "output"}) {
    EXPECT_TRUE(std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name.rfind(std::string(section) + "_", 0) == 0;
    })) << section;
  }
}

}  // namespace
}  // namespace thermodose::test
