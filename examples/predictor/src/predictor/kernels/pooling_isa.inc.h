// Pooling of blocked images: a result of all channels of a block is one register.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// What is folded over the window: x itself, or x^p.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec pooled(Vec x, int p) {
  if (kKind != PoolingKind::kLp) return x;
  const Vec square = multiply(x, x);
  return p == 1 ? x : p == 2 ? square : multiply(square, x);
}

// `folded` with one more element. As in MXNet, the largest of elements of which some are NaN is
// that of the others.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec fold(Vec folded, Vec x) {
  return kKind == PoolingKind::kMax ? larger(x, folded) : add(folded, x);
}

// Part of an axis, [begin, end).
struct Range {
  int begin;
  int end;
};

// The window of output `at` on axis `d`, cut off at the image, which may leave nothing of it.
PREDICTOR_KERNEL_INLINE Range window_inside(const PoolingShape& shape, int d, int at) {
  const int begin = at * shape.stride[d] - shape.pad[d];
  return {larger_int(begin, 0), smaller_int(begin + shape.kernel[d], shape.in[d])};
}

// Elements of that window by MXNet's count: with padding, but not beyond the padded image.
PREDICTOR_KERNEL_INLINE int window_extent(const PoolingShape& shape, int d, int at) {
  if (!shape.count_include_pad) {
    const Range inside = window_inside(shape, d, at);
    return larger_int(0, inside.end - inside.begin);
  }
  const int begin = at * shape.stride[d] - shape.pad[d];
  return larger_int(0, smaller_int(begin + shape.kernel[d], shape.in[d] + shape.pad[d]) - begin);
}

// The value before the first element.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec fold_start() {
  return broadcast(kKind == PoolingKind::kMax ? -FLT_MAX : 0.0f);
}

// The results of windows from their folded elements. sizes: of the windows, for an average.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec finish_windows(const PoolingShape& shape, Vec folded, Vec sizes) {
  if (kKind == PoolingKind::kAverage) return divide(folded, larger(sizes, broadcast(1.0f)));
  if (kKind != PoolingKind::kLp || shape.p == 1) return folded;
  if (shape.p == 2) return square_root(folded);
  float lanes[kLanes];
  store(lanes, folded);
  for (int i = 0; i < kLanes; ++i) lanes[i] = cbrtf(lanes[i]);
  return load(lanes);
}

// One result of every channel of a block. in: the block's image. Rows are folded one by one, as a
// sum of many small numbers to a large one would lose digits.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec pool_window(const PoolingShape& shape, const float* in, Range planes,
                                        Range rows, Range columns) {
  Vec folded = fold_start<kKind>();
  for (int z = planes.begin; z < planes.end; ++z) {
    for (int y = rows.begin; y < rows.end; ++y) {
      const float* row = in + (static_cast<ptrdiff_t>(z) * shape.in[1] + y) * shape.in[2] * kLanes;
      Vec of_row = fold_start<kKind>();
      for (int x = columns.begin; x < columns.end; ++x) {
        of_row = fold<kKind>(of_row, pooled<kKind>(load(row + x * kLanes), shape.p));
      }
      folded = fold<kKind>(folded, of_row);
    }
  }
  return folded;
}

template <PoolingKind kKind>
PREDICTOR_KERNEL void pool_of_kind(const PoolingShape& shape, const float* in, float* out) {
  const ptrdiff_t in_floats =
      static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2] * kLanes;
  for (int plane = 0; plane < shape.planes; plane += kLanes, in += in_floats) {
    for (int z = 0; z < shape.out[0]; ++z) {
      const Range planes = window_inside(shape, 0, z);
      for (int y = 0; y < shape.out[1]; ++y) {
        const Range rows = window_inside(shape, 1, y);
        const int area = window_extent(shape, 0, z) * window_extent(shape, 1, y);
        for (int x = 0; x < shape.out[2]; ++x, out += kLanes) {
          const Vec folded =
              pool_window<kKind>(shape, in, planes, rows, window_inside(shape, 2, x));
          const float size =
              static_cast<float>(area) * static_cast<float>(window_extent(shape, 2, x));
          store(out, finish_windows<kKind>(shape, folded, broadcast(size)));
        }
      }
    }
  }
}

PREDICTOR_KERNEL void pool(const PoolingShape& shape, const float* in, float* out) {
  switch (shape.kind) {
    case PoolingKind::kMax:
      return pool_of_kind<PoolingKind::kMax>(shape, in, out);
    case PoolingKind::kAverage:
      return pool_of_kind<PoolingKind::kAverage>(shape, in, out);
    case PoolingKind::kSum:
      return pool_of_kind<PoolingKind::kSum>(shape, in, out);
    case PoolingKind::kLp:
      return pool_of_kind<PoolingKind::kLp>(shape, in, out);
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
