// Pooling over windows of 1-, 2- and 3-D images, each plane (one channel of one batch item) by
// itself.
#pragma once

#include <cstddef>

#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

enum class PoolingKind : int {
  kMax,      // largest element inside the image; -FLT_MAX for a window that is wholly outside
  kAverage,  // sum / size of the window; 0 for a window that is wholly outside
  kSum,
  kLp,  // (sum of x^p)^(1/p), with the sign of x
};

// Extents in order depth, height, width; leading ones for fewer dimensions. The window of output y
// is [y*stride - pad, min(y*stride - pad + kernel, in + pad)); what lies outside the image counts
// as zero (as nothing, for kMax). An average divides by the window's size if count_include_pad,
// else by the size of the part inside the image. Global pooling is kernel = in, stride = 1, pad =
// 0, out = 1. `out` is the caller's: the floor of 'valid' or the ceiling of 'full'. Source:
// MXNet 1.x Pooling. REQUIRES: all but `pad` at least 1, 0 <= pad; p in {1, 2, 3} for kLp.
struct PoolingShape {
  int planes = 1;           // batch * channels; those of a blocked image with the channels too many
  bool is_blocked = false;  // the layout of both images, see layout.h
  int in[3] = {1, 1, 1};
  int kernel[3] = {1, 1, 1};
  int stride[3] = {1, 1, 1};
  int pad[3] = {0, 0, 0};
  int out[3] = {1, 1, 1};
  PoolingKind kind = PoolingKind::kMax;
  bool count_include_pad = true;
  int p = 2;
};

// Number of floats of scratch memory that pool needs.
size_t pool_workspace_floats(Isa isa, const PoolingShape& shape);

// in: (planes, in...). out: (planes, out...). REQUIRES: no overlap.
void pool(Isa isa, const PoolingShape& shape, const float* in, float* workspace, float* out);

}  // namespace predictor
