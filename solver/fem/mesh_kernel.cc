// Choice of the cell kernels at run time.
// Implements: mesh_kernels() of fem/mesh_kernel.h.
#include "fem/mesh_kernel.h"

#include <cstring>
#include <type_traits>

#include "fem/grid_kernel.h"

namespace thermodose {

namespace isa_baseline {
extern const MeshKernels<float> kernels_single;
extern const MeshKernels<double> kernels_double;
}  // namespace isa_baseline
#if defined(__x86_64__)
namespace isa_avx2 {
extern const MeshKernels<float> kernels_single;
extern const MeshKernels<double> kernels_double;
}  // namespace isa_avx2
#endif

template <class Real>
const MeshKernels<Real>& mesh_kernels() {
  // Gathers bound these kernels: 512-bit vectors gain nothing over 256 (measured).
  const bool wide = std::strcmp(sweep_isa(), "baseline") != 0;
#if defined(__x86_64__)
  if constexpr (std::is_same_v<Real, float>)
    return wide ? isa_avx2::kernels_single : isa_baseline::kernels_single;
  else
    return wide ? isa_avx2::kernels_double : isa_baseline::kernels_double;
#else
  (void)wide;
  if constexpr (std::is_same_v<Real, float>)
    return isa_baseline::kernels_single;
  else
    return isa_baseline::kernels_double;
#endif
}

template const MeshKernels<float>& mesh_kernels<float>();
template const MeshKernels<double>& mesh_kernels<double>();

}  // namespace thermodose
