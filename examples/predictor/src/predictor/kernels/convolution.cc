// The convolution of plain and blocked images: the kernels of the instruction sets write blocked
// ones, and read plain ones only of few channels.
#include "predictor/kernels/convolution.h"

#include "predictor/kernels/isa_kernels.h"
#include "predictor/kernels/layout.h"

namespace PREDICTOR_HIDDEN predictor {
namespace convolution_detail {

static ImageShape image_of(int batch, int channels, const int (&extents)[3]) {
  return {batch, channels, static_cast<ptrdiff_t>(extents[0]) * extents[1] * extents[2]};
}

static ImageShape in_image(const ConvolutionShape& shape) {
  return image_of(shape.batch, shape.in_channels, shape.in);
}

static ImageShape out_image(const ConvolutionShape& shape) {
  return image_of(shape.batch, shape.out_channels, shape.out);
}

// The input has to be brought into blocks before the kernel can run.
static bool is_blocked_first(Isa isa, const ConvolutionShape& shape) {
  return !shape.is_in_blocked && convolution_reads_blocks(isa, shape);
}

// What the kernel of the instruction set is asked for.
static ConvolutionShape inner_shape(Isa isa, const ConvolutionShape& shape) {
  ConvolutionShape inner = shape;
  inner.is_in_blocked = shape.is_in_blocked || convolution_reads_blocks(isa, shape);
  inner.is_out_blocked = true;
  return inner;
}

}  // namespace convolution_detail

bool convolution_is_filterable(Isa isa, const ConvolutionShape& shape) {
  bool is_simple = channel_block(isa) != kUnfilteredLanes && shape.groups == 1 && shape.pad[0] == 0;
  for (int d = 0; d < 3; ++d) {
    is_simple = is_simple && shape.stride[d] == 1 && shape.dilate[d] == 1 &&
                shape.kernel[d] == (d == 0 ? 1 : 3);
  }
  return is_simple;
}

bool convolution_gains_by_filtering(const ConvolutionShape& shape) {
  static constexpr int kLeastChannels = 32;
  static constexpr int kLeastPixels = 24 * 24;
  return shape.in_channels >= kLeastChannels && shape.out_channels >= kLeastChannels &&
         shape.out[1] >= kLeastPixels / shape.out[2];
}

bool convolution_reads_blocks(Isa isa, const ConvolutionShape& shape) {
  const bool is_depthwise = shape.groups > 1 && shape.groups == shape.in_channels;
  return shape.in_channels >= channel_block(isa) || is_depthwise || shape.is_filtered;
}

size_t convolution_packed_floats(Isa isa, const ConvolutionShape& shape) {
  return isa_kernels(isa)->convolution_packed_floats(convolution_detail::inner_shape(isa, shape));
}

void convolution_pack(Isa isa, const ConvolutionShape& shape, const float* weight, float* packed) {
  isa_kernels(isa)->convolution_pack(convolution_detail::inner_shape(isa, shape), weight, packed);
}

size_t convolution_workspace_floats(Isa isa, const ConvolutionShape& shape) {
  size_t floats =
      isa_kernels(isa)->convolution_workspace_floats(convolution_detail::inner_shape(isa, shape));
  if (convolution_detail::is_blocked_first(isa, shape))
    floats += blocked_floats(isa, convolution_detail::in_image(shape));
  if (!shape.is_out_blocked) floats += blocked_floats(isa, convolution_detail::out_image(shape));
  return floats;
}

void convolution_run(Isa isa, const ConvolutionShape& shape, const float* packed, const float* in,
                     const Epilogue& epilogue, float* workspace, float* out) {
  const ConvolutionShape inner = convolution_detail::inner_shape(isa, shape);
  Epilogue inner_epilogue = epilogue;
  float* inner_out = out;
  if (convolution_detail::is_blocked_first(isa, shape)) {
    to_blocked(isa, convolution_detail::in_image(shape), in, workspace);
    in = workspace;
    workspace += blocked_floats(isa, convolution_detail::in_image(shape));
  }
  if (!shape.is_out_blocked) {
    inner_out = workspace;
    workspace += blocked_floats(isa, convolution_detail::out_image(shape));
    if (epilogue.residual != nullptr) {
      to_blocked(isa, convolution_detail::out_image(shape), epilogue.residual, inner_out);
      inner_epilogue.residual = inner_out;
    }
  }
  isa_kernels(isa)->convolution_run(inner, packed, in, inner_epilogue, workspace, inner_out);
  if (!shape.is_out_blocked) to_plain(isa, convolution_detail::out_image(shape), inner_out, out);
}

}  // namespace predictor
