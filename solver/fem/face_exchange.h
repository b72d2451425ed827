// Outer faces of the grid that are fixed or convective.
// Implements: prescribed enthalpy on fixed faces and, on convective faces,
//   V_i dH_i/dt += h A_i (T_ambient - T_i)      with A_i / V_i = 2 / h_cell for a face node.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fem/active_rows.h"
#include "fem/grid_system.h"

namespace thermodose {

class FaceExchange {
 public:
  FaceExchange(const GridSetup& setup, const BoundaryConditions& conditions);

  /// Enthalpy of the fixed faces at time t into y.
  template <class Real>
  void prescribe(double t, Real* y) const;
  /// Convective rates at time t; returns their sum, W.
  template <class Real>
  double update(double t, const Real* y);
  template <class Real>
  void apply(Real* y_out, Real* l0, double dt_l) const;
  /// Sum over fixed-face nodes of V (H_after - H_before), J.
  template <class Real>
  double prescribed_change(const Real* before, const Real* after) const;
  /// True when the faces keep tissue at rest at rest: fixed at the reference temperature or
  /// insulated.
  bool quiet() const { return quiet_; }
  /// Largest sum of 2 h / (h_cell C) over the convective faces of a node, of which there are up to
  /// three (one of each axis), 1/s.
  double max_rate() const;

 private:
  struct Node {
    std::size_t at;
    double volume;  ///< m3
    double area;    ///< m2 of the face
    LawIndex law;
    std::uint8_t face;
  };
  void add_face(const GridSetup& setup, int face);

  const std::vector<SegmentLaw>& laws_;
  const BoundaryConditions& conditions_;
  double spacing_;  ///< m
  std::vector<Node> fixed_, convective_;
  std::vector<double> rate_;  ///< J/m3/s per convective entry
  bool quiet_ = true;
};

}  // namespace thermodose
