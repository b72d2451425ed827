// The part of the mesh module that speaks deal.II: trees, cells, hanging nodes, quadrature.
// Implements: the builders behind fem/mesh_module.h. Q1 nodes are the vertices of the mesh, so
// no degree-of-freedom handler is needed: a vertex in the middle of an edge or face that has
// children while its cell has none hangs between the corners of that edge or face.
#include <deal.II/base/function_lib.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/tria.h>

#include <cstdlib>
#include <exception>
#include <unordered_map>

#include "fem/mesh_module.h"
#include "fem/mesh_module_start.h"

namespace thermodose {

namespace {

using dealii::Triangulation;

constexpr double kPi = 3.14159265358979323846;

Vec3 to_vec(const dealii::Point<3>& p) { return {p[0], p[1], p[2]}; }
dealii::Point<3> to_point(const Vec3& p, std::integral_constant<int, 3>) {
  return {p[0], p[1], p[2]};
}
dealii::Point<2> to_point(const Vec3& p, std::integral_constant<int, 2>) { return {p[0], p[2]}; }

// Vertices in use get numbers in the order of their first appearance.
class Numbering {
 public:
  Numbering(const Triangulation<3>& tree, RawMesh& mesh)
      : tree_(tree), number_(tree.n_vertices(), -1), mesh_(mesh) {}
  int operator()(unsigned vertex) {
    int& n = number_[vertex];
    if (n < 0) {
      n = static_cast<int>(mesh_.points.size());
      mesh_.points.push_back(to_vec(tree_.get_vertices()[vertex]));
    }
    return n;
  }

