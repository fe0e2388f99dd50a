// Operators that know a tensor's shape or its diagonal: shape_array, size_array, _eye, diag,
// _contrib_arange_like.
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace matrices_detail {

// The extents of the input, or their product.
struct ExtentsOf : PlainState {
  bool is_product;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].has_rank()) return;
    merge_shape(outputs[0], {is_product ? 1 : inputs[0].rank()}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    float* out = tensors.outputs[0].floats();
    if (is_product) *out++ = static_cast<float>(data.elements());
    for (int i = 0; i < data.rank() && !is_product; ++i) *out++ = static_cast<float>(data[i]);
  }
};

// Ones at (i, i + offset), zeros elsewhere.
struct Eye : PlainState {
  int64_t rows;
  int64_t columns;
  int64_t offset;

  void infer(Span<Shape>, Span<Shape> outputs) const {
    merge_shape(outputs[0], {rows, columns}, "the output");
  }
  void run(const KernelRun& tensors) const {
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < rows * columns; ++i) {
      out[i] = i % columns == i / columns + offset ? 1.0f : 0.0f;
    }
  }
};

// A vector becomes a matrix with it on a diagonal; of anything else, the diagonal of two axes
// becomes the last axis.
struct Diagonal : PlainState {
  int64_t offset;
  int64_t axes[2];

  // How far the diagonal starts from the corner, along each of the axes.
  int64_t start(int which) const {
    return which == 0 ? (offset < 0 ? -offset : 0) : offset > 0 ? offset : 0;
  }

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    if (data.rank() == 1) {
      const int64_t extent = data[0] + start(0) + start(1);
      return merge_shape(outputs[0], {extent, extent}, "the output");
    }
    const int first = checked_axis(axes[0], data.rank());
    const int second = checked_axis(axes[1], data.rank());
    check(first != second, {"the axes are the same"});
    const int64_t rows = data[first] - start(0);
    const int64_t columns = data[second] - start(1);
    check(rows > 0 && columns > 0, {"the diagonal is outside of ", data});
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      if (i != first && i != second) out.push(data[i]);
    }
    out.push(rows < columns ? rows : columns);
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Tensor& out = tensors.outputs[0];
    const float* in = tensors.inputs[0].floats();
    if (data.rank() == 1) {
      const int64_t extent = out.shape()[0];
      std::memset(out.data, 0, out.count() * sizeof(float));
      for (int64_t i = 0; i < data[0]; ++i) {
        out.floats()[(i + start(0)) * extent + i + start(1)] = in[i];
      }
      return;
    }
    const int ends[2] = {checked_axis(axes[0], data.rank()), checked_axis(axes[1], data.rank())};
    int64_t strides[2];
    for (int k = 0; k < 2; ++k) strides[k] = data.product(ends[k] + 1, data.rank());
    const int64_t length = out.shape()[out.shape().rank() - 1];
    for (int64_t i = 0; i < out.shape().elements(); ++i) {
      // the place of the other axes, from the last to the first
      int64_t rest = i / length;
      int64_t stride = 1;
      int64_t place = 0;
      for (int axis = data.rank() - 1; axis >= 0; --axis) {
        if (axis != ends[0] && axis != ends[1]) {
          place += rest % data[axis] * stride;
          rest /= data[axis];
        }
        stride *= data[axis];
      }
      for (int k = 0; k < 2; ++k) place += (i % length + start(k)) * strides[k];
      out.floats()[i] = in[place];
    }
  }
};

// start + i / repeat * step, as many as the input has elements, or as one of its axes is long.
struct ArangeLike : PlainState {
  bool is_flat;
  int64_t axis;
  double first;
  double step;
  int64_t repeat;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    const Shape along = is_flat ? data : Shape{data[checked_axis(axis, data.rank())]};
    merge_shape(outputs[0], along, "the output");
  }
  void run(const KernelRun& tensors) const {
    float* out = tensors.outputs[0].floats();
    const int64_t count = tensors.outputs[0].shape().elements();
    for (int64_t i = 0; i < count; ++i) {
      out[i] = static_cast<float>(first + static_cast<double>(i / repeat) * step);
    }
  }
};

}  // namespace matrices_detail

Unique<Op> parse_extents_of(Attributes& attributes, int variant) {
  matrices_detail::ExtentsOf op;
  op.is_product = variant == 1;
  attributes.finish();
  return plain_op(op, {"data", 1, static_cast<int>(DType::kInt64)});
}

Unique<Op> parse_eye(Attributes& attributes, int) {
  matrices_detail::Eye op;
  op.rows = attributes.integer("N");
  const int64_t columns = attributes.integer("M", 0);
  op.columns = columns > 0 ? columns : op.rows;
  op.offset = attributes.integer("k", 0);
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.ignore({"ctx"});
  attributes.finish();
  check(op.rows > 0, {"N is ", op.rows});
  return plain_op(op, {"", 1, type});
}

Unique<Op> parse_diagonal(Attributes& attributes, int) {
  matrices_detail::Diagonal op;
  op.offset = attributes.integer("k", 0);
  op.axes[0] = attributes.integer("axis1", 0);
  op.axes[1] = attributes.integer("axis2", 1);
  attributes.finish();
  return plain_op(op, {});
}

Unique<Op> parse_arange_like(Attributes& attributes, int) {
  matrices_detail::ArangeLike op;
  op.is_flat = !attributes.is_given("axis");
  op.axis = attributes.integer("axis", 0);
  op.first = attributes.real("start", 0);
  op.step = attributes.real("step", 1);
  op.repeat = attributes.integer("repeat", 1);
  attributes.ignore({"ctx"});
  attributes.finish();
  check(op.repeat > 0, {"repeat is ", op.repeat});
  return plain_op(op, {});
}

}  // namespace predictor
