// The XDMF description of fields.h5.
// Implements: the XML that ParaView opens: a temporal collection of uniform grids, each with its
// topology, geometry and attributes as references into the HDF5 file beside it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// An attribute of a step: XDMF name and where it is in the HDF5 file.
struct XdmfField {
  std::string name;
  std::string path;  ///< "/step/3/temperature_degC"
  bool integer = false;
};

/// A mesh as it stands in the HDF5 file. Coordinates in millimetres.
struct XdmfMesh {
  bool uniform = true;
  bool axisymmetric = false;
  std::array<std::uint64_t, 3> nodes{};  ///< uniform: x, y, z
  Vec3 origin{};                         ///< uniform, mm
  double spacing = 0;                    ///< uniform, mm
  std::uint64_t points = 0, cells = 0;   ///< unstructured
  std::string path;                      ///< "/mesh/0"
};

struct XdmfStep {
  double time = 0;  ///< s
  std::size_t mesh = 0;
  std::vector<XdmfField> fields;
};

/// The whole document. `h5_name` is the name of the HDF5 file, without directory.
std::string xdmf_document(const std::string& h5_name, const std::string& title,
                          const std::vector<XdmfMesh>& meshes, const std::vector<XdmfStep>& steps);

}  // namespace thermodose
