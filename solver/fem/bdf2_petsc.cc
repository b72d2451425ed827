// The part of the mesh module that speaks PETSc.
// Implements: the linear solver behind fem/bdf2_krylov.h: KSP on a shell matrix.
#include <petscksp.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <string>

#include "fem/mesh_module_start.h"

namespace thermodose {

namespace {

constexpr PetscInt kMostIterations = 500;

// Action and diagonal that the shell matrix refers to during a solve.
struct Shell {
  const LinearAction* action = nullptr;
  const std::vector<double>* diagonal = nullptr;
};

PetscErrorCode multiply(Mat matrix, Vec x, Vec y) {
  Shell* shell = nullptr;
  PetscCall(MatShellGetContext(matrix, &shell));
  const PetscScalar* in = nullptr;
  PetscScalar* out = nullptr;
  PetscCall(VecGetArrayRead(x, &in));
  PetscCall(VecGetArray(y, &out));
  (*shell->action)(in, out);
  PetscCall(VecRestoreArray(y, &out));
  PetscCall(VecRestoreArrayRead(x, &in));
  return 0;
}

PetscErrorCode diagonal_of(Mat matrix, Vec d) {
  Shell* shell = nullptr;
  PetscCall(MatShellGetContext(matrix, &shell));
  PetscScalar* out = nullptr;
  PetscCall(VecGetArray(d, &out));
  std::copy(shell->diagonal->begin(), shell->diagonal->end(), out);
  PetscCall(VecRestoreArray(d, &out));
  return 0;
}

class PetscKrylov final : public KrylovBackend {
 public:
  PetscKrylov(std::size_t n, bool symmetric) { check(setup(static_cast<PetscInt>(n), symmetric)); }
  ~PetscKrylov() override {
    PetscBool over = PETSC_FALSE;
    if (PetscFinalized(&over) != 0 || over == PETSC_TRUE) return;
    (void)KSPDestroy(&ksp_);
    (void)MatDestroy(&matrix_);
    (void)VecDestroy(&b_);
    (void)VecDestroy(&x_);
  }
  PetscKrylov(const PetscKrylov&) = delete;
  PetscKrylov& operator=(const PetscKrylov&) = delete;

  LinearOutcome solve(const LinearAction& action, const std::vector<double>& diagonal,
                      const std::vector<double>& b, double tolerance,
                      std::vector<double>& x) override {
    shell_ = {&action, &diagonal};
    LinearOutcome outcome;
    check(run(b, tolerance, x, outcome));
    return outcome;
  }

 private:
  static void check(PetscErrorCode code) {
    if (code == 0) return;
    const char* text = nullptr;
    (void)PetscErrorMessage(code, &text, nullptr);
    throw std::runtime_error(std::string("PETSc: ") + (text != nullptr ? text : "error"));
  }

  PetscErrorCode setup(PetscInt n, bool symmetric) {
    PetscCall(MatCreateShell(PETSC_COMM_SELF, n, n, n, n, &shell_, &matrix_));
    PetscCall(MatShellSetOperation(matrix_, MATOP_MULT, reinterpret_cast<void (*)()>(multiply)));
    PetscCall(MatShellSetOperation(matrix_, MATOP_GET_DIAGONAL,
                                   reinterpret_cast<void (*)()>(diagonal_of)));
    PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, nullptr, &b_));
    PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, nullptr, &x_));
    PetscCall(KSPCreate(PETSC_COMM_SELF, &ksp_));
    PetscCall(KSPSetType(ksp_, symmetric ? KSPCG : KSPBCGS));
    PC pc = nullptr;
    PetscCall(KSPGetPC(ksp_, &pc));
    PetscCall(PCSetType(pc, PCJACOBI));
    PetscCall(KSPSetInitialGuessNonzero(ksp_, PETSC_FALSE));
    return 0;
  }

  PetscErrorCode run(const std::vector<double>& b, double tolerance, std::vector<double>& x,
                     LinearOutcome& outcome) {
    PetscCall(VecPlaceArray(b_, b.data()));
    PetscCall(VecPlaceArray(x_, x.data()));
    // Says that the matrix has changed: the preconditioner reads its diagonal anew.
    PetscCall(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY));
    PetscCall(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY));
    PetscCall(KSPSetOperators(ksp_, matrix_, matrix_));
    PetscCall(KSPSetTolerances(ksp_, tolerance, PETSC_DEFAULT, PETSC_DEFAULT, kMostIterations));
    PetscCall(KSPSolve(ksp_, b_, x_));
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    PetscInt iterations = 0;
    PetscCall(KSPGetConvergedReason(ksp_, &reason));
    PetscCall(KSPGetIterationNumber(ksp_, &iterations));
    outcome.converged = reason > 0;
    outcome.iterations = static_cast<int>(iterations);
    PetscCall(VecResetArray(b_));
    PetscCall(VecResetArray(x_));
    return 0;
  }

  Shell shell_;
  Mat matrix_ = nullptr;
  Vec b_ = nullptr, x_ = nullptr;
  KSP ksp_ = nullptr;
};

}  // namespace

std::string make_petsc_krylov(std::size_t n, bool symmetric,
                              std::unique_ptr<KrylovBackend>& backend) {
  try {
    start_libraries();
    backend = std::make_unique<PetscKrylov>(n, symmetric);
    return {};
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace thermodose
