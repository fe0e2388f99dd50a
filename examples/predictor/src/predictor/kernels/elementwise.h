// Functions of one or two elements at a time. Every `out` may be the same buffer as an input.
#pragma once

#include <cstddef>

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

enum class UnaryKind : int {
  kSigmoid,  // 1 / (1 + exp(-x))
  kTanh,
  kSoftRelu,  // log(1 + exp(x)), x above 20
  kSoftSign,  // x / (1 + |x|)
  kExp,
  kLog,
  kSquareRoot,
  kSquare,
  kAbsolute,
  kNegative,
  kGelu,  // x/2 * (1 + erf(x / sqrt(2)))
  kSelu,
};

// NaN is the maximum and the minimum of anything and NaN.
enum class BinaryKind : int { kAdd, kSubtract, kMultiply, kDivide, kMaximum, kMinimum, kPower };

// out[i] = f(in[i]).
void unary(Isa isa, UnaryKind kind, size_t count, const float* in, float* out);

// out[i] = activation(in[i]), as the epilogue says; bias and residual are not read.
void activate(Isa isa, size_t count, const float* in, const Epilogue& epilogue, float* out);

// out[n][c][i] = x > 0 ? x : slope[c] * x. in, out: (outer, channels, inner). A single slope is
// channels = 1.
void leaky_relu(Isa isa, int outer, int channels, int inner, const float* slope, const float* in,
                float* out);

// out[i] = x > 0 ? x : slope * (exp(x) - 1).
void exponential_linear(Isa isa, float slope, size_t count, const float* in, float* out);

// out[i] = activation(f(a[i], b[i])), where an operand whose step is 0 is one value for all i, and
// whose step is 1 has `count`. The epilogue's bias and residual are not read.
void binary(Isa isa, BinaryKind kind, size_t count, const float* a, int a_step, const float* b,
            int b_step, const Epilogue& epilogue, float* out);

}  // namespace predictor
