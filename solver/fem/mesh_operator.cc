// Implements: conduction on batches of cells (see mesh_operator.h).
#include "fem/mesh_operator.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "fem/kernel_law.h"

namespace thermodose {

namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Nodes evaluated at a time: theta, source and enthalpy of a block stay in the first cache.
constexpr std::size_t kBlock = 1024;

std::pair<std::size_t, std::size_t> share(std::size_t n, int member, int members) {
  return {n * at(member) / at(members), n * at(member + 1) / at(members)};
}

}  // namespace

template <class Real>
MeshOperator<Real>::MeshOperator(const MeshArrays& mesh, const MeshSlots& slots,
                                 const std::vector<SegmentLaw>& laws, ThreadTeam& team)
    : mesh_(mesh), slots_(slots), laws_(laws), team_(team), interfaces_(mesh, laws) {
  for (const SegmentLaw& law : laws) {
    kernel_laws_.push_back(kernel_law<Real>(law));
    node_source_rate_.push_back(std::max(0.0, law.max_source_rate()));
    node_inverse_capacity_.push_back(law.max_inverse_capacity());
  }
  make_batches();
  make_limits();
  // One slot more than there are: the lanes that fill up the last batch read and write it.
  theta_.assign(slots.size() + 1, Real(0));
  source_.assign(mesh.nodes(), Real(0));
  heat_.assign(at(team.size()), std::vector<Real>(slots.size() + 1, Real(0)));
  for (const double v : mesh.volume) {
    volume_.push_back(static_cast<Real>(v));
    inverse_volume_.push_back(static_cast<Real>(v > 0 ? 1 / v : 0));
  }
  held_index_.assign(mesh.nodes(), -1);
}

// A stage of a small mesh is over before a second thread has woken up.
template <class Real>
void MeshOperator<Real>::run(const std::function<void(int, int)>& task) {
  constexpr std::size_t kFewValues = 200000;
  if (mesh_.geometry.cells.size() < kFewValues)
    task(0, 1);
  else
    team_.run(task);
}

template <class Real>
void MeshOperator<Real>::make_batches() {
  const auto n = at(mesh_.nodes_per_cell());
  const std::size_t factors = mesh_.factors();
  std::vector<std::size_t> cells;
  for (std::size_t c = 0; c < mesh_.cells(); ++c)
    if (in_batches(c)) cells.push_back(c);
  batches_ = (cells.size() + kLanes - 1) / kLanes;
  batch_slot_.assign(batches_ * n * kLanes, static_cast<std::int32_t>(slots_.size()));
  batch_factor_.assign(batches_ * factors * kLanes, Real(0));
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const std::size_t c = cells[k], b = k / kLanes, lane = k % kLanes;
    for (std::size_t i = 0; i < n; ++i)
      batch_slot_[(b * n + i) * kLanes + lane] = slots_.cells()[c * n + i];
    for (std::size_t f = 0; f < factors; ++f)
      batch_factor_[(b * factors + f) * kLanes + lane] = static_cast<Real>(mesh_.factor(c, f));
  }
}

// Per cell K <= lambda diag(volume share), lambda its largest eigenvalue: 4/h2 for a cube. The sum
// over cells bounds the whole, and folding a mean to its masters keeps the bound (Jensen).
template <class Real>
void MeshOperator<Real>::make_limits() {
  const auto n = at(mesh_.nodes_per_cell());
  limit_.assign(slots_.size(), 0.0);
  for (std::size_t c = 0; c < mesh_.cells(); ++c) {
    if (!in_batches(c)) continue;
    const double lambda = mesh_.cell_limit(c);
    // Where tissues meet, the operator is not symmetric: rows of |K| instead (4/3 on cubes).
    bool mixed = false;
    for (std::size_t i = 0; i < n; ++i)
      mixed = mixed || at(slots_.cells()[c * n + i]) >= mesh_.nodes();
    if (mixed && !mesh_.hexes.empty()) {
      const auto rows = mesh_.hexes[c].row_sums();
      for (std::size_t i = 0; i < n; ++i) limit_[at(slots_.cells()[c * n + i])] += rows[i];
      continue;
    }
    for (std::size_t i = 0; i < n; ++i)
      limit_[at(slots_.cells()[c * n + i])] += (mixed ? 4.0 / 3 : 1.0) * lambda * mesh_.share(c, i);
  }
  diffusivity_.assign(slots_.size(), 0.0);
  for (std::size_t i = 0; i < mesh_.nodes(); ++i)
    diffusivity_[i] = laws_[at(mesh_.node_law[i])].max_diffusivity();
  for (const auto& g : slots_.ghosts())
    diffusivity_[at(g.slot)] = slots_.pair_law(g.pair).max_diffusivity();
  for (const auto& m : slots_.means()) {
    for (int k = 0; k < m.count; ++k) {
      const std::size_t master = at(m.masters[at(k)]);
      limit_[master] += limit_[at(m.slot)] / m.count;
    }
    limit_[at(m.slot)] = 0;
  }
}

