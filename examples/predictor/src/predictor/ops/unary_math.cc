// Functions of one element without attributes, and the identities.
#include <cmath>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace unary_math_detail {

using Function = float (*)(float);

static constexpr float kDegreesPerRadian = 57.295779513082321f;

static float sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; }
// Halfway cases go down.
static float round_down_halves(float x) {
  const float below = std::floor(x);
  const float above = std::ceil(x);
  return x - below <= above - x ? below : above;
}

// Newton's steps from Winitzki's approximation (2008).
static float inverse_erf(float x) {
  if (!(std::fabs(x) < 1)) return std::fabs(x) == 1 ? x * INFINITY : NAN;
  const double w = std::log1p(-static_cast<double>(x) * x);
  const double a = 2 / (3.14159265358979 * 0.147) + w / 2;
  double y = std::copysign(std::sqrt(std::sqrt(a * a - w / 0.147) - a), x);
  for (int step = 0; step < 3; ++step) {
    y -= (std::erf(y) - x) / (1.1283791670955126 * std::exp(-y * y));
  }
  return static_cast<float>(y);
}

// The functions from MathFunction::kRound on, in its order. The others have kernels.
static constexpr Function kFunctions[] = {
    [](float x) { return std::round(x); },         round_down_halves,
    [](float x) { return std::ceil(x); },          [](float x) { return std::floor(x); },
    [](float x) { return std::trunc(x); },         sign,
    [](float x) { return 1 / std::sqrt(x); },      [](float x) { return std::cbrt(x); },
    [](float x) { return 1 / std::cbrt(x); },      [](float x) { return 1 / x; },
    [](float x) { return std::log10(x); },         [](float x) { return std::log2(x); },
    [](float x) { return std::log1p(x); },         [](float x) { return std::expm1(x); },
    [](float x) { return std::sin(x); },           [](float x) { return std::cos(x); },
    [](float x) { return std::tan(x); },           [](float x) { return std::asin(x); },
    [](float x) { return std::acos(x); },          [](float x) { return std::atan(x); },
    [](float x) { return std::sinh(x); },          [](float x) { return std::cosh(x); },
    [](float x) { return std::asinh(x); },         [](float x) { return std::acosh(x); },
    [](float x) { return std::atanh(x); },         [](float x) { return x * kDegreesPerRadian; },
    [](float x) { return x / kDegreesPerRadian; }, [](float x) { return std::erf(x); },
    [](float x) { return std::tgamma(x); },        [](float x) { return std::lgamma(x); },
    [](float x) { return x == 0 ? 1.0f : 0.0f; },  inverse_erf,
};
static_assert(sizeof(kFunctions) / sizeof(kFunctions[0]) ==
                  static_cast<int>(MathFunction::kInverseErf) -
                      static_cast<int>(MathFunction::kRound) + 1,
              "one function for each member");

class Unary : public ElementwiseOp {
 public:
  explicit Unary(MathFunction function) : function_(function) {
    traits_.blocked_use = BlockedUse::kElements;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    if (function_ < MathFunction::kRound) {
      const UnaryKind kind = static_cast<UnaryKind>(function_);
      return function_kernel(
          [count, kind, isa = request.isa](const KernelRun& tensors) {
            unary(isa, kind, count, tensors.inputs[0].floats(), tensors.outputs[0].floats());
          },
          {0, 1});
    }
    const Function function =
        kFunctions[static_cast<int>(function_) - static_cast<int>(MathFunction::kRound)];
    return function_kernel(
        [count, function](const KernelRun& tensors) {
          const float* in = tensors.inputs[0].floats();
          float* out = tensors.outputs[0].floats();
          for (size_t i = 0; i < count; ++i) out[i] = function(in[i]);
        },
        {0, 1});
  }

 private:
  MathFunction function_;
};

class Identity : public ElementwiseOp {
 public:
  explicit Identity(int type = OpTraits::kSameType) {
    traits_.is_identity = true;
    traits_.type = type;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return copy_kernel(request);
  }
};

