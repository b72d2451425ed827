// From what the cubes of an octree are made of to the laws of a mesh.
// Implements: the composition of an octree (geometry/cube_composition.h), and from it cell laws,
// cut cells and the mixed laws of nodes (fem/node_mixtures.h).
#pragma once

#include <vector>

#include "fem/mesh_arrays.h"
#include "geometry/cell_composition.h"

namespace thermodose {

/// Samples the cubes of an octree with `threads` threads; cells and nodes in its numbers.
Composition compose(const RawMesh& octree, const MaterialsAt& materials_at, std::size_t materials,
                    int threads);
Composition compose(const RawMesh& octree, const MaterialAt& material_at, std::size_t materials,
                    int threads);

/// Sets `tissues` from a composition whose materials are `laws`, and appends the mixtures that
/// nodes need to these. Returns and throws as mix_nodes().
std::vector<LawShares> set_tissues(MeshTissues& tissues, std::vector<SegmentLaw>& laws,
                                   Composition composition,
                                   const std::vector<LawShares>& made_of = {});

/// All of it: the arrays of an octree whose materials are `laws`, which get the mixtures.
MeshArrays arrange_octree(RawMesh octree, const MaterialAt& material_at,
                          std::vector<SegmentLaw>& laws, int threads);

}  // namespace thermodose
