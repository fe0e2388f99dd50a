// Convolution with a kernel of 3 x 3 and stride 1 by minimal filtering: the image is cut into tiles
// of 6 x 6 that overlap by 2, and the 4 x 4 results of each cost 36 products per pair of channels
// instead of 144. Input, weights and products are transformed from and to values of polynomials at
// the points 0, -5/8, 5/8, -3/2, 3/2 and infinity, whose multiples below are all exact: results
// are off by about twice as much as those of the plain sum.
//
//   out = A' ((G w G') * (B' in B)) A, where * is the product of places, summed over channels
//
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

static constexpr int kTileInputs = 6;
static constexpr int kTileOutputs = 4;
static constexpr int kTilePlaces = kTileInputs * kTileInputs;

static constexpr float kNear = 0.625f;  // the points, and their squares
static constexpr float kFar = 1.5f;
static constexpr float kNear2 = kNear * kNear;
static constexpr float kFar2 = kFar * kFar;

// Weights, three of them, to values at the points.
static constexpr double kNearShare = 1 / (2.0 * kNear2 * (kNear2 - kFar2));
static constexpr double kFarShare = 1 / (2.0 * kFar2 * (kFar2 - kNear2));
static constexpr double kWeightTransform[kTileInputs][3] = {
    {1.0 / (kNear2 * kFar2), 0, 0},
    {kNearShare, kNear* kNearShare, kNear2* kNearShare},
    {kNearShare, -kNear* kNearShare, kNear2* kNearShare},
    {kFarShare, kFar* kFarShare, kFar2* kFarShare},
    {kFarShare, -kFar* kFarShare, kFar2* kFarShare},
    {0, 0, 1},
};

// Products that are summed before partial results go to memory, see kPixelDepth: fewer, since their
// rounding errors grow where results are transformed back.
static constexpr int kFilteredDepth = 32;
static constexpr int kFilteredSegments = kFilteredDepth / kLanes;

// Floats of transformed input that are made at once: a share of the second-level cache.
static constexpr ptrdiff_t kTransformedFloats = 128 * 1024;

// Threads that have room for products of their own.
static constexpr int kMostParts = 8;

// to = B' from; both of kTileInputs vectors.
PREDICTOR_KERNEL_INLINE void transform_input(const float* from, ptrdiff_t from_step, float* to,
                                             ptrdiff_t to_step) {
  Vec d[kTileInputs];
  PREDICTOR_UNROLL
  for (int i = 0; i < kTileInputs; ++i) d[i] = load(from + i * from_step);
  const Vec sum = broadcast(-kNear2 - kFar2);
  const Vec product = broadcast(kNear2 * kFar2);
  const Vec far2 = broadcast(-kFar2);
  const Vec near2 = broadcast(-kNear2);
  const Vec even_near = multiply_add(far2, d[2], d[4]);
  const Vec odd_near = multiply(broadcast(kNear), multiply_add(far2, d[1], d[3]));
  const Vec even_far = multiply_add(near2, d[2], d[4]);
  const Vec odd_far = multiply(broadcast(kFar), multiply_add(near2, d[1], d[3]));
  store(to, multiply_add(product, d[0], multiply_add(sum, d[2], d[4])));
  store(to + to_step, add(even_near, odd_near));
  store(to + 2 * to_step, subtract(even_near, odd_near));
  store(to + 3 * to_step, add(even_far, odd_far));
  store(to + 4 * to_step, subtract(even_far, odd_far));
  store(to + 5 * to_step, multiply_add(product, d[1], multiply_add(sum, d[3], d[5])));
}

