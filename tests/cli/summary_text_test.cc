// Tests of cli/summary_text.h.
// Implements: units of the printed numbers, long tables cut to the rows worth showing.
#include "cli/summary_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace thermodose::cli {
namespace {

IsothermSummary isotherm(double time, double celsius, double millilitres) {
  IsothermSummary i;
  i.time = time;
  i.temperature = kZeroCelsius + celsius;
  i.volume = millilitres * 1e-6;
  i.extent = {0.05, 0.0401, 0.03};
  return i;
}

TEST(SummaryTextTest, NumbersAreInUserUnits) {
  RunSummary s;
  s.isotherms = {isotherm(600, -40, 10.72)};
  s.isotherms[0].volume_error = 0.12e-6;
  s.thermocouples = {{"cord", {}, 290.15, 310.15, 300.15, 60}};
  s.energy.relative_residual = -3e-6;
  s.warnings = {"coarse"};
  s.caveats = {"tip: assumed"};
  const std::string text = summary_text(s, "out/x");
  for (const char* part :
       {"600.0 s  below  -40.0 degC    10.720    0.12    50.0 x  40.1 x  30.0\n",
        "cord                      17.0      37.0      27.0\n", "energy balance: 3.0e-06",
        "caveat: tip: assumed\n", "warning: coarse\n", "results in out/x\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in\n" << text;
  }
}

TEST(SummaryTextTest, ErrorsAreNeverShownAsNothing) {
  RunSummary s;
  s.isotherms = {isotherm(1, -40, 0.02), isotherm(2, -40, 0.01), isotherm(3, -40, 0.5),
                 isotherm(4, -40, 12), isotherm(5, -40, 40)};
  const std::vector<double> errors{0, 0.00123e-6, 0.0456e-6, 0.789e-6};
  for (std::size_t i = 0; i < errors.size(); ++i) s.isotherms[i].volume_error = errors[i];
  const std::string text = summary_text(s, "x");
  for (const char* part :
       {"degC     0.020       0   ", "degC     0.010   0.001   ", "degC     0.500    0.05   ",
        "degC    12.000    0.79   ", "degC    40.000       -   "}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in\n" << text;
  }
}

TEST(SummaryTextTest, RowsThatEncloseNothingAreLeftOut) {
  RunSummary s;
  s.isotherms = {isotherm(0, 0, 0), isotherm(60, 0, 4), isotherm(60, -40, 0)};
  const std::string text = summary_text(s, "x");
  EXPECT_EQ(text.find("degC     0.000"), std::string::npos) << text;
  EXPECT_NE(text.find("(rows that enclose something; all 3 rows are in summary.json)"),
            std::string::npos)
      << text;
  s.isotherms = {isotherm(0, 0, 0)};
  EXPECT_EQ(summary_text(s, "x").rfind("no isotherm encloses anything at any time\n", 0), 0U);
}

TEST(SummaryTextTest, TemperaturesHaveNoNegativeZero) {
  RunSummary s;
  s.isotherms = {isotherm(1, -1e-13, 1)};
  s.thermocouples = {{"a", {}, 273.14, 273.15, 273.149, 0}};
  const std::string text = summary_text(s, "x");
  EXPECT_EQ(text.find("-0.0"), std::string::npos) << text;
}

TEST(SummaryTextTest, LongTablesShowTheLastTimeAndTheLargestVolumes) {
  RunSummary s;
  for (int i = 1; i <= 30; ++i) {
    s.isotherms.push_back(isotherm(10 * i, 0, 200 - (i - 17) * (i - 17)));
    s.isotherms.push_back(isotherm(10 * i, -40, i));
  }
  const std::string text = summary_text(s, "x");
  for (const char* row :
       {"170.0 s  below    0.0 degC   200.000", "300.0 s  below    0.0 degC",
        "300.0 s  below  -40.0 degC",
        "(the largest extent of each isotherm and the end; all 60 rows are in summary.json)"}) {
    EXPECT_NE(text.find(row), std::string::npos) << row << "\nnot in\n" << text;
  }
  EXPECT_EQ(text.find("160.0 s"), std::string::npos) << text;
}

}  // namespace
}  // namespace thermodose::cli
