#include "fem/face_exchange.h"

#include <algorithm>
#include <cmath>

namespace thermodose {

namespace {

// Volume of a grid node relative to a whole cell.
double volume_factor(const std::array<int, 3>& p, const std::array<int, 3>& n) {
  double f = 1;
  for (std::size_t d = 0; d < 3; ++d)
    if (p[d] == 0 || p[d] == n[d] - 1) f /= 2;
  return f;
}

}  // namespace

FaceExchange::FaceExchange(const GridSetup& setup, const BoundaryConditions& conditions)
    : laws_(setup.laws), conditions_(conditions), spacing_(setup.lattice.spacing) {
  for (int face = 0; face < 6; ++face) {
    if (setup.faces[static_cast<std::size_t>(face)] == FaceKind::insulated) continue;
    const SurfaceCondition now = conditions.face(face, 0);
    const bool at_rest =
        std::abs(now.temperature - setup.laws.front().reference_temperature) < 1e-9;
    quiet_ = quiet_ && at_rest && now.kind == SurfaceCondition::Kind::temperature;
    add_face(setup, face);
  }
  rate_.assign(convective_.size(), 0.0);
}

void FaceExchange::add_face(const GridSetup& setup, int face) {
  const auto& n = setup.lattice.nodes;
  const auto axis = static_cast<std::size_t>(face / 2);
  std::array<int, 3> lo{0, 0, 0}, hi = n;
  (face % 2 == 0 ? hi[axis] : lo[axis]) = face % 2 == 0 ? 1 : n[axis] - 1;
  const double h = setup.lattice.spacing;
  const bool fixed = setup.faces[static_cast<std::size_t>(face)] == FaceKind::fixed;
  for (int k = lo[2]; k < hi[2]; ++k)
    for (int j = lo[1]; j < hi[1]; ++j)
      for (int i = lo[0]; i < hi[0]; ++i) {
        const std::array<int, 3> p{i, j, k};
        // A node on two faces is fixed when one of them is; it is listed once.
        int owner = -1;
        for (int f = 0; f < 6 && owner < 0; ++f) {
          const auto a = static_cast<std::size_t>(f / 2);
          const bool on = p[a] == (f % 2 == 0 ? 0 : n[a] - 1);
          if (on && setup.faces[static_cast<std::size_t>(f)] == FaceKind::fixed) owner = f;
        }
        if (owner >= 0 && owner != face) continue;
        const std::size_t at = (static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) +
                                static_cast<std::size_t>(j)) *
                                   static_cast<std::size_t>(n[0]) +
                               static_cast<std::size_t>(i);
        const double volume = volume_factor(p, n) * h * h * h;
        const LawIndex law = setup.node_law.empty() ? LawIndex{0} : setup.node_law[at];
        (fixed ? fixed_ : convective_)
            .push_back({at, volume, 2 * volume / h, law, static_cast<std::uint8_t>(face)});
      }
}

template <class Real>
void FaceExchange::prescribe(double t, Real* y) const {
  for (const auto& node : fixed_)
    y[node.at] =
        static_cast<Real>(laws_[node.law].enthalpy(conditions_.face(node.face, t).temperature));
}

template <class Real>
double FaceExchange::update(double t, const Real* y) {
  if (convective_.empty()) return 0;
  std::array<SurfaceCondition, 6> now;
  for (int f = 0; f < 6; ++f) now[static_cast<std::size_t>(f)] = conditions_.face(f, t);
  double total = 0;
  for (std::size_t n = 0; n < convective_.size(); ++n) {
    const Node& node = convective_[n];
    const SurfaceCondition& c = now[node.face];
    const double heat =
        c.coefficient * node.area *
        (c.temperature - laws_[node.law].temperature(static_cast<double>(y[node.at])));
    rate_[n] = heat / node.volume;
    total += heat;
  }
  return total;
}

template <class Real>
void FaceExchange::apply(Real* y_out, Real* l0, double dt_l) const {
  for (std::size_t n = 0; n < convective_.size(); ++n) {
    y_out[convective_[n].at] += static_cast<Real>(dt_l * rate_[n]);
    if (l0) l0[convective_[n].at] += static_cast<Real>(rate_[n]);
  }
}

template <class Real>
double FaceExchange::prescribed_change(const Real* before, const Real* after) const {
  double sum = 0;
  for (const auto& node : fixed_)
    sum +=
        node.volume * (static_cast<double>(after[node.at]) - static_cast<double>(before[node.at]));
  return sum;
}

double FaceExchange::max_rate() const {
  std::array<double, 6> inverse_capacity{};
  for (const auto& node : convective_)
    inverse_capacity[node.face] =
        std::max(inverse_capacity[node.face], laws_[node.law].max_inverse_capacity());
  double rate = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double largest = 0;
    for (const std::size_t face : {2 * axis, 2 * axis + 1})
      if (inverse_capacity[face] > 0)
        largest = std::max(largest, conditions_.face(static_cast<int>(face), 0).coefficient *
                                        inverse_capacity[face]);
    rate += 2 / spacing_ * largest;
  }
  return rate;
}

template void FaceExchange::prescribe<float>(double, float*) const;
template void FaceExchange::prescribe<double>(double, double*) const;
template double FaceExchange::update<float>(double, const float*);
template double FaceExchange::update<double>(double, const double*);
template void FaceExchange::apply<float>(float*, float*, double) const;
template void FaceExchange::apply<double>(double*, double*, double) const;
template double FaceExchange::prescribed_change<float>(const float*, const float*) const;
template double FaceExchange::prescribed_change<double>(const double*, const double*) const;

}  // namespace thermodose
