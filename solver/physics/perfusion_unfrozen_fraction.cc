// Implements: perfusion and metabolic heat in proportion to the unfrozen fraction.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class UnfrozenFractionPerfusion final : public PerfusionLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}  // those of the freezing law
  double factor(double, double unfrozen_fraction) const override { return unfrozen_fraction; }
};

THERMODOSE_REGISTER("perfusion", "unfrozen_fraction", UnfrozenFractionPerfusion,
                    "p = unfrozen fraction: perfusion and metabolic heat fade as the tissue "
                    "freezes and return as it thaws.");

}  // namespace
}  // namespace thermodose
