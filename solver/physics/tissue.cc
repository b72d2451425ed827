// Implements: Tissue (see tissue.h for the equations).
#include "physics/tissue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/registry.h"

namespace thermodose {

namespace {

constexpr const char* kItis =
    "Baumgartner et al. 2025, IT'IS Database for thermal and electromagnetic parameters of "
    "biological tissues, version 5.0, doi:10.13099/VIP21000-05-0";

std::shared_ptr<Configurable> make_entry(const char* registry_name, const std::string& entry) {
  const RegistryEntry* found = registry::find(registry_name, entry);
  assert(found && "a default law is not registered");
  return found->make();
}

/// The law behind a Configurable. The reader fills it from the registry of that law, so that
/// another type is our own bug.
template <class Law>
const Law& as(const std::shared_ptr<Configurable>& object) {
  const auto* law = dynamic_cast<const Law*>(object.get());
  assert(law && "a law is missing or comes from another registry");
  return *law;
}

/// int_a^b g dT by Gauss-Legendre with five points: exact to degree 9.
template <class Function>
double gauss(const Function& g, double a, double b) {
  static constexpr std::array<double, 5> kNodes = {-0.9061798459386640, -0.5384693101056831, 0,
                                                   0.5384693101056831, 0.9061798459386640};
  static constexpr std::array<double, 5> kWeights = {0.2369268850561891, 0.4786286704993665,
                                                     0.5688888888888889, 0.4786286704993665,
                                                     0.2369268850561891};
  double sum = 0;
  for (std::size_t i = 0; i < kNodes.size(); ++i)
    sum += kWeights[i] * g(0.5 * (a + b) + 0.5 * (b - a) * kNodes[i]);
  return 0.5 * (b - a) * sum;
}

/// int_a^b g dT, broken at the kinks. Signed: b < a gives the negative.
template <class Function>
double integrate(const Function& g, double a, double b, const std::vector<double>& kinks) {
  if (b < a) return -integrate(g, b, a, kinks);
  double sum = 0, from = a;
  for (const double kink : kinks) {
    if (kink <= from || kink >= b) continue;
    sum += gauss(g, from, kink);
    from = kink;
  }
  return sum + gauss(g, from, b);
}

// Bounds against a wrong unit, far above the strongest tissues of materials/ (IT'IS V5.0: kidney
// cortex 0.26 MW/m3/K, heart muscle 43 kW/m3).
constexpr double kMostPerfusion = 2e6;   // W/m3/K
constexpr double kMostMetabolism = 1e7;  // W/m3

}  // namespace

Tissue::Tissue()
    : conductivity_law_name("constant"),
      capacity_law_name("constant"),
      frozen_conductivity_law_name("constant"),
      perfusion_law_name("unfrozen_fraction"),
      conductivity_law(make_entry("conductivity", conductivity_law_name)),
      capacity_law(make_entry("capacity", capacity_law_name)),
      frozen_conductivity_law(make_entry("frozen_conductivity", frozen_conductivity_law_name)),
      perfusion_law(make_entry("perfusion", perfusion_law_name)) {}

const std::vector<std::string>& Tissue::perfusion_units() {
  static const std::vector<std::string> units = {"mL/min/kg", "mL/min/100g", "1/s", "kg/m3/s",
                                                 "W/m3/K"};
  return units;
}

double Tissue::perfusion_coefficient() const {
  const std::string& unit = perfusion.unit;
  if (unit == "W/m3/K") return perfusion.value;
  if (unit == "kg/m3/s") return perfusion.value * blood_heat_capacity;
  const double per_volume_flow = blood_density * blood_heat_capacity;
  if (unit == "1/s") return perfusion.value * per_volume_flow;
  assert(unit == "mL/min/kg" || unit == "mL/min/100g");
  return perfusion.value * density * per_volume_flow;
}

double Tissue::metabolic_power() const {
  assert(metabolic_heat.unit == "W/kg" || metabolic_heat.unit == "W/m3");
  return metabolic_heat.unit == "W/kg" ? metabolic_heat.value * density : metabolic_heat.value;
}

double Tissue::within(double temperature) const {
  return std::clamp(temperature, min_temperature, max_temperature);
}

bool Tissue::freezes() const { return as<FreezingLaw>(freezing_law).freezes(); }

double Tissue::freezing_width() const {
  const auto& law = as<FreezingLaw>(freezing_law);
  return law.freezes() ? law.liquidus() - law.solidus() : std::numeric_limits<double>::infinity();
}

double Tissue::unfrozen_fraction(double temperature) const {
  return as<FreezingLaw>(freezing_law).unfrozen_fraction(within(temperature));
}

double Tissue::conductivity(double temperature) const {
  const double t = within(temperature);
  const double f = unfrozen_fraction(t);
  const double unfrozen = as<ConductivityLaw>(conductivity_law).conductivity(t, conductivity_37);
  if (f >= 1) return unfrozen;
  const double frozen = as<FrozenConductivityLaw>(frozen_conductivity_law)
                            .conductivity(t, frozen_conductivity.value_or(0));
  if (mushy_conductivity == "geometric") return std::pow(frozen, 1 - f) * std::pow(unfrozen, f);
  return (1 - f) * frozen + f * unfrozen;
}

double Tissue::sensible_capacity(double temperature) const {
  const double t = within(temperature);
  const double f = unfrozen_fraction(t);
  const double unfrozen = as<CapacityLaw>(capacity_law).capacity(t, heat_capacity);
  return density * ((1 - f) * frozen_heat_capacity.value_or(0) + f * unfrozen);
}

double Tissue::capacity(double temperature) const {
  const auto& freezing = as<FreezingLaw>(freezing_law);
  return sensible_capacity(temperature) +
         density * freezing.latent_heat() * freezing.unfrozen_slope(temperature);
}

double Tissue::perfusion_factor(double temperature) const {
  const double t = within(temperature);
  return as<PerfusionLaw>(perfusion_law).factor(t, unfrozen_fraction(t));
}

double Tissue::source(double temperature) const {
  const double w = perfusion_coefficient();
  const double exchange = w > 0 ? w * (arterial_temperature.value_or(0) - temperature) : 0;
  return perfusion_factor(temperature) * (exchange + metabolic_power());
}

double Tissue::enthalpy(double temperature, double reference) const {
  const auto sensible = [this](double t) { return sensible_capacity(t); };
  const double melted = unfrozen_fraction(temperature) - unfrozen_fraction(reference);
  return integrate(sensible, reference, temperature, knots()) +
         density * as<FreezingLaw>(freezing_law).latent_heat() * melted;
}

double Tissue::conductivity_integral(double from, double to) const {
  return integrate([this](double t) { return conductivity(t); }, from, to, knots());
}

std::vector<double> Tissue::knots() const {
  std::vector<double> all;
  for (const auto& law : {conductivity_law, capacity_law, freezing_law, perfusion_law})
    as<TemperatureLaw>(law).knots(all);
  if (freezes()) as<TemperatureLaw>(frozen_conductivity_law).knots(all);
  const auto outside = [this](double t) { return t <= min_temperature || t >= max_temperature; };
  all.erase(std::remove_if(all.begin(), all.end(), outside), all.end());
  all.push_back(min_temperature);
  all.push_back(max_temperature);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end(), nearly_equal_kinks), all.end());
  return all;
}

