// Functions of two elements: of two tensors of one shape, of two that are broadcast, of a tensor
// and a number, and the sum of any number of tensors.
#include <cmath>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/loops.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace binary_math_detail {

using Function = float (*)(float, float);

// The sign of the divisor, as in Python; 0 for a division by zero.
static float modulo(float a, float b) {
  if (b == 0) return 0;
  const float rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// The functions from BinaryFunction::kModulo on, in its order. The others have a kernel.
static constexpr Function kFunctions[] = {
    modulo,
    [](float a, float b) { return std::hypot(a, b); },
    [](float a, float b) { return a == b ? 1.0f : 0.0f; },
    [](float a, float b) { return a != b ? 1.0f : 0.0f; },
    [](float a, float b) { return a > b ? 1.0f : 0.0f; },
    [](float a, float b) { return a >= b ? 1.0f : 0.0f; },
    [](float a, float b) { return a < b ? 1.0f : 0.0f; },
    [](float a, float b) { return a <= b ? 1.0f : 0.0f; },
    [](float a, float b) { return a != 0 && b != 0 ? 1.0f : 0.0f; },
    [](float a, float b) { return a != 0 || b != 0 ? 1.0f : 0.0f; },
    [](float a, float b) { return (a != 0) != (b != 0) ? 1.0f : 0.0f; },
};

// out[i] = f(a[i * a_step], b[i * b_step]); steps are 0 or 1.
static void apply(Isa isa, BinaryFunction function, size_t count, const float* a, int a_step,
                  const float* b, int b_step, float* out) {
  if (function < BinaryFunction::kModulo) {
    const BinaryKind kind = static_cast<BinaryKind>(function);
    return binary(isa, kind, count, a, a_step, b, b_step, Epilogue(), out);
  }
  const Function f =
      kFunctions[static_cast<int>(function) - static_cast<int>(BinaryFunction::kModulo)];
  for (size_t i = 0; i < count; ++i, a += a_step, b += b_step) out[i] = f(*a, *b);
}

// Two tensors of one shape.
class Elementwise : public ElementwiseOp {
 public:
  explicit Elementwise(BinaryFunction function) : function_(function) {
    traits_.inputs = "lhs rhs";
    traits_.is_sum = function == BinaryFunction::kAdd;
    traits_.blocked_use = BlockedUse::kElements;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, function = function_, isa = request.isa](const KernelRun& tensors) {
          apply(isa, function, count, tensors.inputs[0].floats(), 1, tensors.inputs[1].floats(), 1,
                tensors.outputs[0].floats());
        },
        {0, 3});
  }

 private:
  BinaryFunction function_;
};

// The extent of an axis of one operand, 1 where it has fewer axes.
static int64_t extent_from_right(const Shape& shape, int place) {
  return place < shape.rank() ? shape[shape.rank() - 1 - place] : 1;
}

// The shape to which both can be repeated; axes are matched from the last.
static Shape broadcast_shape(const Shape& a, const Shape& b) {
  const int rank = a.rank() > b.rank() ? a.rank() : b.rank();
  Shape out = Shape::of_rank(static_cast<size_t>(rank));
  for (int place = 0; place < rank; ++place) {
    const int64_t x = extent_from_right(a, place);
    const int64_t y = extent_from_right(b, place);
    check(x == y || x == 1 || y == 1 || x < 0 || y < 0,
          {"the shapes ", a, " and ", b, " cannot be broadcast"});
    const bool is_unknown = (x < 0 && y <= 1) || (y < 0 && x <= 1);
    out[rank - 1 - place] = is_unknown ? Shape::kUnknown : x > y ? x : y;
  }
  return out;
}

