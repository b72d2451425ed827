// Implements: the tables declared in order_table.h.
#include "verification/order_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cassert>
#include <cmath>

namespace thermodose::verification {
namespace {

/// Properties of a test are a map: every row needs a key of its own.
std::string next_key(const char* kind) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  int used = 0;
  if (info != nullptr) {
    const auto& result = *info->result();
    for (int i = 0; i < result.test_property_count(); ++i) {
      if (std::string(result.GetTestProperty(i).key()).rfind(kind, 0) == 0) ++used;
    }
  }
  return fmt::format("{}_{:02}", kind, used);
}

}  // namespace

void OrderTable::add(double spacing, const std::vector<double>& errors) {
  assert(errors.size() == quantities_.size());
  spacings_.push_back(spacing);
  errors_.push_back(errors);
}

double OrderTable::order(std::size_t quantity) const {
  assert(size() >= 2);
  double mean_x = 0, mean_y = 0;
  const auto n = static_cast<double>(size());
  for (std::size_t i = 0; i < size(); ++i) {
    mean_x += std::log(spacings_[i]) / n;
    mean_y += std::log(errors_[i][quantity]) / n;
  }
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    const double x = std::log(spacings_[i]) - mean_x;
    xy += x * (std::log(errors_[i][quantity]) - mean_y);
    xx += x * x;
  }
  return xy / xx;
}

double OrderTable::last_order(std::size_t quantity) const {
  assert(size() >= 2);
  const std::size_t n = size();
  return std::log(errors_[n - 2][quantity] / errors_[n - 1][quantity]) /
         std::log(spacings_[n - 2] / spacings_[n - 1]);
}

void OrderTable::report() const {
  for (std::size_t q = 0; q < quantities_.size(); ++q) {
    const double scale = measure_ == "h mm" ? 1e3 : 1;
    std::string spacings = measure_ + ": ", errors;
    for (std::size_t i = 0; i < size(); ++i) {
      spacings += fmt::format("{}{:.4g}", i == 0 ? "" : ", ", scale * spacings_[i]);
      errors += fmt::format("{}{:.3g}", i == 0 ? "" : ", ", errors_[i][q]);
    }
    const std::string row = fmt::format("{} | {} | {} | {} | {:.2f}", what_, quantities_[q],
                                        spacings, errors, order(q));
    fmt::print("[ order    ] {}\n", row);
    ::testing::Test::RecordProperty(next_key("order"), row);
  }
}

void report_value(const std::string& what, const std::string& engine, const Comparison& values) {
  const double scale = values.scale == 0 ? values.exact : values.scale;
  const double deviation = 100 * (values.ours - values.exact) / scale;
  const std::string row = fmt::format("{} | {} | {:.6g} | {:.6g} | {:+.2f} %", what, engine,
                                      values.ours, values.exact, deviation);
  fmt::print("[ value    ] {}\n", row);
  ::testing::Test::RecordProperty(next_key("value"), row);
}

}  // namespace thermodose::verification
