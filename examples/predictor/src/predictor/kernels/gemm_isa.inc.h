// Packing of matrices into panels, and the blocked products on top of the tile: general, and fully
// connected.
//
// A row panel holds kTileRows rows as (depth, kTileRows), a column panel kTileColumns columns as
// (depth, kTileColumns); missing rows and columns at the end are zeros.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Columns of `b` that are packed and multiplied by all of `a` before the next ones.
static constexpr int kColumnBlock = kTileColumns * (192 / kTileColumns);

// Floats that let a pointer into a workspace be moved up to a cache line.
static constexpr size_t kAlignFloats = 16;

PREDICTOR_KERNEL_INLINE int round_up(int value, int step) {
  return (value + step - 1) / step * step;
}
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

// Packs rows [0, rows) at `depth` places from `k` on into consecutive row panels.
PREDICTOR_KERNEL void pack_row_panels(const Strided& from, int rows, int k, int depth,
                                      float* panels) {
  for (int row = 0; row < rows; row += kTileRows) {
    pack_panel(from, row, smaller_int(kTileRows, rows - row), k, depth, kTileRows, panels);
    panels += static_cast<ptrdiff_t>(depth) * kTileRows;
  }
}

PREDICTOR_KERNEL size_t gemm_workspace_floats(const GemmShape& shape) {
  const size_t depth = static_cast<size_t>(smaller_int(kDepthBlock, shape.k));
  const size_t rows = static_cast<size_t>(round_up(shape.m, kTileRows));
  const size_t columns =
      static_cast<size_t>(smaller_int(kColumnBlock, round_up(shape.n, kTileColumns)));
  return kAlignFloats + depth * (rows + columns);
}

PREDICTOR_KERNEL void gemm(const GemmShape& shape, const float* a, const float* b, float* workspace,
                           float* c) {
  const Strided rows =
      shape.transpose_a ? Strided{a, 1, shape.stride_a} : Strided{a, shape.stride_a, 1};
  const Strided columns =
      shape.transpose_b ? Strided{b, shape.stride_b, 1} : Strided{b, 1, shape.stride_b};
  const int widest = smaller_int(kColumnBlock, round_up(shape.n, kTileColumns));
  for (int k = 0; k < shape.k; k += kDepthBlock) {
    const int depth = smaller_int(kDepthBlock, shape.k - k);
    float* column_panels = aligned(workspace);
    float* row_panels = column_panels + static_cast<ptrdiff_t>(depth) * widest;
    pack_row_panels(rows, shape.m, k, depth, row_panels);
    for (int n0 = 0; n0 < shape.n; n0 += kColumnBlock) {
      const int n1 = smaller_int(n0 + kColumnBlock, shape.n);
      for (int n = n0; n < n1; n += kTileColumns) {
        pack_panel(columns, n, smaller_int(kTileColumns, n1 - n), k, depth, kTileColumns,
                   column_panels + static_cast<ptrdiff_t>(n - n0) * depth);
      }
      for (int m = 0; m < shape.m; m += kTileRows) {
        for (int n = n0; n < n1; n += kTileColumns) {
          Tile tile = {};
          tile.a = row_panels + static_cast<ptrdiff_t>(m) * depth;
          tile.b = column_panels + static_cast<ptrdiff_t>(n - n0) * depth;
          tile.b_stride = kTileColumns;
          tile.c = c + m * shape.stride_c + n;
          tile.c_stride = shape.stride_c;
          tile.depth = depth;
          tile.rows = smaller_int(kTileRows, shape.m - m);
          tile.columns = smaller_int(kTileColumns, n1 - n);
          tile.first = k == 0 && !shape.accumulate;
          multiply_tile_of_rows<kTileRows>(tile);
        }
      }
    }
  }
}

// Packed weights of a fully connected layer: column panels (one column is one output) of the whole
// depth, one after the other.
PREDICTOR_KERNEL size_t fully_connected_packed_floats(const FullyConnectedShape& shape) {
  return static_cast<size_t>(round_up(shape.outputs, kTileColumns)) *
         static_cast<size_t>(shape.inputs);
}

