// Tests of what the help and the documents tell users to type.
// Implements: every --set of an example names a key that a shipped case accepts; every topic of
// `list` and `describe` exists.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "case/case_reader.h"
#include "cli/arguments.h"

namespace thermodose::cli {
namespace {

const std::string kSource = THERMODOSE_SOURCE_DIR;
const std::vector<std::string> kLibrary{kSource + "/materials"};

std::string help(const char* command) {
  const char* words[] = {"thermodose", command, "--help"};
  return parse(3, words).text;
}

std::string file(const std::string& name) {
  std::ifstream in(kSource + "/" + name);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every KEY and VALUE of --set KEY='VALUE', --set KEY="VALUE" or --set 'KEY=VALUE' in a text.
std::set<std::pair<std::string, std::string>> settings(const std::string& text) {
  const std::string mark = "--set ";
  std::set<std::pair<std::string, std::string>> found;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    std::size_t begin = at + mark.size();
    const bool whole = text[begin] == '\'';
    if (whole) ++begin;
    const std::size_t equal = text.find('=', begin);
    const std::string key = text.substr(begin, equal - begin);
    if (key.find_first_of(" \n`") != std::string::npos || key == "KEY") continue;  // no example
    const char quote = whole ? '\'' : text[equal + 1];
    if (quote != '\'' && quote != '"') {
      ADD_FAILURE() << "unquoted value of " << key;
      continue;
    }
    const std::size_t value = equal + (whole ? 1 : 2);
    found.emplace(key, text.substr(value, text.find(quote, value) - value));
  }
  return found;
}

/// The problems of a setting in the shipped case that has least of them.
std::string problem_of(const std::pair<std::string, std::string>& setting) {
  std::string least;
  for (const char* name : {"cryo_ref", "four_probe_lesion", "gel_axisymmetric"}) {
    try {
      read_case(kSource + "/cases/" + name + "/case.yaml", {kLibrary, {setting}});
      return "";
    } catch (const InputError& error) {
      const std::string what = error.what();
      if (least.empty() || what.size() < least.size()) least = what;
    }
  }
  return least;
}

TEST(Examples, OfSetAreAcceptedByACase) {
  const std::vector<std::pair<std::string, std::size_t>> texts{
      {help("run"), 3}, {help("check"), 3}, {file("README.md"), 1}, {file("docs/reference.md"), 4}};
  for (const auto& [text, least] : texts) {
    const auto all = settings(text);
    EXPECT_GE(all.size(), least) << text;
    for (const auto& setting : all) EXPECT_EQ(problem_of(setting), "") << setting.first;
  }
}

TEST(Examples, TopicsOfTheReadmeExist) {
  for (const char* topic : {"materials", "devices", "shapes", "laws", "dose models"}) {
    EXPECT_NE(file("README.md").find(topic), std::string::npos) << topic;
    EXPECT_NO_THROW(list(topic, kLibrary)) << topic;
  }
  EXPECT_NO_THROW(describe("liver", kLibrary));
  EXPECT_NO_THROW(describe("domain.box.size", kLibrary));
}

}  // namespace
}  // namespace thermodose::cli
