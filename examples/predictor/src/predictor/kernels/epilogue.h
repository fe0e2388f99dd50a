// What a kernel may do to its result in the pass that stores it: out = activation(result + bias +
// residual).
#pragma once

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

enum class Activation : int {
  kNone,
  kRelu,  // max(x, 0); NaN stays NaN
  kClip,  // min(max(x, low), high); NaN stays NaN
};

struct Epilogue {
  const float* bias = nullptr;  // (out_channels), or null: none
  const float* residual =
      nullptr;  // shape of the output, or null: none; may be the output buffer itself
  Activation activation = Activation::kNone;
  float low = 0.0f;   // kClip only
  float high = 0.0f;  // kClip only
};

}  // namespace predictor
