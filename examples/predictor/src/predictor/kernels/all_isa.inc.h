// All kernels of the instruction set PREDICTOR_ISA, in a namespace of its name. Included once per
// instruction set, so neither this file nor those that it includes have a guard; the includer has
// the headers that they use. Every function in them is a PREDICTOR_KERNEL: local to the file, and
// compiled for the instruction set, as one that is not cannot be inlined into one that is.

#if PREDICTOR_ISA == PREDICTOR_ISA_AVX512
#define PREDICTOR_ISA_NAMESPACE avx512
#define PREDICTOR_KERNEL PREDICTOR_TARGET("avx512f") static
#elif PREDICTOR_ISA == PREDICTOR_ISA_AVX2
#define PREDICTOR_ISA_NAMESPACE avx2
#define PREDICTOR_KERNEL PREDICTOR_TARGET("avx2,fma") static
#elif PREDICTOR_ISA == PREDICTOR_ISA_SSE2
#define PREDICTOR_ISA_NAMESPACE sse2
#define PREDICTOR_KERNEL static
#elif PREDICTOR_ISA == PREDICTOR_ISA_NEON
#define PREDICTOR_ISA_NAMESPACE neon
#define PREDICTOR_KERNEL static
#elif PREDICTOR_ISA == PREDICTOR_ISA_SIMD128
#define PREDICTOR_ISA_NAMESPACE simd128
#define PREDICTOR_KERNEL static
#else
#define PREDICTOR_ISA_NAMESPACE plain
#define PREDICTOR_KERNEL static
#endif
#define PREDICTOR_KERNEL_INLINE PREDICTOR_KERNEL PREDICTOR_INLINE

// In this order, as each file uses those above it.
// clang-format off
#include "predictor/kernels/vector_isa.inc.h"
#include "predictor/kernels/memory_isa.inc.h"
#include "predictor/kernels/layout_isa.inc.h"
#include "predictor/kernels/pixels_isa.inc.h"
#include "predictor/kernels/staging_isa.inc.h"
#include "predictor/kernels/depthwise_isa.inc.h"
#include "predictor/kernels/panels_isa.inc.h"
#include "predictor/kernels/winograd_isa.inc.h"
#include "predictor/kernels/convolution_isa.inc.h"
#include "predictor/kernels/gemm_isa.inc.h"
#include "predictor/kernels/elementwise_isa.inc.h"
#include "predictor/kernels/pooling_isa.inc.h"
#include "predictor/kernels/table_isa.inc.h"
// clang-format on

#undef PREDICTOR_KERNEL_INLINE
#undef PREDICTOR_KERNEL
#undef PREDICTOR_ISA_NAMESPACE
