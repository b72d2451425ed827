#include "fem/interface_cells.h"

#include <algorithm>
#include <unordered_map>

namespace thermodose {

namespace {
// Below this spread of temperature in a cell the chord is the conductivity at a point.
constexpr double kFlat = 1e-3;  // K
}  // namespace

InterfaceCells::InterfaceCells(const Lattice& lattice, const std::vector<SegmentLaw>& laws,
                               const std::vector<std::uint8_t>& node_law,
                               const std::vector<std::uint8_t>& cell_law)
    : laws_(laws), inv12h2_(1 / (12 * lattice.spacing * lattice.spacing)) {
  if (node_law.empty() || cell_law.empty()) return;
  std::unordered_map<std::size_t, std::uint32_t> known;
  const auto& n = lattice.nodes;
  std::size_t c = 0;
  for (int k = 0; k + 1 < n[2]; ++k)
    for (int j = 0; j + 1 < n[1]; ++j)
      for (int i = 0; i + 1 < n[0]; ++i, ++c) {
        std::array<std::size_t, 8> at{};
        bool pure = true;
        for (unsigned a = 0; a < 8; ++a) {
          const auto x = static_cast<std::size_t>(i + static_cast<int>(a & 1U));
          const auto y = static_cast<std::size_t>(j + static_cast<int>(a >> 1U & 1U));
          const auto z = static_cast<std::size_t>(k + static_cast<int>(a >> 2U));
          at[a] = (z * static_cast<std::size_t>(n[1]) + y) * static_cast<std::size_t>(n[0]) + x;
          pure = pure && node_law[at[a]] == cell_law[c];
        }
        if (pure) continue;
        Cell cell{{}, cell_law[c], true, {i, j, k}};
        double inverse_capacity = 0;
        for (unsigned a = 0; a < 8; ++a) {
          const auto [it, fresh] = known.emplace(at[a], static_cast<std::uint32_t>(nodes_.size()));
          cell.node[a] = it->second;
          inverse_capacity =
              std::max(inverse_capacity, laws[node_law[at[a]]].max_inverse_capacity());
          if (!fresh) continue;
          nodes_.push_back(at[a]);
          node_law_.push_back(node_law[at[a]]);
          double factor = 1;
          const std::array<int, 3> p{i + static_cast<int>(a & 1U), j + static_cast<int>(a >> 1U & 1U),
                                     k + static_cast<int>(a >> 2U)};
          for (std::size_t d = 0; d < 3; ++d)
            if (p[d] == 0 || p[d] == n[d] - 1) factor *= 2;
          inverse_volume_.push_back(factor);
        }
        max_diffusivity_ =
            std::max(max_diffusivity_, laws[cell_law[c]].max_conductivity() * inverse_capacity);
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
  const double k = *high - *low < kFlat
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
void InterfaceCells::update(const Real* y) {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const SegmentLaw& law = laws_[node_law_[n]];
    const auto h = static_cast<double>(y[nodes_[n]]);
    temperature_[n] = law.temperature(h);
    theta_[n] = law.kirchhoff(h);
  }
  std::fill(rate_.begin(), rate_.end(), 0.0);
  for (const auto& cell : cells_)
    if (cell.inside) cell_rates(cell);
}

template <class Real>
void InterfaceCells::apply(Real* y_out, Real* l0, double dt_l) const {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (rate_[n] == 0) continue;
    y_out[nodes_[n]] += static_cast<Real>(dt_l * rate_[n]);
    if (l0) l0[nodes_[n]] += static_cast<Real>(rate_[n]);
  }
}

template void InterfaceCells::update<float>(const float*);
template void InterfaceCells::update<double>(const double*);
template void InterfaceCells::apply<float>(float*, float*, double) const;
template void InterfaceCells::apply<double>(double*, double*, double) const;

}  // namespace thermodose
