// Meshes from files as the domain of a case.
// Implements: what the case checker asks such a mesh once its file is read, so that solver/case
// needs no header of solver/geometry: its faces, and what is inside.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// An outer face of a mesh. Edges on the axis of rotation are no face.
struct MeshFace {
  std::string name;  ///< that of its boundary group; of edges in no group: where they are
  bool grouped = true;
  /// 0..5 = x_min .. z_max when all of it is on that side of the box around the mesh; of an
  /// axisymmetric one 1, 4 or 5: largest r, smallest and largest z.
  int side = -1;
};

class DomainMesh {
 public:
  /// Most faces that a mesh may have.
  static constexpr std::size_t kMostFaces = 32;

  virtual ~DomainMesh() = default;
  /// Around the z axis, or in 3-D?
  virtual bool axisymmetric() const = 0;
  /// What its boundary groups are made of.
  const char* group_kind() const { return axisymmetric() ? "lines" : "surfaces"; }
  /// Faces of groups first. After prepare().
  virtual const std::vector<MeshFace>& faces() const = 0;
  /// Boundary groups of the file that are no face: inside the mesh, or on the axis.
  virtual const std::vector<std::string>& hidden_groups() const = 0;
  /// Points anywhere in space, m; those on the surface are inside.
  virtual bool contains(const Vec3& p) const = 0;
};

}  // namespace thermodose
