// Convolution as a product of matrices, (outputs, channels * taps) times (channels * taps,
// windows), that never exists as a whole: the second matrix is made one block of windows and
// channels at a time, in a workspace that fits the second-level cache. Where the kernel is a single
// point the image itself is that matrix, and is read in place.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// What follows from a shape, for one group of it.
struct ConvolutionPlan {
  bool is_depthwise;
  bool is_pointwise;  // kernel 1, stride 1, no padding: the windows are the elements of the image
  int channels;       // in
  int outputs;
  int taps;
  int panels;         // row panels of the weights
  int channel_block;  // channels whose taps are one block of the common dimension
  int window_planes;  // the windows, as (planes, rows, columns)
  int window_rows;
  int window_columns;
  int block_columns;  // a block of windows is part of one row, or (block_columns == window_columns)
                      // of several
  int block_rows;     // that a block may touch
  Staging staging;
};

PREDICTOR_KERNEL ConvolutionPlan plan_convolution(const ConvolutionShape& shape) {
  ConvolutionPlan plan;
  plan.channels = shape.in_channels / shape.groups;
  plan.outputs = shape.out_channels / shape.groups;
  plan.taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  plan.is_depthwise = plan.channels == 1 && shape.groups > 1;
  plan.is_pointwise = plan.taps == 1;
  for (int d = 0; d < 3; ++d) {
    plan.is_pointwise = plan.is_pointwise && shape.stride[d] == 1 && shape.pad[d] == 0;
  }
  plan.panels = (plan.outputs + kTileRows - 1) / kTileRows;
  plan.channel_block = smaller_int(plan.channels, larger_int(1, kDepthBlock / plan.taps));
  plan.window_planes = plan.is_pointwise ? 1 : shape.out[0];
  plan.window_rows = plan.is_pointwise ? 1 : shape.out[1];
  plan.window_columns =
      plan.is_pointwise ? shape.out[0] * shape.out[1] * shape.out[2] : shape.out[2];
  plan.block_columns = smaller_int(plan.window_columns, kColumnBlock);
  plan.block_rows =
      plan.window_columns > kColumnBlock
          ? 1
          : smaller_int(plan.window_rows, (kColumnBlock - 2) / plan.window_columns + 2);
  plan.staging = plan_staging(shape, plan.block_rows, plan.block_columns);
  return plan;
}

PREDICTOR_KERNEL size_t convolution_packed_floats(const ConvolutionShape& shape) {
  const ConvolutionPlan plan = plan_convolution(shape);
  const size_t depth = static_cast<size_t>(plan.channels) * static_cast<size_t>(plan.taps);
  if (plan.is_depthwise) return static_cast<size_t>(shape.out_channels) * depth;
  const size_t rows = static_cast<size_t>(plan.panels * kTileRows);
  return static_cast<size_t>(shape.groups) * rows * depth + kLanes;
}

// packed: kLanes zeros after (groups, blocks of channel_block channels, row panels, channels of the
// block * taps, kTileRows), which is the order in which convolution_run reads them.
PREDICTOR_KERNEL void convolution_pack(const ConvolutionShape& shape, const float* weight,
                                       float* packed) {
  const ConvolutionPlan plan = plan_convolution(shape);
  const ptrdiff_t depth = static_cast<ptrdiff_t>(plan.channels) * plan.taps;
  if (plan.is_depthwise) {
    const ptrdiff_t count = shape.out_channels * depth;
    for (ptrdiff_t i = 0; i < count; ++i) packed[i] = weight[i];
    return;
  }
  for (int g = 0; g < shape.groups; ++g) {
    const Strided rows = {weight + g * plan.outputs * depth, depth, 1};
    for (int c = 0; c < plan.channels; c += plan.channel_block) {
      const int block_depth = smaller_int(plan.channel_block, plan.channels - c) * plan.taps;
      pack_row_panels(rows, plan.outputs, c * plan.taps, block_depth, packed);
      packed += static_cast<ptrdiff_t>(plan.panels) * kTileRows * block_depth;
    }
  }
  zero_floats(packed, kLanes);
}

PREDICTOR_KERNEL ptrdiff_t staged_floats(const ConvolutionShape& shape,
                                         const ConvolutionPlan& plan) {
  if (plan.is_pointwise) return 0;
  return plan.channel_block * staged_channel_floats(shape, plan.staging) + kLanes;
}

