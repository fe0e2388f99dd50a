#include "predictor/kernels/gemm.h"

#include "predictor/kernels/blas.h"
#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

namespace gemm_detail {

// Where a BLAS is there and is not slower. Measured with OpenBLAS 0.3.21, one thread, GFLOP/s on
// the sizes 64 to 1024: AVX-512 here 130 to 249, BLAS 115 to 137; AVX2 here 88 to 130, BLAS the
// same 115 to 137; a single row is 1.2 times faster here.
static bool is_for_blas(Isa isa, const GemmShape& shape) {
  return PREDICTOR_USE_BLAS != 0 && isa != Isa::kAvx512 && shape.m > 1;
}

#if PREDICTOR_USE_BLAS
static void blas_gemm(const GemmShape& shape, const float* a, const float* b, float* c) {
  cblas_sgemm(CblasRowMajor, shape.transpose_a ? CblasTrans : CblasNoTrans,
              shape.transpose_b ? CblasTrans : CblasNoTrans, shape.m, shape.n, shape.k, 1.0f, a,
              static_cast<int>(shape.stride_a), b, static_cast<int>(shape.stride_b),
              shape.accumulate ? 1.0f : 0.0f, c, static_cast<int>(shape.stride_c));
}
#endif

}  // namespace gemm_detail

size_t gemm_workspace_floats(Isa isa, const GemmShape& shape) {
  if (gemm_detail::is_for_blas(isa, shape)) return 0;
  return isa_kernels(isa)->gemm_workspace_floats(shape);
}

void gemm(Isa isa, const GemmShape& shape, const float* a, const float* b, float* workspace,
          float* c) {
#if PREDICTOR_USE_BLAS
  if (gemm_detail::is_for_blas(isa, shape)) return gemm_detail::blas_gemm(shape, a, b, c);
#endif
  isa_kernels(isa)->gemm(shape, a, b, workspace, c);
}

}  // namespace predictor
