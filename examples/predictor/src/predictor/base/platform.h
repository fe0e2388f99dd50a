// Every question about the compiler, the operating system and the processor is answered here, and
// nowhere else. Each macro is always defined, to 0 or 1 where it is a question, so that users write
// #if and never #ifdef.
#pragma once

// Whether a CBLAS library is there for matrix products. The library needs nothing but the C and C++
// runtimes without.
#ifndef PREDICTOR_USE_BLAS
#define PREDICTOR_USE_BLAS 1
#endif

#if defined(__GNUC__) || defined(__clang__)
#define PREDICTOR_GNU 1
#else
#define PREDICTOR_GNU 0
#endif

#if defined(__clang__)
#define PREDICTOR_CLANG 1
#else
#define PREDICTOR_CLANG 0
#endif

#if defined(_WIN32)
#define PREDICTOR_WINDOWS 1
#else
#define PREDICTOR_WINDOWS 0
#endif

#if defined(__APPLE__)
#define PREDICTOR_APPLE 1
#else
#define PREDICTOR_APPLE 0
#endif

#if defined(_MSC_VER)
#define PREDICTOR_HAS_PTHREADS 0
#else
#define PREDICTOR_HAS_PTHREADS 1
#endif

// Whether work may be shared among threads.
#if !PREDICTOR_HAS_PTHREADS || defined(__EMSCRIPTEN__) || defined(__wasi__)
#define PREDICTOR_HAS_THREADS 0
#else
#define PREDICTOR_HAS_THREADS 1
#endif

// Whether large blocks of memory can be had from the system itself, which gets them back at once.
#if defined(__linux__) || PREDICTOR_APPLE
#define PREDICTOR_HAS_MMAP 1
#else
#define PREDICTOR_HAS_MMAP 0
#endif

// And in pages so large that walking through weights does not wait for their addresses.
#if defined(__linux__)
#define PREDICTOR_HAS_HUGE_PAGES 1
#else
#define PREDICTOR_HAS_HUGE_PAGES 0
#endif

// The instruction sets that kernels may be compiled for; PREDICTOR_ISA is one of these while a
// kernel file is included. The order is the order of preference, and the values are those of `enum
// class Isa` (predictor/kernels/isa.h).
#define PREDICTOR_ISA_PLAIN 0
#define PREDICTOR_ISA_SSE2 1
#define PREDICTOR_ISA_AVX2 2
#define PREDICTOR_ISA_AVX512 3
#define PREDICTOR_ISA_NEON 4
#define PREDICTOR_ISA_SIMD128 5

#if PREDICTOR_GNU && defined(__x86_64__) && defined(__SSE2__)
#define PREDICTOR_HAS_SSE2 1
#else
#define PREDICTOR_HAS_SSE2 0
#endif

// GCC does not align the Windows stack for vectors of 32 and 64 bytes (GCC bug 54412), so a spilled
// register would crash.
#if PREDICTOR_HAS_SSE2 && (PREDICTOR_CLANG || !PREDICTOR_WINDOWS)
#define PREDICTOR_HAS_AVX 1
#else
#define PREDICTOR_HAS_AVX 0
#endif

#if PREDICTOR_GNU && defined(__aarch64__) && defined(__ARM_NEON)
#define PREDICTOR_HAS_NEON 1
#else
#define PREDICTOR_HAS_NEON 0
#endif

#if defined(__wasm_simd128__)
#define PREDICTOR_HAS_SIMD128 1
#else
#define PREDICTOR_HAS_SIMD128 0
#endif

// Portable kernels, where no vectors are sure to be there. Tests ask for them elsewhere.
#if defined(PREDICTOR_KEEP_PLAIN) || \
    !(PREDICTOR_HAS_SSE2 || PREDICTOR_HAS_NEON || PREDICTOR_HAS_SIMD128)
#define PREDICTOR_HAS_PLAIN 1
#else
#define PREDICTOR_HAS_PLAIN 0
#endif

// Written as `namespace PREDICTOR_HIDDEN predictor {`: nothing in this body is seen outside of a
// shared library.
#if PREDICTOR_GNU && !PREDICTOR_WINDOWS
#define PREDICTOR_HIDDEN [[gnu::visibility("hidden")]]
#else
#define PREDICTOR_HIDDEN
#endif

#if PREDICTOR_GNU
#define PREDICTOR_INLINE inline __attribute__((always_inline))
#define PREDICTOR_RESTRICT __restrict__
#define PREDICTOR_TARGET(features) __attribute__((target(features)))
#define PREDICTOR_PREFETCH(address) __builtin_prefetch(address, 0, 2)
#else
#define PREDICTOR_INLINE inline
#define PREDICTOR_RESTRICT
#define PREDICTOR_TARGET(features)
#define PREDICTOR_PREFETCH(address) static_cast<void>(address)
#endif

// Before a loop of a small constant count whose body indexes an array of registers: unrolled
// completely, even at -O2.
#if PREDICTOR_CLANG
#define PREDICTOR_UNROLL _Pragma("clang loop unroll(full)")
#elif PREDICTOR_GNU
#define PREDICTOR_UNROLL _Pragma("GCC unroll 64")
#else
#define PREDICTOR_UNROLL
#endif

// GCC compiles for size what is not between these two: a library is mostly code that runs once per
// network, and a tenth of it is saved. (Not where it does not optimise at all; other compilers have
// no switch that would end with the file.) Between them no inline function of the C++ library is
// inlined, as those are compiled for size, so use the functions of the C library there.
#if PREDICTOR_GNU && !PREDICTOR_CLANG && defined(__OPTIMIZE__)
#define PREDICTOR_SPEED_BEGIN _Pragma("GCC push_options") _Pragma("GCC reset_options")
#define PREDICTOR_SPEED_END _Pragma("GCC pop_options")
#pragma GCC optimize("Os")
#else
#define PREDICTOR_SPEED_BEGIN
#define PREDICTOR_SPEED_END
#endif
