// Vec: as many floats as one register of the instruction set holds, and the few operations that the
// kernels are written in.
//
// clang-format off
//   load(p), store(p, v)                    kLanes floats at p, of any alignment
//   load_first(p, n), store_first(p, v, n)  the first n lanes, 0 < n < kLanes; no other memory is
//                                           touched, other lanes load as 0
//   broadcast(x)                            x in every lane
//   add, subtract, multiply, divide, square_root
//   multiply_add(a, b, c)                   a * b + c, rounded once where the processor can
//   larger(a, b), smaller(a, b)             b where either is NaN
//   nan_or(a, b)                            a where it is NaN, b elsewhere
// clang-format on

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

#if PREDICTOR_ISA == PREDICTOR_ISA_AVX512

using Vec = __m512;
static constexpr int kLanes = 16;

PREDICTOR_KERNEL_INLINE __mmask16 first_lanes(int n) {
  return static_cast<__mmask16>((1u << n) - 1u);
}
PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return _mm512_loadu_ps(p); }
PREDICTOR_KERNEL_INLINE Vec load_first(const float* p, int n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { _mm512_storeu_ps(p, v); }
PREDICTOR_KERNEL_INLINE void store_first(float* p, Vec v, int n) {
  _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return _mm512_set1_ps(x); }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return _mm512_add_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return _mm512_sub_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return _mm512_mul_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return _mm512_div_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) {
  return _mm512_maskz_sqrt_ps(0xffff, a);  // GCC 12 warns of its own _mm512_sqrt_ps
}
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return _mm512_maskz_max_ps(0xffff, a, b); }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return _mm512_maskz_min_ps(0xffff, a, b); }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q), b, a);
}

#elif PREDICTOR_ISA == PREDICTOR_ISA_AVX2

using Vec = __m256;
static constexpr int kLanes = 8;

PREDICTOR_KERNEL_INLINE __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return _mm256_loadu_ps(p); }
PREDICTOR_KERNEL_INLINE Vec load_first(const float* p, int n) {
  return _mm256_maskload_ps(p, first_lanes(n));
}
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { _mm256_storeu_ps(p, v); }
PREDICTOR_KERNEL_INLINE void store_first(float* p, Vec v, int n) {
  _mm256_maskstore_ps(p, first_lanes(n), v);
}
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return _mm256_set1_ps(x); }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return _mm256_add_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return _mm256_sub_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return _mm256_mul_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return _mm256_div_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) { return _mm256_sqrt_ps(a); }
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return _mm256_max_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return _mm256_min_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) {
  return _mm256_blendv_ps(b, a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}

#elif PREDICTOR_ISA == PREDICTOR_ISA_SSE2

using Vec = __m128;
static constexpr int kLanes = 4;

PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return _mm_loadu_ps(p); }
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { _mm_storeu_ps(p, v); }
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return _mm_set1_ps(x); }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return _mm_add_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return _mm_sub_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return _mm_mul_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return _mm_div_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) { return _mm_sqrt_ps(a); }
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) {
  return _mm_add_ps(_mm_mul_ps(a, b), c);
}
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return _mm_max_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return _mm_min_ps(a, b); }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) {
  const __m128 is_nan = _mm_cmpunord_ps(a, a);
  return _mm_or_ps(_mm_and_ps(is_nan, a), _mm_andnot_ps(is_nan, b));
}

#elif PREDICTOR_ISA == PREDICTOR_ISA_NEON

using Vec = float32x4_t;
static constexpr int kLanes = 4;

PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return vld1q_f32(p); }
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { vst1q_f32(p, v); }
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return vdupq_n_f32(x); }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return vaddq_f32(a, b); }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return vsubq_f32(a, b); }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return vmulq_f32(a, b); }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return vdivq_f32(a, b); }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) { return vsqrtq_f32(a); }
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return vfmaq_f32(c, a, b); }
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) { return vbslq_f32(vceqq_f32(a, a), b, a); }

#elif PREDICTOR_ISA == PREDICTOR_ISA_SIMD128

using Vec = v128_t;
static constexpr int kLanes = 4;

PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return wasm_v128_load(p); }
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { wasm_v128_store(p, v); }
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return wasm_f32x4_splat(x); }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return wasm_f32x4_add(a, b); }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return wasm_f32x4_sub(a, b); }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return wasm_f32x4_mul(a, b); }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return wasm_f32x4_div(a, b); }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) { return wasm_f32x4_sqrt(a); }
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return add(multiply(a, b), c); }
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return wasm_f32x4_pmax(b, a); }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return wasm_f32x4_pmin(b, a); }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) {
  return wasm_v128_bitselect(b, a, wasm_f32x4_eq(a, a));
}

#else

using Vec = float;
static constexpr int kLanes = 1;

PREDICTOR_KERNEL_INLINE Vec load(const float* p) { return *p; }
PREDICTOR_KERNEL_INLINE void store(float* p, Vec v) { *p = v; }
PREDICTOR_KERNEL_INLINE Vec broadcast(float x) { return x; }
PREDICTOR_KERNEL_INLINE Vec add(Vec a, Vec b) { return a + b; }
PREDICTOR_KERNEL_INLINE Vec subtract(Vec a, Vec b) { return a - b; }
PREDICTOR_KERNEL_INLINE Vec multiply(Vec a, Vec b) { return a * b; }
PREDICTOR_KERNEL_INLINE Vec divide(Vec a, Vec b) { return a / b; }
PREDICTOR_KERNEL_INLINE Vec square_root(Vec a) { return sqrtf(a); }
PREDICTOR_KERNEL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return a * b + c; }
PREDICTOR_KERNEL_INLINE Vec larger(Vec a, Vec b) { return a > b ? a : b; }
PREDICTOR_KERNEL_INLINE Vec smaller(Vec a, Vec b) { return a < b ? a : b; }
PREDICTOR_KERNEL_INLINE Vec nan_or(Vec a, Vec b) { return a == a ? b : a; }

#endif

#if PREDICTOR_ISA != PREDICTOR_ISA_AVX512 && PREDICTOR_ISA != PREDICTOR_ISA_AVX2

PREDICTOR_KERNEL_INLINE Vec load_first(const float* p, int n) {
  float lanes[kLanes] = {};
  for (int i = 0; i < n; ++i) lanes[i] = p[i];
  return load(lanes);
}

PREDICTOR_KERNEL_INLINE void store_first(float* p, Vec v, int n) {
  float lanes[kLanes];
  store(lanes, v);
  for (int i = 0; i < n; ++i) p[i] = lanes[i];
}

#endif

// As many lanes as there are, at most kLanes; n > 0.
PREDICTOR_KERNEL_INLINE Vec load_some(const float* p, int n) {
  return n >= kLanes ? load(p) : load_first(p, n);
}
PREDICTOR_KERNEL_INLINE void store_some(float* p, Vec v, int n) {
  if (n >= kLanes) {
    store(p, v);
  } else {
    store_first(p, v, n);
  }
}

PREDICTOR_KERNEL_INLINE Vec activated(Vec x, const Epilogue& epilogue) {
  switch (epilogue.activation) {
    case Activation::kRelu:
      return larger(broadcast(0.0f), x);
    case Activation::kClip:
      return smaller(broadcast(epilogue.high), larger(broadcast(epilogue.low), x));
    default:
      return x;
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
