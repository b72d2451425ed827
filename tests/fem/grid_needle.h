// What a needle in an unbounded body exchanges with it: the reference for immersed probes.
// Implements: flux per conductivity and temperature difference of a flat-ended cylinder (metres of
// "shape"; 4 pi times its capacity in vacuum), from an axisymmetric finite-volume solution on a
// mesh graded towards the edge; the potential of a charged line around bounded problems.
#pragma once

#include <Eigen/Sparse>
#include <cmath>
#include <vector>

namespace thermodose::testing_grid {

inline constexpr double kPi = 3.14159265358979323846;

/// Potential of a line of half length b around the origin with unit flux, at distance r from its
/// axis and z along it (unit conductivity).
inline double line_potential(double b, double r, double z) {
  z = std::abs(z);  // the other half would lose its digits
  const double above = z + b + std::hypot(r, z + b), below = z - b + std::hypot(r, z - b);
  return std::log(above / below) / (8 * kPi * b);
}

/// Faces of cells from 0 to `size`, graded by 1.06 from `finest` at `edge` both ways.
inline std::vector<double> graded_faces(double edge, double size, double finest) {
  std::vector<double> faces{edge};
  for (double d = finest; faces.back() + 1.5 * d < size; d *= 1.06)
    faces.push_back(faces.back() + d);
  faces.push_back(size);
  for (double d = finest; faces.front() - 1.5 * d > 0; d *= 1.06)
    faces.insert(faces.begin(), faces.front() - d);
  faces.insert(faces.begin(), 0);
  return faces;
}

/// Shape of a cylinder of radius 1 and half length b. The far boundary carries the potential of a
/// line with the flux that is sought, so it may be near.
class NeedleCapacity {
 public:
  explicit NeedleCapacity(double b, double finest = 0.01)
      : b_(b), r_(graded_faces(1, 60, finest)), z_(graded_faces(b, b + 60, finest)) {
    number();
    Eigen::SparseMatrix<double> matrix(unknowns_, unknowns_);
    Eigen::VectorXd needle = Eigen::VectorXd::Zero(unknowns_), far = needle;
    std::vector<Eigen::Triplet<double>> entries;
    assemble(entries, needle, far);
    matrix.setFromTriplets(entries.begin(), entries.end());
    const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> solver(matrix);
    // Flux out of the needle at 1 with nothing far away, and at 0 with the line's potential there.
    const double own = needle.sum() - needle.dot(solver.solve(needle));
    const double others = -needle.dot(solver.solve(far));
    shape_ = 2 * own / (1 - 2 * others);  // both halves
  }
  double shape() const { return shape_; }

 private:
  int nr() const { return static_cast<int>(r_.size()) - 1; }
  int nz() const { return static_cast<int>(z_.size()) - 1; }
  double face(const std::vector<double>& f, int i) const { return f[static_cast<std::size_t>(i)]; }
  double centre(const std::vector<double>& f, int i) const {
    return 0.5 * (face(f, i) + face(f, i + 1));
  }
  bool inside(int i, int j) const { return centre(r_, i) < 1 && centre(z_, j) < b_; }
  int& at(int i, int j) { return number_[static_cast<std::size_t>(j * nr() + i)]; }

  void number() {
    number_.assign(static_cast<std::size_t>(nr() * nz()), -1);
    for (int j = 0; j < nz(); ++j)
      for (int i = 0; i < nr(); ++i)
        if (!inside(i, j)) at(i, j) = unknowns_++;
  }

  void assemble(std::vector<Eigen::Triplet<double>>& entries, Eigen::VectorXd& needle,
                Eigen::VectorXd& far) {
    const auto join = [&](int i, int j, int k, int l, double area, double distance) {
      const int a = at(i, j), b = at(k, l);
      if (a < 0 && b < 0) return;
      if (a >= 0 && b >= 0) {
        const double g = area / distance;
        entries.emplace_back(a, b, -g);
        entries.emplace_back(b, a, -g);
        entries.emplace_back(a, a, g);
        entries.emplace_back(b, b, g);
        return;
      }
      // To the surface of the needle: half the cell outside.
      const bool along_r = i != k;
      const int outer = along_r ? (a >= 0 ? i : k) : (a >= 0 ? j : l);
      const auto& f = along_r ? r_ : z_;
      const double g = area / (0.5 * (face(f, outer + 1) - face(f, outer)));
      entries.emplace_back(std::max(a, b), std::max(a, b), g);
      needle[std::max(a, b)] += g;
    };
    for (int j = 0; j < nz(); ++j)
      for (int i = 0; i < nr(); ++i) {
        const double dz = face(z_, j + 1) - face(z_, j);
        const double side = 2 * kPi * face(r_, i + 1) * dz;
        const double top = kPi * (std::pow(face(r_, i + 1), 2) - std::pow(face(r_, i), 2));
        if (i + 1 < nr()) join(i, j, i + 1, j, side, centre(r_, i + 1) - centre(r_, i));
        if (j + 1 < nz()) join(i, j, i, j + 1, top, centre(z_, j + 1) - centre(z_, j));
        const auto to_far = [&](double g, double r, double z) {
          entries.emplace_back(at(i, j), at(i, j), g);
          far[at(i, j)] += g * line_potential(b_, r, z);
        };
        if (i + 1 == nr())
          to_far(side / (face(r_, nr()) - centre(r_, i)), face(r_, nr()), centre(z_, j));
        if (j + 1 == nz())
          to_far(top / (face(z_, nz()) - centre(z_, j)), centre(r_, i), face(z_, nz()));
      }
  }

  double b_;
  std::vector<double> r_, z_;
  std::vector<int> number_;
  int unknowns_ = 0;
  double shape_ = 0;
};

}  // namespace thermodose::testing_grid
