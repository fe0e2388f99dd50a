// Convolution of blocked images. Weights are packed in panels, see panels_isa.inc.h. A band of rows
// of the input meets one panel after the other.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

PREDICTOR_KERNEL_INLINE bool is_depthwise(const ConvolutionShape& shape) {
  return shape.groups > 1 && shape.groups == shape.in_channels &&
         shape.groups == shape.out_channels;
}

PREDICTOR_KERNEL ConvolutionPlan plan_convolution(const ConvolutionShape& shape) {
  ConvolutionPlan plan = {};
  const int lanes = shape.is_in_blocked ? kLanes : 1;
  plan.taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  plan.depth = chunk_depth(plan.taps);
  plan.in_blocks = (shape.in_channels + lanes - 1) / lanes;
  plan.is_flat = plan.taps == 1;
  for (int d = 0; d < 3; ++d) {
    plan.is_flat = plan.is_flat && shape.stride[d] == 1 && shape.pad[d] == 0;
  }
  plan.segments = larger_int(plan.taps, kPixelDepth / lanes);
  plan.source = plan_source(shape, lanes, plan.in_blocks);
  return plan;
}

// A constant where nothing is filterable, so that the code for it is not there.
PREDICTOR_KERNEL_INLINE bool is_filtered(const ConvolutionShape& shape) {
  return kLanes != kUnfilteredLanes && shape.is_filtered;
}

PREDICTOR_KERNEL size_t convolution_packed_floats(const ConvolutionShape& shape) {
  const int taps =
      is_filtered(shape) ? kTilePlaces : shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  if (is_depthwise(shape)) {
    return static_cast<size_t>(output_blocks(shape)) * static_cast<size_t>(taps * kLanes);
  }
  ptrdiff_t floats = 0;
  for (int b = 0; b < output_blocks(shape);) {
    const Panel panel = panel_at(shape, b);
    floats += panel_weights(panel, taps);
    b += panel.vectors;
  }
  return static_cast<size_t>(floats);
}

// The weights of one panel, (chunks, blocks, taps, channels of the block, vectors, kLanes), which
// is the order in which they are read.
PREDICTOR_KERNEL float* pack_convolution_panel(const ConvolutionShape& shape, const Panel& panel,
                                               int taps, const float* weight, float* packed) {
  const int lanes = shape.is_in_blocked ? kLanes : 1;
  const int channels = shape.in_channels / shape.groups;
  const int outputs = shape.out_channels / shape.groups;
  const int end = panel.first_channel + panel.channels;
  const int width = panel.vectors * kLanes;
  for (int channel = panel.first_channel; channel < end;) {
    const Chunk chunk = chunk_at(channel, end, chunk_depth(taps), lanes);
    for (int s = 0; s < chunk.segments; ++s, channel += chunk.channels) {
      for (int i = 0; i < width; ++i) {
        const int o = panel.block * kLanes + i;
        const int group = o / outputs;
        for (int c = 0; c < chunk.channels; ++c) {
          const int in_group = channel + c - group * channels;
          const bool is_read = o < shape.out_channels && in_group >= 0 && in_group < channels;
          const float* from =
              weight + (static_cast<ptrdiff_t>(is_read ? o : 0) * channels + in_group) * taps;
          float* to = packed + static_cast<ptrdiff_t>(c) * width + i;
          for (int t = 0; t < taps; ++t, to += static_cast<ptrdiff_t>(chunk.channels) * width) {
            *to = is_read ? from[t] : 0.0f;
          }
        }
      }
      packed += static_cast<ptrdiff_t>(chunk.channels) * taps * width;
    }
  }
  return packed;
}

PREDICTOR_KERNEL void convolution_pack(const ConvolutionShape& shape, const float* weight,
                                       float* packed) {
  const int taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  if (is_depthwise(shape)) {
    return to_blocked({1, shape.out_channels, taps}, weight, packed);
  }
  for (int b = 0; b < output_blocks(shape);) {
    const Panel panel = panel_at(shape, b);
    packed = is_filtered(shape) ? winograd_pack_panel(shape, panel, weight, packed)
                                : pack_convolution_panel(shape, panel, taps, weight, packed);
    b += panel.vectors;
  }
}

PREDICTOR_KERNEL size_t convolution_workspace_floats(const ConvolutionShape& shape) {
  const size_t bias = static_cast<size_t>(output_blocks(shape)) * kLanes;
  if (is_depthwise(shape)) return kAlignFloats + bias;
  if (is_filtered(shape)) return kAlignFloats + bias + winograd_workspace_floats(shape);
  const ConvolutionPlan plan = plan_convolution(shape);
  return 3 * kAlignFloats + bias +
         static_cast<size_t>(plan.segments) * sizeof(ptrdiff_t) / sizeof(float) +
         static_cast<size_t>(staged_floats(plan.source, plan.in_blocks));
}

