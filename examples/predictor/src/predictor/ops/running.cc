// Sums that keep more than the sum: cumsum, moments.
#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace running_detail {

// Each element is the sum of those before it along an axis, and of itself.
struct RunningSum : PlainState {
  bool is_flat;
  int64_t axis;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!is_flat) return share_shape(inputs, outputs);
    if (inputs[0].is_known()) merge_shape(outputs[0], {inputs[0].elements()}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const AxisView view = is_flat ? AxisView{1, static_cast<int>(data.elements()), 1}
                                  : view_around(data, checked_axis(axis, data.rank()));
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    const int64_t line = static_cast<int64_t>(view.axis) * view.inner;
    for (int64_t i = 0; i < view.outer * line; ++i) {
      out[i] = in[i] + (i % line < view.inner ? 0.0f : out[i - view.inner]);
    }
  }
};

// The mean and the variance over some axes.
struct Moments : PlainState {
  uint32_t axes;  // bit i: axis i; all of them if there are none
  bool keeps_axes;

  bool is_reduced(int axis) const { return axes == 0 || (axes >> axis & 1u) != 0; }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      const bool is_gone = is_reduced(i);
      if (!is_gone || keeps_axes) out.push(is_gone ? 1 : data[i]);
    }
    if (out.rank() == 0) out.push(1);
    for (Shape& output : outputs) merge_shape(output, out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const int64_t count = data.elements();
    const float* in = tensors.inputs[0].floats();
    const size_t results = tensors.outputs[0].count();
    const float share = static_cast<float>(results) / static_cast<float>(count);
    for (size_t o = 0; o < 2; ++o) {
      float* out = tensors.outputs[o].floats();
      for (size_t i = 0; i < results; ++i) out[i] = 0;
      for (int64_t i = 0; i < count; ++i) {
        int64_t rest = i;
        int64_t stride = 1;
        int64_t place = 0;
        for (int axis = data.rank() - 1; axis >= 0; --axis) {
          if (!is_reduced(axis)) {
            place += rest % data[axis] * stride;
            stride *= data[axis];
          }
          rest /= data[axis];
        }
        const float distance = in[i] - tensors.outputs[0].floats()[place];
        out[place] += o == 0 ? in[i] : distance * distance;
      }
      for (size_t i = 0; i < results; ++i) out[i] *= share;
    }
  }
};

}  // namespace running_detail

Unique<Op> parse_running_sum(Attributes& attributes, int) {
  running_detail::RunningSum op;
  op.is_flat = !attributes.is_given("axis");
  op.axis = attributes.integer("axis", 0);
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.finish();
  return plain_op(op, {"a", 1, type});
}

Unique<Op> parse_moments(Attributes& attributes, int) {
  running_detail::Moments op;
  op.axes = 0;
  for (const int64_t axis : attributes.tuple("axes")) {
    check(axis >= 0 && axis < Shape::kMaxRank, {"axis ", axis, " does not exist"});
    op.axes |= 1u << axis;
  }
  op.keeps_axes = attributes.boolean("keepdims", false);
  attributes.finish();
  return plain_op(op, {"data", 2});
}

}  // namespace predictor
