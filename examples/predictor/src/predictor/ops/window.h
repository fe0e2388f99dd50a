// The sliding window of convolutions and poolings: kernel, stride, dilation and padding of 1 to 3
// dimensions, as attributes give them and as the kernels take them.
#pragma once

#include "predictor/ops/attributes.h"
#include "predictor/tensor/shape.h"

namespace PREDICTOR_HIDDEN predictor {

struct Window {
  // Far above any real one, so that no sum of products of these overflows.
  static constexpr int64_t kMaxExtent = 1 << 16;

  int rank = 0;  // 1, 2 or 3
  int64_t kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1};
  int64_t dilate[3] = {1, 1, 1};
  int64_t pad[3] = {0, 0, 0};

  // Extent of the dilated kernel.
  int64_t reach(int d) const { return dilate[d] * (kernel[d] - 1) + 1; }
  // How far the last window starts behind the first, in image elements; throws if the kernel is
  // larger than the padded image of extent `in`.
  int64_t travel(int d, int64_t in) const;
};

// Reads kernel, stride and pad, and dilate if the operator has it. An empty tuple is the default.
Window parse_window(Attributes& attributes, bool has_dilate);

// Reads the tuple `key` of `rank` elements, each from `least` to Window::kMaxExtent, into
// values[rank]. An empty or missing tuple leaves them.
void parse_extents(Attributes& attributes, const char* key, int rank, int64_t least,
                   int64_t* values);

// Refuses every layout but those with the channels on axis 1.
void parse_layout(Attributes& attributes);

// Copies the `rank` values to the end of out[3], whose rest stays.
void align_right(int rank, const int64_t* values, int* out);

}  // namespace predictor
