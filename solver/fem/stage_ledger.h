// Heat accounts that follow the stages of a step.
// Implements: for a rate r(t) in W, the integral over the step as the integrator sees it, by the
// same recursion as the state: p_j = mu p_{j-1} + nu p_{j-2} + dt_l r_{j-1} + dt_l0 r_0, p_0 = 0.
// Summed with the same weights as the state, the balance closes to round-off.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "fem/heat_system.h"

namespace thermodose {

class StageLedger {
 public:
  explicit StageLedger(std::size_t accounts = 0)
      : now_(accounts), before_(accounts), first_rate_(accounts) {}

  void stage(const StageCoefficients& c, const std::vector<double>& rates) {
    for (std::size_t i = 0; i < now_.size(); ++i) {
      if (c.first) {
        first_rate_[i] = rates[i];
        before_[i] = 0;
        now_[i] = c.dt_l * rates[i];
        continue;
      }
      const double next =
          c.mu * now_[i] + c.nu * before_[i] + c.dt_l * rates[i] + c.dt_l0 * first_rate_[i];
      before_[i] = std::exchange(now_[i], next);
    }
  }
  /// J since the begin of the step.
  double heat(std::size_t account) const { return now_[account]; }

 private:
  std::vector<double> now_, before_, first_rate_;
};

}  // namespace thermodose
