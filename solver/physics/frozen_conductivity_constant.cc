// Implements: k_frozen(T) = the stated value at every temperature.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class ConstantFrozenConductivity final : public FrozenConductivityLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  double conductivity(double, double stated) const override { return stated; }
};

THERMODOSE_REGISTER("frozen_conductivity", "constant", ConstantFrozenConductivity,
                    "k_frozen(T) = the stated value at every temperature.");

}  // namespace
}  // namespace thermodose
