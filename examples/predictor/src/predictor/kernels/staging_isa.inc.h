// Where a convolution reads its input: in place, or, where it has padding or reads only every
// second column, from a copy of the part that a band of output rows needs, with the zeros around
// it, and with the columns sorted by their remainder modulo the stride. Neighbouring windows then
// meet a kernel tap in neighbouring pixels.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Floats of input that a band of rows should stay below: a share of the second-level cache.
static constexpr ptrdiff_t kBandFloats = 96 * 1024;

// Steps in floats. A block is kLanes channels, or one where the input is plain.
struct Source {
  bool is_staged;
  int lanes;  // channels of a block
  int phases;
  int phase_width;  // pixels of one row and phase
  int row_step;     // input rows from one staged row to the next
  int band_rows;    // output rows
  ptrdiff_t block;
  ptrdiff_t plane;  // from one kernel tap's depth to the next's
  ptrdiff_t line;   // from one row to the next
  ptrdiff_t row;    // from one output row to the next
};

// Rows that `out_rows` rows of windows touch, of those that are there (row_step apart).
PREDICTOR_KERNEL_INLINE int touched_rows(const ConvolutionShape& shape, const Source& source,
                                         int out_rows) {
  return (out_rows - 1) * (shape.stride[1] / source.row_step) +
         (shape.kernel[1] - 1) * shape.dilate[1] + 1;
}

// blocks: of channels that are needed at once.
PREDICTOR_KERNEL Source plan_source(const ConvolutionShape& shape, int lanes, int blocks) {
  Source source = {};
  source.lanes = lanes;
  source.is_staged = shape.stride[2] != 1;
  for (int d = 0; d < 3; ++d) source.is_staged = source.is_staged || shape.pad[d] != 0;
  source.row_step = source.is_staged && shape.kernel[1] == 1 ? shape.stride[1] : 1;
  source.phases = 1;
  source.phase_width = shape.in[2];
  if (source.is_staged) {
    source.phases = shape.kernel[2] == 1 ? 1 : shape.stride[2];
    source.phase_width = shape.out[2] + (shape.kernel[2] - 1) * shape.dilate[2] / shape.stride[2];
  }
  source.line = static_cast<ptrdiff_t>(source.phases) * source.phase_width * lanes;
  source.row = source.line * (shape.stride[1] / source.row_step);
  const ptrdiff_t all = source.line * blocks * shape.kernel[0];
  const ptrdiff_t fitting =
      kBandFloats / (all * (shape.stride[1] / source.row_step)) - touched_rows(shape, source, 1);
  source.band_rows = fitting < 1              ? 1
                     : fitting < shape.out[1] ? static_cast<int>(fitting)
                                              : shape.out[1];
  if (source.is_staged) {
    source.plane = source.line * touched_rows(shape, source, source.band_rows);
    source.block = source.plane * shape.kernel[0];
  } else {
    source.plane = source.line * shape.in[1] * shape.dilate[0];
    source.block = source.line * shape.in[1] * shape.in[0];
  }
  return source;
}

// Floats of the staged copy of `blocks` blocks.
PREDICTOR_KERNEL_INLINE ptrdiff_t staged_floats(const Source& source, int blocks) {
  return source.is_staged ? source.block * blocks : 0;
}

// Floats from a window's first element to that under tap (z, y, x).
PREDICTOR_KERNEL_INLINE ptrdiff_t tap_offset(const ConvolutionShape& shape, const Source& source,
                                             int z, int y, int x) {
  int column = x * shape.dilate[2];
  if (source.phases > 1) {
    column = column % source.phases * source.phase_width + column / source.phases;
  }
  return z * source.plane + y * shape.dilate[1] * source.line +
         static_cast<ptrdiff_t>(column) * source.lanes;
}

// to[j] = pixel start + j * stride of a row, 0 <= j < count; zero outside of [0, width).
PREDICTOR_KERNEL void stage_row(const float* row, int width, int start, int stride, int count,
                                int lanes, float* to) {
  for (int j = 0; j < count; ++j, to += lanes) {
    const int x = start + j * stride;
    const bool is_inside = x >= 0 && x < width;
    const float* from = row + static_cast<ptrdiff_t>(x) * lanes;
    if (lanes == 1) {
      *to = is_inside ? *from : 0.0f;
    } else {
      store(to, is_inside ? load(from) : broadcast(0.0f));
    }
  }
}

// Copies `blocks` blocks of the input for the windows of output depth out_z, rows [out_y, out_y +
// rows). in: the first of these blocks.
PREDICTOR_KERNEL void stage_blocks(const ConvolutionShape& shape, const Source& source,
                                   const float* in, int blocks, int out_z, int out_y, int rows,
                                   float* staged) {
  const ptrdiff_t in_line = static_cast<ptrdiff_t>(shape.in[2]) * source.lanes;
  const int touched = touched_rows(shape, source, rows);
  for (int b = 0; b < blocks; ++b, in += in_line * shape.in[1] * shape.in[0]) {
    for (int z = 0; z < shape.kernel[0]; ++z) {
      const int plane = out_z * shape.stride[0] - shape.pad[0] + z * shape.dilate[0];
      float* to = staged + b * source.block + z * source.plane;
      for (int y = 0; y < touched; ++y) {
        const int row = out_y * shape.stride[1] - shape.pad[1] + y * source.row_step;
        const bool is_inside = plane >= 0 && plane < shape.in[0] && row >= 0 && row < shape.in[1];
        const float* from =
            in + (is_inside ? (static_cast<ptrdiff_t>(plane) * shape.in[1] + row) * in_line : 0);
        for (int phase = 0; phase < source.phases; ++phase) {
          stage_row(from, is_inside ? shape.in[2] : 0, phase - shape.pad[2], shape.stride[2],
                    source.phase_width, source.lanes, to);
          to += static_cast<ptrdiff_t>(source.phase_width) * source.lanes;
        }
      }
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
