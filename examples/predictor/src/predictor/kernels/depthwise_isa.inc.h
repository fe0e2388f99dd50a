// Convolution with one input channel per group: every output channel is a small filter over one
// input channel. There is no product of matrices in it; the time goes into reading, so the channel
// is staged in the first-level cache, block by block.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Rows of results that are summed together, so that every weight is loaded once for all of them.
static constexpr int kDepthwiseRows = 4;

// Floats of the staged part of a channel: half of the smallest first-level cache around.
static constexpr int kDepthwiseStage = 4096;

struct DepthwiseBlock {
  int rows;
  int columns;
  Staging staging;
};

PREDICTOR_KERNEL DepthwiseBlock plan_depthwise(const ConvolutionShape& shape) {
  DepthwiseBlock block;
  block.columns = smaller_int(shape.out[2], kDepthwiseStage / 4);
  const Staging one = plan_staging(shape, 1, block.columns);
  const ptrdiff_t row_floats = shape.kernel[0] * one.row_scale * staged_row_floats(one);
  const ptrdiff_t fixed = staged_channel_floats(shape, one);
  const ptrdiff_t more = (kDepthwiseStage - fixed) / row_floats;
  block.rows = smaller_int(shape.out[1],
                           more < kDepthwiseRows ? kDepthwiseRows : static_cast<int>(more) + 1);
  block.staging = plan_staging(shape, block.rows, block.columns);
  return block;
}

PREDICTOR_KERNEL size_t depthwise_workspace_floats(const ConvolutionShape& shape) {
  const DepthwiseBlock block = plan_depthwise(shape);
  return kAlignFloats + static_cast<size_t>(staged_channel_floats(shape, block.staging)) + kLanes;
}

// kRows rows of `columns` results of one channel. weight: (kernel depth, height, width). staged:
// the first window's elements, with row_floats from one row of windows to the next; kLanes - 1
// floats more than the windows' are read. out, residual: (kRows, columns) with out_stride; residual
// may be null.
template <int kRows>
PREDICTOR_KERNEL void depthwise_rows(const ConvolutionShape& shape, const Staging& staging,
                                     const float* weight, float bias, const float* staged,
                                     int columns, const Epilogue& epilogue, const float* residual,
                                     float* out) {
  const ptrdiff_t out_stride = shape.out[2];
  const ptrdiff_t row_floats = staging.row_scale * staged_row_floats(staging);
  for (int x0 = 0; x0 < columns; x0 += kLanes) {
    const int count = columns - x0;
    Vec sums[kRows];
    PREDICTOR_UNROLL
    for (int r = 0; r < kRows; ++r) sums[r] = broadcast(bias);
    const float* w = weight;
    for (int z = 0; z < shape.kernel[0]; ++z) {
      for (int y = 0; y < shape.kernel[1]; ++y) {
        const float* row = staged + x0 + staged_row(shape, staging, z, y);
        for (int x = 0; x < shape.kernel[2]; ++x, ++w) {
          const Vec tap_weight = broadcast(*w);
          const float* tap = row + staged_column(shape, staging, x);
          PREDICTOR_UNROLL
          for (int r = 0; r < kRows; ++r)
            sums[r] = multiply_add(tap_weight, load(tap + r * row_floats), sums[r]);
        }
      }
    }
    PREDICTOR_UNROLL
    for (int r = 0; r < kRows; ++r) {
      Vec result = sums[r];
      if (residual != nullptr)
        result = add(result, load_some(residual + r * out_stride + x0, count));
      store_some(out + r * out_stride + x0, activated(result, epilogue), count);
    }
  }
}

// The same for one plane of kKernel x kKernel taps without dilation, and column and row stride
// kStride: every element of the image is loaded once for all the rows whose windows it is in.
template <int kRows, int kKernel, int kStride>
PREDICTOR_KERNEL void depthwise_square(const ConvolutionShape& shape, const Staging& staging,
                                       const float* weight, float bias, const float* staged,
                                       int columns, const Epilogue& epilogue, const float* residual,
                                       float* out) {
  const ptrdiff_t out_stride = shape.out[2];
  const ptrdiff_t line = staged_row_floats(staging);
  Vec weights[kKernel * kKernel];
  PREDICTOR_UNROLL
  for (int t = 0; t < kKernel * kKernel; ++t) weights[t] = broadcast(weight[t]);
  for (int x0 = 0; x0 < columns; x0 += kLanes) {
    const int count = columns - x0;
    Vec sums[kRows];
    PREDICTOR_UNROLL
    for (int r = 0; r < kRows; ++r) sums[r] = broadcast(bias);
    PREDICTOR_UNROLL
    for (int y = 0; y < (kRows - 1) * kStride + kKernel; ++y) {
      PREDICTOR_UNROLL
      for (int x = 0; x < kKernel; ++x) {
        const float* tap = staged + y * line + x % kStride * staging.phase_width + x / kStride;
        const Vec element = load(tap + x0);
        PREDICTOR_UNROLL
        for (int r = 0; r < kRows; ++r) {
          const int row = y - r * kStride;
          if (row >= 0 && row < kKernel) {
            sums[r] = multiply_add(weights[row * kKernel + x], element, sums[r]);
          }
        }
      }
    }
    PREDICTOR_UNROLL
    for (int r = 0; r < kRows; ++r) {
      Vec result = sums[r];
      if (residual != nullptr) {
        result = add(result, load_some(residual + r * out_stride + x0, count));
      }
      store_some(out + r * out_stride + x0, activated(result, epilogue), count);
    }
  }
}

