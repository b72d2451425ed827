// Vector code for the widest registers that all results survive.
// Implements: `wide(kernel)` calls a kernel compiled for AVX2 where the machine has it, else as
// the rest of the program is. No fused multiply-adds: both give the same bits.
#pragma once

namespace thermodose::dose {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)

/// `flatten` compiles all that the kernel calls along with it.
template <class Kernel>
__attribute__((target("avx2"), flatten)) void call_avx2(const Kernel& kernel) {
  kernel();
}

template <class Kernel>
void wide(const Kernel& kernel) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) {
    call_avx2(kernel);
  } else {
    kernel();
  }
}

#else

template <class Kernel>
void wide(const Kernel& kernel) {
  kernel();
}

#endif

}  // namespace thermodose::dose
