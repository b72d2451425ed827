// Material between two tissues on the cells of an engine.
// Implements: the grade of a cell or of a node's volume: the mean over it of the fraction of the
// second tissue, where the material is scaled (Model::scale), rounded to the nearest grade. A mean
// and not the value at the middle: cells may be larger than the voxels of the CT. A cell has one
// grade, so that grades do not cut cells as the borders of tissues do.
#pragma once

#include "fem/immersed_probe.h"
#include "fem/mesh_arrays.h"
#include "fem/thread_team.h"
#include "geometry/cell_composition.h"
#include "run/model.h"

namespace thermodose {

/// Mean fraction in a box, sampled about twice per voxel along each axis. `whole`: all of the box
/// is scaled; else only points in scaled regions count, or all when there are none.
double mean_fraction(const Model& model, const BoundingBox& box, bool whole);

struct GradedLaws {
  Composition laws;
  /// Mean over each region of the fraction of the second tissue, as the grades of its cells have
  /// it; NaN where none of it is scaled.
  std::vector<double> region_fraction;
};

/// Laws of a grid whose composition is known by regions (0 is the background, r + 1 region r).
GradedLaws graded_laws(const Model& model, const Lattice& lattice, const Composition& regions,
                       ThreadTeam* team);

/// The same of an octree; a node's volume counts as the box around it.
GradedLaws graded_laws(const Model& model, const RawMesh& octree, const Composition& regions,
                       ThreadTeam* team);

}  // namespace thermodose
