// Errors against resolution, and values of ours beside exact ones.
// Implements: observed orders, a printed table, and the same rows as test properties, from which
// update_table.py writes docs/verification.md: no number of that page is typed by hand.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace thermodose::verification {

/// Errors of several quantities on a sequence of refined discretisations.
class OrderTable {
 public:
  /// `what`: the case and engine in words; `quantities`: name and unit of each error; `measure`:
  /// what is refined ("h mm": spacings are given in m and shown in mm).
  OrderTable(std::string what, std::vector<std::string> quantities, std::string measure = "h mm")
      : what_(std::move(what)), quantities_(std::move(quantities)), measure_(std::move(measure)) {}

  /// Adds a resolution: `spacing` m (or s), one error per quantity.
  void add(double spacing, const std::vector<double>& errors);
  std::size_t size() const { return spacings_.size(); }
  double error(std::size_t level, std::size_t quantity) const { return errors_[level][quantity]; }
  double finest_error(std::size_t quantity) const { return errors_.back()[quantity]; }
  /// Slope of log(error) over log(spacing), least squares over all resolutions.
  double order(std::size_t quantity) const;
  /// Order between the last two resolutions.
  double last_order(std::size_t quantity) const;
  /// Prints the table and records it with the running test.
  void report() const;

 private:
  std::string what_;
  std::vector<std::string> quantities_;
  std::string measure_;
  std::vector<double> spacings_;
  std::vector<std::vector<double>> errors_;
};

/// Ours beside exact.
struct Comparison {
  double ours, exact;
  double scale = 0;  ///< what the deviation is relative to (0 = the exact value)
};

/// Records one line with the running test and prints it. `engine`: column of the page.
void report_value(const std::string& what, const std::string& engine, const Comparison& values);

}  // namespace thermodose::verification
