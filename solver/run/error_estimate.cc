#include "run/error_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "run/plan.h"

namespace thermodose {

namespace {
constexpr double kSafety = 1.25;
constexpr double kFloor = 0.005;
// Of the square of cells per smallest extent. A layer of 0.9 mm under a warm face was off by 2.7 %
// in cells of 1.05 mm although both runs agreed; balls over three cells are bound by kFloor.
constexpr double kThin = 0.03;
// Cells that differ by less tell nothing (a domain of a few cells has no coarser companion).
constexpr double kLeastRatio = 1.1;
// Shares of sharply freezing tissue that decide nothing, and all. Measured on a liver beside the
// vena cava (0.085 of blood) on cells of 1 and 0.49 mm: 0.72, 0.19 and 0.08 mL apart (0, -20, -40
// degC); stated for 1 mm are 1.7, 0.6 and 0.2 mL, with order 1 it would be 3.5, 1.2 and 0.4.
constexpr double kLittle = 0.05, kMuch = 0.33;

struct Difference {
  double volume;    // m3, of the fine run
  double absolute;  // m3
};

// |V - V_coarse| of each record; nullopt where the coarse run has none.
std::vector<std::optional<Difference>> differences(const std::vector<IsothermRecord>& fine,
                                                   const std::vector<IsothermRecord>& coarse) {
  std::map<std::pair<double, double>, double> partner;
  for (const auto& c : coarse) partner.emplace(std::pair(c.time, c.temperature), c.measure.volume);
  std::vector<std::optional<Difference>> out;
  for (const auto& r : fine) {
    const auto same = partner.find({r.time, r.temperature});
    out.emplace_back();
    if (same != partner.end())
      out.back() = {r.measure.volume, std::abs(r.measure.volume - same->second)};
  }
  return out;
}

// Of each level.
std::map<double, double> largest_volumes(const std::vector<IsothermRecord>& records) {
  std::map<double, double> largest;
  for (const auto& r : records)
    largest[r.temperature] = std::max(largest[r.temperature], r.measure.volume);
  return largest;
}

// Share of its volume that a region thin in cells of `spacing` may be off.
double thin(const IsothermRecord& record, double spacing) {
  double least = record.measure.extent[0];
  for (const double e : record.measure.extent)
    if (e > 0) least = std::min(least, e);
  return least > 0 ? std::min(1.0, kThin * spacing * spacing / (least * least)) : 0;
}

// What the difference of a neighbour in time says of a record of volume v.
double carried(const Difference& neighbour, double v) {
  if (neighbour.volume <= 0) return 0;
  return neighbour.absolute * std::min(1.0, v / neighbour.volume);
}
}  // namespace

double order_of_volumes(double sharp_share) {
  const double weight = std::clamp((sharp_share - kLittle) / (kMuch - kLittle), 0.0, 1.0);
  const double gain =
      weight / (kCompanionRatio - 1) + (1 - weight) / (kCompanionRatio * kCompanionRatio - 1);
  return std::log(1 + 1 / gain) / std::log(kCompanionRatio);
}

std::vector<std::optional<double>> volume_errors(const std::vector<IsothermRecord>& fine,
                                                 const std::vector<IsothermRecord>& coarse,
                                                 double ratio, double order, double spacing) {
  std::vector<std::optional<double>> out(fine.size());
  if (ratio < kLeastRatio) return out;
  const auto difference = differences(fine, coarse);
  std::map<double, std::vector<std::size_t>> levels;  // records of each, in order of time
  for (std::size_t i = 0; i < fine.size(); ++i) levels[fine[i].temperature].push_back(i);
  for (const auto& [temperature, records] : levels) {
    for (std::size_t r = 0; r < records.size(); ++r) {
      const auto& own = difference[records[r]];
      if (!own) continue;
      double largest = own->absolute;
      for (const std::size_t n : {r - 1, r + 1})
        if (n < records.size() && difference[records[n]])
          largest = std::max(largest, carried(*difference[records[n]], own->volume));
      out[records[r]] = kSafety * largest / (std::pow(ratio, order) - 1) +
                        (kFloor + thin(fine[records[r]], spacing)) * own->volume;
    }
  }
  return out;
}

std::optional<double> excessive_error(const std::vector<IsothermRecord>& so_far,
                                      const std::vector<std::optional<double>>& errors,
                                      const std::vector<IsothermRecord>& coarse, double accuracy) {
  const std::map<double, double> reached = largest_volumes(so_far), whole = largest_volumes(coarse);
  double sure = 0, expected = 0;
  for (std::size_t i = 0; i < so_far.size(); ++i) {
    const double now = reached.at(so_far[i].temperature);
    const auto last = whole.find(so_far[i].temperature);
    if (!errors[i] || now <= 0 || last == whole.end()) continue;
    sure = std::max(sure, *errors[i] / std::max(now, kLargerVolume * last->second));
    expected = std::max(expected, *errors[i] / now);
  }
  if (sure <= accuracy) return std::nullopt;
  return expected;
}

double largest_relative_error(const std::vector<IsothermRecord>& records,
                              const std::vector<std::optional<double>>& errors) {
  std::map<double, double> largest = largest_volumes(records);
  double worst = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const double most = largest[records[i].temperature];
    if (errors[i] && most > 0) worst = std::max(worst, *errors[i] / most);
  }
  return worst;
}

std::string place_of_largest_error(const std::vector<IsothermRecord>& records,
                                   const std::vector<std::optional<double>>& errors) {
  std::map<double, double> largest = largest_volumes(records);
  double worst = 0;
  std::string place;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const double most = largest[records[i].temperature];
    if (!errors[i] || !(most > 0) || *errors[i] / most <= worst) continue;
    worst = *errors[i] / most;
    place =
        fmt::format("{:g} degC at {:g} s", records[i].temperature - kZeroCelsius, records[i].time);
  }
  return place;
}

}  // namespace thermodose
