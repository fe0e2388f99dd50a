// Pooling. A window is reduced first over its planes and rows, which is done in whole vectors for a
// stretch of columns, and then over the columns of the stretch.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Columns that are reduced together. Windows that are wider are reduced element by element.
static constexpr int kPoolingStretch = 512;

// What is folded over the window: x itself, or |x|^p.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec pooled(Vec x, int p) {
  if (kKind != PoolingKind::kLp) return x;
  const Vec magnitude = larger(x, subtract(broadcast(0.0f), x));
  if (p == 1) return magnitude;
  const Vec square = multiply(x, x);
  return p == 2 ? square : multiply(square, magnitude);
}

// `folded` with one more element. As in MXNet, the largest of elements of which some are NaN is
// that of the others.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE Vec fold(Vec folded, Vec x) {
  return kKind == PoolingKind::kMax ? larger(x, folded) : add(folded, x);
}

template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE float fold_one(float folded, float x) {
  if (kKind == PoolingKind::kMax) return x > folded ? x : folded;
  return folded + x;
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

// The result of a window from its folded elements. `size` is the window's, for an average.
template <PoolingKind kKind>
PREDICTOR_KERNEL_INLINE float finish_window(const PoolingShape& shape, float folded, int size) {
  if (kKind == PoolingKind::kAverage) return size == 0 ? 0.0f : folded / static_cast<float>(size);
  if (kKind != PoolingKind::kLp || shape.p == 1) return folded;
  return shape.p == 2 ? std::sqrt(folded) : std::cbrt(folded);
}

// Folds columns [columns.begin, columns.end) of the planes and rows of one window into `line`.
template <PoolingKind kKind>
PREDICTOR_KERNEL void fold_rows(const PoolingShape& shape, const float* in, Range planes,
                                Range rows, Range columns, float start, float* line) {
  const int count = columns.end - columns.begin;
  for (int i = 0; i < count; i += kLanes) {
    const int left = count - i;
    Vec folded = broadcast(start);
    for (int z = planes.begin; z < planes.end; ++z) {
      for (int y = rows.begin; y < rows.end; ++y) {
        const float* row = in + (static_cast<ptrdiff_t>(z) * shape.in[1] + y) * shape.in[2];
        folded =
            fold<kKind>(folded, pooled<kKind>(load_some(row + columns.begin + i, left), shape.p));
      }
    }
    store_some(line + i, folded, left);
  }
}

// One row of results of one plane.
template <PoolingKind kKind>
PREDICTOR_KERNEL void pool_row(const PoolingShape& shape, const float* in, int out_z, int out_y,
                               float* out) {
  const float start = kKind == PoolingKind::kMax ? -FLT_MAX : 0.0f;
  const Range planes = window_inside(shape, 0, out_z);
  const Range rows = window_inside(shape, 1, out_y);
  const int area = window_extent(shape, 0, out_z) * window_extent(shape, 1, out_y);
  const int windows_at_once =
      larger_int(1, (kPoolingStretch - shape.kernel[2]) / shape.stride[2] + 1);
  float line[kPoolingStretch];
  for (int x0 = 0; x0 < shape.out[2]; x0 += windows_at_once) {
    const int x1 = smaller_int(shape.out[2], x0 + windows_at_once);
    const Range all = {window_inside(shape, 2, x0).begin, window_inside(shape, 2, x1 - 1).end};
    float results[kPoolingStretch];
    for (int x = x0; x < x1; ++x) results[x - x0] = start;
    for (int from = all.begin; from < all.end; from += kPoolingStretch) {
      const Range part = {from, smaller_int(all.end, from + kPoolingStretch)};
      fold_rows<kKind>(shape, in, planes, rows, part, start, line);
      for (int x = x0; x < x1; ++x) {
        const Range window = window_inside(shape, 2, x);
        const int end = smaller_int(window.end, part.end);
        float folded = results[x - x0];
        for (int i = larger_int(window.begin, part.begin); i < end; ++i) {
          folded = fold_one<kKind>(folded, line[i - part.begin]);
        }
        results[x - x0] = folded;
      }
    }
    for (int x = x0; x < x1; ++x) {
      const int size = area * window_extent(shape, 2, x);
      out[x] = finish_window<kKind>(shape, results[x - x0], size);
    }
  }
}

template <PoolingKind kKind>
PREDICTOR_KERNEL void pool_of_kind(const PoolingShape& shape, const float* in, float* out) {
  const ptrdiff_t in_floats = static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2];
  for (int plane = 0; plane < shape.planes; ++plane, in += in_floats) {
    for (int z = 0; z < shape.out[0]; ++z) {
      for (int y = 0; y < shape.out[1]; ++y, out += shape.out[2]) {
        pool_row<kKind>(shape, in, z, y, out);
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
