// The implicit view of the mesh engine.
// Implements: ImplicitSystem for MeshSystem<double>. With z_s the change of theta at slot s,
//   z_node = x_node,   z_ghost = (d theta_m/dH) / (d theta_own/dH) x_node,   z_mean = mean of
//   masters, J x = K z - V dS/dx x - exchange slopes,
// where stations of immersed probes give rank-one terms and cubes at borders of tissues, which see
// dT = x / k, small dense ones (fem/mesh_interface_tangent.h).
#include <algorithm>
#include <cstddef>

#include "fem/mesh_interface_tangent.h"
#include "fem/mesh_system.h"

namespace thermodose {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

class MeshTangent final : public ImplicitSystem {
 public:
  explicit MeshTangent(MeshSystem<double>& m)
      : m_(m),
        slot_diagonal_(m.op_.slot_diagonal()),
        cubes_(m.op_.interfaces()),
        kelvin_(cubes_.empty() ? 0 : m.size(), 0.0),
        z_(m.slots_.size() + 1, 0.0),
        ratio_(m.slots_.ghosts().size(), 1.0),
        inverse_capacity_(m.size()),
        diffusivity_(m.size()),
        source_slope_(m.size()),
        node_term_(m.size(), 0.0),
        booked_(m.rates_.size(), 0.0),
        accepted_(m.rates_.size(), 0.0) {}

  HeatSystem<double>& system() override { return m_; }
  const SegmentLaw& law(std::size_t i) const override {
    return m_.setup_.laws[at(m_.setup_.mesh.node_law[i])];
  }
  long modes() const override { return m_.modes_; }
  const std::vector<char>& free_nodes() override {
    if (free_of_ != m_.modes_) {
      free_.assign(m_.size(), 0);
      for (std::size_t i = 0; i < free_.size(); ++i) free_[i] = m_.counted_[i] > 0 ? 1 : 0;
      free_of_ = m_.modes_;
    }
    return free_;
  }

  void heat(double t, const double* y, double* q) override {
    time_ = t;
    m_.evaluate(t, y);
    const std::vector<char>& is_free = free_nodes();
    for (std::size_t i = 0; i < m_.size(); ++i)
      q[i] = is_free[i] != 0 ? m_.op_.heat()[i] + m_.volume(i) * m_.op_.source()[i] : 0.0;
  }

  void linearise(const double* y) override {
    m_.op_.slopes(y, {inverse_capacity_.data(), diffusivity_.data(), source_slope_.data()});
    const auto& ghosts = m_.slots_.ghosts();
    for (std::size_t g = 0; g < ghosts.size(); ++g) {
      const SegmentLaw& law = m_.slots_.pair_law(ghosts[g].pair);
      const double h = y[ghosts[g].node];
      ratio_[g] = law.conductivity(h) / law.capacity(h) / diffusivity_[at(ghosts[g].node)];
    }
    for (std::size_t i = 0; i < m_.size(); ++i)
      node_term_[i] = -m_.volume(i) * source_slope_[i] / diffusivity_[i];
    cubes_.linearise();
    m_.boundary_.slopes(time_, m_.op_.theta(), node_slopes_, station_slopes_);
    for (const auto& s : node_slopes_)
      node_term_[at(s.node)] -= s.per_kelvin * kelvin_per_theta(at(s.node));
  }

  const std::vector<double>& diffusivity() const override { return diffusivity_; }

  void apply(const double* x, double* out) override {
    std::copy(x, x + m_.size(), z_.begin());
    const auto& ghosts = m_.slots_.ghosts();
    for (std::size_t g = 0; g < ghosts.size(); ++g)
      z_[at(ghosts[g].slot)] = ratio_[g] * x[ghosts[g].node];
    m_.op_.fill_means(z_.data());
    m_.op_.conduct(z_.data(), MeshOperator<double>::Interfaces::none);
    double* heat = m_.op_.heat();
    add_cubes(x, heat);
    for (const auto& s : station_slopes_) {
      const ImmersedProbe& probe = m_.boundary_.immersed(s.probe);
      const auto& station = probe.stations[s.station];
      const double q = s.per_mean * probe.mean(station, z_.data());
      for (std::size_t e = station.begin; e < station.end; ++e)
        heat[probe.slot[e]] += probe.weight[e] * q;
    }
    m_.op_.fold();
    const std::vector<char>& is_free = free_nodes();
    for (std::size_t i = 0; i < m_.size(); ++i)
      out[i] = is_free[i] != 0 ? node_term_[i] * x[i] - heat[i] : 0.0;
  }

