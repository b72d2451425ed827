// Implements: device "cryoprobe": a needle whose active length follows a shaft law; the rest of
// the shaft is adiabatic (every published model: Go-Smart, IceSphere lung model).
#include "devices/cryoprobe.h"

#include <cassert>

#include "base/registry.h"

namespace thermodose {

void Cryoprobe::keys(Keys& k) {
  k.real(key("diameter", "mm", "Outer diameter of the needle.").range(0.5, 20), diameter);
  k.real(key("active_length", "mm", "Length of the part of the needle that exchanges heat.")
             .range(1, 200),
         active_length);
  k.real(key("dead_tip", "mm", "Adiabatic length between the tip and the active length.")
             .range(0, 50)
             .optional(),
         dead_tip);
  k.plugin(key("law", "", "What the surface of the active length does."), "shaft_law", law_name,
           law_object);
  k.text(key("data", "", "Where each number of this device comes from.").optional(), data);
  k.texts(key("caveats", "", "What is unverified; printed as warnings of a run.").optional(),
          caveats);
}

std::vector<std::string> Cryoprobe::check() const {
  std::vector<std::string> problems;
  if (active_length <= diameter) {
    problems.emplace_back("active_length: must be longer than the diameter");
  }
  if (dynamic_cast<const ShaftLaw*>(law_object.get()) == nullptr) {
    problems.emplace_back("law: a shaft law is needed");
  }
  return problems;
}

const ShaftLaw& Cryoprobe::law() const {
  const auto* law = dynamic_cast<const ShaftLaw*>(law_object.get());
  assert(law != nullptr);
  return *law;
}

THERMODOSE_REGISTER(
    "device", "cryoprobe", Cryoprobe,
    "Needle with an active length of constant diameter that begins dead_tip behind the tip and "
    "follows a shaft law (surface temperature, table, or convection to a cryogen); the rest of "
    "the shaft is adiabatic.");

}  // namespace thermodose
