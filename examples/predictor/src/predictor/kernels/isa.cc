#include "predictor/kernels/isa.h"

#include <cstdlib>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/kernels/isa_kernels.h"

#if PREDICTOR_HAS_AVX
#include <cpuid.h>
#endif

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

#if PREDICTOR_HAS_AVX

// Whether the processor has the instructions, and the operating system keeps their registers.
// (What compilers offer for this knows all processors of the world, and is larger than a kernel.)
// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, 14.3 and 15.2.
static bool is_supported(Isa isa) {
  static constexpr unsigned kFmaAndXsave = 1u << 12 | 1u << 27;
  static constexpr unsigned kAvx2 = 1u << 5;
  static constexpr unsigned kAvx512 = 1u << 16;
  static constexpr unsigned kAvxRegisters = 0x06;
  static constexpr unsigned kAvx512Registers = 0xe6;
  if (isa != Isa::kAvx2 && isa != Isa::kAvx512) return true;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kFmaAndXsave) != kFmaAndXsave) return false;
  unsigned registers = 0;
  __asm__("xgetbv" : "=a"(registers), "=d"(d) : "c"(0));
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  if (isa == Isa::kAvx2) return (b & kAvx2) != 0 && (registers & kAvxRegisters) == kAvxRegisters;
  return (b & kAvx512) != 0 && (registers & kAvx512Registers) == kAvx512Registers;
}

#else

// All that can be compiled in is part of the target that the compiler was asked for.
static bool is_supported(Isa) { return true; }

#endif

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
