// Implements: c(T) = c37 at every temperature.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class ConstantCapacity final : public CapacityLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  double capacity(double, double c37) const override { return c37; }
};

THERMODOSE_REGISTER("capacity", "constant", ConstantCapacity,
                    "c(T) = c(37 degC) at every temperature.");

}  // namespace
}  // namespace thermodose
