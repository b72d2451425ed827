// Implements: cli/summary_text.h.
#include "cli/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "cli/evaluation_text.h"
#include "cli/progress_line.h"

namespace thermodose::cli {
namespace {

constexpr std::size_t kLongestTable = 24;  ///< rows
constexpr double kMillilitre = 1e-6, kMillimetre = 1e-3;

/// To a tenth, as it is shown; never -0.0.
double celsius(double kelvin) {
  const double tenths = std::round(10 * (kelvin - kZeroCelsius));
  return tenths == 0 ? 0 : tenths / 10;
}

/// An error in mL: two decimals, or the first digit that is not 0; "-" when none is stated.
std::string error_text(const std::optional<double>& error) {
  if (!error) return "-";
  const double value = *error / kMillilitre;
  if (!(value > 0)) return "0";
  return value < 0.01 ? fmt::format("{:.1g}", value) : fmt::format("{:.2f}", value);
}

std::string isotherm_row(const IsothermSummary& i) {
  return fmt::format(
      "{:9.1f} s  {} {:6.1f} degC {:9.3f} {:>7}   {:5.1f} x {:5.1f} x {:5.1f}{}\n", i.time,
      i.below ? "below" : "above", celsius(i.temperature), i.volume / kMillilitre,
      error_text(i.volume_error), i.extent[0] / kMillimetre, i.extent[1] / kMillimetre,
      i.extent[2] / kMillimetre,
      i.touches.empty() ? "" : fmt::format("  reaches {}", fmt::join(i.touches, ", ")));
}

// The rows worth showing: those that enclose something; of a long table, the last time and the time
// at which each isotherm encloses most.
std::vector<IsothermSummary> rows_to_show(const std::vector<IsothermSummary>& all) {
  const bool many = all.size() > kLongestTable;
  std::vector<IsothermSummary> shown;
  for (const IsothermSummary& row : all) {
    if (!(row.volume > 0)) continue;
    if (!many) {
      shown.push_back(row);
      continue;
    }
    const bool largest = std::none_of(all.begin(), all.end(), [&](const IsothermSummary& other) {
      return other.temperature == row.temperature && other.below == row.below &&
             (other.volume > row.volume ||
              (other.volume == row.volume && other.time < row.time));  // the first of equals
    });
    if (largest || row.time == all.back().time) shown.push_back(row);
  }
  return shown;
}

std::string isotherm_table(const std::vector<IsothermSummary>& all) {
  const std::vector<IsothermSummary> shown = rows_to_show(all);
  if (all.empty()) return "";
  if (shown.empty()) return "no isotherm encloses anything at any time\n";
  std::string text = fmt::format("{:>11}  {:<17} {:>9} {:>7}   {}\n", "time", "isotherm", "mL",
                                 "+- mL", "extent x, y, z in mm");
  for (const IsothermSummary& i : shown) text += isotherm_row(i);
  if (shown.size() < all.size()) {
    text +=
        fmt::format("  ({}; all {} rows are in summary.json)\n",
                    all.size() > kLongestTable ? "the largest extent of each isotherm and the end"
                                               : "rows that enclose something",
                    all.size());
  }
  return text;
}

std::string thermocouple_table(const std::vector<ThermocoupleSummary>& all) {
  if (all.empty()) return "";
  std::string text = fmt::format("{:<20} {:>9} {:>9} {:>9}\n", "thermocouple, degC", "lowest",
                                 "highest", "at end");
  for (const ThermocoupleSummary& t : all) {
    text += fmt::format("{:<20} {:9.1f} {:9.1f} {:9.1f}\n", t.name, celsius(t.minimum),
                        celsius(t.maximum), celsius(t.final));
  }
  return text;
}

}  // namespace

std::string summary_text(const RunSummary& s, const std::string& directory) {
  std::string text = isotherm_table(s.isotherms) + thermocouple_table(s.thermocouples) +
                     evaluation_text(s.evaluation);
  text += fmt::format("energy balance: {:.1e} of the energy exchanged\n",
                      std::abs(s.energy.relative_residual));
  text += fmt::format("{} simulated in {} ({}: {} cells of {:.2f} mm, {} steps, {}, {} threads)\n",
                      duration_text(s.simulated_time), duration_text(s.wall_total), s.engine,
                      s.cells, s.spacing / kMillimetre, s.steps, s.precision, s.threads);
  for (const std::string& caveat : s.caveats) text += fmt::format("caveat: {}\n", caveat);
  for (const std::string& warning : s.warnings) text += fmt::format("warning: {}\n", warning);
  return text + fmt::format("results in {}\n", directory);
}

}  // namespace thermodose::cli
