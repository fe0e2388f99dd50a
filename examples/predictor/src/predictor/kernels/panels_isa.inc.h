// The work of one panel: one or two vectors of output channels that read the same input channels,
// of which so many at a time that their weights stay in the first-level cache meet all rows of a
// band.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Output vectors [block, block + vectors), and the input channels that they read.
struct Panel {
  int block;
  int vectors;
  int first_channel;
  int channels;
};

PREDICTOR_KERNEL_INLINE int output_blocks(const ConvolutionShape& shape) {
  return (shape.out_channels + kLanes - 1) / kLanes;
}

PREDICTOR_KERNEL Panel one_vector(const ConvolutionShape& shape, int block) {
  const int outputs = shape.out_channels / shape.groups;
  const int channels = shape.in_channels / shape.groups;
  const int last = smaller_int((block + 1) * kLanes, shape.out_channels) - 1;
  const int first_group = block * kLanes / outputs;
  return {block, 1, first_group * channels, (last / outputs - first_group + 1) * channels};
}

PREDICTOR_KERNEL Panel panel_at(const ConvolutionShape& shape, int block) {
  Panel panel = one_vector(shape, block);
  if (block + 1 == output_blocks(shape)) return panel;
  const Panel next = one_vector(shape, block + 1);
  if (next.first_channel == panel.first_channel && next.channels == panel.channels) {
    panel.vectors = kPanelVectors;
  }
  return panel;
}

PREDICTOR_KERNEL_INLINE ptrdiff_t panel_weights(const Panel& panel, int taps) {
  return static_cast<ptrdiff_t>(panel.vectors) * kLanes * panel.channels * taps;
}

struct ConvolutionPlan {
  bool is_flat;  // every window is one pixel: rows do not matter
  int taps;
  int depth;  // input channels of a chunk
  int in_blocks;
  int segments;  // of a chunk, at most
  Source source;
};

// Channels of one chunk: of one block, or all of several blocks, or (lanes == 1) any number.
struct Chunk {
  int channel;   // the first
  int segments;  // blocks, each times the taps
  int channels;  // of each block
};

// Channels of a chunk, as far as blocks let.
PREDICTOR_KERNEL_INLINE int chunk_depth(int taps) { return larger_int(1, kPixelDepth / taps); }

// The chunk from `channel` on; `end`: after the panel's last channel.
PREDICTOR_KERNEL Chunk chunk_at(int channel, int end, int depth, int lanes) {
  // never less than a block, so that few channels have one order in both layouts
  if (lanes == 1) return {channel, 1, smaller_int(larger_int(depth, kLanes), end - channel)};
  const int in_block = smaller_int(lanes - channel % lanes, end - channel);
  if (in_block < lanes) return {channel, 1, in_block};
  return {channel, smaller_int(larger_int(1, depth / lanes), (end - channel) / lanes), lanes};
}

// The range that the activation cuts results to; false if it leaves them alone.
PREDICTOR_KERNEL bool clamp_range(const Epilogue& epilogue, float* low, float* high) {
  *low = epilogue.activation == Activation::kClip ? epilogue.low : 0.0f;
  *high = epilogue.activation == Activation::kClip ? epilogue.high : INFINITY;
  return epilogue.activation != Activation::kNone;
}

// Multiplications below which threads would take longer to meet than to work.
static constexpr double kSharedWork = 1e6;

// A band: `rows` rows of `columns` windows. in: the first window's first element; out, residual:
// the first result, of output block 0; out_block floats from block to block, out_row from row to
// row.
struct Band {
  const float* in;
  int rows;
  int columns;
  float* out;
  const float* residual;
  ptrdiff_t out_block;
  ptrdiff_t out_row;
};

// out = bias + residual, of one panel.
PREDICTOR_KERNEL void add_residual(const Band& band, const Panel& panel, const float* bias) {
  for (int v = 0; v < panel.vectors; ++v) {
    const Vec start = load(bias + v * kLanes);
    for (int r = 0; r < band.rows; ++r) {
      const ptrdiff_t at = (panel.block + v) * band.out_block + r * band.out_row;
      for (int i = 0; i < band.columns * kLanes; i += kLanes) {
        store(band.out + at + i, add(start, load(band.residual + at + i)));
      }
    }
  }
}

// Tiles of one row of a band.
PREDICTOR_KERNEL_INLINE ptrdiff_t row_tiles(const Band& band) {
  return (band.columns + kMaxPixels - 1) / kMaxPixels;
}

// As many as it takes to have asked for all of the next chunk when all tiles have met this one.
PREDICTOR_KERNEL int lines_per_segment(const PixelTile& tile, const Band& band, int vectors) {
  const ptrdiff_t bytes = static_cast<ptrdiff_t>(tile.channels) * vectors * kLanes *
                          static_cast<ptrdiff_t>(sizeof(float));
  const ptrdiff_t shares = row_tiles(band) * band.rows * kLineBytes;
  return static_cast<int>((bytes + shares - 1) / shares);
}

PREDICTOR_KERNEL void convolve_panel(const ConvolutionPlan& plan, const Panel& panel,
                                     const Band& band, const ptrdiff_t* offsets,
                                     const float* weights, const float* bias,
                                     const Epilogue& epilogue) {
  const int lanes = plan.source.lanes;
  const int end = panel.first_channel + panel.channels;
  float* out = band.out + panel.block * band.out_block;
  if (band.residual != nullptr) add_residual(band, panel, bias);
  PixelTile tile = {};
  tile.offsets = offsets;
  tile.channel_step = plan.source.block;
  tile.out_vector = band.out_block;
  tile.start_vector = kLanes;
  for (int channel = panel.first_channel; channel < end;) {
    const Chunk chunk = chunk_at(channel, end, plan.depth, lanes);
    const bool starts_with_bias = channel == panel.first_channel && band.residual == nullptr;
    if (!starts_with_bias) {
      tile.start_pixel = kLanes;
      tile.start_vector = band.out_block;
    }
    const float* in = band.in + channel / lanes * plan.source.block + channel % lanes;
    channel += chunk.segments * chunk.channels;
    tile.segments = chunk.segments * plan.taps;
    tile.channels = chunk.channels;
    tile.weights = weights;
    weights += static_cast<ptrdiff_t>(tile.segments) * tile.channels * panel.vectors * kLanes;
    tile.next = reinterpret_cast<const char*>(weights);
    tile.next_lines = lines_per_segment(tile, band, panel.vectors);
    if (channel == end) tile.clamps = clamp_range(epilogue, &tile.low, &tile.high);
    for (int r = 0; r < band.rows; ++r) {
      tile.in = in + r * plan.source.row;
      tile.out = out + r * band.out_row;
      tile.start = starts_with_bias ? bias : tile.out;
      multiply_row(tile, band.columns, panel.vectors, lanes != 1 || kLanes == 1);
      tile.next += row_tiles(band) * tile.segments * tile.next_lines * kLineBytes;
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