PREDICTOR_KERNEL size_t convolution_workspace_floats(const ConvolutionShape& shape) {
  const ConvolutionPlan plan = plan_convolution(shape);
  if (plan.is_depthwise) return depthwise_workspace_floats(shape);
  const size_t columns = static_cast<size_t>(
      smaller_int(kColumnBlock, round_up(plan.window_rows * plan.window_columns, kTileColumns)));
  return 2 * kAlignFloats + static_cast<size_t>(staged_floats(shape, plan)) +
         columns * static_cast<size_t>(plan.channel_block * plan.taps) + kLanes;
}

// A block of windows: `count` of them from row `row`, column `column` on, in row-major order, at
// output depth `plane`.
struct WindowBlock {
  int plane;
  int row;
  int column;
  int count;
};

// Packs the windows [first, first + width) of a block as a column panel (channels * taps,
// kTileColumns) from the staged channels. A run of windows in one row is copied in whole vectors:
// what is too much is overwritten by the next run or the next line.
PREDICTOR_KERNEL void pack_windows(const ConvolutionShape& shape, const ConvolutionPlan& plan,
                                   const WindowBlock& block, const float* staged, int channels,
                                   int first, int width, float* panel) {
  struct Run {
    ptrdiff_t from;
    int to;
    int count;
  };
  Run runs[kTileColumns];
  int run_count = 0;
  const ptrdiff_t row_floats = plan.staging.row_scale * staged_row_floats(plan.staging);
  const int skipped = plan.block_columns == plan.window_columns ? block.column : 0;
  for (int done = 0; done < width;) {
    const int at = skipped + first + done;
    const int x = at % plan.block_columns;
    const int count = smaller_int(width - done, plan.block_columns - x);
    runs[run_count++] = {at / plan.block_columns * row_floats + x, done, count};
    done += count;
  }
  const ptrdiff_t channel_floats = staged_channel_floats(shape, plan.staging);
  const bool is_partial = width < kTileColumns;
  for (int c = 0; c < channels; ++c, staged += channel_floats) {
    for (int z = 0; z < shape.kernel[0]; ++z) {
      for (int y = 0; y < shape.kernel[1]; ++y) {
        const float* row = staged + staged_row(shape, plan.staging, z, y);
        for (int x = 0; x < shape.kernel[2]; ++x, panel += kTileColumns) {
          const float* tap = row + staged_column(shape, plan.staging, x);
          if (is_partial) zero_floats(panel, kTileColumns);
          for (int r = 0; r < run_count; ++r) {
            for (int i = 0; i < runs[r].count; i += kLanes)
              store(panel + runs[r].to + i, load(tap + runs[r].from + i));
          }
        }
      }
    }
  }
}

// Adds a block of channels to a block of windows: all row panels of the weights by all column
// panels of the windows. weights: the row panels. panels: the column panels, or null to read
// `image`, (depth, image_stride) from the first window on.
struct BlockProduct {
  const float* weights;
  const float* panels;
  const float* image;
  ptrdiff_t image_stride;
  int depth;
  bool first;
  bool last;
};

// bias, residual, out: of the first output and the first window; out_stride floats from output to
// output.
PREDICTOR_KERNEL void multiply_block(const ConvolutionPlan& plan, const BlockProduct& product,
                                     int count, const Epilogue& epilogue, ptrdiff_t out_stride,
                                     float* out) {
  Tile tile = {};
  tile.c_stride = out_stride;
  tile.epilogue = &epilogue;
  tile.depth = product.depth;
  tile.first = product.first;
  tile.last = product.last;
  for (int o = 0; o < plan.outputs; o += kTileRows) {
    tile.a = product.weights + static_cast<ptrdiff_t>(o) * product.depth;
    tile.bias = epilogue.bias == nullptr ? nullptr : epilogue.bias + o;
    tile.rows = smaller_int(kTileRows, plan.outputs - o);
    for (int w = 0; w < count; w += tile.columns) {
      const int left = count - w;
      tile.columns = left == kTileColumns + 1 ? left : smaller_int(kTileColumns, left);
      const bool is_packed = product.image == nullptr || left < kTileColumns;
      tile.b = is_packed ? product.panels + static_cast<ptrdiff_t>(w) * product.depth
                         : product.image + w;
      tile.b_stride = is_packed ? kTileColumns : product.image_stride;
      tile.extra = product.panels + static_cast<ptrdiff_t>(w + kTileColumns) * product.depth;
      const ptrdiff_t at = o * out_stride + w;
      tile.c = out + at;
      tile.residual = epilogue.residual == nullptr ? nullptr : epilogue.residual + at;
      multiply_tile_of_rows<kTileRows>(tile);
    }
  }
}

