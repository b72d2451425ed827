// Implements: run/graded.h.
#include "run/graded.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr int kMostSamples = 8;     // along an edge: 16 mm cells on voxels of 1 mm are far away
constexpr std::size_t kBlock = 64;  // cells or nodes that a thread takes at once
constexpr double kRoundOff = 1e-6;

/// Where a cell, or the volume of a node, is.
using BoxOf = std::function<BoundingBox(std::size_t)>;

/// Calls work(0..n-1), with all threads of a team.
template <class Work>
void share(ThreadTeam* team, std::size_t n, const Work& work) {
  const auto part = [&](int member, int members) {
    const auto step = kBlock * static_cast<std::size_t>(members);
    for (std::size_t block = kBlock * static_cast<std::size_t>(member); block < n; block += step)
      for (std::size_t i = block; i < std::min(n, block + kBlock); ++i) work(i);
  };
  if (team == nullptr) {
    part(0, 1);
  } else {
    team->run(part);
  }
}

/// Laws of the cells and nodes that hold scaled material; 0 elsewhere, where no one asks.
class Grades {
 public:
  Grades(const Model& model, const Composition& regions, const BoxOf& cell_box,
         const BoxOf& node_box, ThreadTeam* team)
      : model_(model), cell(regions.cell.size()), node(regions.node.size()) {
    share(team, cell.size(), [&](std::size_t c) { set(regions.cell[c], cell[c], cell_box, c); });
    share(team, node.size(), [&](std::size_t n) { set(regions.node[n], node[n], node_box, n); });
    share(team, regions.cuts.size(), [&](std::size_t i) {
      const CutCell& cut = regions.cuts[i];
      set(cut.shares, cell[cut.cell], cell_box, cut.cell);
    });
    share(team, regions.mixed.size(), [&](std::size_t i) {
      const MixedNode& mixed = regions.mixed[i];
      set(mixed.shares, node[mixed.node], node_box, mixed.node);
    });
  }

 private:
  const Model& model_;

  bool scales(MaterialIndex region) const { return model_.scales(static_cast<int>(region) - 1); }
  MaterialIndex law(const BoundingBox& box, bool whole) const {
    return static_cast<MaterialIndex>(model_.graded_law(mean_fraction(model_, box, whole)));
  }

  void set(MaterialIndex region, MaterialIndex& out, const BoxOf& box, std::size_t place) const {
    if (scales(region)) out = law(box(place), true);
  }
  void set(const Shares& shares, MaterialIndex& out, const BoxOf& box, std::size_t place) const {
    for (std::size_t m = 0; m < static_cast<std::size_t>(shares.count); ++m)
      if (scales(shares.material[m])) {
        out = law(box(place), false);
        return;
      }
  }

 public:
  std::vector<MaterialIndex> cell, node;
};

/// Boxes of the cells and of the volumes of the nodes of a lattice.
class LatticeBoxes {
 public:
  explicit LatticeBoxes(const Lattice& lattice) : lattice_(lattice) {
    for (std::size_t d = 0; d < 3; ++d) cells_[d] = lattice.nodes[d] - 1;
  }
  BoundingBox cell(std::size_t c) const { return box(c, cells_, 0, 1); }
  BoundingBox volume(std::size_t n) const { return box(n, lattice_.nodes, -0.5, 0.5); }

 private:
  // Places of a cell or node, x fastest; `low` and `high` in cells from there, inside the grid.
  BoundingBox box(std::size_t number, const std::array<int, 3>& count, double low,
                  double high) const {
    BoundingBox out;
    for (std::size_t d = 0; d < 3; ++d) {
      const auto n = static_cast<std::size_t>(count[d]);
      const double at = static_cast<double>(number % n);
      number /= n;
      const auto place = [&](double x) {
        return lattice_.origin[d] + lattice_.spacing * std::clamp(x, 0.0, double(cells_[d]));
      };
      out.lower[d] = place(at + low);
      out.upper[d] = place(at + high);
    }
    return out;
  }

  const Lattice& lattice_;
  std::array<int, 3> cells_{};
};

BoundingBox cube_of(const RawMesh& octree, std::size_t c) {
  return {octree.points[static_cast<std::size_t>(octree.cells[8 * c])],
          octree.points[static_cast<std::size_t>(octree.cells[8 * c + 7])]};
}

// Boxes around the eighths of cubes that make up the volumes of the nodes of an octree.
std::vector<BoundingBox> volumes_of(const RawMesh& octree) {
  std::vector<BoundingBox> out;
  for (const Vec3& p : octree.points) out.push_back({p, p});
  std::vector<const HangingNode*> hangs(out.size(), nullptr);
  for (const HangingNode& h : octree.hanging) hangs[static_cast<std::size_t>(h.node)] = &h;
  const auto widen = [&](int node, const Vec3& p) {
    BoundingBox& box = out[static_cast<std::size_t>(node)];
    for (std::size_t d = 0; d < 3; ++d) {
      box.lower[d] = std::min(box.lower[d], p[d]);
      box.upper[d] = std::max(box.upper[d], p[d]);
    }
  };
  for (std::size_t i = 0; i < octree.cells.size(); ++i) {
    const BoundingBox cube = cube_of(octree, i / 8);
    const Vec3 centre = 0.5 * (cube.lower + cube.upper);
    const HangingNode* h = hangs[static_cast<std::size_t>(octree.cells[i])];
    if (h == nullptr) {
      widen(octree.cells[i], centre);
      continue;
    }
    for (std::size_t k = 0; k < static_cast<std::size_t>(h->count); ++k)
      widen(h->masters[k], centre);
  }
  return out;
}

