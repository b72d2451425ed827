// Implements: run/graded.h.
#include "run/graded.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr int kMostSamples = 8;     // along an edge: 16 mm cells on voxels of 1 mm are far away
constexpr std::size_t kBlock = 64;  // cells or nodes that a thread takes at once
constexpr double kRoundOff = 1e-6;

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

/// Laws of the cells and nodes of a grid that hold scaled material; 0 elsewhere, where no one asks.
class GridGrades {
 public:
  GridGrades(const Model& model, const Lattice& lattice, const Composition& regions,
             ThreadTeam* team)
      : model_(model), lattice_(lattice), cell(regions.cell.size()), node(regions.node.size()) {
    for (std::size_t d = 0; d < 3; ++d) cells_[d] = lattice.nodes[d] - 1;
    share(team, cell.size(), [&](std::size_t c) { set(regions.cell[c], cell[c], cube(c), true); });
    share(team, node.size(),
          [&](std::size_t n) { set(regions.node[n], node[n], volume(n), true); });
    share(team, regions.cuts.size(), [&](std::size_t i) {
      const CutCell& cut = regions.cuts[i];
      set(cut.shares, cell[cut.cell], cube(cut.cell));
    });
    share(team, regions.mixed.size(), [&](std::size_t i) {
      const MixedNode& mixed = regions.mixed[i];
      set(mixed.shares, node[mixed.node], volume(mixed.node));
    });
  }

 private:
  const Model& model_;
  const Lattice& lattice_;
  std::array<int, 3> cells_{};

  bool scales(MaterialIndex region) const { return model_.scales(static_cast<int>(region) - 1); }

  void set(MaterialIndex region, MaterialIndex& law, const BoundingBox& box, bool whole) const {
    if (scales(region))
      law = static_cast<MaterialIndex>(model_.graded_law(mean_fraction(model_, box, whole)));
  }
  void set(const Shares& shares, MaterialIndex& law, const BoundingBox& box) const {
    for (std::size_t m = 0; m < static_cast<std::size_t>(shares.count); ++m)
      if (scales(shares.material[m])) return set(shares.material[m], law, box, false);
  }

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
  BoundingBox cube(std::size_t c) const { return box(c, cells_, 0, 1); }
  BoundingBox volume(std::size_t n) const { return box(n, lattice_.nodes, -0.5, 0.5); }

 public:
  std::vector<MaterialIndex> cell, node;
};

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

Composition graded_laws(const Model& model, const Lattice& lattice, const Composition& regions,
                        ThreadTeam* team) {
  const GridGrades grades(model, lattice, regions, team);
  const auto law = [&](MaterialIndex region, MaterialIndex graded) {
    if (region == 0) return MaterialIndex{0};
    return model.scales(region - 1)
               ? graded
               : static_cast<MaterialIndex>(model.region_law[static_cast<std::size_t>(region - 1)]);
  };
  return relabel(
      regions, [&](MaterialIndex r, std::size_t c) { return law(r, grades.cell[c]); },
      [&](MaterialIndex r, std::size_t n) { return law(r, grades.node[n]); });
}

int graded_law_of_cube(const Model& model, const Vec3& centre, double edge) {
  if (!model.scales(model.region_at(centre))) return model.law_at(centre);
  const Vec3 half{edge / 2, edge / 2, edge / 2};
  return model.graded_law(mean_fraction(model, {centre - half, centre + half}, false));
}

int graded_law_of_volumes(const Model& model, const double* volume, int laws) {
  const auto count = static_cast<double>(model.grade_law.size()) - 1;
  std::vector<bool> graded(static_cast<std::size_t>(laws));
  double sum = 0, weighted = 0;
  for (std::size_t g = 0; g < model.grade_law.size(); ++g) {
    const auto law = static_cast<std::size_t>(model.grade_law[g]);
    if (law >= graded.size()) continue;
    graded[law] = true;
    sum += volume[law];
    weighted += volume[law] * static_cast<double>(g) / count;
  }
  int best = -1;
  for (int l = 0; l < laws; ++l) {
    if (graded[static_cast<std::size_t>(l)]) continue;
    if (best < 0 || volume[l] >= volume[best] * (1 - 1e-9)) best = l;
  }
  if (!(sum > 0)) return best;
  const int grade = model.graded_law(weighted / sum);
  if (best < 0 || sum > volume[best] * (1 + 1e-9)) return grade;
  if (sum < volume[best] * (1 - 1e-9)) return best;
  // Equal shares go to the later tissue, as without grades.
  return model.main_tissue(grade) > best ? grade : best;
}

}  // namespace thermodose
