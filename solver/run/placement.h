// Where probes and thermocouples are with respect to each other and to the cells.
// Implements: what engines refuse (needles too close to the edge for their cells) and what `check`
// and `run` warn of (needles closer than the cells resolve, thermocouples inside a needle, regions
// without volume or without a node, blood that is not at the temperature of the start).
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "fem/immersed_probe.h"
#include "output/summary.h"
#include "run/model.h"

namespace thermodose {

/// Probes that lie too close to the edge of a lattice for it, by name, with their distance and what
/// is needed. Empty when all fit.
std::vector<Problem> misplaced_probes(const Model& model, const Lattice& lattice);

/// The same in an axisymmetric domain: needles that reach its ends or its rim.
std::vector<Problem> misplaced_on_axis(const Model& model);

/// Needles without a line of edges at their surface in the mesh of a file.
std::vector<Problem> unfitted_probes(const Model& model);

/// Why a point is not in the body: "in air, which is a gas" (of its heat capacity), "outside the
/// image"; empty if it is.
std::string outside_body(const Model& model, const Vec3& p);

/// Probes of which the tip, or more than half of the active length, is not in the body.
std::vector<Problem> probes_outside_body(const Model& model);

/// `spacing`: edge of the cells around the needles, m.
std::vector<std::string> placement_warnings(const Model& model, double spacing);

/// Regions that are nowhere in the domain, or thinner than the cells show: the first of them by
/// name, those of `painted` (the key `regions`) before the parts of an anatomy.
std::vector<std::string> region_warnings(const std::vector<RegionSummary>& regions,
                                         const std::vector<RegionSpec>& painted);

}  // namespace thermodose
