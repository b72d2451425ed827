// Is the domain large enough?
// Implements: the largest change of temperature at a twentieth of the domain's edge inside every
// face that is held at the initial temperature. Such a face stands for tissue far away; where the
// change arrives, the result depends on where the face was put. Of a mesh from a file, faces that
// are one side of the box around it are watched, unless another face in that plane is an applicator
// (held at another temperature, or convective). Reference case in smaller boxes:
// 9 K there goes with 0.1 % of the ice volume, 23 K with 1 to 3 %, 39 K with 3 to 6 %.
#pragma once

#include <string>
#include <vector>

#include "case/case_spec.h"
#include "run/observer.h"

namespace thermodose {

/// A node close to a face and the factor that takes its change linearly to the depth.
struct WatchedNode {
  std::size_t index = 0;
  double scale = 1;
};

template <class Real>
class FaceWatch final : public Observer<Real> {
 public:
  explicit FaceWatch(const CaseSpec& spec)
      : domain_(spec.domain), nodes_(domain_.faces.size()), change_(domain_.faces.size()) {}

  void begin(const HeatSystem<Real>& system, const Real* state) override;
  void instant(const Frame<Real>& frame) override;
  /// K, per face; 0 for faces that are not watched.
  const std::vector<double>& change() const { return change_; }

 private:
  const DomainSpec& domain_;
  std::vector<std::vector<WatchedNode>> nodes_;
  std::vector<double> change_;
};

/// Name of a face in case files.
std::string face_name(const DomainSpec& domain, std::size_t face);
/// Tissue may go on beyond a face. At a convective face the body ends; of a mesh, a face held at
/// another temperature than the initial one, or insulated inside the box around it, is a device,
/// and what is held in the plane of one is skin.
bool tissue_beyond(const DomainSpec& domain, std::size_t face);
/// One warning for all faces that changed by more than the limit; empty when there is none.
std::string small_domain_warning(const DomainSpec& domain, const std::vector<double>& change);

}  // namespace thermodose
