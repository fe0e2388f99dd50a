// Softmax in all its forms, and the outputs of networks that were trained with a loss.
#include <limits>

#include "predictor/base/error.h"
#include "predictor/kernels/softmax.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace outputs_detail {

// Over which axes the softmax sums to one.
enum class Scope {
  kAxis,    // one
  kSample,  // all but the first
};

// A label is not read, so that any shape will do that the user gives it: only what is unknown of it
// follows the data.
static void complete_label(Shape& label, const Shape& wanted) {
  if (!label.has_rank()) label = wanted;
  if (label.rank() != wanted.rank()) return;
  for (int axis = 0; axis < label.rank(); ++axis) {
    if (label[axis] < 0) label[axis] = wanted[axis];
  }
}

// Copies data of which only the beginning of each line counts, `value` for the rest. lengths:
// (outer, inner); out may be the same memory as in.
static void copy_lines(const SoftmaxShape& shape, const float* lengths, float value,
                       const float* in, float* out) {
  for (int o = 0; o < shape.outer; ++o, lengths += shape.inner) {
    for (int a = 0; a < shape.axis; ++a) {
      for (int i = 0; i < shape.inner; ++i, ++in, ++out) {
        *out = static_cast<float>(a) < lengths[i] ? *in : value;
      }
    }
  }
}

class Softmax : public ElementwiseOp {
 public:
  Softmax(Scope scope, int64_t axis, bool has_label)
      : scope_(scope), axis_(axis), has_label_(has_label) {
    if (has_label) traits_.inputs = "data label";
    traits_.ignored = has_label ? 2 : 0;
  }
  Softmax(int64_t axis, float temperature, bool is_logarithm, bool has_lengths, int type)
      : axis_(axis),
        has_lengths_(has_lengths),
        temperature_(temperature),
        is_logarithm_(is_logarithm) {
    if (has_lengths) traits_.inputs = "data length";
    traits_.type = type;
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, outputs);
    const Shape& data = inputs[0];
    if (!data.has_rank()) return;
    const int axis = scope_ == Scope::kSample ? 0 : checked_axis(axis_, data.rank());
    if (!has_label_ && !has_lengths_) return;
    Shape rest = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      const bool is_summed = scope_ == Scope::kSample ? i > 0 && i == data.rank() - 1 : i == axis;
      if (!is_summed) rest.push(data[i]);
    }
    if (has_label_) return complete_label(inputs[1], rest);
    if (rest.rank() == 0) rest.push(1);
    merge_shape(inputs[1], rest, "the length");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    SoftmaxShape shape;
    if (scope_ == Scope::kSample) {
      shape.outer = static_cast<int>(data[0]);
      shape.axis = static_cast<int>(data.product(1, data.rank()));
    } else {
      const AxisView view = view_around(data, checked_axis(axis_, data.rank()));
      shape.outer = view.outer;
      shape.axis = view.axis;
      shape.inner = view.inner;
    }
    shape.temperature = temperature_;
    shape.logarithm = is_logarithm_;
    return function_kernel(
        [shape, isa = request.isa, has_lengths = has_lengths_](const KernelRun& tensors) {
          const float* in = tensors.inputs[0].floats();
          float* out = tensors.outputs[0].floats();
          if (!has_lengths) return softmax(isa, shape, in, out);
          const float* lengths = tensors.inputs[1].floats();
          const float lowest = -std::numeric_limits<float>::infinity() * shape.temperature;
          outputs_detail::copy_lines(shape, lengths, lowest, in, out);
          softmax(isa, shape, out, out);
          outputs_detail::copy_lines(shape, lengths, 0, out, out);
        },
        {0, 1});
  }

 private:
  Scope scope_ = Scope::kAxis;
  int64_t axis_;
  bool has_label_ = false;
  bool has_lengths_ = false;
  float temperature_ = 1;
  bool is_logarithm_ = false;
};

// The data, or another operator of it, beside a label that only training reads.
class WithLabel : public Op {
 public:
  WithLabel(Unique<Op> function, bool has_classes)
      : function_(std::move(function)), has_classes_(has_classes) {
    traits_.inputs = "data label";
    traits_.ignored = 2;
    traits_.is_identity = function_ == nullptr;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, outputs);
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    const bool is_column = data.rank() == 2 && data[1] == 1;
    complete_label(inputs[1],
                   data.rank() > 0 && (has_classes_ || is_column) ? Shape{data[0]} : data);
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return function_ == nullptr ? copy_kernel(request) : function_->make_kernel(request);
  }

 private:
  Unique<Op> function_;  // null: the data itself
  bool has_classes_;     // the label is one class for each sample
};

}  // namespace outputs_detail

Unique<Op> parse_softmax(Attributes& attributes, int variant) {
  const int64_t axis = attributes.integer("axis", -1);
  const float temperature = static_cast<float>(attributes.real("temperature", 1));
  const bool has_lengths =
      attributes.is_given("use_length") && attributes.boolean("use_length", false);
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.finish();
  check(temperature != 0, {"the temperature is zero"});
  const SoftmaxVariant kind = static_cast<SoftmaxVariant>(variant);
  check(!has_lengths || kind == SoftmaxVariant::kSoftmax, {"only softmax has use_length"});
  return std::make_unique<outputs_detail::Softmax>(
      axis, kind == SoftmaxVariant::kSoftmin ? -temperature : temperature,
      kind == SoftmaxVariant::kLogSoftmax, has_lengths, type);
}

Unique<Op> parse_softmax_activation(Attributes& attributes, int) {
  using outputs_detail::Scope;
  const int mode = attributes.choice("mode", {"instance", "channel"}, 0);
  attributes.finish();
  return std::make_unique<outputs_detail::Softmax>(Scope::kAxis, mode == 0 ? -1 : 1, false);
}

Unique<Op> parse_softmax_output(Attributes& attributes, int) {
  using outputs_detail::Scope;
  const bool is_per_place = attributes.boolean("multi_output", false);
  const bool is_per_row = attributes.boolean("preserve_shape", false);
  attributes.ignore(
      {"grad_scale", "ignore_label", "use_ignore", "normalization", "out_grad", "smooth_alpha"});
  attributes.finish();
  const Scope scope = is_per_place || is_per_row ? Scope::kAxis : Scope::kSample;
  return std::make_unique<outputs_detail::Softmax>(scope, is_per_place ? 1 : -1, true);
}

Unique<Op> parse_regression_output(Attributes& attributes, int variant) {
  attributes.ignore({"grad_scale"});
  attributes.finish();
  return std::make_unique<outputs_detail::WithLabel>(
      variant == 1 ? make_unary(MathFunction::kSigmoid) : nullptr, false);
}

Unique<Op> parse_svm_output(Attributes& attributes, int) {
  attributes.ignore({"margin", "regularization_coefficient", "use_linear"});
  attributes.finish();
  return std::make_unique<outputs_detail::WithLabel>(nullptr, true);
}

}  // namespace predictor
