// Operators on sequences of different lengths: SequenceLast, SequenceMask, SequenceReverse.
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace sequence_detail {

// data: (steps, batch, ...), or (batch, steps, ...) where the axis is 1. lengths: (batch).
struct Sequence : PlainState {
  SequenceVariant variant;
  int64_t axis;
  bool has_lengths;
  float filling;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.has_rank()) return;
    check(data.rank() >= 2, {"the input has the shape ", data, ", but should have 2 axes or more"});
    const int batch = static_cast<int>(1 - axis);
    if (has_lengths) merge_shape(inputs[1], {data[batch]}, "the lengths");
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      if (variant != SequenceVariant::kLast || i != axis) out.push(data[i]);
    }
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const int64_t steps = data[static_cast<int>(axis)];
    const int64_t batch = data[static_cast<int>(1 - axis)];
    const int64_t size = data.product(2, data.rank());
    const int64_t step_stride = axis == 0 ? batch * size : size;
    const int64_t batch_stride = axis == 0 ? size : steps * size;
    for (int64_t n = 0; n < batch; ++n) {
      int64_t length = steps;
      if (has_lengths) {
        const float given = tensors.inputs[1].floats()[n];
        length = !(given > 0)                        ? 0
                 : given > static_cast<float>(steps) ? steps
                                                     : static_cast<int64_t>(given);
      }
      const float* in = tensors.inputs[0].floats() + n * batch_stride;
      float* out = tensors.outputs[0].floats();
      if (variant == SequenceVariant::kLast) {
        copy(in + (length > 0 ? length - 1 : 0) * step_stride, size, out + n * size);
        continue;
      }
      out += n * batch_stride;
      const bool is_reverse = variant == SequenceVariant::kReverse;
      for (int64_t t = 0; t < steps; ++t) {
        const int64_t source = is_reverse && t < length ? length - 1 - t : t;
        float* to = out + t * step_stride;
        if (is_reverse || t < length) {
          copy(in + source * step_stride, size, to);
        } else {
          for (int64_t i = 0; i < size; ++i) to[i] = filling;
        }
      }
    }
  }

 private:
  static void copy(const float* from, int64_t size, float* to) {
    std::memcpy(to, from, static_cast<size_t>(size) * sizeof(float));
  }
};

}  // namespace sequence_detail

Unique<Op> parse_sequence(Attributes& attributes, int variant) {
  sequence_detail::Sequence op;
  op.variant = static_cast<SequenceVariant>(variant);
  op.has_lengths = attributes.boolean("use_sequence_length", false);
  op.axis = attributes.integer("axis", 0);
  op.filling = 0;
  if (op.variant == SequenceVariant::kMask) {
    op.filling = static_cast<float>(attributes.real("value", 0));
  }
  attributes.finish();
  const bool has_batch_first = op.variant != SequenceVariant::kReverse;
  check(op.axis == 0 || (has_batch_first && op.axis == 1), {"the axis is ", op.axis});
  return plain_op(op, {op.has_lengths ? "data sequence_length" : "data"});
}

}  // namespace predictor
