// Implements: results_writer.h.
#include "output/results_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "output/atomic_file.h"
#include "output/hdf5_file.h"

namespace thermodose {

namespace {

/// RFC 4180: quoted when the text holds a separator, a quote or a line end.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

/// A user's name as the name of a dataset: '/' would open a group, "." means the group itself.
std::string link_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name.empty() || name == "." ? "_" : name;
}

std::size_t rows_of(const Table& table) {
  const std::size_t rows = table.columns.empty() ? 0 : table.columns.front().values.size();
  for ([[maybe_unused]] const TableColumn& c : table.columns) assert(c.values.size() == rows);
  return rows;
}

}  // namespace

void write_csv(const std::string& path, const Table& table) {
  const std::size_t rows = rows_of(table);
  std::string text;
  const char* separator = "";
  for (const TableColumn& c : table.columns) {
    text += separator + csv_cell(c.name);
    separator = ",";
  }
  text += "\n";
  for (std::size_t r = 0; r < rows; ++r) {
    separator = "";
    for (const TableColumn& c : table.columns) {
      text += separator;
      if (std::isfinite(c.values[r])) text += fmt::format("{:.9g}", c.values[r]);
      separator = ",";
    }
    text += "\n";
  }
  write_file_atomically(path, text);
}

void write_results_h5(const std::string& path, const std::vector<Table>& tables,
                      const std::string& run_id) {
  remove_if_exists(part_name(path));
  Hdf5File file(part_name(path));
  file.attribute("/", "format", std::string("thermodose-results 1"));
  file.attribute("/", "run_id", run_id);
  for (const Table& table : tables) {
    const std::size_t rows = rows_of(table);
    const std::string group = "/" + table.name;
    file.group(group);
    file.attribute(group, "help", table.help);
    std::vector<std::string> names;
    for (const TableColumn& c : table.columns) {
      const std::string dataset = group + "/" + link_name(c.name);
      file.table(dataset, {rows}, c.values);
      file.attribute(dataset, "unit", c.unit);
      file.attribute(dataset, "help", c.help);
      names.push_back(link_name(c.name));
    }
    file.attribute(group, "columns", names);
  }
  file.close();
  publish_part(path);
}

}  // namespace thermodose
