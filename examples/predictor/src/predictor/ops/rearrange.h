// The base of the operators whose output holds elements of the input in another order, some of them
// several times or not at all: each is a set of loops over the input.
#pragma once

#include "predictor/ops/forms.h"
#include "predictor/ops/loops.h"

namespace PREDICTOR_HIDDEN predictor {

// The loops over the input, and the shape that they fill.
struct RearrangePlan {
  Loops loops;
  Shape out = Shape::of_rank(0);

  // Adds an axis of the output.
  void push(int64_t extent, int64_t stride) {
    loops.push(extent, stride);
    out.push(extent);
  }
  // Adds an axis of the output that takes two loops.
  void push_pair(int64_t extent, int64_t stride, int64_t inner_extent, int64_t inner_stride) {
    loops.push(extent, stride);
    loops.push(inner_extent, inner_stride);
    out.push(extent * inner_extent);
  }
};

class Rearrange : public Op {
 public:
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override;

 protected:
  // REQUIRES: the inputs are known.
  virtual RearrangePlan plan(Span<const Shape> inputs) const = 0;
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override;
};

}  // namespace predictor
