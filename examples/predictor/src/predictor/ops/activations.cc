// Activation, LeakyReLU, clip and the other pointwise functions that have attributes.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace activations_detail {

// What an epilogue can do: relu, clip.
class Rectifier : public ElementwiseOp {
 public:
  Rectifier(Activation activation, double low, double high) {
    epilogue_.activation = activation;
    epilogue_.low = static_cast<float>(low);
    epilogue_.high = static_cast<float>(high);
    traits_.blocked_use = BlockedUse::kElements;
  }
  bool as_activation(Fusion* fusion) const override {
    fusion->activation = epilogue_.activation;
    fusion->low = epilogue_.low;
    fusion->high = epilogue_.high;
    return true;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, epilogue = epilogue_, isa = request.isa](const KernelRun& tensors) {
          activate(isa, count, tensors.inputs[0].floats(), epilogue, tensors.outputs[0].floats());
        },
        {0, 1});
  }

 private:
  Epilogue epilogue_;
};

// x > 0 ? x : slope * x, the slope one number or one per channel on axis 1.
class Leaky : public ElementwiseOp {
 public:
  // A slope that is learned is the second input.
  Leaky(double slope, bool is_learned)
      : slope_(static_cast<float>(slope)), is_learned_(is_learned) {
    if (is_learned) {
      traits_.inputs = "data gamma";
      traits_.free = 2;
    }
    traits_.blocked_use = BlockedUse::kElements;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, outputs);
    if (!is_learned_) return;
    const Shape& data = inputs[0];
    Shape slope = Shape::of_rank(1);
    const bool is_single = inputs[1].has_rank() && inputs[1] == Shape{1};
    if (data.has_rank() && !is_single) slope[0] = data.rank() > 1 ? data[1] : data[0];
    merge_shape(inputs[1], slope, "gamma");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const Isa isa = request.isa;
    if (!is_learned_ || request.inputs[1].shape[0] == 1) {
      const int count = static_cast<int>(data.elements());
      return function_kernel(
          [isa, count, slope = slope_](const KernelRun& tensors) {
            const float* factor = tensors.inputs.size() > 1 ? tensors.inputs[1].floats() : &slope;
            leaky_relu(isa, 1, 1, count, factor, tensors.inputs[0].floats(),
                       tensors.outputs[0].floats());
          },
          {0, 1});
    }
    return function_kernel(
        [isa, view = view_around(data, data.rank() > 1 ? 1 : 0)](const KernelRun& tensors) {
          leaky_relu(isa, view.outer, view.axis, view.inner, tensors.inputs[1].floats(),
                     tensors.inputs[0].floats(), tensors.outputs[0].floats());
        },
        {0, 1});
  }

 private:
  float slope_;
  bool is_learned_;
};

// x > 0 ? x : slope * (exp(x) - 1).
class Exponential : public ElementwiseOp {
 public:
  explicit Exponential(double slope) : slope_(static_cast<float>(slope)) {
    traits_.blocked_use = BlockedUse::kElements;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, slope = slope_, isa = request.isa](const KernelRun& tensors) {
          exponential_linear(isa, slope, count, tensors.inputs[0].floats(),
                             tensors.outputs[0].floats());
        },
        {0, 1});
  }

 private:
  float slope_;
};

// min(max(alpha * x + beta, 0), 1).
class HardSigmoid : public ElementwiseOp {
 public:
  explicit HardSigmoid(Attributes& attributes)
      : alpha_(static_cast<float>(attributes.real("alpha", 0.2))),
        beta_(static_cast<float>(attributes.real("beta", 0.5))) {
    traits_.blocked_use = BlockedUse::kElements;
    attributes.finish();
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, alpha = alpha_, beta = beta_](const KernelRun& tensors) {
          const float* in = tensors.inputs[0].floats();
          float* out = tensors.outputs[0].floats();
          for (size_t i = 0; i < count; ++i) {
            const float line = alpha * in[i] + beta;
            out[i] = line > 1 ? 1.0f : line < 0 ? 0.0f : line;
          }
        },
        {0, 1});
  }

 private:
  float alpha_;
  float beta_;
};

