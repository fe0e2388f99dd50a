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

// Neighbouring elements of one row of the image.
struct Run {
  int at[3];  // the first
  int count;
};

static Run run_at(const DeconvolutionShape& shape, ptrdiff_t element, ptrdiff_t most) {
  const ptrdiff_t row = element / shape.in[2];
  const int x = static_cast<int>(element % shape.in[2]);
  const int left = shape.in[2] - x;
  return {{static_cast<int>(row / shape.in[1]), static_cast<int>(row % shape.in[1]), x},
          most < left ? static_cast<int>(most) : left};
}

// Where tap `tap` of the first element falls on axis `d` of the output; it may be outside.
static int place_of(const DeconvolutionShape& shape, const Run& run, int d, int tap) {
  return run.at[d] * shape.stride[d] - shape.pad[d] + tap * shape.dilate[d];
}

static bool is_inside(const DeconvolutionShape& shape, int d, int place) {
  return place >= 0 && place < shape.out[d];
}

// Adds the products of a run with one tap of the last axis, whose first falls at `place` of a row.
static void add_line(const DeconvolutionShape& shape, int place, int count, const float* products,
                     float* row) {
  const int stride = shape.stride[2];
  int i = place < 0 ? (-place - 1) / stride + 1 : 0;
  float* to = row + place + static_cast<ptrdiff_t>(i) * stride;
  for (const float* end = row + shape.out[2]; i < count && to < end; ++i, to += stride) {
    *to += products[i];
  }
}

// Adds the products of a run to the plane of one output. products: (taps), `step` floats apart.
static void add_run(const DeconvolutionShape& shape, const Run& run, const float* products,
                    ptrdiff_t step, float* out) {
  for (int a = 0; a < shape.kernel[0]; ++a) {
    const int z = place_of(shape, run, 0, a);
    for (int b = 0; b < shape.kernel[1]; ++b) {
      const int y = place_of(shape, run, 1, b);
      const bool is_row = is_inside(shape, 0, z) && is_inside(shape, 1, y);
      float* row =
          out + (is_row ? (static_cast<ptrdiff_t>(z) * shape.out[1] + y) * shape.out[2] : 0);
      for (int e = 0; e < shape.kernel[2]; ++e, products += step) {
        if (is_row) add_line(shape, place_of(shape, run, 2, e), run.count, products, row);
      }
    }
  }
}

// Adds the products of elements [first, first + count) to all outputs of one group. products:
// (outputs, taps, count).
static void scatter_group(const DeconvolutionShape& shape, ptrdiff_t first, int count,
                          const float* products, float* out) {
  const int outputs = shape.out_channels / shape.groups;
  const ptrdiff_t step = static_cast<ptrdiff_t>(taps_of(shape)) * count;
  for (int done = 0; done < count;) {
    const Run run = run_at(shape, first + done, count - done);
    for (ptrdiff_t o = 0; o < outputs; ++o) {
      add_run(shape, run, products + o * step + done, count, out + o * floats_of(shape.out));
    }
    done += run.count;
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
