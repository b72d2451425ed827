#include "fem/grid_system.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "fem/active_rows.h"
#include "fem/face_exchange.h"
#include "fem/grid_check.h"
#include "fem/grid_kernel.h"
#include "fem/interface_cells.h"
#include "fem/kernel_law.h"
#include "fem/law_spans.h"
#include "fem/probe_exchange.h"
#include "fem/source_stops.h"
#include "fem/stage_ledger.h"
#include "fem/thread_team.h"

namespace thermodose {

namespace {

// Power iteration approaches the spectral radius from below; after this many steps on the initial
// box it is within 2 % for needles of any angle (compared with 4000 steps).
constexpr int kPowerIterations = 150;
constexpr double kPowerMargin = 1.04;
constexpr int kNearProbe = 3;  // nodes around those of a probe that its modes reach
// What a step may cool or warm tissue that holds still in bounds of its diffusivity, K. Where it
// does more and the bound was too low for it, the step is taken back.
constexpr double kStateMargin = 20;

std::size_t count(int n) { return static_cast<std::size_t>(n); }

// Accounts of the stage ledger; probes follow.
enum Account : std::size_t { kSources, kFixedFaces, kConvection, kFirstProbe };

template <class Real>
class GridSystem final : public HeatSystem<Real> {
 public:
  GridSystem(GridSetup setup, const BoundaryConditions& conditions)
      : setup_(std::move(setup)),
        conditions_(conditions),
        team_(setup_.team ? setup_.team : std::make_shared<ThreadTeam>(1)),
        faces_(setup_, conditions),
        interfaces_(setup_) {
    geometry_.uniform = true;
    geometry_.origin = setup_.lattice.origin;
    geometry_.spacing = setup_.lattice.spacing;
    geometry_.nodes = setup_.lattice.nodes;
    make_laws();
    make_spans();
    for (const auto& segment : setup_.probes) probes_.emplace_back(setup_, segment);
    rates_.assign(kFirstProbe + probes_.size(), 0.0);
    ledger_ = StageLedger(rates_.size());
    workspace_.assign(count(team_->size()) * sweep_workspace(geometry_.nodes.data()), Real(0));
    make_active();
    interfaces_.clip(active_);
    make_near();
    all_runs_ = ActiveRows(geometry_.nodes).runs(spans_.of_row, spans_.span);
    runs_ = active_.runs(spans_.of_row, spans_.span);
    double diffusivity = interfaces_.max_diffusivity();
    for (const auto& law : setup_.laws) diffusivity = std::max(diffusivity, law.max_diffusivity());
    diffusivity_ = {diffusivity, diffusivity};
    geometric_bound_[0] = 4 / (spacing() * spacing());
    geometric_bound_[1] = probes_.empty() ? geometric_bound_[0] : power_iteration();
  }

  std::size_t size() const override { return geometry_.size(); }
  const NodeGeometry& geometry() const override { return geometry_; }
  const std::vector<SegmentLaw>& laws() const override { return setup_.laws; }
  const std::vector<NodeRun>& all_runs() const override { return all_runs_; }
  const std::vector<NodeRun>& active_runs() const override { return runs_; }

  double volume(std::size_t i) const override {
    double v = cell_volume();
    for (std::size_t d = 0; d < 3; ++d) {
      const std::size_t n = count(geometry_.nodes[d]), p = i % n;
      if (p == 0 || p == n - 1) v /= 2;
      i /= n;
    }
    return v;
  }

  void stop_sources(const std::vector<SourceStop>& stops) override { stops_.set(stops, setup_); }
  long source_changes() const override { return stops_.changes(); }

  void begin_step(double t, double dt, Real* y) override {
    const bool grown = !active_.full() && active_.grow(y, runs_, threshold_, growth_);
    if (grown) {
      runs_ = active_.runs(spans_.of_row, spans_.span);
      interfaces_.clip(active_);
    }
    if (!interfaces_.empty() && (grown || t != reach_time_)) look_at(t, y);
    if (!interfaces_.empty()) diffusivity_ = {reach_[0].soon, reach_[1].soon};
    probes_on_ = false;
    step_middle_ = t + 0.5 * dt;
    for (std::size_t p = 0; p < probes_.size(); ++p)
      probes_on_ =
          probes_on_ || probe_condition(p, step_middle_).kind != SurfaceCondition::Kind::zero_flux;
  }

  double spectral_bound() const override {
    double source = 0;
    for (const auto& law : setup_.laws) source = std::max(source, law.max_source_rate());
    return conduction_bound(diffusivity_) + source + faces_.max_rate();
  }

