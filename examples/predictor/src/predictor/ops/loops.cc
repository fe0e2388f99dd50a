#include "predictor/ops/loops.h"

#include <cstring>

namespace PREDICTOR_HIDDEN predictor {

void Loops::push(int64_t extent, int64_t stride, int64_t second_stride) {
  extents[rank] = extent;
  strides[0][rank] = stride;
  strides[1][rank] = second_stride;
  ++rank;
}

void Loops::simplify() {
  int kept = 0;
  for (int i = 0; i < rank; ++i) {
    if (extents[i] == 1) continue;
    bool joins = kept > 0;
    for (const auto& stride : strides) {
      joins = joins && stride[kept - 1] == stride[i] * extents[i];
    }
    if (joins) {
      extents[kept - 1] *= extents[i];
    } else {
      extents[kept++] = extents[i];
    }
    for (auto& stride : strides) stride[kept - 1] = stride[i];
  }
  rank = kept;
  if (rank == 0) push(1, 1, 1);
}

void Walk::next() {
  for (int i = loops_.rank - 2; i >= 0; --i) {
    for (int operand = 0; operand < 2; ++operand) offsets_[operand] += loops_.strides[operand][i];
    if (++at_[i] < loops_.extents[i]) return;
    for (int operand = 0; operand < 2; ++operand) {
      offsets_[operand] -= loops_.strides[operand][i] * loops_.extents[i];
    }
    at_[i] = 0;
  }
  is_done_ = true;
}

Strides::Strides(const Shape& shape) {
  int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    values[axis] = stride;
    stride *= shape[axis];
  }
}

void gather(const Loops& loops, const float* in, float* out) {
  const int64_t count = loops.inner_extent();
  const int64_t stride = loops.inner_stride(0);
  for (Walk walk(loops); !walk.is_done(); walk.next(), out += count) {
    const float* from = in + walk.offset(0);
    if (stride == 1) {
      std::memcpy(out, from, static_cast<size_t>(count) * sizeof(float));
    } else {
      for (int64_t i = 0; i < count; ++i) out[i] = from[i * stride];
    }
  }
}

}  // namespace predictor
