// Implements: tests of traces.csv and results.h5.
#include "output/results_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "h5_read.h"
#include "scratch.h"

namespace thermodose {
namespace {

using output_test::H5Reader;
using output_test::Scratch;

Table traces() {
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {"traces",
          "Temperatures at named points against time",
          {{"time_s", "s", "Time", {0, 0.5, 60}},
           {"behind wall, \"left\"_degC", "degC", "Thermocouple", {37, none, -12.3456789012}}}};
}

TEST(ResultsWriter, CsvQuotesNamesAndLeavesMissingValuesEmpty) {
  const Scratch dir;
  write_csv(dir.file("traces.csv"), traces());
  EXPECT_EQ(dir.names(), std::vector<std::string>{"traces.csv"});
  EXPECT_EQ(dir.read("traces.csv"),
            "time_s,\"behind wall, \"\"left\"\"_degC\"\n"
            "0,37\n0.5,\n60,-12.3456789\n");
}

TEST(ResultsWriter, HdfTablesRoundTrip) {
  const Scratch dir;
  Table empty{"isotherms", "No isotherm was asked for", {{"time_s", "s", "Time", {}}}};
  write_results_h5(dir.file("results.h5"), {traces(), empty}, "run-9");
  EXPECT_EQ(dir.names(), std::vector<std::string>{"results.h5"});
  const H5Reader h5(dir.file("results.h5"));
  EXPECT_EQ(h5.text("/", "run_id"), "run-9");
  EXPECT_EQ(h5.text("/traces", "columns"), "time_s|behind wall, \"left\"_degC");
  EXPECT_EQ(h5.text("/traces/time_s", "unit"), "s");
  const auto values = h5.values("/traces/behind wall, \"left\"_degC");
  EXPECT_EQ(values[0], 37);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], -12.3456789012);
  EXPECT_EQ(h5.shape("/isotherms/time_s"), std::vector<hsize_t>{0});
}

// Names of more columns than 64 kB of attributes hold.
TEST(ResultsWriter, ThousandsOfColumns) {
  const Scratch dir;
  Table t{"traces", "", {}};
  for (int i = 0; i < 9000; ++i) t.columns.push_back({"p" + std::to_string(i), "degC", "", {1.0}});
  write_results_h5(dir.file("results.h5"), {t}, "");
  const std::string names = H5Reader(dir.file("results.h5")).text("/traces", "columns");
  EXPECT_EQ(std::count(names.begin(), names.end(), '|'), 8999);
}

TEST(ResultsWriter, SlashInANameDoesNotOpenAGroup) {
  const Scratch dir;
  Table t{"traces", "", {{"L2/L3", "degC", "", {1}}}};
  write_results_h5(dir.file("results.h5"), {t}, "");
  EXPECT_TRUE(H5Reader(dir.file("results.h5")).has("/traces/L2_L3"));
}

}  // namespace
}  // namespace thermodose
