// Implements: linear systems of the implicit integrator (see bdf2_krylov.h), by the mesh module.
#include "fem/bdf2_krylov.h"

#include <string>

#include "base/error.h"
#include "fem/mesh_module.h"

namespace thermodose {

std::unique_ptr<KrylovBackend> make_krylov(std::size_t n, bool symmetric) {
  std::unique_ptr<KrylovBackend> backend;
  const std::string failure = mesh_module().krylov(n, symmetric, backend);
  if (!failure.empty()) throw SolverError("linear solver: " + failure);
  return backend;
}

}  // namespace thermodose
