// Operators that read images between their pixels: BilinearSampler, GridGenerator,
// SpatialTransformer.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace sampling_detail {

// Height and width of an output that an attribute gives.
struct Extents {
  int64_t height = 0;
  int64_t width = 0;
};

static Extents parse_target(Attributes& attributes) {
  const Vector<int64_t> target = attributes.tuple("target_shape");
  if (target.empty()) return {};
  check(target.size() == 2, {"attribute 'target_shape' should have 2 elements"});
  return {target[0], target[1]};
}

// Points of -1 to 1 from edge to edge. `along` of `extent`: a single point is in the middle.
static float normal_place(int64_t along, int64_t extent) {
  return extent < 2 ? -1.0f
                    : -1.0f + static_cast<float>(along) * (2.0f / static_cast<float>(extent - 1));
}

// Where an affine map sends the point (x, y) of the output. theta: two rows of three.
struct Point {
  float x;
  float y;
};
static Point transformed(const float* theta, float x, float y) {
  return {theta[0] * x + theta[1] * y + theta[2], theta[3] * x + theta[4] * y + theta[5]};
}

// The image at a point of -1 to 1, between its four neighbours; zero outside.
// plane: (height, width).
static float sample(const float* plane, int64_t height, int64_t width, Point point) {
  const float x = (point.x + 1) * static_cast<float>(width - 1) / 2;
  const float y = (point.y + 1) * static_cast<float>(height - 1) / 2;
  const float left = std::floor(x);
  const float top = std::floor(y);
  float sum = 0;
  for (int corner = 0; corner < 4; ++corner) {
    const float column = left + static_cast<float>(corner & 1);
    const float row = top + static_cast<float>(corner >> 1);
    const bool is_inside = column >= 0 && row >= 0 && column < static_cast<float>(width) &&
                           row < static_cast<float>(height);
    if (!is_inside) continue;
    const float weight = (1 - std::fabs(x - column)) * (1 - std::fabs(y - row));
    sum += weight * plane[static_cast<int64_t>(row) * width + static_cast<int64_t>(column)];
  }
  return sum;
}

// data (n, c, h, w), grid (n, 2, out_h, out_w) of x and y from -1 to 1: out (n, c, out_h, out_w).
struct BilinearSampler : PlainState {
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(4), "the input");
    merge_shape(inputs[1], {inputs[0][0], 2, Shape::kUnknown, Shape::kUnknown}, "the grid");
    merge_shape(outputs[0], {inputs[0][0], inputs[0][1], inputs[1][2], inputs[1][3]}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Shape& out_shape = tensors.outputs[0].shape();
    const int64_t points = out_shape.product(2, 4);
    const float* grid = tensors.inputs[1].floats();
    const float* plane = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t n = 0; n < data[0]; ++n, grid += 2 * points) {
      for (int64_t c = 0; c < data[1]; ++c, plane += data[2] * data[3]) {
        for (int64_t i = 0; i < points; ++i) {
          *out++ = sample(plane, data[2], data[3], {grid[i], grid[points + i]});
        }
      }
    }
  }
};

// affine: (n, 6) maps of the points of the target. warp: (n, 2, h, w) pixels to move each point by.
struct GridGenerator : PlainState {
  bool is_warp;
  Extents target;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (is_warp) {
      merge_shape(inputs[0], {Shape::kUnknown, 2, Shape::kUnknown, Shape::kUnknown}, "the input");
      merge_shape(outputs[0], inputs[0], "the output");
      return;
    }
    merge_shape(inputs[0], {Shape::kUnknown, 6}, "the input");
    merge_shape(outputs[0], {inputs[0][0], 2, target.height, target.width}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& shape = tensors.outputs[0].shape();
    const int64_t points = shape.product(2, 4);
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t n = 0; n < shape[0]; ++n, out += 2 * points, in += is_warp ? 2 * points : 6) {
      for (int64_t i = 0; i < points; ++i) {
        const int64_t row = i / shape[3];
        const int64_t column = i % shape[3];
        Point point;
        if (is_warp) {
          const float half_width = static_cast<float>(shape[3] - 1) / 2;
          const float half_height = static_cast<float>(shape[2] - 1) / 2;
          point.x = (in[i] + static_cast<float>(column)) / half_width - 1;
          point.y = (in[points + i] + static_cast<float>(row)) / half_height - 1;
        } else {
          point = transformed(in, normal_place(column, shape[3]), normal_place(row, shape[2]));
        }
        out[i] = point.x;
        out[points + i] = point.y;
      }
    }
  }
};

// data (n, c, h, w) seen through the affine maps loc (n, 6): out (n, c, target).
struct SpatialTransformer : PlainState {
  Extents target;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(4), "the input");
    merge_shape(inputs[1], {inputs[0][0], 6}, "the localisation");
    merge_shape(outputs[0], {inputs[0][0], inputs[0][1], target.height, target.width},
                "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Shape& shape = tensors.outputs[0].shape();
    const float* plane = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t n = 0; n < data[0]; ++n) {
      const float* theta = tensors.inputs[1].floats() + 6 * n;
      for (int64_t c = 0; c < data[1]; ++c, plane += data[2] * data[3]) {
        for (int64_t i = 0; i < shape[2] * shape[3]; ++i) {
          const float x = normal_place(i % shape[3], shape[3]);
          const float y = normal_place(i / shape[3], shape[2]);
          *out++ = sample(plane, data[2], data[3], transformed(theta, x, y));
        }
      }
    }
  }
};

}  // namespace sampling_detail

Unique<Op> parse_bilinear_sampler(Attributes& attributes, int) {
  attributes.ignore({"cudnn_off"});
  attributes.finish();
  return plain_op(sampling_detail::BilinearSampler(), {"data grid"});
}

Unique<Op> parse_grid_generator(Attributes& attributes, int) {
  sampling_detail::GridGenerator op;
  const int type = attributes.choice("transform_type", {"affine", "warp"}, -1);
  op.is_warp = type == 1;
  op.target = sampling_detail::parse_target(attributes);
  attributes.finish();
  check(type >= 0, {"attribute 'transform_type' is missing"});
  check(op.is_warp || (op.target.height > 0 && op.target.width > 0),
        {"attribute 'target_shape' is missing"});
  return plain_op(op, {});
}

Unique<Op> parse_spatial_transformer(Attributes& attributes, int) {
  sampling_detail::SpatialTransformer op;
  attributes.choice("transform_type", {"affine"}, 0);
  attributes.choice("sampler_type", {"bilinear"}, 0);
  op.target = sampling_detail::parse_target(attributes);
  attributes.ignore({"cudnn_off"});
  attributes.finish();
  check(op.target.height > 0 && op.target.width > 0, {"attribute 'target_shape' is missing"});
  return plain_op(op, {"data loc"});
}

}  // namespace predictor
