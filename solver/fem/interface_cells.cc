#include "fem/interface_cells.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace thermodose {

namespace {
// Below this spread of temperature in a cell the chord is the conductivity at a point.
constexpr double kFlat = 1e-3;  // K
}  // namespace

std::uint32_t InterfaceCells::add_node(const GridSetup& setup, const std::array<int, 3>& p,
                                       std::size_t at) {
  double factor = 1;
  bool fixed = false;
  for (std::size_t d = 0; d < 3; ++d) {
    const bool low = p[d] == 0, high = p[d] == setup.lattice.nodes[d] - 1;
    if (low || high) factor *= 2;
    fixed = fixed || (low && setup.faces[2 * d] == FaceKind::fixed) ||
            (high && setup.faces[2 * d + 1] == FaceKind::fixed);
  }
  nodes_.push_back(at);
  node_law_.push_back(setup.node_law[at]);
  inverse_volume_.push_back(factor);
  fixed_.push_back(fixed ? 1 : 0);
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

InterfaceCells::InterfaceCells(const GridSetup& setup)
    : laws_(setup.laws),
      inv12h2_(1 / (12 * setup.lattice.spacing * setup.lattice.spacing)),
      cell_volume_(std::pow(setup.lattice.spacing, 3)) {
  if (setup.node_law.empty() || setup.cell_law.empty()) return;
  std::unordered_map<std::size_t, std::uint32_t> known;
  const auto& n = setup.lattice.nodes;
  const auto corner = [&](int i, int j, int k, unsigned a) {
    return std::array<int, 3>{i + static_cast<int>(a & 1U), j + static_cast<int>(a >> 1U & 1U),
                              k + static_cast<int>(a >> 2U)};
  };
  std::size_t c = 0;
  for (int k = 0; k + 1 < n[2]; ++k)
    for (int j = 0; j + 1 < n[1]; ++j)
      for (int i = 0; i + 1 < n[0]; ++i, ++c) {
        std::array<std::size_t, 8> at{};
        bool pure = true;
        for (unsigned a = 0; a < 8; ++a) {
          const auto p = corner(i, j, k, a);
          at[a] = (static_cast<std::size_t>(p[2]) * static_cast<std::size_t>(n[1]) +
                   static_cast<std::size_t>(p[1])) *
                      static_cast<std::size_t>(n[0]) +
                  static_cast<std::size_t>(p[0]);
          pure = pure && setup.node_law[at[a]] == setup.cell_law[c];
        }
        if (pure) continue;
        Cell cell{{}, setup.cell_law[c], true, {i, j, k}};
        double inverse_capacity = 0;
        for (unsigned a = 0; a < 8; ++a) {
          const auto found = known.find(at[a]);
          cell.node[a] =
              found != known.end() ? found->second : add_node(setup, corner(i, j, k, a), at[a]);
          known.emplace(at[a], cell.node[a]);
          inverse_capacity =
              std::max(inverse_capacity, laws_[setup.node_law[at[a]]].max_inverse_capacity());
        }
        max_diffusivity_ =
            std::max(max_diffusivity_, laws_[cell.law].max_conductivity() * inverse_capacity);
        cells_.push_back(cell);
      }
  for (auto* v : {&temperature_, &theta_, &rate_}) v->assign(nodes_.size(), 0.0);
}

void InterfaceCells::clip(const ActiveBox& box) {
  for (auto& cell : cells_) {
    cell.inside = true;
    for (std::size_t d = 0; d < 3; ++d)
      cell.inside = cell.inside && cell.index[d] >= box.lo[d] && cell.index[d] + 1 < box.hi[d];
  }
}

void InterfaceCells::cell_rates(const Cell& cell) {
  std::array<double, 8> t{}, own{};
  for (std::size_t a = 0; a < 8; ++a) {
    t[a] = temperature_[cell.node[a]];
    own[a] = theta_[cell.node[a]];
  }
  const auto [low, high] = std::minmax_element(t.begin(), t.end());
  const SegmentLaw& law = laws_[cell.law];
  const double h_low = law.enthalpy(*low);
  const double k =
      *high - *low < kFlat
          ? law.conductivity(h_low)
          : (law.kirchhoff(law.enthalpy(*high)) - law.kirchhoff(h_low)) / (*high - *low);
  // Rows of the Q1 stiffness of a cube: 5 x_a - (sum over the corners of a's parity) - x_opposite.
  const auto even = [](const std::array<double, 8>& x) { return x[0] + x[3] + x[5] + x[6]; };
  const auto odd = [](const std::array<double, 8>& x) { return x[1] + x[2] + x[4] + x[7]; };
  const std::array<double, 2> sum_t{even(t), odd(t)}, sum_own{even(own), odd(own)};
  for (std::size_t a = 0; a < 8; ++a) {
    const std::size_t parity = (a ^ (a >> 1U) ^ (a >> 2U)) & 1U;
    const double row_t = 5 * t[a] - sum_t[parity] - t[7 - a];
    const double row_own = 5 * own[a] - sum_own[parity] - own[7 - a];
    rate_[cell.node[a]] += inv12h2_ * inverse_volume_[cell.node[a]] * (row_own - k * row_t);
  }
}

template <class Real>
double InterfaceCells::update(const Real* y) {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const SegmentLaw& law = laws_[node_law_[n]];
    const auto h = static_cast<double>(y[nodes_[n]]);
    temperature_[n] = law.temperature(h);
    theta_[n] = law.kirchhoff(h);
  }
  std::fill(rate_.begin(), rate_.end(), 0.0);
  for (const auto& cell : cells_)
    if (cell.inside) cell_rates(cell);
  double fixed = 0;
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (fixed_[n] != 0) fixed += rate_[n] * cell_volume_ / inverse_volume_[n];
  return fixed;
}

template <class Real>
void InterfaceCells::apply(Real* y_out, Real* l0, double dt_l) const {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (rate_[n] == 0 || fixed_[n] != 0) continue;
    y_out[nodes_[n]] += static_cast<Real>(dt_l * rate_[n]);
    if (l0) l0[nodes_[n]] += static_cast<Real>(rate_[n]);
  }
}

template double InterfaceCells::update<float>(const float*);
template double InterfaceCells::update<double>(const double*);
template void InterfaceCells::apply<float>(float*, float*, double) const;
template void InterfaceCells::apply<double>(double*, double*, double) const;

}  // namespace thermodose
