// Compiles the kernels once per instruction set: the same files, each time into another namespace
// and for other processors.
#include "predictor/kernels/isa_kernels.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#if PREDICTOR_HAS_SSE2
#include <immintrin.h>
#elif PREDICTOR_HAS_NEON
#include <arm_neon.h>
#elif PREDICTOR_HAS_SIMD128
#include <wasm_simd128.h>
#endif

#if !PREDICTOR_HAS_AVX
PREDICTOR_SPEED_BEGIN
#endif

#if PREDICTOR_HAS_PLAIN
#define PREDICTOR_ISA PREDICTOR_ISA_PLAIN
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA
#endif

#if PREDICTOR_HAS_SSE2
#define PREDICTOR_ISA PREDICTOR_ISA_SSE2
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA
#endif

// Where there is more than SSE2, hardly a processor is left that has to do with it.
#if PREDICTOR_HAS_AVX
PREDICTOR_SPEED_BEGIN
#endif

#if PREDICTOR_HAS_AVX
#define PREDICTOR_ISA PREDICTOR_ISA_AVX2
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA

#define PREDICTOR_ISA PREDICTOR_ISA_AVX512
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA
#endif

#if PREDICTOR_HAS_NEON
#define PREDICTOR_ISA PREDICTOR_ISA_NEON
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA
#endif

#if PREDICTOR_HAS_SIMD128
#define PREDICTOR_ISA PREDICTOR_ISA_SIMD128
#include "predictor/kernels/all_isa.inc.h"
#undef PREDICTOR_ISA
#endif

PREDICTOR_SPEED_END

namespace PREDICTOR_HIDDEN predictor {

const IsaKernels* isa_kernels(Isa isa) {
  switch (isa) {
#if PREDICTOR_HAS_PLAIN
    case Isa::kPlain:
      return &plain::kKernels;
#endif
#if PREDICTOR_HAS_SSE2
    case Isa::kSse2:
      return &sse2::kKernels;
#endif
#if PREDICTOR_HAS_AVX
    case Isa::kAvx2:
      return &avx2::kKernels;
    case Isa::kAvx512:
      return &avx512::kKernels;
#endif
#if PREDICTOR_HAS_NEON
    case Isa::kNeon:
      return &neon::kKernels;
#endif
#if PREDICTOR_HAS_SIMD128
    case Isa::kSimd128:
      return &simd128::kKernels;
#endif
    default:
      return nullptr;
  }
}

}  // namespace predictor