// to = A' from; kTileInputs vectors to kTileOutputs of them, side by side.
PREDICTOR_KERNEL_INLINE void transform_output(const float* from, ptrdiff_t from_step, float* to,
                                              ptrdiff_t to_step) {
  Vec m[kTileInputs];
  PREDICTOR_UNROLL
  for (int i = 0; i < kTileInputs; ++i) m[i] = load(from + i * from_step);
  const Vec even_near = add(m[1], m[2]);
  const Vec odd_near = subtract(m[1], m[2]);
  const Vec even_far = add(m[3], m[4]);
  const Vec odd_far = subtract(m[3], m[4]);
  store(to, add(m[0], add(even_near, even_far)));
  store(to + to_step, multiply_add(broadcast(kNear), odd_near, multiply(broadcast(kFar), odd_far)));
  store(to + 2 * to_step,
        multiply_add(broadcast(kNear2), even_near, multiply(broadcast(kFar2), even_far)));
  store(to + 3 * to_step, multiply_add(broadcast(kNear2 * kNear), odd_near,
                                       multiply_add(broadcast(kFar2 * kFar), odd_far, m[5])));
}

// (panels, places, channels, vectors, kLanes).
PREDICTOR_KERNEL float* winograd_pack_panel(const ConvolutionShape& shape, const Panel& panel,
                                            const float* weight, float* packed) {
  const int width = panel.vectors * kLanes;
  const ptrdiff_t place = static_cast<ptrdiff_t>(panel.channels) * width;
  for (int i = 0; i < width; ++i) {
    const int o = panel.block * kLanes + i;
    for (int c = 0; c < panel.channels; ++c) {
      const bool is_there = o < shape.out_channels;
      const float* w = weight + (static_cast<ptrdiff_t>(is_there ? o : 0) * panel.channels + c) * 9;
      float* to = packed + static_cast<ptrdiff_t>(c) * width + i;
      for (const double(&rows)[3] : kWeightTransform) {
        double line[3];
        for (int x = 0; x < 3; ++x)
          line[x] = rows[0] * w[x] + rows[1] * w[3 + x] + rows[2] * w[6 + x];
        for (const double(&columns)[3] : kWeightTransform) {
          const double value = columns[0] * line[0] + columns[1] * line[1] + columns[2] * line[2];
          *to = is_there ? static_cast<float>(value) : 0.0f;
          to += place;
        }
      }
    }
  }
  return packed + kTilePlaces * place;
}

// What threads share. Steps in floats.
struct WinogradJob {
  const ConvolutionShape* shape;
  const Epilogue* epilogue;
  const float* packed;
  const float* bias;
  const float* zeros;     // as a bias of none
  const float* in;        // of one image of two dimensions, as all below
  const float* residual;  // or null
  float* out;
  ConvolutionPlan plan;  // of the products
  ptrdiff_t* offsets;
  float* transformed;  // (places, input blocks, tiles at once, kLanes)
  float* products;     // (parts, places, vectors, tiles at once, kLanes)
  ptrdiff_t in_block;
  ptrdiff_t out_block;
  int tiles_of_row;
  int tiles;
  int at_once;
  int first;  // of the tiles that are at work
  int count;
  int parts;
};

PREDICTOR_KERNEL_INLINE ptrdiff_t transformed_place(const WinogradJob& job) {
  return job.plan.in_blocks * job.plan.source.block;
}

PREDICTOR_KERNEL_INLINE ptrdiff_t products_place(const WinogradJob& job) {
  return kPanelVectors * job.plan.source.block;
}

PREDICTOR_KERNEL WinogradJob plan_winograd(const ConvolutionShape& shape) {
  WinogradJob job = {};
  job.shape = &shape;
  job.plan.taps = 1;
  job.plan.depth = kFilteredDepth;
  job.plan.in_blocks = (shape.in_channels + kLanes - 1) / kLanes;
  job.plan.source.lanes = kLanes;
  job.tiles_of_row = (shape.out[2] + kTileOutputs - 1) / kTileOutputs;
  job.tiles = job.tiles_of_row * ((shape.out[1] + kTileOutputs - 1) / kTileOutputs);
  const ptrdiff_t fitting = kTransformedFloats / (kTilePlaces * job.plan.in_blocks * kLanes);
  const int turns = (job.tiles - 1) / larger_int(kMaxPixels, static_cast<int>(fitting)) + 1;
  job.at_once = (job.tiles + turns - 1) / turns;
  job.plan.source.block = static_cast<ptrdiff_t>(job.at_once) * kLanes;
  job.parts = smaller_int(kMostParts, (output_blocks(shape) + 1) / kPanelVectors);
  return job;
}