  void diagonal(double* out) const override {
    std::vector<double> d = slot_diagonal_;
    for (const auto& s : station_slopes_) {
      const ImmersedProbe& probe = m_.boundary_.immersed(s.probe);
      const auto& station = probe.stations[s.station];
      for (std::size_t e = station.begin; e < station.end; ++e)
        d[at(probe.slot[e])] -= s.per_mean * probe.weight[e] * probe.weight[e];
    }
    for (const auto& mean : m_.slots_.means())
      for (int k = 0; k < mean.count; ++k)
        d[at(mean.masters[at(k)])] += d[at(mean.slot)] / (mean.count * mean.count);
    const auto& ghosts = m_.slots_.ghosts();
    for (std::size_t g = 0; g < ghosts.size(); ++g)
      d[at(ghosts[g].node)] += ratio_[g] * d[at(ghosts[g].slot)];
    if (!cubes_.empty()) {
      std::vector<double> of_cubes(m_.size(), 0.0);
      cubes_.add_diagonal(of_cubes);
      for (std::size_t i = 0; i < m_.size(); ++i) d[i] += of_cubes[i] * kelvin_per_theta(i);
    }
    for (std::size_t i = 0; i < m_.size(); ++i)
      out[i] = m_.counted_[i] > 0 ? d[i] + node_term_[i] : 0.0;
  }

  bool symmetric() const override { return m_.slots_.ghosts().empty() && cubes_.empty(); }

  HeatLedger book(double scale, double carry, double dt, const double* y_begin,
                  const double* y_end) override {
    for (std::size_t a = 0; a < booked_.size(); ++a)
      booked_[a] = (dt * m_.rates_[a] + carry * accepted_[a]) / scale;
    return m_.ledger_of(booked_, y_begin, y_end);
  }
  void accept_booking() override { accepted_ = booked_; }

 private:
  // dT/dx = 1/k.
  double kelvin_per_theta(std::size_t i) const { return inverse_capacity_[i] / diffusivity_[i]; }
  void add_cubes(const double* x, double* heat) {
    if (cubes_.empty()) return;
    for (std::size_t i = 0; i < m_.size(); ++i) kelvin_[i] = x[i] * kelvin_per_theta(i);
    for (const HangingNode& h : m_.op_.interfaces().hanging()) {
      double sum = 0;
      for (int k = 0; k < h.count; ++k) sum += kelvin_[at(h.masters[at(k)])];
      kelvin_[at(h.node)] = sum / h.count;
    }
    cubes_.add(kelvin_.data(), heat);
  }

  MeshSystem<double>& m_;
  double time_ = 0;
  std::vector<double> slot_diagonal_;  ///< of K
  MeshInterfaceTangent cubes_;
  std::vector<double> kelvin_;  ///< change of T of the nodes
  std::vector<double> z_;
  std::vector<double> ratio_;  ///< d theta_ghost / d theta_own
  std::vector<double> inverse_capacity_, diffusivity_, source_slope_;
  std::vector<double> node_term_;  ///< diagonal part of J, m
  std::vector<MeshBoundary::NodeSlope> node_slopes_;
  std::vector<MeshBoundary::StationSlope> station_slopes_;
  std::vector<char> free_;
  long free_of_ = -1;                      ///< modes that free_ belongs to
  std::vector<double> booked_, accepted_;  ///< J, by account of the system's rates
};

std::unique_ptr<ImplicitSystem> make_mesh_tangent(MeshSystem<double>& system) {
  return std::make_unique<MeshTangent>(system);
}

}  // namespace thermodose
