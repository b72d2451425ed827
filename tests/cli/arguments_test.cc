// Tests of cli/arguments.h.
// Implements: every option reaches its field; usage errors are status 2 with a text.
#include "cli/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace thermodose::cli {
namespace {

Parsed parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "thermodose");
  return parse(static_cast<int>(words.size()), words.data());
}

TEST(ArgumentsTest, RunTakesEverything) {
  const Parsed p = parsed({"run", "--set", "accuracy=5 %", "a.yaml", "-o", "out", "--threads", "3",
                           "--set", "title=x=y", "-q"});
  ASSERT_TRUE(p.arguments) << p.text;
  EXPECT_EQ(p.arguments->command, Command::run);
  EXPECT_EQ(p.arguments->case_file, "a.yaml");
  EXPECT_EQ(p.arguments->directory, "out");
  EXPECT_EQ(p.arguments->threads, 3);
  EXPECT_EQ(p.arguments->settings, (std::vector<std::string>{"accuracy=5 %", "title=x=y"}));
  EXPECT_TRUE(p.arguments->quiet);
  EXPECT_FALSE(p.arguments->verbose);
}

TEST(ArgumentsTest, OtherCommands) {
  EXPECT_EQ(parsed({"check", "a.yaml"}).arguments->command, Command::check);
  EXPECT_EQ(parsed({"list"}).arguments->command, Command::list);
  EXPECT_EQ(parsed({"list", "materials"}).arguments->topic, "materials");
  EXPECT_EQ(parsed({"describe", "liver"}).arguments->command, Command::describe);
  const Parsed created = parsed({"new", "cryo_ref", "mine"});
  EXPECT_EQ(created.arguments->command, Command::create);
  EXPECT_EQ(created.arguments->template_name, "cryo_ref");
  EXPECT_EQ(created.arguments->directory, "mine");
}

TEST(ArgumentsTest, UsageErrorsAreStatusTwo) {
  const std::vector<std::vector<const char*>> wrong = {{},
                                                       {"cook"},
                                                       {"run"},
                                                       {"run", "a.yaml", "--threads", "0"},
                                                       {"run", "a.yaml", "--threads", "many"},
                                                       {"run", "a.yaml", "--colour"},
                                                       {"run", "a.yaml", "b.yaml"},
                                                       {"run", "a.yaml", "-q", "--verbose"},
                                                       {"run", "a.yaml", "--set"},
                                                       {"new", "cryo_ref"},
                                                       {"describe"},
                                                       {"check", "a.yaml", "-o", "x"}};
  for (const auto& words : wrong) {
    const Parsed p = parsed(words);
    std::string line;
    for (const char* word : words) line += std::string(" ") + word;
    EXPECT_FALSE(p.arguments) << line;
    EXPECT_EQ(p.status, 2) << line;
    EXPECT_FALSE(p.text.empty()) << line;
  }
}

TEST(ArgumentsTest, UnknownWordsHaveANearestOne) {
  const auto told = [](const std::vector<const char*>& words) { return parsed(words).text; };
  EXPECT_NE(told({"lst", "materials"}).find("did you mean 'list'?"), std::string::npos);
  EXPECT_NE(told({"run", "a.yaml", "--thread", "2"}).find("did you mean '--threads'?"),
            std::string::npos);
  EXPECT_NE(told({"check", "a.yaml", "--sett=x=1"}).find("did you mean '--set'?"),
            std::string::npos);
  EXPECT_EQ(told({"run", "a.yaml", "--zzzzzzzz"}).find("did you mean"), std::string::npos);
}

TEST(ArgumentsTest, HelpAndVersionAreStatusZero) {
  for (const char* flag : {"--help", "-h", "--version"}) {
    const Parsed p = parsed({flag});
    EXPECT_FALSE(p.arguments);
    EXPECT_EQ(p.status, 0);
    EXPECT_FALSE(p.text.empty());
  }
  EXPECT_NE(parsed({"--help"}).text.find("Exit status"), std::string::npos);
  EXPECT_NE(parsed({"--version"}).text.find("yaml-cpp"), std::string::npos);
}

}  // namespace
}  // namespace thermodose::cli
