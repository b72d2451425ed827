// Implements: derivatives of cubes where tissues meet (see mesh_interface_tangent.h).
#include "fem/mesh_interface_tangent.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

using Corners = std::array<double, 8>;

/// Coefficients of the heat of a cube: of its diagonals and along its layers, W/K.
struct Coefficients {
  std::array<double, 16> diagonal{};
  double along = 0;
};

// theta and k = d theta/dT at T - T_ref.
double theta(const KernelLaw<double>& law, double t) {
  double sum = 0;
  for (int m = 0; m < law.segments; ++m) {
    const double d = std::clamp(t, law.lo[m], law.hi[m]) - law.pivot[m];
    sum += d * (law.th1[m] + law.th2[m] * d);
  }
  return sum;
}
double conductivity(const KernelLaw<double>& law, double t) {
  int m = 0;
  while (m + 1 < law.segments && t >= law.lo[m + 1]) ++m;
  return law.th1[m] + 2 * law.th2[m] * (t - law.pivot[m]);
}

/// One cube of a block with its corner temperatures.
class CubeSlope {
 public:
  CubeSlope(const MeshInterfaces<double>& cubes, std::size_t block, std::size_t lane)
      : cubes_(cubes), b_(cubes.all_blocks()[block]), lane_(lane) {
    for (std::size_t a = 0; a < 8; ++a) t_[a] = cubes.excess()[b_.node[a][lane]];
    low_ = static_cast<std::size_t>(std::min_element(t_.begin(), t_.end()) - t_.begin());
    high_ = static_cast<std::size_t>(std::max_element(t_.begin(), t_.end()) - t_.begin());
  }

  std::array<double, 64> slopes() const {
    const double low = t_[low_], high = std::max(t_[high_], low + static_cast<double>(kFlat));
    const bool flat = t_[high_] < low + static_cast<double>(kFlat);
    std::array<double, Shares::kMost> k{}, by_low{}, by_high{};
    for (std::uint32_t m = 0; m < b_.parts; ++m) {
      const KernelLaw<double>& law = cubes_.of_temperature(part(m));
      const double from = conductivity(law, low), to = conductivity(law, high);
      k[m] = (theta(law, high) - theta(law, low)) / (high - low);
      // A short interval is moved by its lower end alone.
      by_low[m] = (flat ? to - from : k[m] - from) / (high - low);
      by_high[m] = flat ? 0 : (to - k[m]) / (high - low);
    }
    const Coefficients c = coefficients(k);
    std::array<double, 64> out{};
    for (std::size_t b = 0; b < 8; ++b) {
      Corners unit{};
      unit[b] = 1;
      add(heat(c, unit), b, out);
    }
    add(heat(derivative(k, by_low, c), t_), low_, out);
    add(heat(derivative(k, by_high, c), t_), high_, out);
    return out;
  }

 private:
  const InterfacePart& part(std::uint32_t m) const { return cubes_.parts()[b_.part + m]; }
  double line(std::uint32_t m, std::size_t e) const {
    return (part(m).lines[e / 4][lane_] >> 8 * (e % 4) & 0xFFU) / 255.0;
  }

  static void add(const Corners& q, std::size_t b, std::array<double, 64>& out) {
    for (std::size_t a = 0; a < 8; ++a) out[8 * a + b] += q[a];
  }

