// Linear systems of the implicit integrator, solved matrix-free by PETSc.
// Implements: A x = b with A given by its action and its diagonal: conjugate gradients for
// symmetric A, BiCGStab otherwise, Jacobi preconditioner (the systems are mass-dominated: algebraic
// multigrid never paid in measurements). PETSc lives in the mesh module (fem/mesh_module.h).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace thermodose {

/// out = A x; both have as many entries as the system.
using LinearAction = std::function<void(const double* x, double* out)>;

/// How a solve ended.
struct LinearOutcome {
  bool converged = false;
  int iterations = 0;
};

/// What the module implements.
class KrylovBackend {
 public:
  virtual ~KrylovBackend() = default;
  /// Reduces the residual by `tolerance`, starting from x = 0.
  virtual LinearOutcome solve(const LinearAction& action, const std::vector<double>& diagonal,
                              const std::vector<double>& b, double tolerance,
                              std::vector<double>& x) = 0;
};

/// A solver of systems with n unknowns. Throws SolverError when the module cannot be loaded.
std::unique_ptr<KrylovBackend> make_krylov(std::size_t n, bool symmetric);

}  // namespace thermodose
