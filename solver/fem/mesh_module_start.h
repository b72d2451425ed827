// Inside the mesh module: start of MPI, p4est and PETSc, and what its two halves share.
// Implements: declarations for mesh_build_dealii.cc and bdf2_petsc.cc.
#pragma once

#include <memory>
#include <string>

#include "fem/bdf2_krylov.h"

namespace thermodose {

/// Starts MPI, p4est and PETSc, once per process and only on demand; they end with the process.
void start_libraries();

std::string make_petsc_krylov(std::size_t n, bool symmetric,
                              std::unique_ptr<KrylovBackend>& backend);

}  // namespace thermodose
