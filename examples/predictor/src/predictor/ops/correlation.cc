// Correlation: how well each place of an image fits the places around it in another.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace correlation_detail {

static constexpr int64_t kMaxExtent = 1 << 12;

// Both images (n, c, h, w); out (n, places, y, x) with the places a square of displacements:
//   out = sum over c and a kernel (v, u) of a[s1*y + v][s1*x + u] * b[the same + displacement]
//         / (c * kernel^2)
// or of the distances |a - b|. Images are zero where they are padded.
struct Correlation : PlainState {
  int64_t kernel;
  int64_t reach;       // largest displacement
  int64_t strides[2];  // from one result to the next, from one displacement to the next
  int64_t pad;
  bool is_product;

  // Displacements on either side.
  int64_t radius() const { return reach / strides[1]; }
  int64_t extent(int64_t in) const {
    const int64_t inside = in + 2 * pad - 2 * (reach + (kernel - 1) / 2);
    check(inside > 0, {"an image of ", in, " pixels is too small"});
    return (inside + strides[0] - 1) / strides[0];
  }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    share_shape(inputs, {});
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    check(data.rank() == 4, {"the input has the shape ", data, ", but should have 4 axes"});
    const int64_t places = 2 * radius() + 1;
    merge_shape(outputs[0], {data[0], places * places, extent(data[2]), extent(data[3])},
                "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Shape& shape = tensors.outputs[0].shape();
    const int64_t image = data.product(1, 4);
    const int64_t places = 2 * radius() + 1;
    float* out = tensors.outputs[0].floats();
    for (int64_t n = 0; n < shape[0]; ++n) {
      const float* a = tensors.inputs[0].floats() + n * image;
      const float* b = tensors.inputs[1].floats() + n * image;
      for (int64_t place = 0; place < shape[1]; ++place) {
        const int64_t down = (place / places - radius()) * strides[1];
        const int64_t right = (place % places - radius()) * strides[1];
        for (int64_t i = 0; i < shape[2] * shape[3]; ++i) {
          const int64_t y = i / shape[3] * strides[0] + reach - pad;
          const int64_t x = i % shape[3] * strides[0] + reach - pad;
          *out++ = fit(data, a, b, y, x, down, right);
        }
      }
    }
  }

 private:
  static float pixel(const Shape& data, const float* plane, int64_t y, int64_t x) {
    const bool is_inside = y >= 0 && y < data[2] && x >= 0 && x < data[3];
    return is_inside ? plane[y * data[3] + x] : 0.0f;
  }
  // Of the kernel whose corner is at (y, x) in a, and that much further down and right in b.
  float fit(const Shape& data, const float* a, const float* b, int64_t y, int64_t x, int64_t down,
            int64_t right) const {
    float sum = 0;
    for (int64_t i = 0; i < kernel * kernel; ++i) {
      const int64_t v = y + i / kernel;
      const int64_t u = x + i % kernel;
      for (int64_t c = 0; c < data[1]; ++c) {
        const int64_t plane = c * data[2] * data[3];
        const float first = pixel(data, a + plane, v, u);
        const float second = pixel(data, b + plane, v + down, u + right);
        sum += is_product ? first * second : std::fabs(first - second);
      }
    }
    return sum / static_cast<float>(kernel * kernel * data[1]);
  }
};

}  // namespace correlation_detail

Unique<Op> parse_correlation(Attributes& attributes, int) {
  correlation_detail::Correlation op;
  op.kernel = attributes.integer("kernel_size", 1);
  op.reach = attributes.integer("max_displacement", 1);
  op.strides[0] = attributes.integer("stride1", 1);
  op.strides[1] = attributes.integer("stride2", 1);
  op.pad = attributes.integer("pad_size", 0);
  op.is_product = attributes.boolean("is_multiply", true);
  attributes.finish();
  check(op.kernel > 0 && op.kernel % 2 == 1, {"kernel_size should be odd"});
  check(op.strides[0] > 0 && op.strides[1] > 0, {"a stride is zero"});
  for (const int64_t extent : {op.kernel, op.reach, op.strides[0], op.strides[1], op.pad}) {
    check(
        extent >= 0 && extent <= correlation_detail::kMaxExtent,
        {"an attribute is ", extent, ", but should be from 0 to ", correlation_detail::kMaxExtent});
  }
  return plain_op(op, {"data1 data2"});
}

}  // namespace predictor
