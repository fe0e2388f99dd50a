#include "predictor/kernels/gemm.h"

#include "predictor/kernels/blas.h"
#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

#if PREDICTOR_USE_BLAS

size_t gemm_workspace_floats(Isa, const GemmShape&) { return 0; }

void gemm(Isa, const GemmShape& shape, const float* a, const float* b, float*, float* c) {
  cblas_sgemm(CblasRowMajor, shape.transpose_a ? CblasTrans : CblasNoTrans,
              shape.transpose_b ? CblasTrans : CblasNoTrans, shape.m, shape.n, shape.k, 1.0f, a,
              static_cast<int>(shape.stride_a), b, static_cast<int>(shape.stride_b),
              shape.accumulate ? 1.0f : 0.0f, c, static_cast<int>(shape.stride_c));
}

#else

size_t gemm_workspace_floats(Isa isa, const GemmShape& shape) {
  return isa_kernels(isa)->gemm_workspace_floats(shape);
}

void gemm(Isa isa, const GemmShape& shape, const float* a, const float* b, float* workspace,
          float* c) {
  isa_kernels(isa)->gemm(shape, a, b, workspace, c);
}

#endif

}  // namespace predictor