template <class Real>
void MeshOperator<Real>::hold(const std::vector<int>& nodes) {
  for (const int node : held_nodes_) held_index_[at(node)] = -1;
  held_nodes_ = nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) held_index_[at(nodes[i])] = static_cast<int>(i);
}

// Nodes [begin, begin + n) of a run; those that cubes at borders see with their temperature.
template <class Real>
void MeshOperator<Real>::evaluate_block(std::size_t run, const Real* y, std::size_t begin,
                                        std::size_t n) {
  const KernelLaw<Real>& law = kernel_laws_[at(mesh_.runs[run].law)];
  const std::size_t end = begin + n;
  const std::size_t seen = std::clamp(interfaces_.seen_end(run), begin, end);
  if (seen > begin)
    node_function<Real>()(law, y + begin, interfaces_.excess() + begin, &theta_[begin],
                          &source_[begin], static_cast<int>(seen - begin));
  if (end > seen)
    law_function<Real>()(law, y + seen, &theta_[seen], &source_[seen],
                         static_cast<int>(end - seen));
}

template <class Real>
double MeshOperator<Real>::evaluate_nodes(const Real* y, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t r = 0; r < mesh_.runs.size(); ++r) {
    const NodeRun& run = mesh_.runs[r];
    const std::size_t last = std::min(run.end, end);
    for (std::size_t i = std::max(run.begin, begin); i < last; i += kBlock) {
      const std::size_t n = std::min(kBlock, last - i);
      evaluate_block(r, y, i, n);
      for (std::size_t k = i; k < i + n; ++k)
        sum += static_cast<double>(volume_[k]) * static_cast<double>(source_[k]);
    }
  }
  return sum;
}

template <class Real>
void MeshOperator<Real>::evaluate_held(const std::vector<double>& held, double& sum) {
  for (std::size_t i = 0; i < held_nodes_.size(); ++i) {
    const std::size_t node = at(held_nodes_[i]);
    const SegmentLaw& law = laws_[at(mesh_.node_law[node])];
    const double s = law.source(held[i]);
    sum += mesh_.volume[node] * (s - static_cast<double>(source_[node]));
    theta_[node] = static_cast<Real>(law.kirchhoff(held[i]));
    source_[node] = static_cast<Real>(s);
    if (!interfaces_.empty()) interfaces_.excess()[node] = static_cast<Real>(law.excess(held[i]));
  }
}

template <class Real>
double MeshOperator<Real>::evaluate(const Real* y, const std::vector<double>& held) {
  std::vector<double> sums(at(team_.size()), 0.0);
  run([&](int member, int members) {
    const auto [begin, end] = share(mesh_.nodes(), member, members);
    sums[at(member)] = evaluate_nodes(y, begin, end);
  });
  double sum = 0;
  for (const double s : sums) sum += s;
  evaluate_held(held, sum);
  for (const auto& g : slots_.ghosts()) {
    const int h = held_index_[at(g.node)];
    const double value = h >= 0 ? held[at(h)] : static_cast<double>(y[g.node]);
    theta_[at(g.slot)] = static_cast<Real>(slots_.pair_law(g.pair).kirchhoff(value));
  }
  fill_means(theta_.data());
  interfaces_.fill_hanging();
  for (const HangingNode& h : mesh_.hanging) source_[at(h.node)] = 0;
  for (const SourceStop& stop : stops_) {
    const Real gone = static_cast<Real>(stop.share) * source_[stop.node];
    source_[stop.node] -= gone;
    sum -= mesh_.volume[stop.node] * static_cast<double>(gone);
  }
  return sum;
}

template <class Real>
void MeshOperator<Real>::fill_means(Real* values) const {
  for (const auto& m : slots_.means()) {
    Real sum = values[m.masters[0]] + values[m.masters[1]];
    if (m.count == 4) sum += values[m.masters[2]] + values[m.masters[3]];
    values[m.slot] = sum / static_cast<Real>(m.count);
  }
}

template <class Real>
void MeshOperator<Real>::conduct(const Real* theta, Interfaces interfaces) {
  const MeshKernels<Real>& kernels = mesh_kernels<Real>();
  int used = 1;
  run([&](int member, int members) {
    if (member == 0) used = members;
    std::vector<Real>& heat = heat_[at(member)];
    std::fill(heat.begin(), heat.end(), Real(0));
    const auto [first, last] = share(batches_, member, members);
    if (!mesh_.hexes.empty())
      kernels.hexes({batch_slot_.data(), batch_factor_.data()}, first, last, theta, heat.data());
    else if (mesh_.geometry.axisymmetric)
      kernels.quads({batch_slot_.data(), batch_factor_.data()}, first, last, theta, heat.data());
    else
      kernels.cubes({batch_slot_.data(), batch_factor_.data()}, first, last, theta, heat.data());
    const auto [begin, end] = share(interfaces_.blocks(), member, members);
    if (interfaces == Interfaces::as_evaluated) interfaces_.add(begin, end, heat.data());
    if (interfaces == Interfaces::largest) interfaces_.add_largest(begin, end, heat.data());
  });
  if (used == 1) return;
  run([&](int member, int members) {
    const auto [begin, end] = share(slots_.size(), member, members);
    for (int other = 1; other < used; ++other)
      for (std::size_t i = begin; i < end; ++i) heat_[0][i] += heat_[at(other)][i];
  });
}

