// The fused grid stage for one instruction set (avx512); flags in fem/room.cmake.
// Implements: fem/grid_kernel.h.
#define THERMODOSE_ISA_NAMESPACE isa_avx512
#include "fem/grid_kernel_body.h"
