// Normalisations with fixed statistics, and across channels.
#pragma once

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// out[n][c][i] = activation(in[n][c][i] * scale[c] + bias[c] + residual[n][c][i]), with bias and
// residual from `epilogue`. in, out: (outer, channels, inner). BatchNorm at inference is scale =
// gamma/sqrt(var + eps), bias = beta - mean*scale. `in`, `out` and epilogue.residual may be the
// same buffer.
void scale_channels(Isa isa, int outer, int channels, int inner, const float* scale,
                    const float* in, const Epilogue& epilogue, float* out);

// Local response normalisation across channels:
//   out[n][c][i] = in[n][c][i] * (knorm + alpha/window * sum of in[n][c'][i]^2 over |c' - c| <=
//   window/2) ^ -beta
// in, out: (outer, channels, inner). The window is cut off at the first and the last channel.
// Source: MXNet 1.x LRN. REQUIRES: window odd; no overlap.
struct LrnShape {
  int outer = 1;
  int channels = 1;
  int inner = 1;
  int window = 1;
  float alpha = 1e-4f;
  float beta = 0.75f;
  float knorm = 2.0f;
};
void local_response_normalize(Isa isa, const LrnShape& shape, const float* in, float* out);

}  // namespace predictor
