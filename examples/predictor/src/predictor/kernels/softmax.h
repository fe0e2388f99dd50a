// Softmax and its logarithm along one axis.
#pragma once

#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// REQUIRES: extents at least 1; temperature is not zero.
struct SoftmaxShape {
  int outer = 1;
  int axis = 1;
  int inner = 1;
  float temperature = 1.0f;
  bool logarithm = false;
};

// out[o][a][i] = exp((in[o][a][i] - m)/temperature) / (sum over a), or its logarithm, with m the
// maximum over a (the minimum for a negative temperature). in, out: (outer, axis, inner); may be
// the same buffer.
void softmax(Isa isa, const SoftmaxShape& shape, const float* in, float* out);

}  // namespace predictor
