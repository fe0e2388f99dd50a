// The two forms that most operators share: the same shape everywhere, and a kernel that is one
// function object.
#pragma once

#include <cstring>
#include <memory>
#include <type_traits>

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// All inputs and outputs have one shape.
class ElementwiseOp : public Op {
 public:
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override;
};

// Gives all of them what any of them knows.
void share_shape(Span<Shape> inputs, Span<Shape> outputs);

// A kernel that is a function of plain data. One class for all of them: a class of its own for each
// would cost several times the code of most.
class FunctionKernel : public Kernel {
 public:
  using Function = void (*)(const void* state, const KernelRun& tensors);
  // F: a lambda without exceptions, called as function(const KernelRun&).
  template <typename F>
  FunctionKernel(const F& function, const KernelTraits& traits) : state_(words_of<F>()) {
    static_assert(std::is_trivially_copyable<F>::value, "the captures must be plain data");
    traits_ = traits;
    std::memcpy(state_.data(), &function, sizeof(F));
    run_ = [](const void* state, const KernelRun& tensors) {
      (*static_cast<const F*>(state))(tensors);
    };
  }
  // The state is copied.
  FunctionKernel(const Vector<uint64_t>& state, Function function, const KernelTraits& traits)
      : state_(state), run_(function) {
    traits_ = traits;
  }
  void run(const KernelRun& tensors) const override { run_(state_.data(), tensors); }

 private:
  template <typename F>
  static constexpr size_t words_of() {
    static_assert(alignof(F) <= alignof(uint64_t), "the state is an array of uint64_t");
    return (sizeof(F) + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  }

  Vector<uint64_t> state_;
  Function run_;
};

template <typename F>
Unique<Kernel> function_kernel(const F& function, const KernelTraits& traits = {}) {
  return std::make_unique<FunctionKernel>(function, traits);
}

// Copies input 0 to output 0, which has as many elements and may be the same memory.
Unique<Kernel> copy_kernel(const KernelRequest& request);

// Reads the attribute `dtype` as OpTraits::type has it; `otherwise` if it is missing or None.
int parse_dtype(Attributes& attributes, int otherwise);

// A tensor as (outer, axis, inner) around one of its axes.
struct AxisView {
  int outer = 1;
  int axis = 1;
  int inner = 1;
};

// REQUIRES: the shape is known and has less than Shape::kMaxElements elements; 0 <= axis < rank.
AxisView view_around(const Shape& shape, int axis);

}  // namespace predictor
