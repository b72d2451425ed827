// Tables of a run.
// Implements: traces.csv (one row per trace time) and results.h5 (the same traces, the isotherm
// table, dose-volume numbers) from plain tables.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// A column. Its name ends in its unit, as every field name does. Traces use the names "time_s",
/// "<thermocouple>_degC" and "<probe>_surface_degC" (scripts/plot_traces.py sorts by them).
struct TableColumn {
  std::string name;
  std::string unit;
  std::string help;
  std::vector<double> values;  ///< NaN = no value: empty in csv, NaN in HDF5
};

/// Equal-length columns, the first being time in traces.
struct Table {
  std::string name;  ///< group in results.h5: "traces", "isotherms", "dose_volume"
  std::string help;
  std::vector<TableColumn> columns;
};

/// A header line of names, then one line per row, 9 significant digits; RFC 4180. Atomic.
void write_csv(const std::string& path, const Table& table);

/// One group per table, one dataset per column with attributes `unit` and `help`. Atomic. A '/' in
/// a name becomes '_'.
void write_results_h5(const std::string& path, const std::vector<Table>& tables,
                      const std::string& run_id);

}  // namespace thermodose
