// The kernels of the grid for one instruction set (avx2); flags in fem/room.cmake.
// Implements: fem/grid_kernel.h, fem/interface_kernel.h.
#define THERMODOSE_ISA_NAMESPACE isa_avx2
#include "fem/grid_kernel_body.h"
#include "fem/interface_kernel_body.h"
