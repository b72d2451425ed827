// Is the domain large enough?
// Implements: the largest change of temperature at a twentieth of the domain's edge inside every
// face that is held at the initial temperature. Such a face stands for tissue far away; where the
// change arrives, the result depends on where the face was put. Reference case in smaller boxes:
// 9 K there goes with 0.1 % of the ice volume, 23 K with 1 to 3 %, 39 K with 3 to 6 %.
#pragma once

#include <array>
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
  explicit FaceWatch(const CaseSpec& spec) : domain_(spec.domain) {}

  void begin(const HeatSystem<Real>& system, const Real* state) override;
  void instant(const Frame<Real>& frame) override;
  /// K, per face; 0 for faces that are not watched.
  const std::array<double, 6>& change() const { return change_; }

 private:
  const DomainSpec& domain_;
  std::array<std::vector<WatchedNode>, 6> nodes_;
  std::array<double, 6> change_{};
};

/// Name of a face (0..5) in case files.
const char* face_name(const DomainSpec& domain, std::size_t face);
/// One warning for all faces that changed by more than the limit; empty when there is none.
std::string small_domain_warning(const DomainSpec& domain, const std::array<double, 6>& change);

}  // namespace thermodose