std::vector<std::string> Tissue::check() const {
  std::vector<std::string> problems;
  if (!(min_temperature < max_temperature))
    problems.emplace_back("min_temperature: must be below max_temperature");
  if (perfusion.value > 0 && !arterial_temperature)
    problems.emplace_back("arterial_temperature: missing; perfused tissue needs it");
  check_sources(problems);
  if (!freezing_law) return problems;  // the reader has already reported the missing key
  // A law with problems of its own is reported by itself and cannot be evaluated here.
  for (const auto& law :
       {conductivity_law, capacity_law, frozen_conductivity_law, freezing_law, perfusion_law})
    if (!law->check().empty()) return problems;
  check_freezing(problems);
  if (problems.empty()) check_signs(problems);
  return problems;
}

// A wrong unit is the usual mistake: mL/min/100g for mL/min/kg, W/kg for W/m3.
void Tissue::check_sources(std::vector<std::string>& problems) const {
  if (perfusion_coefficient() > kMostPerfusion)
    problems.push_back(fmt::format(
        "perfusion: exchanges {:.3g} W/m3/K, at most {:.0e} is allowed (a kidney has 2.5e+05): is "
        "the unit right?",
        perfusion_coefficient(), kMostPerfusion));
  if (metabolic_power() > kMostMetabolism)
    problems.push_back(fmt::format(
        "metabolic_heat: is {:.3g} W/m3, at most {:.0e} is allowed (the heart has 4e+04): is the "
        "unit right?",
        metabolic_power(), kMostMetabolism));
}

void Tissue::check_freezing(std::vector<std::string>& problems) const {
  const auto& freezing = as<FreezingLaw>(freezing_law);
  const bool capacity_given = frozen_heat_capacity.has_value();
  const bool conductivity_given = frozen_conductivity.has_value();
  if (!freezing.freezes()) {
    if (capacity_given)
      problems.emplace_back("frozen_heat_capacity: has no meaning, because freezing is none");
    if (conductivity_given)
      problems.emplace_back("frozen_conductivity: has no meaning, because freezing is none");
    return;
  }
  if (!capacity_given)
    problems.emplace_back("frozen_heat_capacity: missing; a material that freezes needs it");
  if (!conductivity_given)
    problems.emplace_back("frozen_conductivity: missing; a material that freezes needs it");
  if (!(min_temperature < freezing.solidus() && freezing.liquidus() < max_temperature))
    problems.emplace_back(
        "freezing: solidus and liquidus must lie between min_temperature and max_temperature");
}

