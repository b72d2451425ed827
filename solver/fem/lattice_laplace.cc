#include "fem/lattice_laplace.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace thermodose {

namespace {

constexpr double kPi = 3.14159265358979323846;

// Cube of (2 half + 1)^3 nodes with the Q1 stiffness of unit cubes (unit conductivity, unit h).
class Box {
 public:
  explicit Box(int half) : half_(half), n_(2 * half + 1) {}
  std::size_t size() const { return static_cast<std::size_t>(n_) * n_ * n_; }
  std::size_t at(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * n_ + static_cast<std::size_t>(j)) * n_ +
           static_cast<std::size_t>(i);
  }
  int n() const { return n_; }
  int half() const { return half_; }

  // out = K u on inner nodes (zero on faces).
  void apply(const std::vector<double>& u, std::vector<double>& out) const {
    std::fill(out.begin(), out.end(), 0.0);
    const std::ptrdiff_t x = 1, y = n_, z = static_cast<std::ptrdiff_t>(n_) * n_;
    for (int k = 1; k < n_ - 1; ++k)
      for (int j = 1; j < n_ - 1; ++j)
        for (int i = 1; i < n_ - 1; ++i) {
          const double* c = u.data() + at(i, j, k);
          double edges = 0, corners = 0;
          for (const auto a : {-1, 1})
            for (const auto b : {-1, 1}) {
              edges += c[a * x + b * y] + c[a * x + b * z] + c[a * y + b * z];
              corners += c[a * x + b * y - z] + c[a * x + b * y + z];
            }
          out[at(i, j, k)] = (32 * c[0] - 2 * edges - corners) / 12;
        }
  }

 private:
  int half_, n_;
};

// Conjugate gradients with zero values on the faces of the residual; `u` holds the face values.
void solve(const Box& box, const std::vector<double>& load, std::vector<double>& u) {
  std::vector<double> r(box.size()), p, ap(box.size());
  box.apply(u, r);
  double rr = 0;
  const int n = box.n();
  for (int k = 1; k < n - 1; ++k)
    for (int j = 1; j < n - 1; ++j)
      for (int i = 1; i < n - 1; ++i) {
        double& ri = r[box.at(i, j, k)];
        ri = load[box.at(i, j, k)] - ri;
        rr += ri * ri;
      }
  const double stop = 1e-14 * rr;
  p = r;
  for (int it = 0; it < 400 && rr > stop; ++it) {
    box.apply(p, ap);
    double pap = 0;
    for (std::size_t q = 0; q < p.size(); ++q) pap += p[q] * ap[q];
    const double alpha = rr / pap;
    double next = 0;
    for (std::size_t q = 0; q < p.size(); ++q) {
      u[q] += alpha * p[q];
      r[q] -= alpha * ap[q];
      next += r[q] * r[q];
    }
    for (std::size_t q = 0; q < p.size(); ++q) p[q] = r[q] + next / rr * p[q];
    rr = next;
  }
}

}  // namespace

double lattice_effective_radius(const Vec3& point, const Vec3& axis, double radius) {
  const Box box(static_cast<int>(std::ceil(2 * radius)) + 8);
  Vec3 origin{};  // of the line inside the box; the lattice phase of `point` is kept
  for (std::size_t c = 0; c < 3; ++c)
    origin[c] = point[c] - std::floor(point[c] + 0.5) + box.half();

  std::vector<double> u(box.size()), load(box.size(), 0.0);
  for (int k = 0; k < box.n(); ++k)
    for (int j = 0; j < box.n(); ++j)
      for (int i = 0; i < box.n(); ++i) {
        const Vec3 d{i - origin[0], j - origin[1], k - origin[2]};
        const double s = d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2];
        const double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - s * s;
        u[box.at(i, j, k)] = -0.25 / kPi * std::log(std::max(r2, radius * radius + 0.5));
      }
  const int reach = 2 * box.half() + 4;
  const double ds = 0.5, window = 3;
  std::vector<std::pair<double, StationWeights>> stations;
  for (int s = -2 * reach; s <= 2 * reach; ++s) {
    const double along = (s + 0.5) * ds;
    const Vec3 centre{origin[0] + along * axis[0], origin[1] + along * axis[1],
                      origin[2] + along * axis[2]};
    const auto inside = [&](double x) { return x > -3 - radius && x < box.n() + 2 + radius; };
    if (!std::all_of(centre.begin(), centre.end(), inside)) continue;
    auto weights = station_weights(centre, axis, radius);
    for (const auto& [kji, w] : weights) {
      const auto in = [&](int x) { return x >= 0 && x < box.n(); };
      if (in(kji[0]) && in(kji[1]) && in(kji[2])) load[box.at(kji[2], kji[1], kji[0])] += w * ds;
    }
    if (std::abs(along) < window) stations.emplace_back(along, std::move(weights));
  }
  solve(box, load, u);
  double mean = 0, total = 0;
  for (const auto& [along, weights] : stations) {
    const double f = 1 + std::cos(kPi * along / window);
    for (const auto& [kji, w] : weights) mean += f * w * u[box.at(kji[2], kji[1], kji[0])];
    total += f;
  }
  return std::exp(-2 * kPi * mean / total);
}

}  // namespace thermodose
