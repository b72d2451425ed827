// Implements: what an octree is made of (see mesh_tissues.h).
#include "fem/mesh_tissues.h"

#include <cstddef>
#include <utility>

#include "geometry/cube_composition.h"

namespace thermodose {

Composition compose(const RawMesh& octree, const MaterialsAt& materials_at, std::size_t materials,
                    int threads) {
  CompositionCubes cubes;
  cubes.nodes = octree.points.size();
  cubes.corners = octree.cells;
  cubes.hanging = octree.hanging;
  for (std::size_t first = 0; first < octree.cells.size(); first += 8) {
    const Vec3& lower = octree.points[static_cast<std::size_t>(octree.cells[first])];
    cubes.lower.push_back(lower);
    cubes.edge.push_back(octree.points[static_cast<std::size_t>(octree.cells[first + 1])][0] -
                         lower[0]);
  }
  return compose(cubes, materials_at, materials, threads);
}

Composition compose(const RawMesh& octree, const MaterialAt& material_at, std::size_t materials,
                    int threads) {
  return compose(octree, one_by_one(material_at), materials, threads);
}

std::vector<LawShares> set_tissues(MeshTissues& tissues, std::vector<SegmentLaw>& laws,
                                   Composition composition, const std::vector<LawShares>& made_of) {
  tissues.cell_law = std::move(composition.cell);
  tissues.cuts = std::move(composition.cuts);
  tissues.node_law = std::move(composition.node);
  return mix_nodes(composition.mixed, tissues.node_law, laws, made_of);
}

MeshArrays arrange_octree(RawMesh octree, const MaterialAt& material_at,
                          std::vector<SegmentLaw>& laws, int threads) {
  MeshTissues tissues;
  set_tissues(tissues, laws, compose(octree, material_at, laws.size(), threads));
  return arrange_mesh(std::move(octree), tissues);
}

}  // namespace thermodose