// The first of two inputs; the other is not read.
class IdentityBeside : public Op {
 public:
  // A state per column, or something of the same shape.
  explicit IdentityBeside(bool is_state) : is_state_(is_state) {
    traits_.inputs = is_state ? "data moving_avg" : "lhs rhs";
    traits_.ignored = 2;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, outputs);
    if (inputs[1].has_rank() || !inputs[0].has_rank()) return;
    inputs[1] = is_state_ ? Shape{inputs[0][inputs[0].rank() > 1 ? 1 : 0]} : inputs[0];
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return copy_kernel(request);
  }

 private:
  bool is_state_;
};

// Each input as an output, all of the widest of their types, or of the narrowest.
class CommonCast : public Op {
 public:
  explicit CommonCast(Attributes& attributes) {
    traits_.inputs = "";
    const int64_t count = attributes.integer("num_outputs");
    traits_.type =
        attributes.boolean("cast_narrow", false) ? OpTraits::kNarrowestType : OpTraits::kWidestType;
    attributes.finish();
    traits_.outputs = attributes.input_count();
    check(count > 0 && count == static_cast<int64_t>(traits_.outputs),
          {"num_outputs is ", count, ", but there are ", static_cast<uint64_t>(traits_.outputs),
           " inputs"});
    if (count == 1) traits_.suffixes = "output0";
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    for (size_t i = 0; i < inputs.size(); ++i) {
      share_shape({inputs.data() + i, 1}, {outputs.data() + i, 1});
    }
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest&) const override {
    return function_kernel([](const KernelRun& tensors) {
      for (size_t i = 0; i < tensors.outputs.size(); ++i) {
        const Tensor& out = tensors.outputs[i];
        std::memcpy(out.data, tensors.inputs[i].data, out.count() * sizeof(float));
      }
    });
  }
};

}  // namespace unary_math_detail

Unique<Op> make_unary(MathFunction function) {
  if (function == MathFunction::kRelu) return make_relu();
  return std::make_unique<unary_math_detail::Unary>(function);
}

Unique<Op> parse_unary(Attributes& attributes, int variant) {
  attributes.finish();
  return make_unary(static_cast<MathFunction>(variant));
}

Unique<Op> parse_identity(Attributes& attributes, int) {
  attributes.finish();
  return std::make_unique<unary_math_detail::Identity>();
}

Unique<Op> parse_dropout(Attributes& attributes, int) {
  const int mode = attributes.choice("mode", {"training", "always"}, 0);
  attributes.ignore({"p", "axes", "cudnn_off"});
  attributes.finish();
  check(mode == 0, {"mode 'always' drops at random, which inference does not do"});
  return std::make_unique<unary_math_detail::Identity>();
}

Unique<Op> parse_make_loss(Attributes& attributes, int) {
  attributes.ignore({"grad_scale", "valid_thresh", "normalization"});
  attributes.finish();
  return std::make_unique<unary_math_detail::Identity>();
}

Unique<Op> parse_labelled_identity(Attributes& attributes, int variant) {
  attributes.ignore({"sparseness_target", "penalty", "momentum"});
  attributes.finish();
  return std::make_unique<unary_math_detail::IdentityBeside>(variant == 1);
}

Unique<Op> parse_gradient_multiplier(Attributes& attributes, int) {
  attributes.ignore({"scalar", "is_int"});
  attributes.finish();
  return std::make_unique<unary_math_detail::Identity>();
}

Unique<Op> parse_cast_storage(Attributes& attributes, int) {
  attributes.ignore({"stype"});
  attributes.finish();
  return std::make_unique<unary_math_detail::Identity>();
}

Unique<Op> parse_common_cast(Attributes& attributes, int) {
  return std::make_unique<unary_math_detail::CommonCast>(attributes);
}

Unique<Op> parse_cast(Attributes& attributes, int) {
  check(attributes.is_given("dtype"), {"attribute 'dtype' is missing"});
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.finish();
  return std::make_unique<unary_math_detail::Identity>(type);
}

}  // namespace predictor
