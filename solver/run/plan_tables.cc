// Implements: run/plan_tables.h.
#include "run/plan_tables.h"

#include <algorithm>
#include <cmath>

#include "dose/eval_volume.h"

namespace thermodose {

namespace {

constexpr int kBins = 100;
constexpr double kManyDecades = 1e3, kPerDecade = 10;

std::vector<double> scaled(std::vector<double> values, double factor, double shift = 0) {
  for (double& v : values) v = factor * v + shift;
  return values;
}

/// Edges that hold all values between two.
std::vector<double> histogram_edges(double low, double high, bool temperature, double middle) {
  std::vector<double> edges;
  if (temperature) {
    for (double e = std::floor(low); edges.empty() || edges.back() <= high; ++e) edges.push_back(e);
    return edges;
  }
  // A dose over many decades: below the middle of its logarithm a linear scale shows nothing.
  if (low >= 0 && high > kManyDecades * std::max(middle, 1e-3)) {
    edges.push_back(0);
    const double last = std::ceil(kPerDecade * std::log10(high) + 1e-9);
    for (double n = kPerDecade * -3; n <= last; ++n) edges.push_back(std::pow(10, n / kPerDecade));
    return edges;
  }
  const double step = high > low ? (high - low) / kBins : 1;
  for (int i = 0; i <= kBins; ++i) edges.push_back(low + step * i);
  edges.back() = std::max(edges.back(), std::nextafter(high, 1e300));
  return edges;
}

Table histogram_table(const std::string& group, const evaluation::SampledStructure& structure,
                      const DoseField& field, const std::vector<float>& values) {
  const evaluation::StructureField on(structure, values.data());
  Table table{
      group + "/histogram_" + field.name, "Volume against " + field.name + ": " + field.help, {}};
  std::vector<double> edges, below, from;
  if (std::isfinite(on.lowest())) {
    const auto histogram =
        on.histogram(histogram_edges(on.lowest(), on.highest(), field.unit == "degC",
                                     on.level_of(0.5, evaluation::Side::above)));
    edges = histogram.edges;
    for (const double v : histogram.below) {
      below.push_back(1e6 * v);
      from.push_back(1e6 * std::max(0.0, histogram.volume - v));
    }
  }
  table.columns = {{field.name, field.unit, "edge", edges},
                   {"below_mL", "mL", "volume with less", below},
                   {"from_mL", "mL", "volume with this or more", from}};
  return table;
}

}  // namespace

Table coverage_table(const std::string& target, const std::vector<double>& times,
                     const std::vector<std::string>& slugs,
                     const std::vector<std::vector<double>>& coverage) {
  Table t{"targets/" + target + "/coverage", "Share of the target that is treated", {}};
  t.columns.push_back({"time_s", "s", "simulated time", times});
  for (std::size_t c = 0; c < slugs.size(); ++c)
    t.columns.push_back({slugs[c] + "_percent", "%", "covered by this criterion up to then",
                         scaled(coverage[c], 100)});
  return t;
}

Table organ_table(const std::string& organ, const std::vector<double>& times,
                  const std::vector<double>& coldest, const std::vector<double>& hottest) {
  return {
      "protect/" + organ + "/extremes",
      "Coldest and hottest point of the organ",
      {{"time_s", "s", "simulated time", times},
       {"coldest_degC", "degC", "lowest temperature in it then", scaled(coldest, 1, -kZeroCelsius)},
       {"hottest_degC", "degC", "highest temperature in it then",
        scaled(hottest, 1, -kZeroCelsius)}}};
}

std::vector<Table> histogram_tables(const std::string& group,
                                    const evaluation::SampledStructure& structure,
                                    DoseFields& fields) {
  std::vector<Table> out;
  for (const DoseField& field : fields.all())
    out.push_back(histogram_table(group, structure, field, fields.values(field.name)));
  return out;
}

Table margin_table(const std::string& target, const evaluation::Surface& surface,
                   const std::vector<std::string>& slugs,
                   const std::vector<CriterionReport>& criteria) {
  Table t{"targets/" + target + "/margins",
          "Margin at points of the target's surface: positive where treated tissue goes on",
          {}};
  std::array<std::vector<double>, 3> x;
  for (const Vec3& p : surface.points)
    for (std::size_t d = 0; d < 3; ++d) x[d].push_back(1e3 * p[d]);
  const char* names[] = {"x_mm", "y_mm", "z_mm"};
  for (std::size_t d = 0; d < 3; ++d) t.columns.push_back({names[d], "mm", "point", x[d]});
  for (std::size_t c = 0; c < slugs.size(); ++c)
    if (criteria[c].margin.defined)
      t.columns.push_back({"margin_" + slugs[c] + "_mm", "mm", "margin by this criterion",
                           scaled(criteria[c].margin.map, 1e3)});
  return t;
}

}  // namespace thermodose