PREDICTOR_KERNEL void fully_connected_pack(const FullyConnectedShape& shape, const float* weight,
                                           float* packed) {
  const Strided columns = {weight, shape.inputs, 1};
  for (int n = 0; n < shape.outputs; n += kTileColumns) {
    pack_panel(columns, n, smaller_int(kTileColumns, shape.outputs - n), 0, shape.inputs,
               kTileColumns, packed + static_cast<ptrdiff_t>(n) * shape.inputs);
  }
}

PREDICTOR_KERNEL size_t fully_connected_workspace_floats(const FullyConnectedShape& shape) {
  return static_cast<size_t>(shape.batch / kTileRows * kTileRows) *
         static_cast<size_t>(shape.inputs);
}

// What threads share: the panels of the weights.
struct FullyConnectedJob {
  const FullyConnectedShape* shape;
  const float* packed;
  const float* in;
  const float* workspace;
  const Epilogue* epilogue;
  float* out;
  int parts;
};

// Each piece of the weights is read from memory once and meets all of the batch while it is in the
// cache. Whole groups of kTileRows batch items are packed into row panels; the items left over are
// read as they are, one row at a time.
PREDICTOR_KERNEL void fully_connected_part(const void* context, int part) {
  const FullyConnectedJob& job = *static_cast<const FullyConnectedJob*>(context);
  const FullyConnectedShape& shape = *job.shape;
  const Epilogue& epilogue = *job.epilogue;
  const int grouped = shape.batch / kTileRows * kTileRows;
  const ptrdiff_t panels = (shape.outputs + kTileColumns - 1) / kTileColumns;
  const int first = static_cast<int>(panels * part / job.parts) * kTileColumns;
  const int last =
      smaller_int(shape.outputs, static_cast<int>(panels * (part + 1) / job.parts) * kTileColumns);
  for (int n = first; n < last; n += kTileColumns) {
    for (int k = 0; k < shape.inputs; k += kDepthBlock) {
      const int depth = smaller_int(kDepthBlock, shape.inputs - k);
      for (int m = 0; m < shape.batch; m += m < grouped ? kTileRows : 1) {
        const bool is_grouped = m < grouped;
        const ptrdiff_t at = static_cast<ptrdiff_t>(m) * shape.outputs + n;
        Tile tile = {};
        tile.a = is_grouped ? job.workspace + static_cast<ptrdiff_t>(k) * grouped +
                                  static_cast<ptrdiff_t>(m) * depth
                            : job.in + static_cast<ptrdiff_t>(m) * shape.inputs + k;
        tile.b = job.packed + static_cast<ptrdiff_t>(n) * shape.inputs +
                 static_cast<ptrdiff_t>(k) * kTileColumns;
        tile.b_stride = kTileColumns;
        tile.c = job.out + at;
        tile.c_stride = shape.outputs;
        tile.column_bias = epilogue.bias == nullptr ? nullptr : epilogue.bias + n;
        tile.residual = epilogue.residual == nullptr ? nullptr : epilogue.residual + at;
        tile.epilogue = &epilogue;
        tile.depth = depth;
        tile.rows = is_grouped ? kTileRows : 1;
        tile.columns = smaller_int(kTileColumns, shape.outputs - n);
        tile.first = k == 0;
        tile.last = k + depth == shape.inputs;
        if (is_grouped) {
          multiply_tile_of_rows<kTileRows>(tile);
        } else {
          multiply_tile_of_rows<1>(tile);
        }
      }
    }
  }
}

// Weights from which on it is worth to wake a thread.
static constexpr double kSharedWeights = 1 << 18;

PREDICTOR_KERNEL void fully_connected_run(const FullyConnectedShape& shape, const float* packed,
                                          const float* in, const Epilogue& epilogue,
                                          float* workspace, float* out) {
  const Strided rows = {in, shape.inputs, 1};
  const int grouped = shape.batch / kTileRows * kTileRows;
  for (int k = 0; k < shape.inputs; k += kDepthBlock) {
    pack_row_panels(rows, grouped, k, smaller_int(kDepthBlock, shape.inputs - k),
                    workspace + static_cast<ptrdiff_t>(k) * grouped);
  }
  const bool is_large = static_cast<double>(shape.inputs) * shape.outputs > kSharedWeights;
  const int parts = is_large ? thread_count() : 1;
  const FullyConnectedJob job = {&shape, packed, in, workspace, &epilogue, out, parts};
  parallel_for(parts, fully_connected_part, &job);
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