  void stage(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
             Real* l0) override {
    for (std::size_t p = 0; p < probes_.size(); ++p)
      rates_[kFirstProbe + p] = probes_[p].update(probe_condition(p, c.time), y_prev);
    rates_[kConvection] = faces_.update(c.time, y_prev);
    if (!interfaces_.empty()) interfaces_.evaluate(y_prev);

    Real* first = c.first ? l0 : nullptr;
    SweepSums sums = sweep(c, y_prev, y_out, y0, l0, laws_.data(), sweep_spans_);
    if (!stops_.empty()) {
      const SweepSums gone = stops_.apply(*team_, laws_, y_prev, y_out, first, c.dt_l);
      sums.source += gone.source;
      sums.fixed_faces += gone.fixed_faces;
    }
    rates_[kSources] = sums.source * cell_volume();
    rates_[kFixedFaces] = sums.fixed_faces * cell_volume() + interfaces_.heat_of_fixed_nodes();

    for (const auto& probe : probes_) {
      probe.apply(y_out, first, c.dt_l, cell_volume());
      rates_[kFixedFaces] += probe.heat_of_fixed_nodes();
    }
    faces_.apply(y_out, first, c.dt_l);
    interfaces_.apply(y_out, first, c.dt_l);
    ledger_.stage(c, rates_);
  }

  void prescribe(double t, Real* y) override { faces_.prescribe(t, y); }

  HeatLedger end_step(double t, double dt, const Real* y_begin, const Real* y_end) override {
    if (!interfaces_.empty()) look_at(t + dt, y_end);
    within_bound_ =
        conduction_bound({reach_[0].now, reach_[1].now}) <= conduction_bound(diffusivity_);
    HeatLedger heat;
    for (std::size_t p = 0; p < probes_.size(); ++p)
      heat.probes.push_back(ledger_.heat(kFirstProbe + p));
    heat.tissue_sources = ledger_.heat(kSources);
    // What the fixed nodes took beyond what reached them from inside came through the face.
    heat.faces = ledger_.heat(kConvection) - ledger_.heat(kFixedFaces) +
                 (faces_.quiet() ? 0.0 : faces_.prescribed_change(y_begin, y_end));
    return heat;
  }

  StepCheck check_step(double dt, const Real* y_old, const Real* y_new, const Real* l_old,
                       const Real* l_new) const override;

  double stored(const Real* y) const override {
    double sum = 0;
    for (const auto& run : all_runs_) {
      const int j = static_cast<int>(run.begin / count(geometry_.nodes[0]));
      const double w =
          edge_factor(j % geometry_.nodes[1], 1) * edge_factor(j / geometry_.nodes[1], 2);
      double row = 0;
      for (std::size_t i = run.begin; i < run.end; ++i)
        row += edge_factor(static_cast<int>(i % count(geometry_.nodes[0])), 0) *
               static_cast<double>(y[i]);
      sum += w * row;
    }
    return sum * cell_volume();
  }

  double sensed(std::size_t probe, const SurfaceCondition& condition,
                const Real* y) const override {
    return probes_[probe].sensed(condition, y);
  }

 private:
  double spacing() const { return setup_.lattice.spacing; }
  double cell_volume() const { return spacing() * spacing() * spacing(); }
  double edge_factor(int i, std::size_t axis) const {
    return i == 0 || i == geometry_.nodes[axis] - 1 ? 0.5 : 1.0;
  }
  // The mode is that of the step's middle: at a switch the instant belongs to both sides.
  SurfaceCondition probe_condition(std::size_t p, double t) const {
    return conditions_.probe(p, t, step_middle_);
  }

  // The exchange of probes raises the spectrum only by modes that live next to them.
  double conduction_bound(const std::array<double, 2>& diffusivity) const {
    return std::max(diffusivity[0] * geometric_bound_[0],
                    probes_on_ ? diffusivity[1] * geometric_bound_[1] : 0.0);
  }

  // Largest k / C of active tissue, and of that next to probes, at the state y of time t.
  void look_at(double t, const Real* y) {
    interfaces_.evaluate(y);
    reach_ = interfaces_.max_diffusivity(kStateMargin);
    for (std::size_t i = 0; i < 2; ++i) {
      const Reach nodes =
          max_diffusivity(setup_.laws, i == 0 ? runs_ : near_runs_, y, kStateMargin);
      reach_[i] = {std::max(reach_[i].now, nodes.now), std::max(reach_[i].soon, nodes.soon)};
    }
    reach_time_ = t;
  }

