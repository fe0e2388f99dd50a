// Convolution of each channel by itself: a filter per channel, and no product of matrices in it.
// Blocked images make it a sum of whole registers, read in place; taps outside the image are left
// out.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Taps [begin, end) of each axis, all of them inside the image.
struct TapRanges {
  int begin[3];
  int end[3];
};

// Neighbouring results of a row that meet the same taps.
struct DepthwiseTile {
  const float* in;  // under the first result's tap (0, 0, 0), which may be outside
  ptrdiff_t in_pixel;
  ptrdiff_t tap_step[3];
  const float* weights;
  const float* bias;
  const float* residual;  // or null
  float* out;
  const Epilogue* epilogue;
};

template <int kPixels>
PREDICTOR_KERNEL void depthwise_pixels(const ConvolutionShape& shape, const DepthwiseTile& tile,
                                       const TapRanges& taps) {
  Vec sums[kPixels];
  const Vec bias = load(tile.bias);
  PREDICTOR_UNROLL
  for (int p = 0; p < kPixels; ++p) {
    sums[p] = tile.residual == nullptr ? bias : add(bias, load(tile.residual + p * kLanes));
  }
  for (int z = taps.begin[0]; z < taps.end[0]; ++z) {
    for (int y = taps.begin[1]; y < taps.end[1]; ++y) {
      const float* row = tile.in + z * tile.tap_step[0] + y * tile.tap_step[1];
      const float* weights = tile.weights + (z * shape.kernel[1] + y) * shape.kernel[2] * kLanes;
      for (int x = taps.begin[2]; x < taps.end[2]; ++x) {
        const Vec weight = load(weights + x * kLanes);
        const float* tap = row + x * tile.tap_step[2];
        PREDICTOR_UNROLL
        for (int p = 0; p < kPixels; ++p) {
          sums[p] = multiply_add(weight, load(tap + p * tile.in_pixel), sums[p]);
        }
      }
    }
  }
  PREDICTOR_UNROLL
  for (int p = 0; p < kPixels; ++p) {
    store(tile.out + p * kLanes, activated(sums[p], *tile.epilogue));
  }
}

// The taps of axis `d` that are inside the image for output `at`.
PREDICTOR_KERNEL_INLINE void tap_range(const ConvolutionShape& shape, int d, int at,
                                       TapRanges* taps) {
  const int first = at * shape.stride[d] - shape.pad[d];
  const int dilate = shape.dilate[d];
  taps->begin[d] = first >= 0 ? 0 : smaller_int(shape.kernel[d], (-first + dilate - 1) / dilate);
  const int inside = first >= shape.in[d] ? 0 : (shape.in[d] - 1 - first) / dilate + 1;
  taps->end[d] = larger_int(taps->begin[d], smaller_int(shape.kernel[d], inside));
}

// tile: that of the first result of the row.
PREDICTOR_KERNEL void depthwise_row(const ConvolutionShape& shape, DepthwiseTile tile,
                                    TapRanges taps) {
  static constexpr int kPixels = 8;
  for (int x = 0; x < shape.out[2];) {
    tap_range(shape, 2, x, &taps);
    int pixels = 1;
    if (taps.begin[2] == 0 && taps.end[2] == shape.kernel[2]) {
      // as far as the window's last column stays inside
      const int reach = (shape.kernel[2] - 1) * shape.dilate[2] - shape.pad[2];
      const int inside = (shape.in[2] - 1 - reach) / shape.stride[2] + 1;
      const int left = smaller_int(inside, shape.out[2]) - x;
      pixels = left >= kPixels ? kPixels : left >= 4 ? 4 : 1;
    }
    if (pixels == kPixels) {
      depthwise_pixels<kPixels>(shape, tile, taps);
    } else if (pixels == 4) {
      depthwise_pixels<4>(shape, tile, taps);
    } else {
      depthwise_pixels<1>(shape, tile, taps);
    }
    x += pixels;
    tile.in += pixels * tile.in_pixel;
    tile.out += pixels * kLanes;
    if (tile.residual != nullptr) tile.residual += pixels * kLanes;
  }
}

// What threads share: the blocks of all batch items.
struct DepthwiseJob {
  const ConvolutionShape* shape;
  const float* packed;
  const float* in;
  const float* bias;
  const Epilogue* epilogue;
  float* out;
  int parts;
};

PREDICTOR_KERNEL void depthwise_part(const void* context, int part) {
  const DepthwiseJob& job = *static_cast<const DepthwiseJob*>(context);
  const ConvolutionShape& shape = *job.shape;
  const int blocks = (shape.out_channels + kLanes - 1) / kLanes;
  const int taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  const ptrdiff_t in_line = static_cast<ptrdiff_t>(shape.in[2]) * kLanes;
  const ptrdiff_t in_plane = in_line * shape.in[1];
  const ptrdiff_t out_line = static_cast<ptrdiff_t>(shape.out[2]) * kLanes;
  DepthwiseTile tile = {};
  tile.in_pixel = static_cast<ptrdiff_t>(shape.stride[2]) * kLanes;
  tile.tap_step[0] = shape.dilate[0] * in_plane;
  tile.tap_step[1] = shape.dilate[1] * in_line;
  tile.tap_step[2] = static_cast<ptrdiff_t>(shape.dilate[2]) * kLanes;
  tile.epilogue = job.epilogue;
  TapRanges ranges = {};
  const ptrdiff_t all = static_cast<ptrdiff_t>(shape.batch) * blocks;
  for (ptrdiff_t i = all * part / job.parts; i < all * (part + 1) / job.parts; ++i) {
    tile.weights = job.packed + i % blocks * taps * kLanes;
    tile.bias = job.bias + i % blocks * kLanes;
    for (int z = 0; z < shape.out[0]; ++z) {
      tap_range(shape, 0, z, &ranges);
      for (int y = 0; y < shape.out[1]; ++y) {
        tap_range(shape, 1, y, &ranges);
        const ptrdiff_t at = ((i * shape.out[0] + z) * shape.out[1] + y) * out_line;
        tile.in = job.in + (i * shape.in[0] + z * shape.stride[0] - shape.pad[0]) * in_plane +
                  (y * shape.stride[1] - shape.pad[1]) * in_line -
                  static_cast<ptrdiff_t>(shape.pad[2]) * kLanes;
        tile.out = job.out + at;
        tile.residual = job.epilogue->residual == nullptr ? nullptr : job.epilogue->residual + at;
        depthwise_row(shape, tile, ranges);
      }
    }
  }
}

// Results for which it is worth to wake a thread.
static constexpr ptrdiff_t kSharedResults = 1 << 15;

// packed: (blocks, taps, kLanes). in, out, epilogue.residual: blocked. bias: a whole number of
// blocks.
PREDICTOR_KERNEL void depthwise_run(const ConvolutionShape& shape, const float* packed,
                                    const float* in, const float* bias, const Epilogue& epilogue,
                                    float* out) {
  const ptrdiff_t results =
      static_cast<ptrdiff_t>(shape.out[0]) * shape.out[1] * shape.out[2] * shape.out_channels;
  const int parts = results < kSharedResults ? 1 : thread_count();
  const DepthwiseJob job = {&shape, packed, in, bias, &epilogue, out, parts};
  parallel_for(parts, depthwise_part, &job);
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