// The bias with zeros up to a whole block, zeros where there is none.
PREDICTOR_KERNEL void pad_bias(const ConvolutionShape& shape, const float* bias, float* padded) {
  const int count = output_blocks(shape) * kLanes;
  for (int o = 0; o < count; ++o) {
    padded[o] = bias != nullptr && o < shape.out_channels ? bias[o] : 0.0f;
  }
}

// Offsets from a window's first element to those of a chunk, (blocks, taps).
PREDICTOR_KERNEL void list_offsets(const ConvolutionShape& shape, const ConvolutionPlan& plan,
                                   ptrdiff_t* offsets) {
  for (int s = 0; s < plan.segments; s += plan.taps) {
    int t = 0;
    for (int z = 0; z < shape.kernel[0]; ++z) {
      for (int y = 0; y < shape.kernel[1]; ++y) {
        for (int x = 0; x < shape.kernel[2]; ++x, ++t) {
          if (s + t >= plan.segments) return;
          offsets[s + t] =
              s / plan.taps * plan.source.block + tap_offset(shape, plan.source, z, y, x);
        }
      }
    }
  }
}

// What threads share: the work of one band, in `parts` parts of panels, rows or columns.
struct BandJob {
  const ConvolutionShape* shape;
  const ConvolutionPlan* plan;
  Band band;
  const ptrdiff_t* offsets;
  const float* packed;
  const float* bias;
  const Epilogue* epilogue;
  int parts;
  bool shares_panels;
  // of the copy that is staged before: the batch item, where the copy goes, output depth and row
  const float* in;
  float* staged;
  int z;
  int y;
};

// Part `part` of the rows of a band, or of the columns if there is but one row.
PREDICTOR_KERNEL Band part_of_band(const BandJob& job, int part) {
  Band band = job.band;
  const Source& source = job.plan->source;
  const bool is_of_rows = band.rows > 1;
  int* extent = is_of_rows ? &band.rows : &band.columns;
  const ptrdiff_t begin = static_cast<ptrdiff_t>(*extent) * part / job.parts;
  const ptrdiff_t end = static_cast<ptrdiff_t>(*extent) * (part + 1) / job.parts;
  const ptrdiff_t out_at = begin * (is_of_rows ? band.out_row : kLanes);
  band.in += begin * (is_of_rows ? source.row : source.lanes);
  band.out += out_at;
  if (band.residual != nullptr) band.residual += out_at;
  *extent = static_cast<int>(end - begin);
  return band;
}

PREDICTOR_KERNEL void convolve_part(const void* context, int part) {
  const BandJob& job = *static_cast<const BandJob*>(context);
  const Band band = job.shares_panels ? job.band : part_of_band(job, part);
  const int blocks = output_blocks(*job.shape);
  const int first = job.shares_panels ? blocks * part / job.parts : 0;
  const int last = job.shares_panels ? blocks * (part + 1) / job.parts : blocks;
  const float* packed = job.packed;
  for (int b = 0; b < last;) {
    const Panel panel = panel_at(*job.shape, b);
    if (b >= first) {
      convolve_panel(*job.plan, panel, band, job.offsets, packed, job.bias + b * kLanes,
                     *job.epilogue);
    }
    packed += panel_weights(panel, job.plan->taps);
    b += panel.vectors;
  }
}

PREDICTOR_KERNEL void stage_part(const void* context, int part) {
  const BandJob& job = *static_cast<const BandJob*>(context);
  const ConvolutionShape& shape = *job.shape;
  const Source& source = job.plan->source;
  const int first = job.plan->in_blocks * part / job.parts;
  const int last = job.plan->in_blocks * (part + 1) / job.parts;
  const ptrdiff_t in_block =
      static_cast<ptrdiff_t>(shape.in[0]) * shape.in[1] * shape.in[2] * source.lanes;
  stage_blocks(shape, source, job.in + first * in_block, last - first, job.z, job.y, job.band.rows,
               job.staged + first * source.block);
}