  void make_laws() {
    for (const auto& law : setup_.laws) {
      laws_.push_back(kernel_law<Real>(law));
      rest_capacity_.push_back(law.capacity(0));
      const double a = setup_.active_threshold, t = law.reference_temperature;
      threshold_.push_back(static_cast<Real>(std::min(law.enthalpy(t + a), -law.enthalpy(t - a))));
      limits_.emplace_back(static_cast<Real>(law.enthalpy(law.min_temperature)),
                           static_cast<Real>(law.enthalpy(law.max_temperature)));
    }
  }

  void make_spans() {
    std::vector<std::int32_t> law(setup_.node_law.begin(), setup_.node_law.end());
    spans_ = LawSpans(geometry_.nodes, law);
    for (const std::size_t n : interfaces_.nodes()) law[n] = kGiven;
    sweep_spans_ = LawSpans(geometry_.nodes, law);
  }

  std::vector<std::array<int, 3>> nodes_of_probes() const {
    std::vector<std::array<int, 3>> nodes;
    for (const auto& probe : probes_)
      nodes.insert(nodes.end(), probe.lattice_nodes().begin(), probe.lattice_nodes().end());
    return nodes;
  }

  void make_active() {
    active_ = ActiveRows(geometry_.nodes);
    bool rest = setup_.active_box && faces_.quiet() && !probes_.empty();
    for (const auto& law : setup_.laws)
      rest = rest && drift_at_rest(law, setup_.horizon) <= setup_.active_threshold;
    // One step of 10 s conducts over about 2.5 mm of tissue. Fewer nodes cost little: with 1
    // instead of 5 the volumes of the reference case change by 0.02 %.
    growth_ = 2 + static_cast<int>(std::ceil(2.5e-3 / spacing()));
    if (!rest) return;
    active_.shrink_to(nodes_of_probes(), growth_ + 1);
  }

  // Nodes next to probes: those that the spectrum of their exchange is found on.
  void make_near() {
    if (interfaces_.empty() || probes_.empty()) return;
    ActiveRows near(geometry_.nodes);
    near.shrink_to(nodes_of_probes(), kNearProbe);
    near_runs_ = near.runs(spans_.of_row, spans_.span);
    interfaces_.set_near(near);
  }

  SweepSums sweep(const StageCoefficients& c, const Real* y_prev, Real* y_out, const Real* y0,
                  Real* l0, const KernelLaw<Real>* laws, const LawSpans& spans) {
    Sweep<Real> s{};
    for (std::size_t d = 0; d < 3; ++d) s.nodes[d] = geometry_.nodes[d];
    for (std::size_t f = 0; f < 6; ++f)
      s.edge[f] = setup_.faces[f] == FaceKind::fixed ? Edge::fixed : Edge::symmetric;
    s.y_begin = active_.y_range()[0];
    s.y_end = active_.y_range()[1];
    s.rows = active_.rows();
    s.couplings = active_.couplings();
    s.y_prev = y_prev;
    s.y_out = y_out;
    s.y0 = y0;
    s.l0 = l0;
    s.first = c.first;
    s.mu = static_cast<Real>(c.mu);
    s.nu = static_cast<Real>(c.nu);
    s.omega = static_cast<Real>(c.omega);
    s.dt_l = static_cast<Real>(c.dt_l);
    s.dt_l0 = static_cast<Real>(c.dt_l0);
    s.inv12h2 = static_cast<Real>(1 / (12 * spacing() * spacing()));
    s.laws = laws;
    s.row_spans = spans.of_row.data();
    s.spans = spans.span.data();
    s.theta = interfaces_.theta();
    s.source = interfaces_.source();
    std::vector<SweepSums> parts(count(team_->size()));
    team_->run([&](int member, int members) {
      Sweep<Real> mine = s;
      mine.z_begin = active_.first_plane(member, members);
      mine.z_end = active_.first_plane(member + 1, members);
      mine.workspace = workspace_.data() + count(member) * sweep_workspace(s.nodes);
      if (mine.z_end > mine.z_begin) parts[count(member)] = sweep_function<Real>()(mine);
      interfaces_.work();
    });
    for (std::size_t m = 1; m < parts.size(); ++m) {
      parts[0].source += parts[m].source;
      parts[0].fixed_faces += parts[m].fixed_faces;
    }
    return parts[0];
  }