// One block of windows of one group of one batch item, over all channels. in, out and the
// epilogue's bias and residual start at that group.
PREDICTOR_KERNEL void convolve_block(const ConvolutionShape& shape, const ConvolutionPlan& plan,
                                     const WindowBlock& block, const float* packed, const float* in,
                                     const Epilogue& epilogue, float* workspace, float* out) {
  const ptrdiff_t in_floats = static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2];
  const ptrdiff_t out_floats = static_cast<ptrdiff_t>(shape.out[0]) * shape.out[1] * shape.out[2];
  const ptrdiff_t at =
      (static_cast<ptrdiff_t>(block.plane) * plan.window_rows + block.row) * plan.window_columns +
      block.column;
  const ptrdiff_t channel_floats = staged_channel_floats(shape, plan.staging);
  float* staged = aligned(workspace);
  float* panels = aligned(staged + staged_floats(shape, plan));
  const int stage_column = plan.block_columns == plan.window_columns ? 0 : block.column;
  Epilogue here = epilogue;
  if (here.residual != nullptr) here.residual += at;
  for (int c = 0; c < plan.channels; c += plan.channel_block) {
    const int channels = smaller_int(plan.channel_block, plan.channels - c);
    BlockProduct product;
    product.depth = channels * plan.taps;
    product.weights = packed + static_cast<ptrdiff_t>(c) * plan.taps * plan.panels * kTileRows;
    product.panels = panels;
    product.image = plan.is_pointwise ? in + c * in_floats + at : nullptr;
    product.image_stride = in_floats;
    product.first = c == 0;
    product.last = c + channels == plan.channels;
    if (plan.is_pointwise) {
      const int tail = block.count % kTileColumns;
      const int whole = block.count - tail;
      if (tail > 0) {
        const Strided columns = {product.image + whole, 1, in_floats};
        pack_panel(columns, 0, tail, 0, channels, kTileColumns,
                   panels + static_cast<ptrdiff_t>(whole) * channels);
      }
    } else {
      for (int i = 0; i < channels; ++i) {
        stage_channel(shape, plan.staging, in + (c + i) * in_floats, block.plane, block.row,
                      stage_column, staged + i * channel_floats);
      }
      for (int w = 0; w < block.count; w += kTileColumns) {
        pack_windows(shape, plan, block, staged, channels, w,
                     smaller_int(kTileColumns, block.count - w),
                     panels + static_cast<ptrdiff_t>(w) * product.depth);
      }
    }
    multiply_block(plan, product, block.count, here, out_floats, out + at);
  }
}

PREDICTOR_KERNEL void convolution_run(const ConvolutionShape& shape, const float* packed,
                                      const float* in, const Epilogue& epilogue, float* workspace,
                                      float* out) {
  const ConvolutionPlan plan = plan_convolution(shape);
  if (plan.is_depthwise) return depthwise_run(shape, packed, in, epilogue, workspace, out);
  if (!plan.is_pointwise)
    zero_floats(aligned(workspace) + staged_floats(shape, plan) - kLanes, kLanes);
  const ptrdiff_t in_floats = static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2];
  const ptrdiff_t out_floats = static_cast<ptrdiff_t>(shape.out[0]) * shape.out[1] * shape.out[2];
  const ptrdiff_t group_weights =
      static_cast<ptrdiff_t>(plan.panels) * kTileRows * plan.channels * plan.taps;
  const bool is_part_of_row = plan.block_columns < plan.window_columns;
  const int line = is_part_of_row ? plan.window_columns : plan.window_rows * plan.window_columns;
  for (int n = 0; n < shape.batch; ++n) {
    for (int g = 0; g < shape.groups; ++g) {
      const float* group_in =
          in + (static_cast<ptrdiff_t>(n) * shape.in_channels + g * plan.channels) * in_floats;
      const ptrdiff_t out_at =
          (static_cast<ptrdiff_t>(n) * shape.out_channels + g * plan.outputs) * out_floats;
      Epilogue group_epilogue = epilogue;
      if (epilogue.bias != nullptr) group_epilogue.bias += g * plan.outputs;
      if (epilogue.residual != nullptr) group_epilogue.residual += out_at;
      for (int plane = 0; plane < plan.window_planes; ++plane) {
        for (int row = 0; row < (is_part_of_row ? plan.window_rows : 1); ++row) {
          for (int w = 0; w < line; w += kColumnBlock) {
            const WindowBlock block = {plane, row + w / plan.window_columns,
                                       w % plan.window_columns,
                                       smaller_int(kColumnBlock, line - w)};
            convolve_block(shape, plan, block, packed + g * group_weights, group_in, group_epilogue,
                           workspace, out + out_at);
          }
        }
      }
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
