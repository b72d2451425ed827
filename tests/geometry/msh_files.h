// Gmsh files for tests, made from formulas.
// Implements: rows of quadrilaterals between lines, bent by a function, with physical groups of
// cells and of outer edges, written as Gmsh writes versions 2.2 and 4.1.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"

namespace thermodose::test {

using Flat = std::array<double, 2>;  ///< (x, y) of the file

/// What a file is made from. Cells and edges are asked for at their middle before bending, in the
/// unit of the file; "" is no group.
struct MshPlan {
  std::vector<double> x, y;
  std::function<Flat(const Flat&)> bend = [](const Flat& p) { return p; };
  std::function<std::string(const Flat&)> cell_group = [](const Flat&) { return "tissue"; };
  std::function<std::string(const Flat&)> edge_group = [](const Flat&) { return ""; };
  /// Cells that are not there.
  std::function<bool(const Flat&)> hole = [](const Flat&) { return false; };
};

class MshText {
 public:
  explicit MshText(const MshPlan& plan) : plan_(plan) {
    for (std::size_t j = 0; j + 1 < plan.y.size(); ++j)
      for (std::size_t i = 0; i + 1 < plan.x.size(); ++i) add_cell(i, j);
    for (const auto& [edge, count] : edges_) {
      if (count != 1) continue;
      const Flat a = flat(edge[0]), b = flat(edge[1]);
      add(1, {edge[0], edge[1]}, plan_.edge_group({(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}));
    }
  }

  std::string v2() const {
    std::ostringstream out;
    start(out, "2.2");
    out << "$Nodes\n" << nodes() << '\n';
    for (std::size_t n = 0; n < nodes(); ++n) out << n + 1 << ' ' << place(n) << '\n';
    std::size_t elements = 0, number = 0;
    for (const auto& [entity, list] : elements_) elements += list.size();
    out << "$EndNodes\n$Elements\n" << elements << '\n';
    for (const auto& [entity, list] : elements_)
      for (const auto& e : list) {
        out << ++number << (entity.first == 2 ? " 3" : " 1") << " 2 " << entity.second << " 7";
        for (const std::size_t n : e) out << ' ' << n + 1;
        out << '\n';
      }
    out << "$EndElements\n";
    return out.str();
  }

  /// One entity for each group; every other block of nodes carries parameters, as Gmsh may write.
  std::string v4() const {
    std::ostringstream out;
    start(out, "4.1");
    std::size_t counts[4] = {}, elements = 0, number = 0;
    for (const auto& [entity, list] : elements_) {
      ++counts[entity.first];
      elements += list.size();
    }
    out << "$Entities\n1 " << counts[1] << ' ' << counts[2] << " 0\n1 0 0 0 0 \n";
    for (const auto& [entity, list] : elements_) {
      out << entity.second + 40 << " 0 0 0 1 1 0 " << (entity.second > 0 ? 1 : 0) << ' ';
      // Below zero: the curve is turned round in its group.
      if (entity.second > 0) out << (entity.first == 1 ? "-" : "") << entity.second << ' ';
      out << (entity.first == 1 ? "2 1 -1 \n" : "1 41 \n");
    }
    out << "$EndEntities\n$Nodes\n2 " << nodes() << " 1 " << nodes() << '\n';
    const std::size_t half = nodes() / 2;
    for (const auto& [first, last] : {std::pair(std::size_t{0}, half), std::pair(half, nodes())}) {
      out << "2 41 " << (first == 0 ? 1 : 0) << ' ' << last - first << '\n';
      for (std::size_t n = first; n < last; ++n) out << n + 1 << '\n';
      for (std::size_t n = first; n < last; ++n)
        out << place(n) << (first == 0 ? " 0.25 0.5\n" : "\n");
    }
    out << "$EndNodes\n$Elements\n"
        << elements_.size() << ' ' << elements << " 1 " << elements << '\n';
    for (const auto& [entity, list] : elements_) {
      out << entity.first << ' ' << entity.second + 40 << (entity.first == 2 ? " 3 " : " 1 ")
          << list.size() << '\n';
      for (const auto& e : list) {
        out << ++number;
        for (const std::size_t n : e) out << ' ' << n + 1;
        out << " \n";
      }
    }
    out << "$EndElements\n";
    return out.str();
  }

 private:
  std::size_t nodes() const { return plan_.x.size() * plan_.y.size(); }
  Flat flat(std::size_t n) const {
    return {plan_.x[n % plan_.x.size()], plan_.y[n / plan_.x.size()]};
  }
  std::string place(std::size_t n) const {
    const Flat p = plan_.bend(flat(n));
    std::ostringstream out;
    out.precision(16);
    out << p[0] << ' ' << p[1] << " 0";
    return out.str();
  }

  void add_cell(std::size_t i, std::size_t j) {
    const Flat middle{(plan_.x[i] + plan_.x[i + 1]) / 2, (plan_.y[j] + plan_.y[j + 1]) / 2};
    if (plan_.hole(middle)) return;
    const std::size_t n = i + plan_.x.size() * j, above = n + plan_.x.size();
    std::vector<std::size_t> around{n, n + 1, above + 1, above};
    for (std::size_t e = 0; e < 4; ++e) {
      const std::size_t a = around[e], b = around[(e + 1) % 4];
      ++edges_[{std::min(a, b), std::max(a, b)}];
    }
    // Gmsh begins anywhere and runs either way round.
    std::rotate(around.begin(), around.begin() + std::ptrdiff_t((i + j) % 4), around.end());
    if ((i + 2 * j) % 3 == 0) std::reverse(around.begin(), around.end());
    add(2, around, plan_.cell_group(middle));
  }

  void add(int dimension, const std::vector<std::size_t>& element, const std::string& group) {
    int number = 0;
    if (!group.empty()) {
      const auto fresh = groups_.emplace(std::pair(dimension, group), int(groups_.size()) + 1);
      number = fresh.first->second;
    }
    elements_[{dimension, number}].push_back(element);
  }

  void start(std::ostringstream& out, const char* version) const {
    out << "$MeshFormat\n" << version << " 0 8\n$EndMeshFormat\n";
    out << "$PhysicalNames\n" << groups_.size() << '\n';
    for (const auto& [group, number] : groups_)
      out << group.first << ' ' << number << " \"" << group.second << "\"\n";
    out << "$EndPhysicalNames\n";
  }

  MshPlan plan_;
  std::map<std::array<std::size_t, 2>, int> edges_;
  std::map<std::pair<int, std::string>, int> groups_;
  std::map<std::pair<int, int>, std::vector<std::vector<std::size_t>>> elements_;
};

/// `count` equal steps from a to b.
inline std::vector<double> steps(double a, double b, int count) {
  std::vector<double> out;
  for (int i = 0; i <= count; ++i) out.push_back(a + (b - a) * i / count);
  return out;
}

/// Moves what lies inside a rectangle, nothing at its rim: cells become skewed.
inline std::function<Flat(const Flat&)> skewed(double x0, double x1, double y0, double y1,
                                               double share = 0.06) {
  return [=](const Flat& p) {
    const double u = (p[0] - x0) / (x1 - x0), v = (p[1] - y0) / (y1 - y0), pi = 3.14159265358979;
    const double s = std::sin(pi * u) * std::sin(pi * v);
    return Flat{p[0] + share * (x1 - x0) * s * std::cos(2 * pi * v),
                p[1] + share * (y1 - y0) * s * std::sin(3 * u + 1)};
  };
}

}  // namespace thermodose::test