template <class Real>
void MeshOperator<Real>::fold() {
  Real* q = heat();
  interfaces_.fold(q);
  for (const auto& m : slots_.means()) {
    const Real part = q[m.slot] / static_cast<Real>(m.count);
    for (int k = 0; k < m.count; ++k) q[m.masters[at(k)]] += part;
  }
  for (const auto& g : slots_.ghosts()) q[g.node] += q[g.slot];
}

template <class Real>
void MeshOperator<Real>::update(const StageCoefficients& c, const Real* y_prev, Real* y_out,
                                const Real* y0, Real* l0) {
  const NodeUpdate<Real> u{c,      source_.data(), heat(), inverse_volume_.data(),
                           y_prev, y_out,          y0,     l0};
  run([&](int member, int members) {
    const auto [begin, end] = share(mesh_.nodes(), member, members);
    mesh_kernels<Real>().update(u, begin, end);
  });
}

template <class Real>
void MeshOperator<Real>::slopes(const Real* y, const LawSlopes<Real>& out) {
  const auto kernel = mesh_kernels<Real>().slopes;
  run([&](int member, int members) {
    const auto [begin, end] = share(mesh_.nodes(), member, members);
    for (const NodeRun& run : mesh_.runs) {
      const std::size_t last = std::min(run.end, end);
      for (std::size_t i = std::max(run.begin, begin); i < last; i += kBlock)
        kernel(kernel_laws_[at(run.law)], y + i,
               {out.inverse_capacity + i, out.diffusivity + i, out.source + i},
               std::min(kBlock, last - i));
    }
  });
  for (const SourceStop& stop : stops_) out.source[stop.node] *= 1 - static_cast<Real>(stop.share);
}

template <class Real>
std::vector<double> MeshOperator<Real>::slot_diagonal() const {
  const auto n = at(mesh_.nodes_per_cell());
  std::vector<double> diagonal(slots_.size(), 0.0);
  for (std::size_t c = 0; c < mesh_.cells(); ++c) {
    if (!in_batches(c)) continue;
    const int* slot = &slots_.cells()[c * n];
    if (!mesh_.hexes.empty()) {
      for (std::size_t p = 0; p < kHexCouplings; ++p)
        for (const std::size_t i : kHexPairs[p])
          diagonal[at(slot[i])] += mesh_.hexes[c].coupling[p];
      continue;
    }
    if (n == 8) {
      for (std::size_t i = 0; i < n; ++i) diagonal[at(slot[i])] += mesh_.edge[c] / 3;
      continue;
    }
    for (std::size_t p = 0; p < kQuadPairs.size(); ++p)
      for (const std::size_t i : kQuadPairs[p]) diagonal[at(slot[i])] += mesh_.quads[c].coupling[p];
  }
  return diagonal;
}

template <class Real>
double MeshOperator<Real>::spectral_bound(const std::vector<double>& per_slot,
                                          const std::vector<double>& per_node) const {
  std::vector<double> rate(mesh_.nodes(), 0.0), extra(per_slot);
  for (const auto& m : slots_.means())
    for (int k = 0; k < m.count; ++k) extra[at(m.masters[at(k)])] += extra[at(m.slot)] / m.count;
  const auto of_slot = [&](std::size_t s) { return (limit_[s] + extra[s]) * diffusivity_[s]; };
  for (std::size_t i = 0; i < mesh_.nodes(); ++i) rate[i] = of_slot(i);
  for (std::size_t i = 0; i < interfaces_.conductance().size(); ++i)
    rate[i] += interfaces_.conductance()[i] * node_inverse_capacity_[at(mesh_.node_law[i])];
  for (const auto& g : slots_.ghosts()) rate[at(g.node)] += of_slot(at(g.slot));
  double bound = 0;
  for (std::size_t i = 0; i < mesh_.nodes(); ++i) {
    if (!(mesh_.volume[i] > 0) || held(i)) continue;
    const auto law = at(mesh_.node_law[i]);
    bound =
        std::max(bound, (rate[i] + per_node[i] * node_inverse_capacity_[law]) / mesh_.volume[i] +
                            node_source_rate_[law]);
  }
  return bound;
}

template class MeshOperator<float>;
template class MeshOperator<double>;

}  // namespace thermodose
