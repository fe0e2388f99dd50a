// The inner loop of all convolutions: the results of a few pixels and one or two vectors of output
// channels stay in registers while taps and input channels are walked. A block of channels is
// kLanes of them, next to each other in memory, see layout.h.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Vectors of output channels whose weights lie side by side.
static constexpr int kPanelVectors = 2;

// Products that are summed before partial results go to memory: the weights of one panel then stay
// in the first-level cache for all pixels.
static constexpr int kPixelDepth = 256;

// out[v][p][lane] = start[v][p][lane] + sum over s < segments, c < channels of
//   in[offsets[s] + p*kStep + c*channel_step] * weights[s][c][v][lane]
struct PixelTile {
  const float* in;
  const ptrdiff_t* offsets;
  int segments;
  int channels;
  ptrdiff_t channel_step;
  const float* weights;
  const float* start;  // may be `out`
  ptrdiff_t start_pixel;
  ptrdiff_t start_vector;
  float* out;  // one pixel is kLanes floats
  ptrdiff_t out_vector;
  float low;  // results are clamped to this range; NaN stays
  float high;
  bool clamps;
  const char* next;  // the weights that are read later, or beyond them: brought near meanwhile
  int next_lines;    // of these, with each segment
};

// Of the caches.
static constexpr ptrdiff_t kLineBytes = 64;

// kStep: floats from one pixel of the input to the next.
template <int kPixels, int kVectors, int kStep>
PREDICTOR_KERNEL void multiply_pixels(const PixelTile& tile) {
  Vec sums[kPixels][kVectors];
  PREDICTOR_UNROLL
  for (int p = 0; p < kPixels; ++p) {
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      sums[p][v] = broadcast(0.0f);
    }
  }
  const float* weights = tile.weights;
  const char* next = tile.next;
  for (int s = 0; s < tile.segments; ++s) {
    const float* in = tile.in + tile.offsets[s];
    for (int i = 0; i < tile.next_lines; ++i, next += kLineBytes) PREDICTOR_PREFETCH(next);
    for (int c = 0; c < tile.channels; ++c) {
      Vec columns[kVectors];
      PREDICTOR_UNROLL
      for (int v = 0; v < kVectors; ++v) columns[v] = load(weights + v * kLanes);
      PREDICTOR_UNROLL
      for (int p = 0; p < kPixels; ++p) {
        const Vec x = broadcast(in[p * kStep]);
        PREDICTOR_UNROLL
        for (int v = 0; v < kVectors; ++v) sums[p][v] = multiply_add(x, columns[v], sums[p][v]);
      }
      weights += kVectors * kLanes;
      in += kStep == 1 ? tile.channel_step : 1;
    }
  }
  // Last of all: the rounding errors of a long sum then grow with one chunk, not with all of them.
  PREDICTOR_UNROLL
  for (int p = 0; p < kPixels; ++p) {
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      sums[p][v] = add(sums[p][v], load(tile.start + p * tile.start_pixel + v * tile.start_vector));
    }
  }
  if (tile.clamps) {
    const Vec low = broadcast(tile.low);
    const Vec high = broadcast(tile.high);
    PREDICTOR_UNROLL
    for (int p = 0; p < kPixels; ++p) {
      PREDICTOR_UNROLL
      for (int v = 0; v < kVectors; ++v) sums[p][v] = smaller(high, larger(low, sums[p][v]));
    }
  }
  PREDICTOR_UNROLL
  for (int p = 0; p < kPixels; ++p) {
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      store(tile.out + p * kLanes + v * tile.out_vector, sums[p][v]);
    }
  }
}

using MultiplyPixels = void (*)(const PixelTile& tile);

// By number of pixels minus 1, for panels of two vectors and blocked input: nearly all of the work.
static constexpr MultiplyPixels kPixelKernels[] = {
    multiply_pixels<1, 2, kLanes>,  multiply_pixels<2, 2, kLanes>,  multiply_pixels<3, 2, kLanes>,
    multiply_pixels<4, 2, kLanes>,  multiply_pixels<5, 2, kLanes>,  multiply_pixels<6, 2, kLanes>,
#if PREDICTOR_ISA == PREDICTOR_ISA_AVX512 || PREDICTOR_ISA == PREDICTOR_ISA_NEON
    multiply_pixels<7, 2, kLanes>,  multiply_pixels<8, 2, kLanes>,  multiply_pixels<9, 2, kLanes>,
    multiply_pixels<10, 2, kLanes>, multiply_pixels<11, 2, kLanes>, multiply_pixels<12, 2, kLanes>,
    multiply_pixels<13, 2, kLanes>, multiply_pixels<14, 2, kLanes>,
#endif
};
static constexpr int kMaxPixels = sizeof(kPixelKernels) / sizeof(MultiplyPixels);

// A tile of at most `left` pixels; returns how many it was.
template <int kVectors, int kStep>
PREDICTOR_KERNEL int multiply_some_pixels(const PixelTile& tile, int left) {
  if (left >= kMaxPixels) {
    multiply_pixels<kMaxPixels, kVectors, kStep>(tile);
    return kMaxPixels;
  }
  if (left >= 4) {
    multiply_pixels<4, kVectors, kStep>(tile);
    return 4;
  }
  multiply_pixels<1, kVectors, kStep>(tile);
  return 1;
}

// Computes `count` pixels of one row. tile: that of the first pixel.
PREDICTOR_KERNEL void multiply_row(PixelTile tile, int count, int vectors, bool is_blocked) {
  const int tiles = (count + kMaxPixels - 1) / kMaxPixels;
  for (int t = 0, pixels = 0; count > 0; ++t, count -= pixels) {
    if (vectors == 2 && is_blocked) {
      pixels = (count + tiles - t - 1) / (tiles - t);  // all tiles of nearly the same size
      kPixelKernels[pixels - 1](tile);
    } else if (vectors == 2) {
      pixels = multiply_some_pixels<2, 1>(tile, count);
    } else if (is_blocked) {
      pixels = multiply_some_pixels<1, kLanes>(tile, count);
    } else {
      pixels = multiply_some_pixels<1, 1>(tile, count);
    }
    tile.in += pixels * (is_blocked ? kLanes : 1);
    tile.start += pixels * tile.start_pixel;
    tile.out += pixels * kLanes;
    tile.next += tile.segments * tile.next_lines * kLineBytes;
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
