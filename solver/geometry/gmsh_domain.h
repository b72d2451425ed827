// A Gmsh mesh as the domain of a case.
// Implements: gmsh of registry "domain_mesh": the file, which of its groups is which tissue, and
// its outer faces. To the rest of the program it is an anatomy whose parts are the groups, so that
// regions are painted over it and targets name its parts as usual.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/domain_mesh.h"
#include "base/error.h"
#include "geometry/anatomy.h"
#include "geometry/hex_locator.h"
#include "geometry/length_file.h"
#include "geometry/ring_locator.h"

namespace thermodose {

class GmshDomain : public Anatomy, public DomainMesh {
 public:
  void keys(Keys& k) override;
  void prepare(const ReadContext& context) override;

  /// True before the file is read, too.
  bool axisymmetric() const override { return !hexes_; }
  const std::vector<MeshFace>& faces() const override { return faces_; }
  const std::vector<std::string>& hidden_groups() const override { return hidden_; }
  bool contains(const Vec3& p) const override { return cell_at(p) >= 0; }

  const std::vector<AnatomyPart>& parts() const override { return parts_; }
  int part_at(const Vec3& p) const override;
  BoundingBox bounds() const override;
  std::vector<BoundingBox> part_bounds() const override;
  double resolution() const override { return 0; }

  const FileMesh& mesh() const;
  /// The same, null in 3-D.
  const RingMesh* rings() const { return hexes_ ? nullptr : &rings_; }
  /// Index into faces() of every face of mesh().boundary.
  const std::vector<int>& outer_face() const { return outer_face_; }

 private:
  struct Group {
    std::string tissue;
  };
  int cell_at(const Vec3& p) const;
  std::vector<std::string> make_mesh(const MshFile& file);
  void make_parts(const MshFile& file, std::vector<Problem>& problems);
  void make_faces(const MshFile& file, std::vector<Problem>& problems);

  LengthFile source_;
  std::vector<std::string> group_names_;
  std::vector<Group> groups_;
  RingMesh rings_;
  std::unique_ptr<HexMesh> hexes_;  ///< null for a mesh of rings
  std::unique_ptr<RingLocator> in_rings_;
  std::unique_ptr<HexLocator> in_hexes_;
  std::vector<AnatomyPart> parts_;
  std::vector<int> cell_part_;  ///< -1: of no group
  std::vector<MeshFace> faces_;
  std::vector<int> outer_face_;
  std::vector<std::string> hidden_;
};

}  // namespace thermodose
