// Which instruction set the kernels use. A value is chosen once per predictor and handed to every
// kernel: packed weights made for one instruction set are not readable by another.
#pragma once

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

enum class Isa : int {
  kPlain = PREDICTOR_ISA_PLAIN,  // portable C++, where nothing else is sure to be there
  kSse2 = PREDICTOR_ISA_SSE2,
  kAvx2 = PREDICTOR_ISA_AVX2,  // with FMA
  kAvx512 = PREDICTOR_ISA_AVX512,
  kNeon = PREDICTOR_ISA_NEON,
  kSimd128 = PREDICTOR_ISA_SIMD128,
};

// The fastest instruction set that was compiled in and that this processor and its operating system
// offer.
Isa best_isa();

// Whether kernels for `isa` were compiled in and can run here.
bool isa_is_available(Isa isa);

// Finds the instruction set of that name: plain, sse2, avx2, avx512, neon, simd128. False, and
// `isa` untouched, for any other text, also null, and where that set is not available.
bool isa_from_name(const char* name, Isa* isa);

// The name as isa_from_name reads it.
const char* isa_name(Isa isa);

// best_isa(), unless the environment variable PREDICTOR_ISA names another. Throws an Error where
// that is not available.
Isa isa_from_environment();

}  // namespace predictor
