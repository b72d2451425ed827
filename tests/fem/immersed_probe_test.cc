// Immersed probes: stations, and the total flux of a needle at any place, angle and spacing.
#include "fem/immersed_probe.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <stdexcept>

#include "fem/active_rows.h"
#include "fem/kernel_law.h"
#include "grid_fixture.h"
#include "grid_needle.h"

namespace thermodose {
namespace {

using namespace testing_grid;

double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vec3 along(const Vec3& point, const Vec3& axis, double s) {
  return {point[0] + s * axis[0], point[1] + s * axis[1], point[2] + s * axis[2]};
}
Vec3 unit(const Vec3& v) { return along({0, 0, 0}, v, 1 / std::sqrt(dot(v, v))); }

Lattice lattice_of(double spacing, int nodes) {
  return {{-0.01, 0.02, 0.003}, spacing, {nodes, nodes + 1, nodes + 2}};
}

TEST(ImmersedProbe, StationsSampleTheNeedleEvenly) {
  for (const double spacing : {0.6e-3, 1e-3, 1.9e-3}) {
    const Lattice lattice = lattice_of(spacing, 31);
    const Vec3 begin = along(lattice.origin, {1, 1, 1}, 11.3 * spacing);
    const Vec3 axis = unit({2, -1, 3});
    const double length = 9.7 * spacing, radius = 0.75e-3;
    const ProbeCoupling c =
        couple_probe(lattice, needle(begin, along(begin, axis, length), radius));
    const double reach = end_extension(radius, spacing);
    EXPECT_GT(reach, 0);
    EXPECT_LT(reach, 0.5 * (spacing + radius));
    double sum = 0;
    std::set<std::array<int, 3>> nodes(c.nodes.begin(), c.nodes.end());
    EXPECT_EQ(nodes.size(), c.nodes.size()) << "each once";
    for (std::size_t s = 0; s < c.stations.size(); ++s) {
      const auto& station = c.stations[s];
      EXPECT_LE(station.length, 0.5 * spacing * (1 + 1e-9)) << "half a cell at most";
      // Linear fields exactly: the centroid is the point of the axis the station stands for.
      double weight = 0;
      Vec3 centroid{};
      for (std::size_t e = station.begin; e < station.end; ++e) {
        const auto& n = c.nodes[at(c.index[e])];
        weight += c.weight[e];
        for (std::size_t d = 0; d < 3; ++d)
          centroid[d] += c.weight[e] * (lattice.origin[d] + spacing * n[d]);
      }
      EXPECT_NEAR(weight, 1, 1e-12);
      const double middle = sum + 0.5 * station.length - reach;
      for (std::size_t d = 0; d < 3; ++d)
        EXPECT_NEAR(centroid[d], along(begin, axis, middle)[d], 1e-12);
      EXPECT_NEAR(station.position, std::clamp(middle / length, 0.0, 1.0), 1e-9);
      sum += station.length;
    }
    EXPECT_NEAR(sum, length + 2 * reach, 1e-12);
    EXPECT_EQ(c.stations.back().end, c.weight.size());
    EXPECT_EQ(c.radius, radius);
    EXPECT_GT(c.effective_radius, radius);
    EXPECT_NEAR(c.shape_factor(), 2 * kPi / std::log(c.effective_radius / radius), 1e-12);
  }
}

// Every entry keeps its conductance weight * length, and no station touches two laws.
TEST(ImmersedProbe, StationsSplitByTissueKeepEveryShare) {
  const double spacing = 1e-3;
  const Lattice lattice = lattice_of(spacing, 31);
  const Vec3 begin = along(lattice.origin, {1, 1, 1}, 11.3 * spacing);
  const ProbeCoupling whole =
      couple_probe(lattice, needle(begin, along(begin, unit({2, -1, 3}), 8e-3), 0.75e-3));
  std::vector<int> law;
  for (const auto& n : whole.nodes) law.push_back(n[2] < 15 ? 0 : n[0] % 2 + 1);
  const ProbeCoupling split = split_by_tissue(whole, law);
  EXPECT_GT(split.stations.size(), whole.stations.size());
  std::vector<double> before(law.size(), 0.0), after(law.size(), 0.0);
  for (const auto& s : whole.stations)
    for (std::size_t e = s.begin; e < s.end; ++e)
      before[static_cast<std::size_t>(whole.index[e])] += s.length * whole.weight[e];
  double length = 0;
  for (const auto& s : split.stations) {
    double sum = 0;
    ASSERT_LT(s.begin, s.end);
    for (std::size_t e = s.begin; e < s.end; ++e) {
      const auto n = static_cast<std::size_t>(split.index[e]);
      EXPECT_EQ(law[n], law[static_cast<std::size_t>(split.index[s.begin])]);
      after[n] += s.length * split.weight[e];
      sum += split.weight[e];
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    length += s.length;
  }
  for (std::size_t n = 0; n < law.size(); ++n) EXPECT_NEAR(after[n], before[n], 1e-15);
  EXPECT_NEAR(length, 8e-3 + 2 * end_extension(0.75e-3, spacing), 1e-12);
}

TEST(ImmersedProbe, StationsInsideTheLatticeOnly) {
  const Lattice lattice = lattice_of(1e-3, 21);
  const Vec3 middle = along(lattice.origin, {1, 1, 1}, 0.01);
  const auto couple = [&](double x) {
    const Vec3 end{lattice.origin[0] + x * 1e-3, middle[1], middle[2]};
    return couple_probe(lattice, needle(middle, end, 0.5e-3));
  };
  EXPECT_NO_THROW(couple(1.9));
  EXPECT_THROW(couple(0.2), std::invalid_argument);
  EXPECT_THROW(couple(-4), std::invalid_argument);
  EXPECT_NO_THROW(couple(18.1));
  EXPECT_THROW(couple(19.8), std::invalid_argument);
}

// The reference itself, against the fit of Smythe (1956, doi 10.1063/1.1722510): 8 + 6.95 b^0.76.
TEST(ImmersedProbe, ReferenceIsTheCapacityOfACylinder) {
  for (const double b : {1.0, 4.0, 8.0}) {
    const double fit = 8 + 6.95 * std::pow(b, 0.76);
    EXPECT_NEAR(NeedleCapacity(b).shape(), fit, 4e-3 * fit) << b;
  }
  const double fine = NeedleCapacity(23).shape(), coarse = NeedleCapacity(23, 0.04).shape();
  EXPECT_NEAR(coarse, fine, 1e-3 * fine);
}

// Steady conduction around a needle at 1 in an unbounded body, unit spacing and conductivity. The
// faces of the lattice carry the potential of the flux that comes out of the stations.
class SteadyNeedle {
 public:
  SteadyNeedle(double radius, double length, const Vec3& begin, const Vec3& axis)
      : begin_(begin), axis_(axis), law_(identity_law<double>()) {
    const Vec3 end = along(begin, axis, length);
    lattice_.spacing = 1;
    for (std::size_t d = 0; d < 3; ++d) {
      lattice_.origin[d] = std::floor(std::min(begin[d], end[d])) - kMargin;
      lattice_.nodes[d] =
          int(std::ceil(std::max(begin[d], end[d])) + kMargin - lattice_.origin[d]) + 1;
    }
    const auto& n = lattice_.nodes;
    coupling_ = couple_probe(lattice_, needle(begin, end, radius));
    for (const auto& p : coupling_.nodes) node_.push_back(node_of(n, p[0], p[1], p[2]));
    scratch_.assign(node_count(n), 0.0);
    for (int row = 0; row <= n[1] * n[2]; ++row) row_spans_.push_back(at(row));
    spans_.assign(row_spans_.size() - 1, {n[0], 0});
    active_ = ActiveRows(n);
    workspace_.assign(sweep_workspace(n.data()), 0.0);
    reach_ = end_extension(radius, 1);
  }

  /// Flux out of the needle: what it gives to cold faces, and less for the potential there.
  double shape() {
    std::vector<double> u(scratch_.size(), 0.0), v = u;
    const std::vector<double> own = solve(1, u);
    std::vector<double> share;  // of each station in the flux
    for (const auto& s : coupling_.stations) share.push_back(s.length);
    double flux = 0;
    for (int it = 0; it < 3; ++it) {
      const double sum = std::accumulate(share.begin(), share.end(), 0.0);
      for (double& x : share) x /= sum;
      set_faces(share, v);
      const std::vector<double> others = solve(0, v);
      flux = std::accumulate(own.begin(), own.end(), 0.0) /
             (1 - std::accumulate(others.begin(), others.end(), 0.0));
      for (std::size_t s = 0; s < share.size(); ++s) share[s] = own[s] + flux * others[s];
    }
    return flux;
  }

 private:
  static constexpr int kMargin = 6;

  void set_faces(const std::vector<double>& share, std::vector<double>& u) const {
    const auto& n = lattice_.nodes;
    std::vector<Vec3> centre;
    double s = -reach_;
    for (const auto& station : coupling_.stations) {
      centre.push_back(along(begin_, axis_, s + 0.5 * station.length));
      s += station.length;
    }
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i) {
          const bool face =
              k == 0 || k == n[2] - 1 || j == 0 || j == n[1] - 1 || i == 0 || i == n[0] - 1;
          if (!face) continue;
          double sum = 0;
          for (std::size_t c = 0; c < centre.size(); ++c) {
            const Vec3 d{lattice_.origin[0] + i - centre[c][0],
                         lattice_.origin[1] + j - centre[c][1],
                         lattice_.origin[2] + k - centre[c][2]};
            sum += share[c] / std::sqrt(dot(d, d));
          }
          u[node_of(n, i, j, k)] = sum / (4 * kPi);
        }
  }

  // K u + sum_s g_s w_s (w_s . u) on nodes inside: a first stage of the grid gives -K u.
  void apply(const std::vector<double>& u, std::vector<double>& out) {
    Sweep<double> s{};
    std::copy(lattice_.nodes.begin(), lattice_.nodes.end(), s.nodes);
    std::fill(s.edge, s.edge + 6, Edge::fixed);
    s.y_end = s.nodes[1];
    s.z_end = s.nodes[2];
    s.rows = active_.rows();
    s.couplings = active_.couplings();
    s.y_prev = u.data();
    s.y_out = scratch_.data();
    s.l0 = out.data();
    s.first = true;
    s.inv12h2 = 1.0 / 12;
    s.laws = &law_;
    s.row_spans = row_spans_.data();
    s.spans = spans_.data();
    s.workspace = workspace_.data();
    sweep_function<double>()(s);
    for (double& x : out) x = -x;
    exchange(u, 0, out);
  }

  // What each station gives to u; taken off `out`.
  std::vector<double> exchange(const std::vector<double>& u, double surface,
                               std::vector<double>& out) const {
    std::vector<double> heat;
    for (const auto& s : coupling_.stations) {
      double mean = 0;
      for (std::size_t e = s.begin; e < s.end; ++e)
        mean += coupling_.weight[e] * u[node_[at(coupling_.index[e])]];
      heat.push_back(coupling_.shape_factor() * s.length * (surface - mean));
      for (std::size_t e = s.begin; e < s.end; ++e)
        out[node_[at(coupling_.index[e])]] -= coupling_.weight[e] * heat.back();
    }
    return heat;
  }

  // Conjugate gradients; u keeps the values of its faces.
  std::vector<double> solve(double surface, std::vector<double>& u) {
    std::vector<double> r(u.size(), 0.0), p, ap(u.size(), 0.0);
    apply(u, r);
    if (surface != 0) exchange(std::vector<double>(u.size(), 0.0), surface, r);
    double rr = 0;
    for (double& x : r) {
      x = -x;
      rr += x * x;
    }
    const double stop = 1e-9 * rr;
    p = r;
    while (rr > stop) {
      apply(p, ap);
      double pap = 0, next = 0;
      for (std::size_t n = 0; n < p.size(); ++n) pap += p[n] * ap[n];
      for (std::size_t n = 0; n < p.size(); ++n) {
        u[n] += rr / pap * p[n];
        r[n] -= rr / pap * ap[n];
        next += r[n] * r[n];
      }
      for (std::size_t n = 0; n < p.size(); ++n) p[n] = r[n] + next / rr * p[n];
      rr = next;
    }
    return exchange(u, surface, scratch_);
  }

  Vec3 begin_, axis_;
  double reach_ = 0;
  Lattice lattice_;
  ProbeCoupling coupling_;
  std::vector<std::size_t> node_, row_spans_;
  std::vector<LawSpan> spans_;
  ActiveRows active_;
  std::vector<double> scratch_, workspace_;
  const KernelLaw<double> law_;
};

TEST(ImmersedProbe, TotalFluxIsThatOfTheCylinderInEveryPose) {
  constexpr double slenderness = 46;  // length in radii
  const double exact = NeedleCapacity(slenderness / 2).shape();
  for (const double ratio : {0.8, 1.33, 2.0}) {  // spacing in radii
    const double radius = 1 / ratio, length = slenderness * radius;
    double low = 1e9, high = 0;
    for (const auto& [phase, axis] :
         std::initializer_list<std::pair<Vec3, Vec3>>{{{0, 0, 0}, {0, 0, 1}},
                                                      {{0.5, 0.5, 0.3}, {0, 0, 1}},
                                                      {{0.2, 0.6, 0.4}, {1, 1, 0}},
                                                      {{0.1, 0.9, 0.7}, {1, 1, 1}},
                                                      {{0.7, 0.3, 0.5}, {0.3, -0.5, 0.8}}}) {
      const double shape = SteadyNeedle(radius, length, phase, unit(axis)).shape();
      const double relative = shape / (exact * radius);
      EXPECT_NEAR(relative, 1, 0.004) << ratio;
      low = std::min(low, relative);
      high = std::max(high, relative);
    }
    EXPECT_LT(high - low, 0.004) << ratio << ": where and how it lies does not show";
  }
}

}  // namespace
}  // namespace thermodose
