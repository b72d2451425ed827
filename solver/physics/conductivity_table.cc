// Implements: k(T) = k37 * factor(T), factor piecewise linear in T.
#include <string>
#include <vector>

#include "base/registry.h"
#include "physics/factor_table.h"
#include "physics/tissue_laws.h"

namespace thermodose {
namespace {

class TableConductivity final : public ConductivityLaw {
 public:
  void keys(Keys& k) override { table_.keys(k); }
  std::vector<std::string> check() const override { return table_.check(); }
  void knots(std::vector<double>& temperatures) const override { table_.knots(temperatures); }
  double conductivity(double temperature, double k37) const override {
    return k37 * table_.factor(temperature);
  }

 private:
  FactorTable table_;
};

THERMODOSE_REGISTER("conductivity", "table", TableConductivity,
                    "k(T) = k(37 degC) times a factor, linear between the points (temperature, "
                    "factor) and held outside them.");

}  // namespace
}  // namespace thermodose
