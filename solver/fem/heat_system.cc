#include "fem/heat_system.h"

#include <cmath>

namespace thermodose {

double HeatLedger::net() const {
  double sum = faces + tissue_sources;
  for (const double p : probes) sum += p;
  return sum;
}

void HeatLedger::add(const HeatLedger& step) {
  if (probes.size() < step.probes.size()) probes.resize(step.probes.size(), 0.0);
  for (std::size_t i = 0; i < step.probes.size(); ++i) {
    probes[i] += step.probes[i];
    gross += std::abs(step.probes[i]);
  }
  faces += step.faces;
  tissue_sources += step.tissue_sources;
  gross += std::abs(step.faces) + std::abs(step.tissue_sources);
}

}  // namespace thermodose
