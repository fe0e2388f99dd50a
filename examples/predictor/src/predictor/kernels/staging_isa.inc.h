// Staging: the part of an image that a block of windows reads is copied into a small buffer, with
// its zero padding, and with the columns sorted by their remainder modulo the stride. After that
// the elements that one kernel tap meets in neighbouring windows are neighbours in memory, whatever
// the stride, the dilation and the padding.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// The staged buffer is (channels, kernel depth, rows, phases, phase_width).
struct Staging {
  int phases;       // the column stride, or 1 where only every stride-th column is read
  int phase_width;  // floats of one row and phase
  int row_step;     // input rows from one staged row to the next
  int rows;         // staged rows
  int row_scale;    // staged rows from one output row to the next
};

// Staging for blocks of `out_rows` rows and `out_columns` columns of windows.
PREDICTOR_KERNEL Staging plan_staging(const ConvolutionShape& shape, int out_rows,
                                      int out_columns) {
  Staging staging;
  staging.phases = shape.kernel[2] == 1 ? 1 : shape.stride[2];
  staging.phase_width = out_columns + (shape.kernel[2] - 1) * shape.dilate[2] / shape.stride[2];
  staging.row_step = shape.kernel[1] == 1 ? shape.stride[1] : 1;
  staging.row_scale = shape.stride[1] / staging.row_step;
  staging.rows = (out_rows - 1) * staging.row_scale + (shape.kernel[1] - 1) * shape.dilate[1] + 1;
  return staging;
}

PREDICTOR_KERNEL_INLINE ptrdiff_t staged_row_floats(const Staging& staging) {
  return static_cast<ptrdiff_t>(staging.phases) * staging.phase_width;
}

// One channel of the staged buffer.
PREDICTOR_KERNEL_INLINE ptrdiff_t staged_channel_floats(const ConvolutionShape& shape,
                                                        const Staging& staging) {
  return shape.kernel[0] * staging.rows * staged_row_floats(staging);
}

// Where the windows' column x is in a staged row, and kernel tap (depth z, row y, column 0) in the
// staged channel, for the window at output row 0, column 0. The same tap of the next window is one
// float further; of the next row of windows, row_scale * staged_row_floats() further.
PREDICTOR_KERNEL_INLINE ptrdiff_t staged_column(const ConvolutionShape& shape,
                                                const Staging& staging, int x) {
  const int column = x * shape.dilate[2];
  if (shape.stride[2] == 1) return column;
  if (shape.stride[2] == 2) return (column & 1) * staging.phase_width + (column >> 1);
  return column % shape.stride[2] * staging.phase_width + column / shape.stride[2];
}
PREDICTOR_KERNEL_INLINE ptrdiff_t staged_row(const ConvolutionShape& shape, const Staging& staging,
                                             int z, int y) {
  return (z * staging.rows + static_cast<ptrdiff_t>(y) * shape.dilate[1]) *
         staged_row_floats(staging);
}

// to[j] = from[start + j * stride] for 0 <= j < count, zero where that is not in [0, width). Up to
// kLanes - 1 floats after them are overwritten too, so lines are staged in the order of memory.
PREDICTOR_KERNEL void stage_phase(const float* from, int width, int start, int stride, int count,
                                  float* to) {
  const int begin = smaller_int(count, start >= 0 ? 0 : (-start + stride - 1) / stride);
  const int inside = start >= width ? 0 : (width - 1 - start) / stride + 1;
  const int end = larger_int(begin, smaller_int(count, inside));
  const Vec zero = broadcast(0.0f);
  for (int j = 0; j < begin; j += kLanes) store(to + j, zero);
  int j = begin;
  if (stride == 1) {
    for (; j < end; j += kLanes) store(to + j, load_some(from + start + j, width - start - j));
  } else if (stride == 2) {
    for (; j < end; j += kLanes) {
      const float* pairs = from + start + 2 * j;
      const int left = width - start - 2 * j;
      const Vec high = left > kLanes ? load_some(pairs + kLanes, left - kLanes) : zero;
      store(to + j, even(load_some(pairs, left), high));
    }
  } else {
    for (; j < end; ++j) to[j] = from[start + j * stride];
  }
  for (; j < count; j += kLanes) store(to + j, zero);
}

// Stages one channel for the windows of output depth `out_z` that start at output row `out_y` and
// column `out_x`. in: (in...) of this channel.
PREDICTOR_KERNEL void stage_channel(const ConvolutionShape& shape, const Staging& staging,
                                    const float* in, int out_z, int out_y, int out_x, float* to) {
  const int column = out_x * shape.stride[2] - shape.pad[2];
  for (int z = 0; z < shape.kernel[0]; ++z) {
    const int plane = out_z * shape.stride[0] - shape.pad[0] + z * shape.dilate[0];
    for (int y = 0; y < staging.rows; ++y) {
      const int row = out_y * shape.stride[1] - shape.pad[1] + y * staging.row_step;
      const bool is_inside = plane >= 0 && plane < shape.in[0] && row >= 0 && row < shape.in[1];
      for (int phase = 0; phase < staging.phases; ++phase) {
        if (is_inside) {
          const float* from =
              in + (static_cast<ptrdiff_t>(plane) * shape.in[1] + row) * shape.in[2];
          stage_phase(from, shape.in[2], column + phase, shape.stride[2], staging.phase_width, to);
        } else {
          zero_floats(to, staging.phase_width);
        }
        to += staging.phase_width;
      }
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