PREDICTOR_KERNEL size_t winograd_workspace_floats(const ConvolutionShape& shape) {
  const WinogradJob job = plan_winograd(shape);
  return 3 * kAlignFloats + kPanelVectors * kLanes +
         kFilteredSegments * sizeof(ptrdiff_t) / sizeof(float) +
         static_cast<size_t>(kTilePlaces *
                             (transformed_place(job) + job.parts * products_place(job)));
}

// Transforms one tile of one block of channels. in: the block's image. to: its place 0.
PREDICTOR_KERNEL void transform_tile(const WinogradJob& job, int tile, const float* in, float* to) {
  const ConvolutionShape& shape = *job.shape;
  const int left = tile % job.tiles_of_row * kTileOutputs - shape.pad[2];
  const int top = tile / job.tiles_of_row * kTileOutputs - shape.pad[1];
  const bool is_inside = left >= 0 && left + kTileInputs <= shape.in[2];
  float lines[kTilePlaces * kLanes];
  float edge[kTileInputs * kLanes];
  for (int y = 0; y < kTileInputs; ++y) {
    const bool is_row = top + y >= 0 && top + y < shape.in[1];
    const float* row = in + static_cast<ptrdiff_t>(is_row ? top + y : 0) * shape.in[2] * kLanes;
    if (is_row && is_inside) {
      row += left * kLanes;
    } else {
      stage_row(row, is_row ? shape.in[2] : 0, left, 1, kTileInputs, kLanes, edge);
      row = edge;
    }
    transform_input(row, kLanes, lines + y * kTileInputs * kLanes, kLanes);
  }
  const ptrdiff_t place = transformed_place(job);
  for (int x = 0; x < kTileInputs; ++x) {
    transform_input(lines + x * kLanes, kTileInputs * kLanes, to + x * place, kTileInputs * place);
  }
}

PREDICTOR_KERNEL void transform_part(const void* context, int part) {
  const WinogradJob& job = *static_cast<const WinogradJob*>(context);
  const int last = job.plan.in_blocks * (part + 1) / job.parts;
  for (int b = job.plan.in_blocks * part / job.parts; b < last; ++b) {
    float* to = job.transformed + b * job.plan.source.block;
    for (int t = 0; t < job.count; ++t, to += kLanes) {
      transform_tile(job, job.first + t, job.in + b * job.in_block, to);
    }
  }
}

// Stores the results of one tile of output block `block`. from: its place 0.
PREDICTOR_KERNEL void finish_tile(const WinogradJob& job, int tile, int block, const float* from) {
  const ConvolutionShape& shape = *job.shape;
  const int left = tile % job.tiles_of_row * kTileOutputs;
  const int top = tile / job.tiles_of_row * kTileOutputs;
  const ptrdiff_t place = products_place(job);
  float lines[kTileOutputs * kTileInputs * kLanes];
  for (int x = 0; x < kTileInputs; ++x) {
    transform_output(from + x * place, kTileInputs * place, lines + x * kLanes,
                     kTileInputs * kLanes);
  }
  const int rows = smaller_int(kTileOutputs, shape.out[1] - top);
  const int columns = smaller_int(kTileOutputs, shape.out[2] - left);
  const Vec bias = load(job.bias + block * kLanes);
  for (int y = 0; y < rows; ++y) {
    float results[kTileOutputs * kLanes];
    transform_output(lines + y * kTileInputs * kLanes, kLanes, results, kLanes);
    const ptrdiff_t at =
        block * job.out_block + (static_cast<ptrdiff_t>(top + y) * shape.out[2] + left) * kLanes;
    for (int i = 0; i < columns * kLanes; i += kLanes) {
      Vec result = add(load(results + i), bias);
      if (job.residual != nullptr) result = add(result, load(job.residual + at + i));
      store(job.out + at + i, activated(result, *job.epilogue));
    }
  }
}

