// Implements: perfusion and metabolic heat that do not depend on temperature.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class ConstantPerfusion final : public PerfusionLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  double factor(double, double) const override { return 1; }
};

THERMODOSE_REGISTER("perfusion", "constant", ConstantPerfusion,
                    "p = 1: perfusion and metabolic heat stay on, also in frozen tissue. For "
                    "comparison with closed forms.");

}  // namespace
}  // namespace thermodose