  // Spectral radius of the geometric operator (theta = H) with every probe on, 1/m2.
  double power_iteration() {
    const ActiveRows active = active_;
    double bound = 0;
    for (auto& probe : probes_) {
      active_.shrink_to(probe.lattice_nodes(), kNearProbe);
      std::vector<ProbeExchange*> near;
      for (auto& other : probes_)
        if (other.touches(probe.lattice_nodes())) near.push_back(&other);
      bound = std::max(bound, power_iteration_of_active(near));
    }
    active_ = active;
    return std::max(kPowerMargin * bound, geometric_bound_[0]);
  }

  // The same for the present active nodes and probes, with everything else at rest.
  double power_iteration_of_active(const std::vector<ProbeExchange*>& probes) {
    std::vector<Real> v(size(), Real(0)), out(size()), l(size(), Real(0));
    const std::vector<NodeRun> runs = active_.runs(spans_.of_row, spans_.span);
    unsigned seed = 12345;
    for (const auto& run : runs)
      for (std::size_t i = run.begin; i < run.end; ++i) {
        seed = seed * 1664525U + 1013904223U;
        v[i] = static_cast<Real>(static_cast<double>(seed >> 8U) / 8388608.0 - 1.0);
      }
    const std::vector<KernelLaw<Real>> linear(laws_.size(), identity_law<Real>());
    StageCoefficients c;
    c.first = true;
    double bound = 0;
    for (int it = 0; it < kPowerIterations; ++it) {
      for (auto* probe : probes) probe->update_linear(v.data());
      sweep(c, v.data(), out.data(), v.data(), l.data(), linear.data(), spans_);
      for (const auto* probe : probes) probe->apply(out.data(), l.data(), 0.0, cell_volume());
      double norm_v = 0, norm_l = 0;
      for (const auto& run : runs)
        for (std::size_t i = run.begin; i < run.end; ++i) {
          norm_v += static_cast<double>(v[i]) * static_cast<double>(v[i]);
          norm_l += static_cast<double>(l[i]) * static_cast<double>(l[i]);
        }
      bound = std::sqrt(norm_l / norm_v);
      for (const auto& run : runs)
        for (std::size_t i = run.begin; i < run.end; ++i)
          v[i] = static_cast<Real>(static_cast<double>(l[i]) / bound);
    }
    return bound;
  }

  GridSetup setup_;
  const BoundaryConditions& conditions_;
  std::shared_ptr<ThreadTeam> team_;
  FaceExchange faces_;
  InterfaceCells<Real> interfaces_;
  NodeGeometry geometry_;
  std::vector<KernelLaw<Real>> laws_;
  std::vector<double> rest_capacity_;
  std::vector<std::pair<Real, Real>> limits_;
  LawSpans spans_, sweep_spans_;  ///< by law, and with the nodes of interface cells given
  std::vector<ProbeExchange> probes_;
  SourceStops<Real> stops_;
  std::vector<double> rates_;
  StageLedger ledger_;
  std::vector<Real> workspace_;
  ActiveRows active_;
  std::vector<NodeRun> all_runs_, runs_, near_runs_;
  std::vector<Real> threshold_;  ///< of every law, J/m3
  int growth_ = 3;
  double geometric_bound_[2] = {0, 0};   ///< 1/m2, probes off and on
  std::array<double, 2> diffusivity_{};  ///< m2/s, largest of the present step; next to probes
  std::array<Reach, 2> reach_{};         ///< the same of the state last looked at, and its time
  double reach_time_ = std::numeric_limits<double>::quiet_NaN();
  bool within_bound_ = true;  ///< at the end of the step it was no larger
  bool probes_on_ = true;
  double step_middle_ = 0;
};

template <class Real>
StepCheck GridSystem<Real>::check_step(double dt, const Real* y_old, const Real* y_new,
                                       const Real* l_old, const Real* l_new) const {
  StepCheck check = check_runs(*team_, {runs_, rest_capacity_, limits_, geometry_.nodes}, dt, y_old,
                               y_new, l_old, l_new);
  check.physical = check.physical && within_bound_;
  return check;
}

}  // namespace

template <class Real>
std::unique_ptr<HeatSystem<Real>> make_grid_system(GridSetup setup,
                                                   const BoundaryConditions& conditions) {
  return std::make_unique<GridSystem<Real>>(std::move(setup), conditions);
}

template std::unique_ptr<HeatSystem<float>> make_grid_system<float>(GridSetup,
                                                                    const BoundaryConditions&);
template std::unique_ptr<HeatSystem<double>> make_grid_system<double>(GridSetup,
                                                                      const BoundaryConditions&);

}  // namespace thermodose
