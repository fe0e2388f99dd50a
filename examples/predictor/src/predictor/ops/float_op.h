// The base of the operators that compute in float32, which are all so far, and the two forms that
// most of them share: the same shape everywhere, and a kernel that is one function object.
#pragma once

#include <memory>
#include <utility>

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

class FloatOp : public Op {
 public:
  // Throws an Error for an input or output that is not float32.
  Unique<Kernel> make_kernel(const KernelRequest& request) const final;

 protected:
  virtual Unique<Kernel> make_float_kernel(const KernelRequest& request) const = 0;
};

// All inputs and outputs have one shape.
class ElementwiseOp : public FloatOp {
 public:
  Vector<TextView> input_names() const override { return {"data"}; }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override;
};

// Gives all of them what any of them knows.
void share_shape(Span<Shape> inputs, Span<Shape> outputs);

// What a kernel says of itself; sets of inputs are bit i for input i.
struct KernelTraits {
  size_t workspace_floats = 0;
  uint32_t can_write_over = 0;
};

// F: a function object, without exceptions, called as function(const KernelRun&) const.
template <typename F>
class FunctionKernel : public Kernel {
 public:
  FunctionKernel(F function, const KernelTraits& traits)
      : function_(std::move(function)), traits_(traits) {}
  size_t workspace_floats() const override { return traits_.workspace_floats; }
  bool can_write_over(size_t index) const override {
    return index < 32 && (traits_.can_write_over >> index & 1u) != 0;
  }
  void run(const KernelRun& tensors) const override { function_(tensors); }

 private:
  F function_;
  KernelTraits traits_;
};

template <typename F>
Unique<Kernel> function_kernel(F function, const KernelTraits& traits = {}) {
  return std::make_unique<FunctionKernel<F>>(std::move(function), traits);
}

// Copies input 0 to output 0, which has as many elements and may be the same memory.
Unique<Kernel> copy_kernel(const KernelRequest& request);

// Reads the attribute `dtype`. Throws an Error for another type than float32 (or None).
void parse_dtype(Attributes& attributes);

// A tensor as (outer, axis, inner) around one of its axes.
struct AxisView {
  int outer = 1;
  int axis = 1;
  int inner = 1;
};

// REQUIRES: the shape is known and has less than Shape::kMaxElements elements; 0 <= axis < rank.
AxisView view_around(const Shape& shape, int axis);

}  // namespace predictor
