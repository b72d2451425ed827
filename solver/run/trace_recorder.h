// Temperatures at points over time.
// Implements: thermocouples and probe surfaces at equidistant times, linear in time inside a step
// and linear in the Kirchhoff variable between nodes; without a period, after every step.
#pragma once

#include <vector>

#include "output/results_writer.h"
#include "output/summary.h"
#include "run/observer.h"
#include "run/probe_point.h"

namespace thermodose {

template <class Real>
class TraceRecorder final : public Observer<Real> {
 public:
  /// `conditions` outlives the recorder. Throws InputError for a thermocouple outside the mesh.
  TraceRecorder(const CaseSpec& spec, const HeatSystem<Real>& system,
                const BoundaryConditions& conditions);

  void begin(const HeatSystem<Real>& system, const Real* state) override;
  void step(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) override;

  /// Columns time_s, <thermocouple>_degC, <probe>_surface_degC.
  Table table() const;
  std::vector<ThermocoupleSummary> thermocouples() const;
  /// Coldest and warmest surface of a probe while it was driven, K; NaN when never.
  std::pair<double, double> surface_range(std::size_t probe) const;

 private:
  double point_value(std::size_t point, const Real* y) const;
  double surface_value(const HeatSystem<Real>& system, std::size_t probe, double t, double inside,
                       const Real* y) const;
  std::vector<double> row(const HeatSystem<Real>& system, double t, double inside,
                          const Real* y) const;
  void add(double t, const std::vector<double>& values);

  const CaseSpec& spec_;
  const BoundaryConditions& conditions_;
  StateFields<Real> fields_;
  std::vector<InterpolationPoint> points_;
  std::vector<double> times_;
  std::vector<std::vector<double>> rows_;
  std::vector<double> previous_;
  std::vector<ThermocoupleSummary> extremes_;
  std::vector<std::pair<double, double>> surface_;
  double period_ = 0;  ///< s; 0 = every step
  long next_ = 0;
};

}  // namespace thermodose
