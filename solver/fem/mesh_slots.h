// Values of theta that cells see: one per node and tissue.
// Implements: Kirchhoff conduction across tissue boundaries. A cell of tissue m conducts with
// theta_m(T) at its nodes, whatever tissue the nodes' heat is stored in: T is continuous, the
// flux of each cell is the gradient of one potential, and with one tissue nothing changes. Each
// (node, tissue) pair that some cell or probe needs is a slot:
//   slots 0..nodes-1        the node with its own law, theta(H)
//   beyond (ghosts)         theta_m(T_own(H)), one composed law per pair of tissues
//   slots of hanging nodes  the mean of the masters' slots of the same tissue.
// Heat that arrives at a slot goes back the same way: to the masters, then to the node.
// Cubes of fem/mesh_interfaces.h have no slots; there theta of a cell is no sum over its nodes.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "fem/mesh_arrays.h"
#include "physics/segment_law.h"

namespace thermodose {

/// theta of `conduction` as a function of the enthalpy of `storage` (and u of `storage`): pieces
/// between the breaks of both. Both laws must have the same reference temperature; throws
/// std::invalid_argument otherwise.
SegmentLaw composed_law(const SegmentLaw& storage, const SegmentLaw& conduction);

class MeshSlots {
 public:
  struct Ghost {
    int node, slot;
    int pair;  ///< into pair_laws()
  };
  struct Mean {
    int slot, count;
    std::array<int, 4> masters;  ///< slots
  };

  MeshSlots(const MeshArrays& mesh, const std::vector<SegmentLaw>& laws);

  /// The slot of a node for tissue `law`; made when it does not exist.
  int slot(int node, int law);
  std::size_t size() const { return size_; }
  /// Slots of the nodes of every cell, as MeshArrays::geometry.cells.
  const std::vector<int>& cells() const { return cells_; }
  const std::vector<Ghost>& ghosts() const { return ghosts_; }
  const std::vector<Mean>& means() const { return means_; }
  const SegmentLaw& pair_law(int pair) const { return pair_laws_[static_cast<std::size_t>(pair)]; }
  /// Largest d theta / dH of each slot's law, m2/s.
  double max_diffusivity(int pair) const {
    return pair_laws_[static_cast<std::size_t>(pair)].max_diffusivity();
  }

 private:
  int new_slot() { return static_cast<int>(size_++); }
  void tie(int slot, const HangingNode& hanging, int law);
  bool one_law(const HangingNode& hanging) const;

  const MeshArrays& mesh_;
  const std::vector<SegmentLaw>& laws_;
  std::size_t size_ = 0;
  std::vector<int> cells_;
  std::vector<int> hangs_;  ///< entry of MeshArrays::hanging of a node, or -1
  std::vector<Ghost> ghosts_;
  std::vector<Mean> means_;
  std::unordered_map<std::uint64_t, int> known_;        ///< (node, law) -> slot
  std::unordered_map<std::uint64_t, int> known_pairs_;  ///< (storage, conduction) -> pair
  std::vector<SegmentLaw> pair_laws_;
};

}  // namespace thermodose