  // Share of a diagonal in the conduction along the layers.
  double weight(std::size_t e) const {
    double across = 0, square = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const int x = direction(e, d);
      across += x * static_cast<double>(b_.normal[d][lane_]);
      square += x * x;
    }
    return (square - across * across) / 24;
  }
  static int direction(std::size_t e, std::size_t d) {
    return static_cast<int>(kDiagonals[e][1] >> d & 1U) -
           static_cast<int>(kDiagonals[e][0] >> d & 1U);
  }

  Coefficients coefficients(const std::array<double, Shares::kMost>& k) const {
    Coefficients c;
    if (!b_.cut) {
      c.diagonal.fill(k[0]);
      return c;
    }
    for (std::uint32_t m = 0; m < b_.parts; ++m)
      c.along += static_cast<double>(part(m).share[lane_]) * k[m];
    for (std::size_t e = 0; e < 16; ++e) {
      double resistance = 0;
      for (std::uint32_t m = 0; m < b_.parts; ++m) resistance += line(m, e) / k[m];
      c.diagonal[e] = 1 / resistance;
      c.along -= weight(e) * c.diagonal[e];
    }
    c.along = std::max(0.0, c.along);
    return c;
  }

  // Of the coefficients c, for changes dk of the chords k.
  Coefficients derivative(const std::array<double, Shares::kMost>& k,
                          const std::array<double, Shares::kMost>& dk,
                          const Coefficients& c) const {
    Coefficients out;
    if (!b_.cut) {
      out.diagonal.fill(dk[0]);
      return out;
    }
    for (std::uint32_t m = 0; m < b_.parts; ++m)
      out.along += static_cast<double>(part(m).share[lane_]) * dk[m];
    for (std::size_t e = 0; e < 16; ++e) {
      double resistance = 0;
      for (std::uint32_t m = 0; m < b_.parts; ++m) resistance -= line(m, e) / (k[m] * k[m]) * dk[m];
      out.diagonal[e] = -resistance * c.diagonal[e] * c.diagonal[e];
      out.along -= weight(e) * out.diagonal[e];
    }
    if (!(c.along > 0)) out.along = 0;
    return out;
  }

  Corners heat(const Coefficients& c, const Corners& t) const {
    Corners q{};
    for (std::size_t e = 0; e < 16; ++e) {
      const std::size_t a = kDiagonals[e][0], b = kDiagonals[e][1];
      q[a] += c.diagonal[e] * (t[b] - t[a]);
      q[b] -= c.diagonal[e] * (t[b] - t[a]);
    }
    if (!b_.cut) return q;
    std::array<double, 3> g{};
    double across = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      for (std::size_t a = 0; a < 8; ++a) g[d] += (a >> d & 1U) != 0 ? t[a] : -t[a];
      across += g[d] * static_cast<double>(b_.normal[d][lane_]);
    }
    for (std::size_t d = 0; d < 3; ++d) {
      const double flow =
          0.75 * c.along * (g[d] - across * static_cast<double>(b_.normal[d][lane_]));
      for (std::size_t a = 0; a < 8; ++a) q[a] += (a >> d & 1U) != 0 ? -flow : flow;
    }
    return q;
  }

  const MeshInterfaces<double>& cubes_;
  const InterfaceBlock& b_;
  std::size_t lane_;
  Corners t_{};
  std::size_t low_ = 0, high_ = 0;
};

}  // namespace

MeshInterfaceTangent::MeshInterfaceTangent(const MeshInterfaces<double>& cubes) : cubes_(cubes) {
  for (std::size_t b = 0; b < cubes.blocks(); ++b)
    for (std::size_t lane = 0; lane < kCellLanes; ++lane)
      if (cubes.all_blocks()[b].real[lane] != 0) cells_.push_back({b, lane});
}

void MeshInterfaceTangent::linearise() {
  for (Cell& cell : cells_) cell.slope = CubeSlope(cubes_, cell.block, cell.lane).slopes();
}

void MeshInterfaceTangent::add(const double* temperature, double* heat) const {
  for (const Cell& cell : cells_) {
    const InterfaceBlock& block = cubes_.all_blocks()[cell.block];
    for (std::size_t a = 0; a < 8; ++a) {
      double q = 0;
      for (std::size_t b = 0; b < 8; ++b)
        q += cell.slope[8 * a + b] * temperature[block.node[b][cell.lane]];
      heat[block.node[a][cell.lane]] += q;
    }
  }
}

void MeshInterfaceTangent::add_diagonal(std::vector<double>& diagonal) const {
  std::vector<double> own(diagonal.size(), 0.0);
  for (const Cell& cell : cells_) {
    const InterfaceBlock& block = cubes_.all_blocks()[cell.block];
    for (std::size_t a = 0; a < 8; ++a) own[block.node[a][cell.lane]] -= cell.slope[9 * a];
  }
  for (const HangingNode& h : cubes_.hanging()) {
    double& all = own[static_cast<std::size_t>(h.node)];
    for (int k = 0; k < h.count; ++k)
      own[static_cast<std::size_t>(h.masters[static_cast<std::size_t>(k)])] +=
          all / (h.count * h.count);
    all = 0;
  }
  for (std::size_t i = 0; i < own.size(); ++i) diagonal[i] += own[i];
}

}  // namespace thermodose
