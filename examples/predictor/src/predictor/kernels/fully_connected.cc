// A fully connected layer is a convolution of single points whose pixels are the items of the
// batch: the weights are read once for all of them.
#include "predictor/kernels/fully_connected.h"

#include <cstring>

#include "predictor/kernels/convolution.h"
#include "predictor/kernels/layout.h"

namespace PREDICTOR_HIDDEN predictor {
namespace fully_connected_detail {

static ConvolutionShape product_shape(const FullyConnectedShape& shape) {
  ConvolutionShape product;
  product.in_channels = shape.inputs;
  product.out_channels = shape.outputs;
  product.in[2] = product.out[2] = shape.batch;
  product.is_in_blocked = product.is_out_blocked = true;
  return product;
}

// Floats of (batch, channels) as a blocked image; a single item has the same order in both.
static size_t image_floats(Isa isa, const FullyConnectedShape& shape, int channels) {
  return blocked_floats(isa, {1, channels, shape.batch});
}

// Calls copy(place in the image, place in the rows, floats) for each run of floats that (batch,
// channels) and its blocked image have in common.
template <typename Copy>
static void for_each_run(Isa isa, int batch, int channels, const Copy& copy) {
  const int block = channel_block(isa);
  ptrdiff_t at = 0;
  for (int c = 0; c < channels; c += block) {
    const size_t bytes =
        static_cast<size_t>(channels - c < block ? channels - c : block) * sizeof(float);
    for (ptrdiff_t n = 0; n < batch; ++n, at += block) copy(at, n * channels + c, bytes);
  }
}

static void to_image(Isa isa, int batch, int channels, const float* rows, float* image) {
  for_each_run(isa, batch, channels, [rows, image](ptrdiff_t at, ptrdiff_t from, size_t bytes) {
    std::memcpy(image + at, rows + from, bytes);
  });
}

static void to_rows(Isa isa, int batch, int channels, const float* image, float* rows) {
  for_each_run(isa, batch, channels, [rows, image](ptrdiff_t at, ptrdiff_t to, size_t bytes) {
    std::memcpy(rows + to, image + at, bytes);
  });
}

}  // namespace fully_connected_detail

size_t fully_connected_packed_floats(Isa isa, const FullyConnectedShape& shape) {
  return convolution_packed_floats(isa, fully_connected_detail::product_shape(shape));
}

void fully_connected_pack(Isa isa, const FullyConnectedShape& shape, const float* weight,
                          float* packed) {
  convolution_pack(isa, fully_connected_detail::product_shape(shape), weight, packed);
}

size_t fully_connected_workspace_floats(Isa isa, const FullyConnectedShape& shape) {
  const size_t in =
      shape.batch == 1 ? 0 : fully_connected_detail::image_floats(isa, shape, shape.inputs);
  return in + fully_connected_detail::image_floats(isa, shape, shape.outputs) +
         convolution_workspace_floats(isa, fully_connected_detail::product_shape(shape));
}

void fully_connected_run(Isa isa, const FullyConnectedShape& shape, const float* packed,
                         const float* in, const Epilogue& epilogue, float* workspace, float* out) {
  Epilogue image_epilogue = epilogue;
  float* image = workspace;
  workspace += fully_connected_detail::image_floats(isa, shape, shape.outputs);
  if (epilogue.residual != nullptr) {
    fully_connected_detail::to_image(isa, shape.batch, shape.outputs, epilogue.residual, image);
    image_epilogue.residual = image;
  }
  if (shape.batch > 1) {
    fully_connected_detail::to_image(isa, shape.batch, shape.inputs, in, workspace);
    in = workspace;
    workspace += fully_connected_detail::image_floats(isa, shape, shape.inputs);
  }
  convolution_run(isa, fully_connected_detail::product_shape(shape), packed, in, image_epilogue,
                  workspace, image);
  fully_connected_detail::to_rows(isa, shape.batch, shape.outputs, image, out);
}

}  // namespace predictor
