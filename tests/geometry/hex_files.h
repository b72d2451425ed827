// Gmsh files of hexahedra for tests, made from formulas.
// Implements: blocks of cells between planes, bent by a function, with physical groups of cells and
// of faces, written as Gmsh writes versions 2.2 and 4.1.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"
#include "msh_files.h"

namespace thermodose::test {

/// What a file is made from. Cells and faces are asked for at their middle before bending, in the
/// unit of the file; "" is no group.
struct HexPlan {
  std::vector<double> x, y, z;
  std::function<Vec3(const Vec3&)> bend = [](const Vec3& p) { return p; };
  std::function<std::string(const Vec3&)> cell_group = [](const Vec3&) { return "tissue"; };
  /// Asked of faces inside too, whose elements are written when they have a group.
  std::function<std::string(const Vec3&)> face_group = [](const Vec3&) { return ""; };
  /// Cells that are not there.
  std::function<bool(const Vec3&)> hole = [](const Vec3&) { return false; };
};

class HexText {
 public:
  explicit HexText(const HexPlan& plan) : plan_(plan) {
    for (std::size_t k = 0; k + 1 < plan.z.size(); ++k)
      for (std::size_t j = 0; j + 1 < plan.y.size(); ++j)
        for (std::size_t i = 0; i + 1 < plan.x.size(); ++i) add_cell(i, j, k);
    for (const auto& [key, face] : faces_) {
      Vec3 middle{};
      for (const std::size_t n : face.second)
        for (std::size_t d = 0; d < 3; ++d) middle[d] += flat(n)[d] / 4;
      const std::string group = plan_.face_group(middle);
      if (face.first == 1 || !group.empty()) add(2, face.second, group);
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
        out << ++number << (entity.first == 3 ? " 5" : " 3") << " 2 " << entity.second << " 7";
        for (const std::size_t n : e) out << ' ' << n + 1;
        out << '\n';
      }
    out << "$EndElements\n";
    return out.str();
  }

  /// One entity for each group.
  std::string v4() const {
    std::ostringstream out;
    start(out, "4.1");
    std::size_t counts[4] = {}, elements = 0, number = 0;
    for (const auto& [entity, list] : elements_) {
      ++counts[entity.first];
      elements += list.size();
    }
    out << "$Entities\n0 0 " << counts[2] << ' ' << counts[3] << '\n';
    for (const auto& [entity, list] : elements_) {
      out << entity.second + 40 << " 0 0 0 1 1 1 " << (entity.second > 0 ? 1 : 0) << ' ';
      if (entity.second > 0) out << (entity.first == 2 ? "-" : "") << entity.second << ' ';
      out << "0 \n";
    }
    out << "$EndEntities\n$Nodes\n1 " << nodes() << " 1 " << nodes() << "\n3 41 0 " << nodes()
        << '\n';
    for (std::size_t n = 0; n < nodes(); ++n) out << n + 1 << '\n';
    for (std::size_t n = 0; n < nodes(); ++n) out << place(n) << '\n';
    out << "$EndNodes\n$Elements\n"
        << elements_.size() << ' ' << elements << " 1 " << elements << '\n';
    for (const auto& [entity, list] : elements_) {
      out << entity.first << ' ' << entity.second + 40 << (entity.first == 3 ? " 5 " : " 3 ")
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
  std::size_t nodes() const { return plan_.x.size() * plan_.y.size() * plan_.z.size(); }
  Vec3 flat(std::size_t n) const {
    const std::size_t nx = plan_.x.size(), ny = plan_.y.size();
    return {plan_.x[n % nx], plan_.y[n / nx % ny], plan_.z[n / nx / ny]};
  }
  std::string place(std::size_t n) const {
    const Vec3 p = plan_.bend(flat(n));
    std::ostringstream out;
    out.precision(17);
    out << p[0] << ' ' << p[1] << ' ' << p[2];
    return out.str();
  }

  void add_cell(std::size_t i, std::size_t j, std::size_t k) {
    const Vec3 middle{(plan_.x[i] + plan_.x[i + 1]) / 2, (plan_.y[j] + plan_.y[j + 1]) / 2,
                      (plan_.z[k] + plan_.z[k + 1]) / 2};
    if (plan_.hole(middle)) return;
    const std::size_t nx = plan_.x.size(), ny = plan_.y.size(), turn = i + j + k;
    const std::size_t step[3] = {1, nx, nx * ny}, first = i + nx * (j + ny * k);
    // Gmsh begins at any corner, with any of its edges first, always right-handed.
    std::array<std::size_t, 8> n{};
    for (std::size_t c = 0; c < 8; ++c) {
      n[c] = first;
      for (std::size_t d = 0; d < 3; ++d)
        if ((c >> d & 1U) != 0) n[c] += step[(d + turn) % 3];
    }
    std::vector<std::size_t> around{n[0], n[1], n[3], n[2], n[4], n[5], n[7], n[6]};
    for (const std::ptrdiff_t ring : {0, 4})
      std::rotate(around.begin() + ring, around.begin() + ring + std::ptrdiff_t((i + 2 * j) % 4),
                  around.begin() + ring + 4);
    add(3, around, plan_.cell_group(middle));
    constexpr std::size_t sides[6][4] = {{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                         {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    for (const auto& side : sides) {
      std::vector<std::size_t> face;
      for (const std::size_t s : side) face.push_back(around[s]);
      std::vector<std::size_t> key = face;
      std::sort(key.begin(), key.end());
      auto& known = faces_[key];
      ++known.first;
      known.second = face;
    }
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

  HexPlan plan_;
  std::map<std::vector<std::size_t>, std::pair<int, std::vector<std::size_t>>> faces_;
  std::map<std::pair<int, std::string>, int> groups_;
  std::map<std::pair<int, int>, std::vector<std::vector<std::size_t>>> elements_;
};

/// Moves what lies inside a box, nothing at its faces: cells become skewed, their faces warped.
inline std::function<Vec3(const Vec3&)> skewed_box(const Vec3& lower, const Vec3& upper,
                                                   double share = 0.06) {
  return [=](const Vec3& p) {
    const double pi = 3.14159265358979;
    Vec3 u{}, side = {upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]}, out = p;
    double s = share;
    for (std::size_t d = 0; d < 3; ++d) {
      u[d] = (p[d] - lower[d]) / side[d];
      s *= std::sin(pi * u[d]);
    }
    out[0] += s * side[0] * std::cos(2 * pi * u[1] + u[2]);
    out[1] += s * side[1] * std::sin(3 * u[0] + 2 * u[2] + 1);
    out[2] += s * side[2] * std::cos(2 * u[1] - 3 * u[0]);
    return out;
  };
}

}  // namespace thermodose::test