// kRows rows of a block, by the function for its shape.
template <int kRows>
PREDICTOR_KERNEL void depthwise_any(const ConvolutionShape& shape, const Staging& staging,
                                    const float* weight, float bias, const float* staged,
                                    int columns, const Epilogue& epilogue, const float* residual,
                                    float* out) {
  const bool is_3x3 = shape.kernel[0] == 1 && shape.kernel[1] == 3 && shape.kernel[2] == 3 &&
                      shape.dilate[1] == 1 && shape.dilate[2] == 1 &&
                      shape.stride[1] == shape.stride[2];
  if (is_3x3 && shape.stride[2] == 1) {
    depthwise_square<kRows, 3, 1>(shape, staging, weight, bias, staged, columns, epilogue, residual,
                                  out);
  } else if (is_3x3 && shape.stride[2] == 2) {
    depthwise_square<kRows, 3, 2>(shape, staging, weight, bias, staged, columns, epilogue, residual,
                                  out);
  } else {
    depthwise_rows<kRows>(shape, staging, weight, bias, staged, columns, epilogue, residual, out);
  }
}

// The first `rows` rows of one block of one output channel. staged: the input channel's part.
// out_at: floats from the start of `out` (and of the residual) to the block.
PREDICTOR_KERNEL void depthwise_block(const ConvolutionShape& shape, const Staging& staging,
                                      const float* weight, float bias, const float* staged,
                                      int rows, int columns, const Epilogue& epilogue, float* out,
                                      ptrdiff_t out_at) {
  const ptrdiff_t row_floats = staging.row_scale * staged_row_floats(staging);
  int done = 0;
  for (int y = 0; y < rows; y += done) {
    const ptrdiff_t at = out_at + static_cast<ptrdiff_t>(y) * shape.out[2];
    const float* residual = epilogue.residual == nullptr ? nullptr : epilogue.residual + at;
    const float* from = staged + y * row_floats;
    if (rows - y >= kDepthwiseRows) {
      done = kDepthwiseRows;
      depthwise_any<kDepthwiseRows>(shape, staging, weight, bias, from, columns, epilogue, residual,
                                    out + at);
    } else {
      done = 1;
      depthwise_any<1>(shape, staging, weight, bias, from, columns, epilogue, residual, out + at);
    }
  }
}

// packed: (out_channels, kernel depth, height, width), as the weights are.
PREDICTOR_KERNEL void depthwise_run(const ConvolutionShape& shape, const float* packed,
                                    const float* in, const Epilogue& epilogue, float* workspace,
                                    float* out) {
  const DepthwiseBlock block = plan_depthwise(shape);
  const int taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  const ptrdiff_t in_floats = static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2];
  const int multiplier = shape.out_channels / shape.groups;
  float* staged = aligned(workspace);
  zero_floats(staged + staged_channel_floats(shape, block.staging), kLanes);
  for (int n = 0; n < shape.batch; ++n) {
    for (int g = 0; g < shape.groups; ++g) {
      const float* channel = in + (static_cast<ptrdiff_t>(n) * shape.in_channels + g) * in_floats;
      for (int z = 0; z < shape.out[0]; ++z) {
        for (int y = 0; y < shape.out[1]; y += block.rows) {
          for (int x = 0; x < shape.out[2]; x += block.columns) {
            stage_channel(shape, block.staging, channel, z, y, x, staged);
            for (int o = g * multiplier; o < (g + 1) * multiplier; ++o) {
              const ptrdiff_t plane =
                  (static_cast<ptrdiff_t>(n) * shape.out_channels + o) * shape.out[0] + z;
              depthwise_block(shape, block.staging, packed + static_cast<ptrdiff_t>(o) * taps,
                              epilogue.bias == nullptr ? 0.0f : epilogue.bias[o], staged,
                              smaller_int(block.rows, shape.out[1] - y),
                              smaller_int(block.columns, shape.out[2] - x), epilogue, out,
                              (plane * shape.out[1] + y) * shape.out[2] + x);
            }
          }
        }
      }
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