class Broadcast : public Op {
 public:
  explicit Broadcast(BinaryFunction function) : function_(function) { traits_.inputs = "lhs rhs"; }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    if (!inputs[0].has_rank() || !inputs[1].has_rank()) return;
    merge_shape(outputs[0], broadcast_shape(inputs[0], inputs[1]), "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& out = request.outputs[0].shape;
    Loops loops;
    KernelTraits traits;
    for (int axis = 0; axis < out.rank(); ++axis) {
      const int place = out.rank() - 1 - axis;
      int64_t strides[2];
      for (size_t i = 0; i < 2; ++i) {
        const Shape& in = request.inputs[i].shape;
        const bool is_repeated = extent_from_right(in, place) == 1;
        strides[i] = is_repeated ? 0 : Strides(in)[in.rank() - 1 - place];
      }
      loops.push(out[axis], strides[0], strides[1]);
    }
    loops.simplify();
    for (size_t i = 0; i < 2; ++i) {
      if (request.inputs[i].shape == out) traits.writes_over |= 1u << i;
    }
    return function_kernel(
        [loops, function = function_, isa = request.isa](const KernelRun& tensors) {
          const size_t count = static_cast<size_t>(loops.inner_extent());
          const float* a = tensors.inputs[0].floats();
          const float* b = tensors.inputs[1].floats();
          float* to = tensors.outputs[0].floats();
          for (Walk walk(loops); !walk.is_done(); walk.next(), to += count) {
            apply(isa, function, count, a + walk.offset(0), static_cast<int>(loops.inner_stride(0)),
                  b + walk.offset(1), static_cast<int>(loops.inner_stride(1)), to);
          }
        },
        traits);
  }

 private:
  BinaryFunction function_;
};

class WithScalar : public ElementwiseOp {
 public:
  WithScalar(BinaryFunction function, bool is_scalar_first, double scalar)
      : function_(function),
        is_scalar_first_(is_scalar_first),
        scalar_(static_cast<float>(scalar)) {
    traits_.blocked_use = BlockedUse::kElements;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, function = function_, is_scalar_first = is_scalar_first_, scalar = scalar_,
         isa = request.isa](const KernelRun& tensors) {
          const float* in = tensors.inputs[0].floats();
          float* out = tensors.outputs[0].floats();
          if (is_scalar_first) {
            apply(isa, function, count, &scalar, 0, in, 1, out);
          } else {
            apply(isa, function, count, in, 1, &scalar, 0, out);
          }
        },
        {0, 1});
  }

 private:
  BinaryFunction function_;
  bool is_scalar_first_;
  float scalar_;
};

// add_n: any number of tensors of one shape.
class SumOfAll : public ElementwiseOp {
 public:
  explicit SumOfAll(size_t count) : input_count_(count) {
    traits_.inputs = "";
    traits_.is_sum = count == 2;
    traits_.blocked_use = BlockedUse::kElements;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    return function_kernel(
        [count, isa = request.isa](const KernelRun& tensors) {
          const float* first = tensors.inputs[0].floats();
          float* out = tensors.outputs[0].floats();
          if (first != out) std::memcpy(out, first, count * sizeof(float));
          for (size_t i = 1; i < tensors.inputs.size(); ++i) {
            binary(isa, BinaryKind::kAdd, count, out, 1, tensors.inputs[i].floats(), 1, Epilogue(),
                   out);
          }
        },
        // One of more than two could be the first again, and is read after the output is written.
        {0, input_count_ <= 2 ? 1u : 0u});
  }

 private:
  size_t input_count_;
};

}  // namespace binary_math_detail

Unique<Op> parse_elementwise(Attributes& attributes, int variant) {
  attributes.finish();
  return std::make_unique<binary_math_detail::Elementwise>(static_cast<BinaryFunction>(variant));
}

Unique<Op> parse_broadcast(Attributes& attributes, int variant) {
  attributes.finish();
  return std::make_unique<binary_math_detail::Broadcast>(static_cast<BinaryFunction>(variant));
}

Unique<Op> parse_scalar(Attributes& attributes, int variant) {
  const double scalar = attributes.real("scalar", 1);
  attributes.ignore({"is_int"});
  attributes.finish();
  return std::make_unique<binary_math_detail::WithScalar>(
      static_cast<BinaryFunction>(variant % kScalarFirst), variant >= kScalarFirst, scalar);
}

Unique<Op> parse_sum_of_all(Attributes& attributes, int) {
  const size_t count = attributes.input_count();
  check(
      attributes.integer("num_args", static_cast<int64_t>(count)) == static_cast<int64_t>(count) &&
          count > 0,
      {"num_args is not the number of inputs, which is ", static_cast<uint64_t>(count)});
  attributes.finish();
  return std::make_unique<binary_math_detail::SumOfAll>(count);
}

}  // namespace predictor
