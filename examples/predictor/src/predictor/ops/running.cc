// Sums that keep more than the sum: cumsum.
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

}  // namespace running_detail

Unique<Op> parse_running_sum(Attributes& attributes, int) {
  running_detail::RunningSum op;
  op.is_flat = !attributes.is_given("axis");
  op.axis = attributes.integer("axis", 0);
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.finish();
  return plain_op(op, {"a", 1, type});
}

}  // namespace predictor
