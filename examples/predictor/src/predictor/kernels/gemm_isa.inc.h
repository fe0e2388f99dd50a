// The general product of matrices as a convolution of single points: rows of `a` are pixels,
// columns of `b` output channels, and both are brought into the order of blocked images and packed
// weights first. Its time is that of the convolution where there are more than a few rows.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

// Columns of `b` that are packed and multiplied by all of `a` before the next ones.
static constexpr int kColumnsAtOnce = 8 * kPanelVectors * kLanes;

// The product of all of `a` and so many columns.
PREDICTOR_KERNEL ConvolutionShape product_shape(const GemmShape& shape, int columns) {
  ConvolutionShape product;
  product.in_channels = shape.k;
  product.out_channels = columns;
  product.in[2] = product.out[2] = shape.m;
  product.is_in_blocked = product.is_out_blocked = true;
  return product;
}

PREDICTOR_KERNEL size_t image_floats(int rows, int channels) {
  return static_cast<size_t>(rows) * static_cast<size_t>((channels + kLanes - 1) / kLanes * kLanes);
}

PREDICTOR_KERNEL size_t gemm_workspace_floats(const GemmShape& shape) {
  const int columns = smaller_int(kColumnsAtOnce, shape.n);
  const ConvolutionShape product = product_shape(shape, columns);
  return 4 * kAlignFloats + image_floats(shape.m, shape.k) + image_floats(shape.m, columns) +
         convolution_packed_floats(product) + convolution_workspace_floats(product);
}

// The weights of a convolution whose output channels are columns [n, n + columns).
PREDICTOR_KERNEL void pack_columns(const Strided& matrix, int n, int columns, int depth,
                                   float* packed) {
  static constexpr int kWidth = kPanelVectors * kLanes;
  for (int i = 0; i < columns; i += kWidth) {
    const int width = smaller_int(kWidth, columns - i);
    const int panel_width = width > kLanes ? kWidth : kLanes;
    pack_panel(matrix, n + i, width, 0, depth, panel_width, packed);
    packed += static_cast<ptrdiff_t>(panel_width) * depth;
  }
}

// c = image, or c += image. image: (columns in blocks, rows, kLanes).
PREDICTOR_KERNEL void unpack_image(const GemmShape& shape, const float* image, int columns,
                                   float* c) {
  for (int n = 0; n < columns; n += kLanes) {
    for (int m = 0; m < shape.m; ++m, image += kLanes) {
      float* to = c + m * shape.stride_c + n;
      const Vec result = load(image);
      const int left = columns - n;
      store_some(to, shape.accumulate ? add(load_some(to, left), result) : result, left);
    }
  }
}

PREDICTOR_KERNEL void gemm(const GemmShape& shape, const float* a, const float* b, float* workspace,
                           float* c) {
  // a block of channels is a panel that has as many rows as it has lanes
  const Strided channels =
      shape.transpose_a ? Strided{a, shape.stride_a, 1} : Strided{a, 1, shape.stride_a};
  const Strided columns =
      shape.transpose_b ? Strided{b, shape.stride_b, 1} : Strided{b, 1, shape.stride_b};
  const int most = smaller_int(kColumnsAtOnce, shape.n);
  float* in = aligned(workspace);
  float* out = aligned(in + image_floats(shape.m, shape.k));
  float* packed = aligned(out + image_floats(shape.m, most));
  float* rest = packed + convolution_packed_floats(product_shape(shape, most));
  for (int k = 0; k < shape.k; k += kLanes) {
    pack_panel(channels, k, smaller_int(kLanes, shape.k - k), 0, shape.m, kLanes,
               in + static_cast<ptrdiff_t>(k) * shape.m);
  }
  for (int n = 0; n < shape.n; n += most) {
    const int count = smaller_int(most, shape.n - n);
    pack_columns(columns, n, count, shape.k, packed);
    convolution_run(product_shape(shape, count), packed, in, {}, rest, out);
    unpack_image(shape, out, count, c + n);
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
