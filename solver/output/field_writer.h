// Fields of a run for ParaView.
// Implements: fields.h5 + fields.xdmf, a time series of node fields on one or more meshes.
// Uniform grids are written as 3DCoRectMesh (origin and spacing, no coordinates), axisymmetric
// meshes as quadrilaterals in the plane (x = r, y = 0, z), the rest as hexahedra. Coordinates are
// millimetres (attribute `length_unit`), values single precision.
//
//   fields.h5   /mesh/0/{origin_mm, spacing_mm, nodes}  or  {points_mm, cells}
//               /mesh/0/<static field>      /step/0/<field>      /step/0 attributes: time_s, mesh
//
// Blocks of a grid that hold one value throughout (far from the probes) take no space: HDF5
// stores them as the dataset's fill value, and every reader sees the full array.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "geometry/node_geometry.h"

namespace thermodose {

/// Name and meaning of a field. The name carries the unit ("temperature_degC").
struct FieldInfo {
  std::string name;
  std::string unit;  ///< "degC", "s", "1", ...
  std::string help;  ///< one sentence, an attribute of the dataset
};

/// A value per node; written as factor * value + offset. The data are read during the call only.
struct NodeField {
  FieldInfo info;
  const float* values = nullptr;
  double offset = 0;
  double factor = 1;
};

/// An integer per node that does not change with time: material_id, region_id.
struct NodeIds {
  FieldInfo info;
  std::vector<std::int32_t> values;
  /// Meaning of the numbers: names[id], an attribute of the dataset. May be empty.
  std::vector<std::string> names;
};

struct FieldWriterOptions {
  int gzip_level = 0;  ///< 0 = none; 1..9: smaller files, about 10 ns per value
  std::string title;   ///< of the case; attribute of the file
  std::string run_id;  ///< ties the files of one run together; attribute of the file
};

/// Writes fields.h5.part and fields.xdmf.part, renamed by finish(). Without finish() (exception,
/// kill) nothing is left that looks complete. Every failure is an IoError with path and reason.
class FieldWriter {
 public:
  /// `directory` exists. Stale .part files are removed.
  explicit FieldWriter(const std::string& directory, FieldWriterOptions options = {});
  ~FieldWriter();
  FieldWriter(const FieldWriter&) = delete;
  FieldWriter& operator=(const FieldWriter&) = delete;

  /// The mesh of the following steps; call again when it changes. `still`: fields that do not
  /// change with time.
  void set_mesh(const NodeGeometry& geometry, const std::vector<NodeIds>& ids,
                const std::vector<NodeField>& still = {});
  /// A time step: fields at the nodes of the present mesh. Times increase.
  void write_step(double time_s, const std::vector<NodeField>& fields);
  /// More fields for the step written last (what is known only at the end: t_min_degC, ...).
  void add_to_last_step(const std::vector<NodeField>& fields);
  /// Closes, flushes to the disk, renames. fields.xdmf appears last.
  void finish();
  /// Instead of finish(): removes what was written; files of an earlier run stay.
  void discard();

  /// Seconds spent in this object so far.
  double seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thermodose
