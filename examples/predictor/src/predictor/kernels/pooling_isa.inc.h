// Pooling. A stretch of windows of one row is reduced in two steps: over the planes and rows of the
// windows to one line, with the padding of the columns in it, and then the line over the columns of
// each window. Both are done in whole vectors.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Floats of a line, and columns of a window that are reduced together: wider windows take several
// lines.
static constexpr int kPoolingLine = 512;
static constexpr int kPoolingColumns = 256;

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

// line[i] = column `begin + i` of the image folded over `planes` and `rows`, for 0 <= i < count;
// columns outside are fold_start().
template <PoolingKind kKind>
PREDICTOR_KERNEL void fold_rows(const PoolingShape& shape, const float* in, Range planes,
                                Range rows, int begin, int count, float* line) {
  const int first = smaller_int(count, larger_int(0, -begin));
  const int last = larger_int(first, smaller_int(count, shape.in[2] - begin));
  const Vec start = fold_start<kKind>();
  for (int i = 0; i < first; i += kLanes) store(line + i, start);
  int i = first;
  for (; i < last; i += kLanes) {
    const int left = last - i;
    Vec folded = start;
    for (int z = planes.begin; z < planes.end; ++z) {
      const float* row = in + (static_cast<ptrdiff_t>(z) * shape.in[1] + rows.begin) * shape.in[2];
      for (int y = rows.begin; y < rows.end; ++y, row += shape.in[2]) {
        folded = fold<kKind>(folded, pooled<kKind>(load_some(row + begin + i, left), shape.p));
      }
    }
    store(line + i, folded);
  }
  for (i = last; i < count; i += kLanes) store(line + i, start);
}

// The first `left` of kLanes elements of `line`, `stride` floats apart. Strides 1 and 2 read all of
// them.
PREDICTOR_KERNEL_INLINE Vec load_strided(const float* line, int stride, int left) {
  if (stride == 1) return load(line);
  if (stride == 2) return even(load(line), load(line + kLanes));
  float lanes[kLanes] = {};
  for (int i = 0; i < kLanes && i < left; ++i) lanes[i] = line[i * stride];
  return load(lanes);
}

// A stretch of the windows of a row: `count` from output column `begin` on. sizes: their extents in
// columns, kLanes more are read.
struct Stretch {
  int begin;
  int count;
  const float* sizes;
};

// One stretch of results of one plane. out: from its first column on.
template <PoolingKind kKind>
PREDICTOR_KERNEL void pool_stretch(const PoolingShape& shape, const Stretch& stretch,
                                   const float* in, int out_z, int out_y, float* out) {
  const Range planes = window_inside(shape, 0, out_z);
  const Range rows = window_inside(shape, 1, out_y);
  const int area = window_extent(shape, 0, out_z) * window_extent(shape, 1, out_y);
  const Vec areas = broadcast(static_cast<float>(area));
  float line[kPoolingLine + 2 * kLanes];
  for (int k = 0; k < shape.kernel[2]; k += kPoolingColumns) {
    const int columns = smaller_int(kPoolingColumns, shape.kernel[2] - k);
    const int begin = stretch.begin * shape.stride[2] - shape.pad[2] + k;
    const int floats = (stretch.count - 1) * shape.stride[2] + columns;
    fold_rows<kKind>(shape, in, planes, rows, begin, floats, line);
    const bool is_last = k + columns == shape.kernel[2];
    for (int x = 0; x < stretch.count; x += kLanes) {
      const int left = stretch.count - x;
      Vec folded = k == 0 ? fold_start<kKind>() : load_some(out + x, left);
      const float* from = line + x * shape.stride[2];
      for (int i = 0; i < columns; ++i) {
        folded = fold<kKind>(folded, load_strided(from + i, shape.stride[2], left));
      }
      if (is_last) {
        folded = finish_windows<kKind>(shape, folded, multiply(areas, load(stretch.sizes + x)));
      }
      store_some(out + x, folded, left);
    }
  }
}

template <PoolingKind kKind>
PREDICTOR_KERNEL void pool_of_kind(const PoolingShape& shape, const float* in, float* out) {
  const ptrdiff_t in_floats = static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2];
  const ptrdiff_t out_floats = static_cast<ptrdiff_t>(shape.out[0]) * shape.out[1] * shape.out[2];
  const int columns = smaller_int(kPoolingColumns, shape.kernel[2]);
  const int at_once = (kPoolingLine - columns) / shape.stride[2] + 1;
  for (int begin = 0; begin < shape.out[2]; begin += at_once) {
    float sizes[kPoolingLine + kLanes] = {};
    const Stretch stretch = {begin, smaller_int(at_once, shape.out[2] - begin), sizes};
    for (int x = 0; x < stretch.count; ++x) {
      sizes[x] = static_cast<float>(window_extent(shape, 2, begin + x));
    }
    for (int plane = 0; plane < shape.planes; ++plane) {
      float* to = out + plane * out_floats + begin;
      for (int z = 0; z < shape.out[0]; ++z) {
        for (int y = 0; y < shape.out[1]; ++y, to += shape.out[2]) {
          pool_stretch<kKind>(shape, stretch, in + plane * in_floats, z, y, to);
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
