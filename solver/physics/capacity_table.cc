// Implements: c(T) = c37 * factor(T), factor piecewise linear in T.
#include <string>
#include <vector>

#include "base/registry.h"
#include "physics/factor_table.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class TableCapacity final : public CapacityLaw {
 public:
  void keys(Keys& k) override { table_.keys(k); }
  std::vector<std::string> check() const override { return table_.check(); }
  void knots(std::vector<double>& temperatures) const override { table_.knots(temperatures); }
  double capacity(double temperature, double c37) const override {
    return c37 * table_.factor(temperature);
  }

 private:
  FactorTable table_;
};

THERMODOSE_REGISTER("capacity", "table", TableCapacity,
                    "c(T) = c(37 degC) times a factor, linear between the points (temperature, "
                    "factor) and held outside them.");

}  // namespace
}  // namespace thermodose
