// Choice of the kernels of the grid at run time.
// Implements: sweep_function(), law_function() of fem/grid_kernel.h; interface_function(),
// node_function() of fem/interface_kernel.h.
#include "fem/grid_kernel.h"

#include <cstdlib>
#include <cstring>

#include "fem/interface_kernel.h"

namespace thermodose {

#define THERMODOSE_DECLARE_ISA(isa)                                                           \
  namespace isa {                                                                             \
  SweepSums sweep_single(const Sweep<float>&);                                                \
  SweepSums sweep_double(const Sweep<double>&);                                               \
  void laws_single(const KernelLaw<float>&, const float*, float*, float*, int);               \
  void laws_double(const KernelLaw<double>&, const double*, double*, double*, int);           \
  void interfaces_single(const InterfaceInput<float>&, const std::uint32_t*, std::size_t);    \
  void interfaces_double(const InterfaceInput<double>&, const std::uint32_t*, std::size_t);   \
  void nodes_single(const KernelLaw<float>&, const float*, float*, float*, float*, int);      \
  void nodes_double(const KernelLaw<double>&, const double*, double*, double*, double*, int); \
  }
THERMODOSE_DECLARE_ISA(isa_baseline)
#if defined(__x86_64__)
THERMODOSE_DECLARE_ISA(isa_avx2)
THERMODOSE_DECLARE_ISA(isa_avx512)
#endif

namespace {

enum class Isa { baseline, avx2, avx512 };

Isa detect() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                  __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  // Where both are there, registers of half the width are faster on processors of this maker.
  const bool wide = v4 && !__builtin_cpu_is("intel");
  Isa best = wide ? Isa::avx512 : v3 ? Isa::avx2 : Isa::baseline;
  if (const char* wish = std::getenv("THERMODOSE_ISA")) {
    if (std::strcmp(wish, "baseline") == 0) best = Isa::baseline;
    if (std::strcmp(wish, "avx2") == 0 && v3) best = Isa::avx2;
    if (std::strcmp(wish, "avx512") == 0 && v4) best = Isa::avx512;
  }
  return best;
#else
  return Isa::baseline;
#endif
}

Isa isa() {
  static const Isa chosen = detect();
  return chosen;
}

}  // namespace

const char* sweep_isa() {
  switch (isa()) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    default:
      return "baseline";
  }
}

// The entry of the chosen instruction set.
#if defined(__x86_64__)
#define THERMODOSE_PICK(entry)              \
  (isa() == Isa::avx512 ? isa_avx512::entry \
   : isa() == Isa::avx2 ? isa_avx2::entry   \
                        : isa_baseline::entry)
#else
#define THERMODOSE_PICK(entry) isa_baseline::entry
#endif

template <>
SweepFunction<float> sweep_function<float>() {
  return THERMODOSE_PICK(sweep_single);
}
template <>
SweepFunction<double> sweep_function<double>() {
  return THERMODOSE_PICK(sweep_double);
}
template <>
LawFunction<float> law_function<float>() {
  return THERMODOSE_PICK(laws_single);
}
template <>
LawFunction<double> law_function<double>() {
  return THERMODOSE_PICK(laws_double);
}
template <>
InterfaceFunction<float> interface_function<float>() {
  return THERMODOSE_PICK(interfaces_single);
}
template <>
InterfaceFunction<double> interface_function<double>() {
  return THERMODOSE_PICK(interfaces_double);
}
template <>
NodeFunction<float> node_function<float>() {
  return THERMODOSE_PICK(nodes_single);
}
template <>
NodeFunction<double> node_function<double>() {
  return THERMODOSE_PICK(nodes_double);
}

std::size_t sweep_workspace(const int nodes[3]) {
  return 9 * row_stride(nodes[0]) * (static_cast<std::size_t>(nodes[1]) + 2) + 64;
}

}  // namespace thermodose
