// The functions that libm computes, one element at a time; there is one version for all instruction
// sets.
#include "predictor/kernels/elementwise.h"

#include <cmath>

#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

namespace elementwise_detail {

static constexpr float kSeluScale = 1.0507009873554805f;
static constexpr float kSeluAlpha = 1.6732632423543772f;
static constexpr float kInverseSquareRootOf2 = 0.70710678118654752f;

// Above this log(1 + exp(x)) is x in MXNet.
static constexpr float kSoftReluLimit = 20.0f;

static float evaluate(UnaryKind kind, float x) {
  switch (kind) {
    case UnaryKind::kSigmoid:
      return 1.0f / (1.0f + std::exp(-x));
    case UnaryKind::kTanh:
      return std::tanh(x);
    case UnaryKind::kSoftRelu:
      return x > kSoftReluLimit ? x : std::log1p(std::exp(x));
    case UnaryKind::kSoftSign:
      return x / (1.0f + std::fabs(x));
    case UnaryKind::kExp:
      return std::exp(x);
    case UnaryKind::kLog:
      return std::log(x);
    case UnaryKind::kSquareRoot:
      return std::sqrt(x);
    case UnaryKind::kSquare:
      return x * x;
    case UnaryKind::kAbsolute:
      return std::fabs(x);
    case UnaryKind::kNegative:
      return -x;
    case UnaryKind::kGelu:
      return 0.5f * x * (1.0f + std::erf(x * kInverseSquareRootOf2));
    case UnaryKind::kSelu:
      return kSeluScale * (x > 0.0f ? x : kSeluAlpha * std::expm1(x));
  }
  return x;
}

}  // namespace elementwise_detail

void unary(Isa, UnaryKind kind, size_t count, const float* in, float* out) {
  for (size_t i = 0; i < count; ++i) out[i] = elementwise_detail::evaluate(kind, in[i]);
}

void exponential_linear(Isa, float slope, size_t count, const float* in, float* out) {
  for (size_t i = 0; i < count; ++i) {
    const float x = in[i];
    out[i] = x > 0.0f ? x : slope * std::expm1(x);
  }
}

void binary(Isa isa, BinaryKind kind, size_t count, const float* a, int a_step, const float* b,
            int b_step, const Epilogue& epilogue, float* out) {
  if (kind != BinaryKind::kPower) {
    return isa_kernels(isa)->binary(kind, count, a, a_step, b, b_step, epilogue, out);
  }
  for (size_t i = 0; i < count; ++i) {
    out[i] = std::pow(a[a_step == 0 ? 0 : i], b[b_step == 0 ? 0 : i]);
  }
  activate(isa, count, out, epilogue, out);
}

}  // namespace predictor
