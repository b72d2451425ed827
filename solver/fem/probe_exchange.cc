#include "fem/probe_exchange.h"

#include <algorithm>

#include "fem/kernel_law.h"
#include "fem/surface_balance.h"

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

}  // namespace

ProbeExchange::ProbeExchange(const GridSetup& setup, const ActiveSegment& segment)
    : laws_(setup.laws), coupling_(couple_probe(setup.lattice, segment)) {
  g_per_length_ = coupling_.shape_factor();
  const auto& count = setup.lattice.nodes;
  for (const auto& n : coupling_.nodes) {
    const std::size_t at = (static_cast<std::size_t>(n[2]) * static_cast<std::size_t>(count[1]) +
                            static_cast<std::size_t>(n[1])) *
                               static_cast<std::size_t>(count[0]) +
                           static_cast<std::size_t>(n[0]);
    global_.push_back(at);
    law_.push_back(setup.node_law.empty() ? LawIndex{0} : setup.node_law[at]);
    double inverse = 1;
    for (std::size_t d = 0; d < 3; ++d) {
      if (n[d] != 0 && n[d] != count[d] - 1) continue;
      const bool fixed = setup.faces[2 * d + (n[d] == 0 ? 0 : 1)] == FaceKind::fixed;
      inverse *= fixed ? 0 : 2;
    }
    inverse_share_.push_back(inverse);
  }
  one_law_ = std::all_of(law_.begin(), law_.end(), [&](auto l) { return l == law_.front(); });
  coupling_ = split_by_tissue(coupling_, {law_.begin(), law_.end()});
  kernel_law_ = kernel_law<double>(laws_[law_.front()]);
  for (const auto& s : coupling_.stations) {
    profile_.push_back(profile_at(segment.profile, s.position));
    station_law_.push_back(law_[static_cast<std::size_t>(coupling_.index[s.begin])]);
  }
  for (auto* v : {&h_, &theta_, &scratch_, &rate_}) v->assign(global_.size(), 0.0);
}

bool ProbeExchange::touches(const std::vector<std::array<int, 3>>& nodes) const {
  bool common = true;
  for (std::size_t d = 0; d < 3; ++d) {
    const auto less = [d](const auto& a, const auto& b) { return a[d] < b[d]; };
    const auto [low, high] = std::minmax_element(nodes.begin(), nodes.end(), less);
    const auto [own_low, own_high] =
        std::minmax_element(coupling_.nodes.begin(), coupling_.nodes.end(), less);
    common = common && (*own_low)[d] <= (*high)[d] && (*low)[d] <= (*own_high)[d];
  }
  return common;
}

double ProbeExchange::station_mean(std::size_t s) const {
  const auto& station = coupling_.stations[s];
  double mean = 0;
  for (std::size_t e = station.begin; e < station.end; ++e)
    mean += coupling_.weight[e] * theta_[static_cast<std::size_t>(coupling_.index[e])];
  return mean;
}

double ProbeExchange::station_heat(std::size_t s, const SurfaceCondition& condition) const {
  return thermodose::station_heat(laws_[station_law_[s]], condition,
                                  g_per_length_ * coupling_.stations[s].length,
                                  condition.coefficient * station_area(s), station_mean(s))
      .heat;
}

// Times the relative h of the profile, m2.
double ProbeExchange::station_area(std::size_t s) const {
  return profile_[s] * 2 * kPi * coupling_.radius * coupling_.stations[s].length;
}

void ProbeExchange::scatter(std::size_t s, double heat) {
  const auto& station = coupling_.stations[s];
  for (std::size_t e = station.begin; e < station.end; ++e)
    rate_[static_cast<std::size_t>(coupling_.index[e])] += coupling_.weight[e] * heat;
}

template <class Real>
double ProbeExchange::update(const SurfaceCondition& condition, const Real* y) {
  active_ = condition.kind != SurfaceCondition::Kind::zero_flux;
  if (!active_) return 0;
  for (std::size_t n = 0; n < global_.size(); ++n) h_[n] = static_cast<double>(y[global_[n]]);
  if (one_law_)
    law_function<double>()(kernel_law_, h_.data(), theta_.data(), scratch_.data(),
                           static_cast<int>(h_.size()));
  else
    for (std::size_t n = 0; n < h_.size(); ++n) theta_[n] = laws_[law_[n]].kirchhoff(h_[n]);
  std::fill(rate_.begin(), rate_.end(), 0.0);
  double total = 0;
  for (std::size_t s = 0; s < coupling_.stations.size(); ++s) {
    const double heat = station_heat(s, condition);
    scatter(s, heat);
    total += heat;
  }
  return total;
}

template <class Real>
void ProbeExchange::update_linear(const Real* y) {
  active_ = true;
  for (std::size_t n = 0; n < global_.size(); ++n) theta_[n] = static_cast<double>(y[global_[n]]);
  std::fill(rate_.begin(), rate_.end(), 0.0);
  for (std::size_t s = 0; s < coupling_.stations.size(); ++s) {
    const auto& station = coupling_.stations[s];
    double mean = 0;
    for (std::size_t e = station.begin; e < station.end; ++e)
      mean += coupling_.weight[e] * theta_[static_cast<std::size_t>(coupling_.index[e])];
    scatter(s, -g_per_length_ * station.length * mean);
  }
}

template <class Real>
void ProbeExchange::apply(Real* y_out, Real* l0, double dt_l, double cell_volume) const {
  if (!active_) return;
  for (std::size_t n = 0; n < global_.size(); ++n) {
    const double l = rate_[n] * inverse_share_[n] / cell_volume;
    y_out[global_[n]] += static_cast<Real>(dt_l * l);
    if (l0) l0[global_[n]] += static_cast<Real>(l);
  }
}

double ProbeExchange::heat_of_fixed_nodes() const {
  double heat = 0;
  for (std::size_t n = 0; active_ && n < rate_.size(); ++n)
    if (inverse_share_[n] == 0) heat += rate_[n];
  return heat;
}

template <class Real>
double ProbeExchange::sensed(const SurfaceCondition& condition, const Real* y) const {
  if (condition.kind == SurfaceCondition::Kind::temperature) return condition.temperature;
  double sum = 0, length = 0;
  for (std::size_t s = 0; s < coupling_.stations.size(); ++s) {
    const auto& station = coupling_.stations[s];
    double temperature = 0, theta = 0;
    for (std::size_t e = station.begin; e < station.end; ++e) {
      const auto n = static_cast<std::size_t>(coupling_.index[e]);
      const double h = static_cast<double>(y[global_[n]]);
      temperature += coupling_.weight[e] * laws_[law_[n]].temperature(h);
      theta += coupling_.weight[e] * laws_[law_[n]].kirchhoff(h);
    }
    const double g = g_per_length_ * station.length, a = condition.coefficient * station_area(s);
    sum += station.length *
           station_temperature(laws_[station_law_[s]], condition, g, a, theta, temperature);
    length += station.length;
  }
  return sum / length;
}

template double ProbeExchange::update<float>(const SurfaceCondition&, const float*);
template double ProbeExchange::update<double>(const SurfaceCondition&, const double*);
template void ProbeExchange::update_linear<float>(const float*);
template void ProbeExchange::update_linear<double>(const double*);
template void ProbeExchange::apply<float>(float*, float*, double, double) const;
template void ProbeExchange::apply<double>(double*, double*, double, double) const;
template double ProbeExchange::sensed<float>(const SurfaceCondition&, const float*) const;
template double ProbeExchange::sensed<double>(const SurfaceCondition&, const double*) const;

}  // namespace thermodose