// In as many parts as there are threads that are worth it; each result is computed as by one.
PREDICTOR_KERNEL void convolve_band(BandJob job) {
  const ConvolutionShape& shape = *job.shape;
  const int blocks = output_blocks(shape);
  const double work = static_cast<double>(job.band.rows) * job.band.columns * shape.out_channels *
                      job.plan->taps * (shape.in_channels / shape.groups);
  job.parts = work < kSharedWork ? 1 : thread_count();
  if (job.plan->source.is_staged) parallel_for(job.parts, stage_part, &job);
  job.shares_panels = blocks % (job.parts * kPanelVectors) == 0 || blocks >= 8 * job.parts;
  if (!job.shares_panels) {
    const int most = job.band.rows > 1 ? job.band.rows : job.band.columns / kMaxPixels;
    job.parts = larger_int(1, smaller_int(job.parts, most));
  }
  parallel_for(job.parts, convolve_part, &job);
}

// Floats of one image.
PREDICTOR_KERNEL_INLINE ptrdiff_t floats_of(const int (&extents)[3]) {
  return static_cast<ptrdiff_t>(extents[0]) * extents[1] * extents[2];
}

// Where the windows of output depth z from row y on start in the input of one batch item.
PREDICTOR_KERNEL_INLINE const float* window_start(const ConvolutionShape& shape,
                                                  const Source& source, const float* in, int z,
                                                  int y) {
  return in + (static_cast<ptrdiff_t>(z) * shape.stride[0] * shape.in[1] + y * shape.stride[1]) *
                  source.line;
}

// in, out, residual: of one batch item.
PREDICTOR_KERNEL void convolve_item(const ConvolutionShape& shape, const ConvolutionPlan& plan,
                                    const float* packed, const float* in, const float* bias,
                                    const float* residual, const Epilogue& epilogue,
                                    const ptrdiff_t* offsets, float* staged, float* out) {
  const ptrdiff_t plane = floats_of(shape.out);
  BandJob job = {};
  job.shape = &shape;
  job.plan = &plan;
  job.offsets = offsets;
  job.packed = packed;
  job.bias = bias;
  job.epilogue = &epilogue;
  job.in = in;
  job.staged = staged;
  Band& band = job.band;
  band.out_block = plane * kLanes;
  if (plan.is_flat) {
    const ptrdiff_t fitting = kBandFloats / (plan.in_blocks * plan.source.lanes);
    const int at_once = kMaxPixels * larger_int(2, static_cast<int>(fitting / kMaxPixels));
    band.rows = 1;
    for (ptrdiff_t i = 0; i < plane; i += at_once) {
      band.columns = static_cast<int>(plane - i < at_once ? plane - i : at_once);
      band.in = in + i * plan.source.lanes;
      band.out = out + i * kLanes;
      band.residual = residual == nullptr ? nullptr : residual + i * kLanes;
      convolve_band(job);
    }
    return;
  }
  band.columns = shape.out[2];
  band.out_row = static_cast<ptrdiff_t>(shape.out[2]) * kLanes;
  for (int z = 0; z < shape.out[0]; ++z) {
    for (int y = 0; y < shape.out[1]; y += plan.source.band_rows) {
      const ptrdiff_t at = (static_cast<ptrdiff_t>(z) * shape.out[1] + y) * band.out_row;
      band.rows = smaller_int(plan.source.band_rows, shape.out[1] - y);
      band.out = out + at;
      band.residual = residual == nullptr ? nullptr : residual + at;
      band.in = plan.source.is_staged ? staged : window_start(shape, plan.source, in, z, y);
      job.z = z;
      job.y = y;
      convolve_band(job);
    }
  }
}

PREDICTOR_KERNEL void convolution_run(const ConvolutionShape& shape, const float* packed,
                                      const float* in, const Epilogue& epilogue, float* workspace,
                                      float* out) {
  float* bias = aligned(workspace);
  pad_bias(shape, epilogue.bias, bias);
  if (is_depthwise(shape)) return depthwise_run(shape, packed, in, bias, epilogue, out);
  if (is_filtered(shape)) {
    float* rest = bias + output_blocks(shape) * kLanes;
    return winograd_run(shape, packed, in, bias, epilogue, rest, out);
  }
  const ConvolutionPlan plan = plan_convolution(shape);
  ptrdiff_t* offsets = reinterpret_cast<ptrdiff_t*>(aligned(bias + output_blocks(shape) * kLanes));
  list_offsets(shape, plan, offsets);
  float* staged = aligned(reinterpret_cast<float*>(offsets + plan.segments));
  const ptrdiff_t in_floats = floats_of(shape.in) * plan.in_blocks * plan.source.lanes;
  const ptrdiff_t out_floats = floats_of(shape.out) * output_blocks(shape) * kLanes;
  for (int n = 0; n < shape.batch; ++n) {
    const float* residual = epilogue.residual;
    convolve_item(shape, plan, packed, in + n * in_floats, bias,
                  residual == nullptr ? nullptr : residual + n * out_floats, epilogue, offsets,
                  staged, out + n * out_floats);
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
