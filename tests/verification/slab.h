// A slab between two held walls on any engine.
// Implements: a bar two cells wide with insulated sides; along x in 3-D, along z when axisymmetric.
#pragma once

#include <memory>
#include <vector>

#include "verification/engines.h"
#include "verification/harness.h"
#include "verification/order_table.h"
#include "verification/tissues.h"

namespace thermodose::verification {

struct Slab {
  Scheme scheme;
  double length, spacing;  ///< m
  std::vector<SegmentLaw> laws;
  double begin, end;  ///< K, of the walls
  /// Law at a position along the slab; empty = law 0.
  std::function<int(double)> tissue{};

  int axis() const { return scheme.engine == Engine::axisymmetric ? 2 : 0; }
  Coordinate coordinate() const { return along(axis()); }

  Domain domain(CaseConditions& conditions) const {
    Domain domain;
    domain.size = {2 * spacing, 2 * spacing, 2 * spacing};
    const auto a = static_cast<std::size_t>(axis());
    domain.size[a] = length;
    domain.spacing = spacing;
    domain.laws = laws;
    if (tissue) domain.tissue = [at = tissue, a](const Vec3& p) { return at(p[a]); };
    domain.fixed[2 * a] = domain.fixed[2 * a + 1] = true;
    conditions.faces[2 * a] = held(begin);
    conditions.faces[2 * a + 1] = held(end);
    return domain;
  }
  std::unique_ptr<HeatSystem<double>> make(CaseConditions& conditions) const {
    return verification::make(scheme.engine, domain(conditions), conditions);
  }
};

}  // namespace thermodose::verification