void Tissue::check_signs(std::vector<std::string>& problems) const {
  bool conducts = true, stores = true;
  for (const double t : knots()) {
    conducts = conducts && conductivity(t) > 0;
    stores = stores && sensible_capacity(t) > 0;
  }
  if (!conducts)
    problems.emplace_back(
        "conductivity: not positive everywhere between min_temperature and max_temperature");
  if (!stores)
    problems.emplace_back(
        "heat_capacity: not positive everywhere between min_temperature and max_temperature");
}

void Tissue::keys(Keys& k) {
  k.text(key("title", "", "What the material is, in one line.").optional(), title);
  k.text(key("notes", "", "What a reader of the data should know.").optional(), notes);
  k.texts(key("caveats", "", "Doubts about the data that every run prints as warnings.").optional(),
          caveats);
  k.real(key("density", "kg/m3", "Mass per volume, unfrozen, at 37 degC.").range(1e-2, 3e4),
         density);
  k.real(
      key("heat_capacity", "J/kg/K", "Specific heat capacity, unfrozen, at 37 degC.").range(1, 2e4),
      heat_capacity);
  k.real(key("conductivity", "W/m/K", "Heat conductivity, unfrozen, at 37 degC.").range(1e-3, 1e3),
         conductivity_37);
  k.real(key("frozen_heat_capacity", "J/kg/K",
             "Specific heat capacity below the solidus; required unless freezing is none.")
             .range(1, 2e4)
             .optional(),
         frozen_heat_capacity);
  k.real(key("frozen_conductivity", "W/m/K",
             "Heat conductivity below the solidus; required unless freezing is none.")
             .range(1e-3, 1e3)
             .optional(),
         frozen_conductivity);
  key_laws(k);
  key_sources(k);
  k.real(
      key("min_temperature", "degC", "Below this temperature the sources do not hold: a run stops.")
          .range(-273.15, 2000)
          .optional(),
      min_temperature);
  k.real(
      key("max_temperature", "degC", "Above this temperature the sources do not hold: a run stops.")
          .range(-273.15, 2000)
          .optional(),
      max_temperature);
}

void Tissue::key_laws(Keys& k) {
  k.plugin(key("freezing", "",
               "How the material freezes; `none` when it does not between min_temperature and "
               "max_temperature."),
           "freezing", freezing_law_name, freezing_law);
  k.plugin(key("conductivity_law", "", "How the unfrozen conductivity varies with temperature.")
               .optional(),
           "conductivity", conductivity_law_name, conductivity_law);
  k.plugin(
      key("capacity_law", "", "How the unfrozen heat capacity varies with temperature.").optional(),
      "capacity", capacity_law_name, capacity_law);
  k.plugin(
      key("frozen_conductivity_law", "", "How the frozen conductivity varies with temperature.")
          .optional(),
      "frozen_conductivity", frozen_conductivity_law_name, frozen_conductivity_law);
  k.text(key("mushy_conductivity", "",
             "Mean of frozen and unfrozen conductivity between solidus and liquidus, weighted with "
             "the unfrozen fraction.")
             .one_of({"linear", "geometric"})
             .optional(),
         mushy_conductivity);
}

void Tissue::key_sources(Keys& k) {
  k.real_in(key("perfusion", perfusion_units().front(),
                "Blood flow through the tissue; 0 for what is not perfused.")
                .range(0, std::numeric_limits<double>::infinity()),
            perfusion_units(), perfusion);
  k.real(key("arterial_temperature", "degC",
             "Temperature of the inflowing blood; required when perfusion is not 0.")
             .range(-10, 60)
             .optional(),
         arterial_temperature);
  k.real(key("blood_density", "kg/m3", "Converts a perfusion that is stated as a volume flow.")
             .range(900, 1200)
             .optional()
             .source(kItis),
         blood_density);
  k.real(key("blood_heat_capacity", "J/kg/K", "Converts a perfusion that is stated as a flow.")
             .range(3000, 4300)
             .optional()
             .source(kItis),
         blood_heat_capacity);
  k.real_in(key("metabolic_heat", "W/kg", "Heat of metabolism; 0 for what has none.")
                .range(0, std::numeric_limits<double>::infinity()),
            {"W/kg", "W/m3"}, metabolic_heat);
  k.plugin(key("perfusion_law", "",
               "How perfusion and metabolic heat depend on temperature and freezing.")
               .optional(),
           "perfusion", perfusion_law_name, perfusion_law);
}

TissueSamples sample(const Tissue& tissue, const std::vector<double>& temperatures,
                     double reference) {
  TissueSamples out;
  out.temperature = temperatures;
  for (const double t : temperatures) {
    out.enthalpy.push_back(tissue.enthalpy(t, reference));
    out.capacity.push_back(tissue.capacity(t));
    out.conductivity.push_back(tissue.conductivity(t));
    out.factor.push_back(tissue.perfusion_factor(t));
    out.source.push_back(tissue.source(t));
  }
  return out;
}

THERMODOSE_REGISTER("material", "tissue", Tissue,
                    "Tissue or other material: heat capacity, conductivity, freezing, perfusion "
                    "and metabolic heat, with laws of temperature by name.");

}  // namespace thermodose
