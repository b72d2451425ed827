// The cell kernels of the mesh engine for one instruction set (avx2); flags in fem/room.cmake.
// Implements: fem/mesh_kernel.h.
#define THERMODOSE_ISA_NAMESPACE isa_avx2
#include "fem/mesh_kernel_body.h"