 private:
  const Triangulation<3>& tree_;
  std::vector<int> number_;
  RawMesh& mesh_;
};

// Hanging vertices of one active cell: middles of its bisected edges and faces.
template <class Cell>
void collect_hanging(const Cell& cell, std::unordered_map<unsigned, std::vector<unsigned>>& found) {
  for (unsigned l = 0; l < 12; ++l) {
    const auto line = cell->line(l);
    if (line->has_children())
      found[line->child(0)->vertex_index(1)] = {line->vertex_index(0), line->vertex_index(1)};
  }
  for (unsigned f = 0; f < 6; ++f) {
    const auto face = cell->face(f);
    if (face->has_children())
      found[face->child(0)->vertex_index(3)] = {face->vertex_index(0), face->vertex_index(1),
                                                face->vertex_index(2), face->vertex_index(3)};
  }
}

void flatten(const Triangulation<3>& tree, RawMesh& mesh) {
  mesh = {};
  Numbering number(tree, mesh);
  std::unordered_map<unsigned, std::vector<unsigned>> hanging;
  mesh.cells.reserve(8 * std::size_t{tree.n_active_cells()});
  for (const auto& cell : tree.active_cell_iterators()) {
    for (const unsigned v : cell->vertex_indices())
      mesh.cells.push_back(number(cell->vertex_index(v)));
    for (const unsigned f : cell->face_indices()) {
      const auto face = cell->face(f);
      if (!face->at_boundary()) continue;
      BoundaryFace b;
      b.side = static_cast<int>(face->boundary_id());
      for (unsigned v = 0; v < 4; ++v) b.nodes[v] = number(face->vertex_index(v));
      mesh.boundary.push_back(b);
    }
    collect_hanging(cell, hanging);
  }
  for (const auto& [vertex, masters] : hanging) {
    HangingNode h;
    h.node = number(vertex);
    h.count = static_cast<int>(masters.size());
    for (std::size_t m = 0; m < masters.size(); ++m) h.masters[m] = number(masters[m]);
    mesh.hanging.push_back(h);
  }
}

void grow(Triangulation<3>& tree, const OctreeRequest& request, const OctreeLattice& lattice) {
  std::vector<unsigned> counts;
  for (const int n : lattice.coarse) counts.push_back(static_cast<unsigned>(n));
  const std::integral_constant<int, 3> three{};
  dealii::GridGenerator::subdivided_hyper_rectangle(tree, counts, to_point(lattice.lower, three),
                                                    to_point(lattice.upper(), three), true);
  for (int level = 0; level < lattice.levels; ++level) {
    bool any = false;
    for (const auto& cell : tree.active_cell_iterators()) {
      const double edge = lattice.coarse_edge() / (1 << cell->level());
      if (!must_refine(request, lattice, to_vec(cell->center()), edge)) continue;
      cell->set_refine_flag();
      any = true;
    }
    if (!any) break;
    tree.execute_coarsening_and_refinement();
  }
}

template <class Body>
std::string guarded(const Body& body) {
  try {
    body();
    return {};
  } catch (const std::exception& e) {
    return e.what();
  }
}

std::string octree(const OctreeRequest& request, const OctreeLattice& lattice, Forest forest,
                   RawMesh& mesh) {
  return guarded([&] {
    if (forest == Forest::serial) {
      Triangulation<3> tree(Triangulation<3>::limit_level_difference_at_vertices);
      grow(tree, request, lattice);
      flatten(tree, mesh);
    } else {
      start_libraries();
      dealii::parallel::distributed::Triangulation<3> tree(MPI_COMM_SELF);
      grow(tree, request, lattice);
      flatten(tree, mesh);
    }
  });
}

// A tree of all cells, none of which has a neighbour.
template <int dim>
void plant(const std::vector<Vec3>& corners, Triangulation<dim>& tree) {
  constexpr std::size_t n = std::size_t{1} << dim;
  std::vector<dealii::Point<dim>> points;
  std::vector<dealii::CellData<dim>> cells(corners.size() / n);
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (unsigned v = 0; v < n; ++v) {
      cells[c].vertices[v] = static_cast<unsigned>(points.size());
      points.push_back(to_point(corners[c * n + v], std::integral_constant<int, dim>{}));
    }
  tree.create_triangulation(points, cells, dealii::SubCellData());
}

template <int dim>
void integrate(const std::vector<Vec3>& corners, std::vector<CellMatrices>& out) {
  constexpr std::size_t n = std::size_t{1} << dim;
  const dealii::FE_Q<dim> element(1);
  const dealii::QGauss<dim> quadrature(dim == 2 ? 3 : 2);
  Triangulation<dim> tree;
  plant(corners, tree);
  // Its own for every tree: on one thread it would take a cell of the next tree, at the same
  // place in memory, for the one before moved, and keep that one's gradients.
  dealii::FEValues<dim> values(element, quadrature,
                               dealii::update_values | dealii::update_gradients |
                                   dealii::update_quadrature_points | dealii::update_JxW_values);
  for (const auto& cell : tree.active_cell_iterators()) {
    values.reinit(cell);
    CellMatrices m;
    for (int d = 0; d < dim; ++d) m.along[dim == 2 ? 2 * d : d].assign(n * n, 0.0);
    m.mass.assign(n, 0.0);
    for (const unsigned q : values.quadrature_point_indices()) {
      const double w = values.JxW(q) * (dim == 2 ? 2 * kPi * values.quadrature_point(q)[0] : 1.0);
      for (unsigned i = 0; i < n; ++i) {
        m.mass[i] += w * values.shape_value(i, q);
        for (unsigned j = 0; j < n; ++j)
          for (int d = 0; d < dim; ++d)
            m.along[dim == 2 ? 2 * d : d][i * n + j] +=
                w * values.shape_grad(i, q)[d] * values.shape_grad(j, q)[d];
      }
    }
    out.push_back(std::move(m));
  }
}

std::string matrices(bool axisymmetric, const std::vector<Vec3>& corners,
                     std::vector<CellMatrices>& out) {
  return guarded([&] { axisymmetric ? integrate<2>(corners, out) : integrate<3>(corners, out); });
}

}  // namespace

void start_libraries() {
  // PETSc must leave the program's signals alone, and a process of its own needs none of the
  // network layers whose search takes most of MPI's start (0.33 s against 0.12 s, measured).
  setenv("PETSC_OPTIONS", "-no_signal_handler", 0);
  if (std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) {
    setenv("OMPI_MCA_pml", "ob1", 0);
    setenv("OMPI_MCA_btl", "self", 0);
  }
  static int argc = 0;
  static char** argv = nullptr;
  static const dealii::Utilities::MPI::MPI_InitFinalize init(argc, argv, 1);
}

extern "C" __attribute__((visibility("default"))) const MeshModule* thermodose_mesh_module() {
  static const MeshModule module{octree, matrices, make_petsc_krylov};
  return &module;
}

}  // namespace thermodose
