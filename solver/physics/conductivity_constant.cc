// Implements: k(T) = k37 at every temperature.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class ConstantConductivity final : public ConductivityLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  double conductivity(double, double k37) const override { return k37; }
};

THERMODOSE_REGISTER("conductivity", "constant", ConstantConductivity,
                    "k(T) = k(37 degC) at every temperature.");

}  // namespace
}  // namespace thermodose
