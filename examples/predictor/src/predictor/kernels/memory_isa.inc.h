// Moving floats: small helpers, and the packing of matrices for the kernels that multiply.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Floats that let a pointer into a workspace be moved up to a cache line.
static constexpr size_t kAlignFloats = 16;

PREDICTOR_KERNEL_INLINE int smaller_int(int a, int b) { return a < b ? a : b; }
PREDICTOR_KERNEL_INLINE int larger_int(int a, int b) { return a > b ? a : b; }

PREDICTOR_KERNEL_INLINE float* aligned(float* p) {
  const uintptr_t bytes = kAlignFloats * sizeof(float);
  return p + (bytes - reinterpret_cast<uintptr_t>(p) % bytes) % bytes / sizeof(float);
}

PREDICTOR_KERNEL_INLINE void copy_floats(float* PREDICTOR_RESTRICT to,
                                         const float* PREDICTOR_RESTRICT from, int count) {
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(from + i));
  if (i < count) store_first(to + i, load_first(from + i, count - i), count - i);
}

PREDICTOR_KERNEL_INLINE void zero_floats(float* to, int count) {
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, broadcast(0.0f));
  if (i < count) store_first(to + i, broadcast(0.0f), count - i);
}

// A matrix whose element (row, k) is at data[row * row_step + k * depth_step].
struct Strided {
  const float* data;
  ptrdiff_t row_step;
  ptrdiff_t depth_step;
};

// Packs `width` rows from `row` on, at `depth` places from `k` on, as (depth, panel_width); rows
// beyond `width` become zeros.
PREDICTOR_KERNEL void pack_panel(const Strided& from, int row, int width, int k, int depth,
                                 int panel_width, float* panel) {
  const float* start = from.data + row * from.row_step + k * from.depth_step;
  if (from.row_step == 1) {
    for (int d = 0; d < depth; ++d) {
      copy_floats(panel + static_cast<ptrdiff_t>(d) * panel_width, start + d * from.depth_step,
                  width);
      zero_floats(panel + static_cast<ptrdiff_t>(d) * panel_width + width, panel_width - width);
    }
    return;
  }
  for (int d = 0; d < depth; ++d, panel += panel_width) {
    for (int r = 0; r < width; ++r) panel[r] = start[r * from.row_step + d * from.depth_step];
    for (int r = width; r < panel_width; ++r) panel[r] = 0.0f;
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
