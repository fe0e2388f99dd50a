// Deconvolution as a product of matrices, (outputs * taps, channels) times (channels, elements of
// the image), made for a few rows of the image at a time, whose results are then added to the
// output where the taps fall.
#include "predictor/kernels/deconvolution.h"

#include "predictor/kernels/convolution.h"
#include "predictor/kernels/elementwise.h"

namespace PREDICTOR_HIDDEN predictor {

namespace deconvolution_detail {

// Image elements whose products are in the workspace at once.
static constexpr int kElements = 192;

static int taps_of(const DeconvolutionShape& shape) {
  return shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
}

static ptrdiff_t floats_of(const int (&extents)[3]) {
  return static_cast<ptrdiff_t>(extents[0]) * extents[1] * extents[2];
}

// The product for one group and `elements` elements of the image: a convolution whose kernel is a
// single point.
static ConvolutionShape product_shape(const DeconvolutionShape& shape, int elements) {
  ConvolutionShape product;
  product.in_channels = shape.in_channels / shape.groups;
  product.out_channels = shape.out_channels / shape.groups * taps_of(shape);
  product.in[2] = product.out[2] = elements;
  return product;
}

// Floats of the two buffers before the product's own workspace: elements of the image, gathered,
// and products.
static size_t buffer_floats(const DeconvolutionShape& shape) {
  const ConvolutionShape product = product_shape(shape, kElements);
  return static_cast<size_t>(kElements) *
         static_cast<size_t>(product.in_channels + product.out_channels);
}

// Adds one line of products, of elements [first, first + count) of the image and kernel tap (a, b,
// e), to the plane of one output.
static void scatter(const DeconvolutionShape& shape, ptrdiff_t first, int count,
                    const int (&tap)[3], const float* products, float* out) {
  for (int i = 0; i < count; ++i) {
    const ptrdiff_t at = first + i;
    const int element[3] = {static_cast<int>(at / shape.in[2] / shape.in[1]),
                            static_cast<int>(at / shape.in[2] % shape.in[1]),
                            static_cast<int>(at % shape.in[2])};
    ptrdiff_t to = 0;
    bool is_inside = true;
    for (int d = 0; d < 3; ++d) {
      const int y = element[d] * shape.stride[d] - shape.pad[d] + tap[d] * shape.dilate[d];
      is_inside = is_inside && y >= 0 && y < shape.out[d];
      to = to * shape.out[d] + y;
    }
    if (is_inside) out[to] += products[i];
  }
}

// Adds the products of elements [first, first + count) to all outputs of one group. products:
// (outputs, taps, count).
static void scatter_group(const DeconvolutionShape& shape, ptrdiff_t first, int count,
                          const float* products, float* out) {
  const int outputs = shape.out_channels / shape.groups;
  for (int o = 0; o < outputs; ++o, out += floats_of(shape.out)) {
    for (int a = 0; a < shape.kernel[0]; ++a) {
      for (int b = 0; b < shape.kernel[1]; ++b) {
        for (int e = 0; e < shape.kernel[2]; ++e, products += count)
          scatter(shape, first, count, {a, b, e}, products, out);
      }
    }
  }
}

// out = bias + residual, of one batch item.
static void begin(const DeconvolutionShape& shape, const Epilogue& epilogue, const float* residual,
                  float* out) {
  const ptrdiff_t plane = floats_of(shape.out);
  for (int o = 0; o < shape.out_channels; ++o) {
    const float bias = epilogue.bias == nullptr ? 0.0f : epilogue.bias[o];
    for (ptrdiff_t i = o * plane; i < (o + 1) * plane; ++i)
      out[i] = residual == nullptr ? bias : bias + residual[i];
  }
}

}  // namespace deconvolution_detail

size_t deconvolution_packed_floats(Isa isa, const DeconvolutionShape& shape) {
  const ConvolutionShape product =
      deconvolution_detail::product_shape(shape, deconvolution_detail::kElements);
  return static_cast<size_t>(shape.groups) * convolution_packed_floats(isa, product) +
         static_cast<size_t>(product.in_channels) * static_cast<size_t>(product.out_channels);
}

// packed: for each group the packed weights of its product. The end of `packed` holds a group's
// weights transposed, meanwhile.
void deconvolution_pack(Isa isa, const DeconvolutionShape& shape, const float* weight,
                        float* packed) {
  const ConvolutionShape product =
      deconvolution_detail::product_shape(shape, deconvolution_detail::kElements);
  const size_t group_floats = convolution_packed_floats(isa, product);
  float* transposed = packed + static_cast<size_t>(shape.groups) * group_floats;
  for (int g = 0; g < shape.groups; ++g, packed += group_floats) {
    for (int c = 0; c < product.in_channels; ++c) {
      for (int o = 0; o < product.out_channels; ++o) {
        transposed[static_cast<ptrdiff_t>(o) * product.in_channels + c] = *weight++;
      }
    }
    convolution_pack(isa, product, transposed, packed);
  }
}

size_t deconvolution_workspace_floats(Isa isa, const DeconvolutionShape& shape) {
  const ConvolutionShape product =
      deconvolution_detail::product_shape(shape, deconvolution_detail::kElements);
  return deconvolution_detail::buffer_floats(shape) + convolution_workspace_floats(isa, product);
}

void deconvolution_run(Isa isa, const DeconvolutionShape& shape, const float* packed,
                       const float* in, const Epilogue& epilogue, float* workspace, float* out) {
  const ptrdiff_t in_floats = deconvolution_detail::floats_of(shape.in);
  const ptrdiff_t out_floats = deconvolution_detail::floats_of(shape.out);
  const size_t group_weights = convolution_packed_floats(
      isa, deconvolution_detail::product_shape(shape, deconvolution_detail::kElements));
  const Epilogue none;
  for (int n = 0; n < shape.batch; ++n) {
    const ptrdiff_t item = n * shape.out_channels * out_floats;
    deconvolution_detail::begin(shape, epilogue,
                                epilogue.residual == nullptr ? nullptr : epilogue.residual + item,
                                out + item);
    for (int g = 0; g < shape.groups; ++g) {
      for (ptrdiff_t first = 0; first < in_floats; first += deconvolution_detail::kElements) {
        const int count = in_floats - first < deconvolution_detail::kElements
                              ? static_cast<int>(in_floats - first)
                              : deconvolution_detail::kElements;
        const ConvolutionShape product = deconvolution_detail::product_shape(shape, count);
        const float* group =
            in + (static_cast<ptrdiff_t>(n) * shape.groups + g) * product.in_channels * in_floats;
        float* elements = workspace;
        for (int c = 0; c < product.in_channels; ++c) {
          for (int i = 0; i < count; ++i) *elements++ = group[c * in_floats + first + i];
        }
        float* products = elements;
        convolution_run(isa, product, packed + static_cast<size_t>(g) * group_weights, workspace,
                        none, workspace + deconvolution_detail::buffer_floats(shape), products);
        deconvolution_detail::scatter_group(
            shape, first, count, products,
            out + item + g * (shape.out_channels / shape.groups) * out_floats);
      }
    }
  }
  activate(isa, static_cast<size_t>(shape.batch * shape.out_channels * out_floats), out, epilogue,
           out);
}

}  // namespace predictor
