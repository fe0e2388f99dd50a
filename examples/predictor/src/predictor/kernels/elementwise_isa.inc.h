// Kernels that are one pass over memory: per element, per channel, across channels.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

PREDICTOR_KERNEL void activate(size_t count, const float* in, const Epilogue& epilogue,
                               float* out) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, activated(load(in + i), epilogue));
  const int left = static_cast<int>(count - i);
  if (left > 0) store_first(out + i, activated(load_first(in + i, left), epilogue), left);
}

PREDICTOR_KERNEL_INLINE Vec leaky(Vec x, Vec slope) {
  const Vec zero = broadcast(0.0f);
  return multiply_add(slope, smaller(zero, x), larger(zero, x));
}

PREDICTOR_KERNEL void leaky_relu(int outer, int channels, int inner, const float* slope,
                                 const float* in, float* out) {
  for (int n = 0; n < outer; ++n) {
    for (int c = 0; c < channels; ++c, in += inner, out += inner) {
      const Vec channel_slope = broadcast(slope[c]);
      for (int i = 0; i < inner; i += kLanes) {
        store_some(out + i, leaky(load_some(in + i, inner - i), channel_slope), inner - i);
      }
    }
  }
}

PREDICTOR_KERNEL void scale_channels(int outer, int channels, int inner, const float* scale,
                                     const float* in, const Epilogue& epilogue, float* out) {
  const float* residual = epilogue.residual;
  for (int n = 0; n < outer; ++n) {
    for (int c = 0; c < channels; ++c, in += inner, out += inner) {
      const Vec factor = broadcast(scale[c]);
      const Vec shift = broadcast(epilogue.bias == nullptr ? 0.0f : epilogue.bias[c]);
      for (int i = 0; i < inner; i += kLanes) {
        Vec x = multiply_add(load_some(in + i, inner - i), factor, shift);
        if (residual != nullptr) x = add(x, load_some(residual + i, inner - i));
        store_some(out + i, activated(x, epilogue), inner - i);
      }
      if (residual != nullptr) residual += inner;
    }
  }
}

template <BinaryKind kKind>
PREDICTOR_KERNEL_INLINE Vec combined(Vec a, Vec b) {
  switch (kKind) {
    case BinaryKind::kAdd:
      return add(a, b);
    case BinaryKind::kSubtract:
      return subtract(a, b);
    case BinaryKind::kMultiply:
      return multiply(a, b);
    case BinaryKind::kDivide:
      return divide(a, b);
    case BinaryKind::kMaximum:
      return nan_or(a, larger(a, b));
    default:
      return nan_or(a, smaller(a, b));
  }
}

template <BinaryKind kKind>
PREDICTOR_KERNEL void binary_of_kind(size_t count, const float* a, int a_step, const float* b,
                                     int b_step, const Epilogue& epilogue, float* out) {
  const Vec a_value = broadcast(a[0]);
  const Vec b_value = broadcast(b[0]);
  for (size_t i = 0; i < count; i += kLanes) {
    const int left = count - i < kLanes ? static_cast<int>(count - i) : kLanes;
    const Vec x = a_step == 0 ? a_value : load_some(a + i, left);
    const Vec y = b_step == 0 ? b_value : load_some(b + i, left);
    store_some(out + i, activated(combined<kKind>(x, y), epilogue), left);
  }
}

// All kinds but kPower, which has no vector form.
PREDICTOR_KERNEL void binary(BinaryKind kind, size_t count, const float* a, int a_step,
                             const float* b, int b_step, const Epilogue& epilogue, float* out) {
  switch (kind) {
    case BinaryKind::kAdd:
      return binary_of_kind<BinaryKind::kAdd>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kSubtract:
      return binary_of_kind<BinaryKind::kSubtract>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kMultiply:
      return binary_of_kind<BinaryKind::kMultiply>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kDivide:
      return binary_of_kind<BinaryKind::kDivide>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kMaximum:
      return binary_of_kind<BinaryKind::kMaximum>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kMinimum:
      return binary_of_kind<BinaryKind::kMinimum>(count, a, a_step, b, b_step, epilogue, out);
    case BinaryKind::kPower:
      return;
  }
}

// x ^ -beta for x > 0. The exponent of every published network, 0.75, needs no power function.
PREDICTOR_KERNEL_INLINE Vec inverse_power(Vec x, float beta) {
  if (beta == 0.75f) {
    const Vec root = square_root(x);
    return divide(broadcast(1.0f), multiply(root, square_root(root)));
  }
  float lanes[kLanes];
  store(lanes, x);
  for (int i = 0; i < kLanes; ++i) lanes[i] = powf(lanes[i], -beta);
  return load(lanes);
}

// The sum over the window is taken anew for every channel: a running sum would lose digits.
PREDICTOR_KERNEL void local_response_normalize(const LrnShape& shape, const float* in, float* out) {
  const int half = shape.window / 2;
  const ptrdiff_t stride = shape.inner;
  for (int n = 0; n < shape.outer; ++n) {
    for (int c = 0; c < shape.channels; ++c, out += stride) {
      const int first = larger_int(0, c - half);
      const int last = smaller_int(shape.channels - 1, c + half);
      for (int i = 0; i < shape.inner; i += kLanes) {
        const int left = shape.inner - i;
        Vec squares = broadcast(0.0f);
        for (int d = first; d <= last; ++d) {
          const Vec x = load_some(in + d * stride + i, left);
          squares = multiply_add(x, x, squares);
        }
        const float share = shape.alpha / static_cast<float>(shape.window);
        const Vec base = multiply_add(squares, broadcast(share), broadcast(shape.knorm));
        const Vec x = load_some(in + c * stride + i, left);
        store_some(out + i, multiply(x, inverse_power(base, shape.beta)), left);
      }
    }
    in += shape.channels * stride;
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
