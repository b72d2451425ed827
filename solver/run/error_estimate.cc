#include "run/error_estimate.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace thermodose {

namespace {
constexpr double kSafety = 1.25;
constexpr double kFloor = 0.003;
// Cells that differ by less tell nothing (a domain of a few cells has no coarser companion).
constexpr double kLeastRatio = 1.1;
}  // namespace

std::vector<std::optional<double>> volume_errors(const std::vector<IsothermRecord>& fine,
                                                 const std::vector<IsothermRecord>& coarse,
                                                 double ratio) {
  std::vector<std::optional<double>> out;
  for (const auto& record : fine) {
    const auto same = std::find_if(coarse.begin(), coarse.end(), [&](const auto& c) {
      return c.time == record.time && c.temperature == record.temperature;
    });
    if (same == coarse.end() || ratio < kLeastRatio) {
      out.emplace_back();
      continue;
    }
    const double v = record.measure.volume;
    out.emplace_back(kSafety * std::abs(v - same->measure.volume) / (ratio * ratio - 1) +
                     kFloor * v);
  }
  return out;
}

double largest_relative_error(const std::vector<IsothermRecord>& records,
                              const std::vector<std::optional<double>>& errors) {
  std::map<double, double> largest;
  for (const auto& r : records)
    largest[r.temperature] = std::max(largest[r.temperature], r.measure.volume);
  double worst = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const double most = largest[records[i].temperature];
    if (errors[i] && most > 0) worst = std::max(worst, *errors[i] / most);
  }
  return worst;
}

}  // namespace thermodose