PREDICTOR_KERNEL void multiply_part(const void* context, int part) {
  const WinogradJob& job = *static_cast<const WinogradJob*>(context);
  const int panels = (output_blocks(*job.shape) + 1) / kPanelVectors;
  const int last =
      smaller_int(output_blocks(*job.shape), panels * (part + 1) / job.parts * kPanelVectors);
  const ptrdiff_t place = products_place(job);
  float* products = job.products + part * kTilePlaces * place;
  for (int b = panels * part / job.parts * kPanelVectors; b < last; b += kPanelVectors) {
    Panel panel = panel_at(*job.shape, b);
    panel.block = 0;
    const ptrdiff_t weights = panel_weights(panel, 1);
    const float* packed =
        job.packed + static_cast<ptrdiff_t>(b) * kLanes * panel.channels * kTilePlaces;
    for (int e = 0; e < kTilePlaces; ++e, packed += weights) {
      const Band band = {job.transformed + e * transformed_place(job),
                         1,
                         job.count,
                         products + e * place,
                         nullptr,
                         job.plan.source.block,
                         0};
      convolve_panel(job.plan, panel, band, job.offsets, packed, job.zeros, {});
    }
    for (int v = 0; v < panel.vectors; ++v) {
      for (int t = 0; t < job.count; ++t) {
        finish_tile(job, job.first + t, b + v, products + (v * job.at_once + t) * kLanes);
      }
    }
  }
}

// in, out, residual: of one image.
PREDICTOR_KERNEL void winograd_image(WinogradJob job) {
  for (; job.first < job.tiles; job.first += job.at_once) {
    job.count = smaller_int(job.at_once, job.tiles - job.first);
    parallel_for(job.parts, transform_part, &job);
    parallel_for(job.parts, multiply_part, &job);
  }
}

// bias: a whole number of blocks.
PREDICTOR_KERNEL void winograd_run(const ConvolutionShape& shape, const float* packed,
                                   const float* in, const float* bias, const Epilogue& epilogue,
                                   float* workspace, float* out) {
  WinogradJob job = plan_winograd(shape);
  const double work = static_cast<double>(job.tiles) * shape.in_channels * shape.out_channels;
  job.parts = work * kTilePlaces < kSharedWork ? 1 : smaller_int(job.parts, thread_count());
  job.epilogue = &epilogue;
  job.packed = packed;
  job.bias = bias;
  float* zeros = aligned(workspace);
  zero_floats(zeros, kPanelVectors * kLanes);
  job.zeros = zeros;
  job.offsets = reinterpret_cast<ptrdiff_t*>(zeros + kPanelVectors * kLanes);
  for (int s = 0; s < kFilteredSegments; ++s) job.offsets[s] = s * job.plan.source.block;
  job.transformed = aligned(reinterpret_cast<float*>(job.offsets + kFilteredSegments));
  job.products = job.transformed + kTilePlaces * transformed_place(job);
  const ptrdiff_t in_plane = static_cast<ptrdiff_t>(shape.in[1]) * shape.in[2] * kLanes;
  const ptrdiff_t out_plane = static_cast<ptrdiff_t>(shape.out[1]) * shape.out[2] * kLanes;
  job.in_block = shape.in[0] * in_plane;
  job.out_block = shape.in[0] * out_plane;
  for (int n = 0; n < shape.batch; ++n) {
    for (int z = 0; z < shape.in[0]; ++z) {
      const ptrdiff_t at = n * output_blocks(shape) * job.out_block + z * out_plane;
      job.in = in + n * job.plan.in_blocks * job.in_block + z * in_plane;
      job.out = out + at;
      job.residual = epilogue.residual == nullptr ? nullptr : epilogue.residual + at;
      winograd_image(job);
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
