// General matrix product: c = a * b, or c += a * b, each operand optionally transposed. For
// products of two inputs (dot, batch_dot); a product with a constant is a FullyConnected or a
// convolution, which pack the constant once.
#pragma once

#include <cstddef>

#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// REQUIRES: m, n, k at least 1; leading dimensions at least the length of a stored row.
struct GemmShape {
  int m = 1;
  int n = 1;
  int k = 1;
  bool transpose_a = false;  // a is stored (k, m) instead of (m, k)
  bool transpose_b = false;  // b is stored (n, k) instead of (k, n)
  bool accumulate = false;   // c += instead of c =
  ptrdiff_t stride_a = 1;    // floats from one stored row to the next
  ptrdiff_t stride_b = 1;
  ptrdiff_t stride_c = 1;
};

// Number of floats of scratch memory that gemm needs.
size_t gemm_workspace_floats(Isa isa, const GemmShape& shape);

// a, b, c: row-major, with row strides as in `shape`. REQUIRES: c overlaps neither a nor b.
void gemm(Isa isa, const GemmShape& shape, const float* a, const float* b, float* workspace,
          float* c);

}  // namespace predictor