// Means over the regions, every cell with the share that is of the region.
std::vector<double> region_fractions(const Model& model, const Composition& regions,
                                     const std::vector<MaterialIndex>& law, const BoxOf& cell_box) {
  std::map<int, double> fraction_of;  // of a law
  for (std::size_t g = 0; g < model.grade_law.size(); ++g)
    fraction_of[model.grade_law[g]] =
        static_cast<double>(g) / static_cast<double>(model.scale->grades());
  std::vector<double> sum(model.region_name.size(), 0.0), volume = sum;
  const auto add = [&](MaterialIndex region, std::size_t c, double share) {
    if (!model.scales(static_cast<int>(region) - 1)) return;
    const BoundingBox box = cell_box(c);
    double part = share;
    for (std::size_t d = 0; d < 3; ++d) part *= box.upper[d] - box.lower[d];
    volume[region - 1U] += part;
    sum[region - 1U] += part * fraction_of.at(law[c]);
  };
  std::size_t cut = 0;  // they are by cell
  for (std::size_t c = 0; c < regions.cell.size(); ++c) {
    if (cut == regions.cuts.size() || regions.cuts[cut].cell != c) {
      add(regions.cell[c], c, 1);
      continue;
    }
    const Shares& shares = regions.cuts[cut++].shares;
    for (std::size_t m = 0; m < static_cast<std::size_t>(shares.count); ++m)
      add(shares.material[m], c, double(shares.share[m]));
  }
  for (std::size_t r = 0; r < sum.size(); ++r)
    sum[r] = volume[r] > 0 ? sum[r] / volume[r] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

// From regions to laws.
GradedLaws graded_laws(const Model& model, const Composition& regions, const BoxOf& cell_box,
                       const BoxOf& node_box, ThreadTeam* team) {
  const Grades grades(model, regions, cell_box, node_box, team);
  const auto law = [&](MaterialIndex region, MaterialIndex graded) {
    if (region == 0) return MaterialIndex{0};
    return model.scales(region - 1)
               ? graded
               : static_cast<MaterialIndex>(model.region_law[static_cast<std::size_t>(region - 1)]);
  };
  return {relabel(
              regions, [&](MaterialIndex r, std::size_t c) { return law(r, grades.cell[c]); },
              [&](MaterialIndex r, std::size_t n) { return law(r, grades.node[n]); }),
          region_fractions(model, regions, grades.cell, cell_box)};
}

}  // namespace

double mean_fraction(const Model& model, const BoundingBox& box, bool whole) {
  std::array<int, 3> count{};
  for (std::size_t d = 0; d < 3; ++d) {
    const double wish =
        std::ceil(2 * (box.upper[d] - box.lower[d]) / model.scale->detail() - kRoundOff);
    count[d] = static_cast<int>(std::clamp(wish, 2.0, double(kMostSamples)));
  }
  double sum = 0, all = 0;
  int counted = 0;
  for (int k = 0; k < count[2]; ++k)
    for (int j = 0; j < count[1]; ++j)
      for (int i = 0; i < count[0]; ++i) {
        Vec3 p{};
        const std::array<int, 3> at{i, j, k};
        for (std::size_t d = 0; d < 3; ++d)
          p[d] = box.lower[d] + (at[d] + 0.5) / count[d] * (box.upper[d] - box.lower[d]);
        const double fraction = model.scale->fraction(p);
        all += fraction;
        if (!whole && !model.scales(model.region_at(p))) continue;
        sum += fraction;
        ++counted;
      }
  return counted > 0 ? sum / counted : all / (count[0] * count[1] * count[2]);
}

GradedLaws graded_laws(const Model& model, const Lattice& lattice, const Composition& regions,
                       ThreadTeam* team) {
  const LatticeBoxes boxes(lattice);
  return graded_laws(
      model, regions, [&](std::size_t c) { return boxes.cell(c); },
      [&](std::size_t n) { return boxes.volume(n); }, team);
}

GradedLaws graded_laws(const Model& model, const RawMesh& octree, const Composition& regions,
                       ThreadTeam* team) {
  const std::vector<BoundingBox> volumes = volumes_of(octree);
  return graded_laws(
      model, regions, [&](std::size_t c) { return cube_of(octree, c); },
      [&](std::size_t n) { return volumes[n]; }, team);
}

}  // namespace thermodose
