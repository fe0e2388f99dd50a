// Nested loops over a shape, with the places of the elements in up to two tensors that hold them in
// an order of their own: transposed, sliced, reversed, repeated.
#pragma once

#include "predictor/tensor/shape.h"

namespace PREDICTOR_HIDDEN predictor {

struct Loops {
  static constexpr int kMaxRank = 2 * Shape::kMaxRank;

  int rank = 0;
  int64_t extents[kMaxRank] = {};
  int64_t strides[2][kMaxRank] = {};  // in elements; 0 repeats, a negative one runs backwards
  int64_t offsets[2] = {0, 0};        // of the first element

  // Adds a loop inside of the others.
  void push(int64_t extent, int64_t stride, int64_t second_stride = 0);
  // Leaves out loops over one element, joins those that make one run in both tensors, and makes one
  // loop where there is none.
  void simplify();
  // The innermost loop. REQUIRES: rank > 0.
  int64_t inner_extent() const { return extents[rank - 1]; }
  int64_t inner_stride(int operand) const { return strides[operand][rank - 1]; }
};

// Visits all loops but the innermost: for (Walk walk(loops); !walk.is_done(); walk.next()).
class Walk {
 public:
  // REQUIRES: loops.rank > 0; every extent is at least 1.
  explicit Walk(const Loops& loops) : loops_(loops), offsets_{loops.offsets[0], loops.offsets[1]} {}
  bool is_done() const { return is_done_; }
  // Where the innermost loop starts in that tensor.
  int64_t offset(int operand) const { return offsets_[operand]; }
  void next();

 private:
  const Loops& loops_;
  int64_t at_[Loops::kMaxRank] = {};
  int64_t offsets_[2];
  bool is_done_ = false;
};

// Row-major strides of a shape, in elements.
struct Strides {
  int64_t values[Shape::kMaxRank] = {};
  explicit Strides(const Shape& shape);
  int64_t operator[](int axis) const { return values[axis]; }
};

// out[i] = in[place of i], over all loops in order.
void gather(const Loops& loops, const float* in, float* out);

}  // namespace predictor
