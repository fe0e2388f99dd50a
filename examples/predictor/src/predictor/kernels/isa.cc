#include "predictor/kernels/isa.h"

#include <cstdlib>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

namespace isa_detail {

struct Named {
  Isa isa;
  const char* name;
};

// Slowest first.
static constexpr Named kAll[] = {
    {Isa::kPlain, "plain"},   {Isa::kSse2, "sse2"}, {Isa::kAvx2, "avx2"},
    {Isa::kAvx512, "avx512"}, {Isa::kNeon, "neon"}, {Isa::kSimd128, "simd128"},
};

// Whether the processor has what the kernels of `isa` use, given that they were compiled in.
static bool is_supported(Isa isa) {
#if PREDICTOR_HAS_AVX
  if (isa == Isa::kAvx2) return PREDICTOR_CPU_SUPPORTS("avx2") && PREDICTOR_CPU_SUPPORTS("fma");
  if (isa == Isa::kAvx512) return PREDICTOR_CPU_SUPPORTS("avx512f");
#endif
  static_cast<void>(isa);
  return true;  // the others are part of the target that the compiler was asked for
}

}  // namespace isa_detail

bool isa_is_available(Isa isa) {
  return isa_kernels(isa) != nullptr && isa_detail::is_supported(isa);
}

Isa best_isa() {
  Isa best = Isa::kPlain;
  for (const isa_detail::Named& candidate : isa_detail::kAll) {
    if (isa_is_available(candidate.isa)) best = candidate.isa;
  }
  return best;
}

bool isa_from_name(const char* name, Isa* isa) {
  if (name == nullptr) return false;
  for (const isa_detail::Named& candidate : isa_detail::kAll) {
    if (std::strcmp(candidate.name, name) == 0 && isa_is_available(candidate.isa)) {
      *isa = candidate.isa;
      return true;
    }
  }
  return false;
}

const char* isa_name(Isa isa) { return isa_detail::kAll[static_cast<int>(isa)].name; }

Isa isa_from_environment() {
  Isa isa = best_isa();
  const char* name = std::getenv("PREDICTOR_ISA");
  check(name == nullptr || *name == '\0' || isa_from_name(name, &isa),
        {"PREDICTOR_ISA is '", name, "', which this machine does not have"});
  return isa;
}

}  // namespace predictor