// Functions of one element whose attributes are up to three numbers.
enum class Curve : int { kQuadratic, kSmoothL1, kStep };

struct CurveOp : PlainState {
  Curve curve;
  float a;
  float b;
  float c;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const { share_shape(inputs, outputs); }
  float value(float x) const {
    if (curve == Curve::kQuadratic) return (a * x + b) * x + c;
    if (curve == Curve::kStep) return x > a ? a : x < b ? b : x;
    const float square = a * a;
    if (std::fabs(x) < 1 / square) return 0.5f * square * x * x;
    return std::fabs(x) - 0.5f / square;
  }
  void run(const KernelRun& tensors) const {
    const size_t count = tensors.outputs[0].count();
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (size_t i = 0; i < count; ++i) out[i] = value(in[i]);
  }
};

}  // namespace activations_detail

Unique<Op> make_relu() {
  return std::make_unique<activations_detail::Rectifier>(Activation::kRelu, 0, 0);
}

Unique<Op> parse_activation(Attributes& attributes, int) {
  const int kind =
      attributes.choice("act_type", {"relu", "sigmoid", "tanh", "softrelu", "softsign"}, -1);
  attributes.finish();
  check(kind >= 0, {"attribute 'act_type' is missing"});
  static constexpr MathFunction kFunctions[] = {MathFunction::kRelu, MathFunction::kSigmoid,
                                                MathFunction::kTanh, MathFunction::kSoftRelu,
                                                MathFunction::kSoftSign};
  return make_unary(kFunctions[kind]);
}

Unique<Op> parse_leaky_relu(Attributes& attributes, int) {
  const int kind =
      attributes.choice("act_type", {"leaky", "prelu", "elu", "selu", "gelu", "rrelu"}, 0);
  const double slope = attributes.real("slope", 0.25);
  const double low = attributes.real("lower_bound", 0.125);
  const double high = attributes.real("upper_bound", 0.334);
  attributes.finish();
  switch (kind) {
    case 0:
      return std::make_unique<activations_detail::Leaky>(slope, false);
    case 1:
      return std::make_unique<activations_detail::Leaky>(0, true);
    case 2:
      return std::make_unique<activations_detail::Exponential>(slope);
    case 3:
      return make_unary(MathFunction::kSelu);
    case 4:
      return make_unary(MathFunction::kGelu);
    default:
      return std::make_unique<activations_detail::Leaky>((low + high) / 2, false);
  }
}

Unique<Op> parse_clip(Attributes& attributes, int) {
  const double low = attributes.real("a_min");
  const double high = attributes.real("a_max");
  attributes.finish();
  if (low > high) {  // a clip in the order in which MXNet compares
    activations_detail::CurveOp op;
    op.curve = activations_detail::Curve::kStep;
    op.a = static_cast<float>(high);
    op.b = static_cast<float>(low);
    op.c = 0;
    return plain_op(op, {});
  }
  return std::make_unique<activations_detail::Rectifier>(Activation::kClip, low, high);
}

Unique<Op> parse_hard_sigmoid(Attributes& attributes, int) {
  return std::make_unique<activations_detail::HardSigmoid>(attributes);
}

Unique<Op> parse_quadratic(Attributes& attributes, int) {
  activations_detail::CurveOp op;
  op.curve = activations_detail::Curve::kQuadratic;
  op.a = static_cast<float>(attributes.real("a", 0));
  op.b = static_cast<float>(attributes.real("b", 0));
  op.c = static_cast<float>(attributes.real("c", 0));
  attributes.finish();
  return plain_op(op, {});
}

Unique<Op> parse_smooth_l1(Attributes& attributes, int) {
  activations_detail::CurveOp op;
  op.curve = activations_detail::Curve::kSmoothL1;
  op.a = static_cast<float>(attributes.real("scalar", 1));
  op.b = 0;
  op.c = 0;
  attributes.ignore({"is_int"});
  attributes.finish();
  check(op.a != 0, {"the scalar is zero"});
  return plain_op(op, {});
}

}  // namespace predictor
