// Isotherms over time.
// Implements: volumes and extents of all levels at the isotherm instants.
#pragma once

#include <vector>

#include "dose/isotherm.h"
#include "run/observer.h"

namespace thermodose {

struct IsothermRecord {
  double time = 0;         ///< s
  double temperature = 0;  ///< K
  bool below = true;
  IsothermMeasure measure;
};

/// `axes`: directions along and across which extents are wanted.
template <class Real>
class IsothermRecorder final : public Observer<Real> {
 public:
  IsothermRecorder(std::vector<double> levels, double initial_temperature, std::vector<Vec3> axes);
  void instant(const Frame<Real>& frame) override;
  const std::vector<IsothermRecord>& records() const { return records_; }

 private:
  std::vector<double> levels_;
  double initial_;
  IsothermOptions options_;
  std::vector<IsothermRecord> records_;
};

}  // namespace thermodose
