// Implements: a material that does not freeze in the range of its laws.
#include "base/registry.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class NoFreezing final : public FreezingLaw {
 public:
  void keys(Keys&) override {}
  void knots(std::vector<double>&) const override {}
  bool freezes() const override { return false; }
  double unfrozen_fraction(double) const override { return 1; }
  double unfrozen_slope(double) const override { return 0; }
  double latent_heat() const override { return 0; }
  double solidus() const override { return 0; }
  double liquidus() const override { return 0; }
};

THERMODOSE_REGISTER("freezing", "none", NoFreezing,
                    "The material does not freeze between min_temperature and max_temperature.");

}  // namespace
}  // namespace thermodose
