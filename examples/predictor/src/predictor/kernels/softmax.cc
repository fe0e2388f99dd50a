#include "predictor/kernels/softmax.h"

#include <cmath>
#include <cstddef>

namespace PREDICTOR_HIDDEN predictor {

namespace softmax_detail {

// Softmax of the `axis` elements in[0], in[step], ...
static void softmax_line(const SoftmaxShape& shape, ptrdiff_t step, const float* in, float* out) {
  const float scale = 1.0f / shape.temperature;
  float highest = in[0] * scale;
  for (int a = 1; a < shape.axis; ++a) {
    const float x = in[a * step] * scale;
    highest = x > highest ? x : highest;
  }
  float sum = 0.0f;
  for (int a = 0; a < shape.axis; ++a) {
    const float shifted = in[a * step] * scale - highest;
    const float power = std::exp(shifted);
    sum += power;
    out[a * step] = shape.logarithm ? shifted : power;
  }
  const float log_sum = std::log(sum);
  const float factor = 1.0f / sum;
  for (int a = 0; a < shape.axis; ++a) {
    float& x = out[a * step];
    x = shape.logarithm ? x - log_sum : x * factor;
  }
}

}  // namespace softmax_detail

void softmax(Isa, const SoftmaxShape& shape, const float* in, float* out) {
  for (int o = 0; o < shape.outer; ++o) {
    const ptrdiff_t at = static_cast<ptrdiff_t>(o) * shape.axis * shape.inner;
    for (int i = 0; i < shape.inner; ++i) {
      softmax_detail::softmax_line(shape, shape.inner, in + at + i, out + at + i);
    }
  }
}

}  // namespace predictor
