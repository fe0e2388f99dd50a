// Operators that cut regions out of feature maps: ROIPooling, _contrib_ROIAlign.
#include <cfloat>
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace regions_detail {

static constexpr int64_t kMaxSamples = 1024;  // per cell and axis

// data (n, c, h, w), regions (r, 5) of image, left, top, right, bottom: out (r, c, pooled).
struct Regions : PlainState {
  int64_t pooled[2];
  float scale;

  void infer_with(int64_t divisor, Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(4), "the input");
    merge_shape(inputs[1], {Shape::kUnknown, 5}, "the regions");
    const int64_t channels = inputs[0][1] < 0 ? inputs[0][1] : inputs[0][1] / divisor;
    merge_shape(outputs[0], {inputs[1][0], channels, pooled[0], pooled[1]}, "the output");
  }
  // The image that a region lies in; null if there is none.
  static const float* image_of(const KernelRun& tensors, const float* region) {
    const Shape& data = tensors.inputs[0].shape();
    const bool is_there = region[0] >= 0 && region[0] < static_cast<float>(data[0]);
    if (!is_there) return nullptr;
    return tensors.inputs[0].floats() + static_cast<int64_t>(region[0]) * data.product(1, 4);
  }
};

// What is no number becomes 0.
static int64_t clamped(float value, int64_t limit) {
  return !(value > 0)                         ? 0
         : value >= static_cast<float>(limit) ? limit
                                              : static_cast<int64_t>(value);
}

// The largest element in each cell of a region of whole pixels.
struct RoiPooling : Regions {
  void infer(Span<Shape> inputs, Span<Shape> outputs) const { infer_with(1, inputs, outputs); }

  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Shape& shape = tensors.outputs[0].shape();
    const float* region = tensors.inputs[1].floats();
    float* out = tensors.outputs[0].floats();
    const int64_t cells = shape.product(1, 4);
    for (int64_t r = 0; r < shape[0]; ++r, region += 5) {
      const float* image = image_of(tensors, region);
      for (int64_t i = 0; i < cells; ++i) *out++ = image ? largest(data, image, region, i) : 0.0f;
    }
  }

 private:
  float largest(const Shape& data, const float* image, const float* region, int64_t cell) const {
    const int64_t at[2] = {cell / pooled[1] % pooled[0], cell % pooled[1]};
    int64_t begin[2];
    int64_t end[2];
    for (int d = 0; d < 2; ++d) {
      const float first = std::round(region[2 - d] * scale);
      const float last = std::round(region[4 - d] * scale);
      const float size = std::fmax(last - first + 1, 1.0f) / static_cast<float>(pooled[d]);
      begin[d] = clamped(std::floor(static_cast<float>(at[d]) * size) + first, data[2 + d]);
      end[d] = clamped(std::ceil(static_cast<float>(at[d] + 1) * size) + first, data[2 + d]);
    }
    if (end[0] <= begin[0] || end[1] <= begin[1]) return 0;
    const float* plane = image + cell / (pooled[0] * pooled[1]) * data[2] * data[3];
    float best = -FLT_MAX;
    for (int64_t y = begin[0]; y < end[0]; ++y) {
      for (int64_t x = begin[1]; x < end[1]; ++x) {
        if (plane[y * data[3] + x] > best) best = plane[y * data[3] + x];
      }
    }
    return best;
  }
};

// The mean of samples between the pixels, in a regular grid in each cell of a region.
struct RoiAlign : Regions {
  int64_t samples;  // per cell and axis; below 1: as many as a cell has pixels
  bool is_position_sensitive;
  bool is_aligned;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    infer_with(is_position_sensitive ? pooled[0] * pooled[1] : 1, inputs, outputs);
  }

  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const Shape& shape = tensors.outputs[0].shape();
    const float* region = tensors.inputs[1].floats();
    float* out = tensors.outputs[0].floats();
    const int64_t cells = pooled[0] * pooled[1];
    for (int64_t r = 0; r < shape[0]; ++r, region += 5) {
      const float* image = image_of(tensors, region);
      for (int64_t i = 0; i < shape.product(1, 4); ++i) {
        const int64_t channel = is_position_sensitive ? i : i / cells;
        *out++ = image ? mean(data, image + channel * data[2] * data[3], region, i) : 0.0f;
      }
    }
  }

 private:
  float mean(const Shape& data, const float* plane, const float* region, int64_t cell) const {
    const int64_t at[2] = {cell / pooled[1] % pooled[0], cell % pooled[1]};
    const float offset = is_aligned ? 0.5f : 0.0f;
    float begin[2];
    float step[2];
    int64_t count[2];
    for (int d = 0; d < 2; ++d) {
      const float first = region[2 - d] * scale - offset;
      float extent = region[4 - d] * scale - offset - first;
      if (!is_aligned) extent = std::fmax(extent, 1.0f);
      const float size = extent / static_cast<float>(pooled[d]);
      count[d] = samples > 0 ? samples : clamped(std::ceil(size), Shape::kMaxElements);
      step[d] = size / static_cast<float>(count[d]);
      begin[d] = first + static_cast<float>(at[d]) * size;
    }
    // Samples outside of the image are zero, and there may be very many of them.
    int64_t first[2];
    int64_t last[2];
    for (int d = 0; d < 2; ++d) {
      const float end = static_cast<float>(data[2 + d]) - begin[d];
      const bool can_skip = step[d] > 0;
      first[d] = can_skip ? clamped((-1 - begin[d]) / step[d] - 2, count[d]) : 0;
      last[d] = can_skip ? clamped(end / step[d] + 2, count[d]) : count[d];
    }
    float sum = 0;
    for (int64_t y = first[0]; y < last[0]; ++y) {
      for (int64_t x = first[1]; x < last[1]; ++x) {
        sum +=
            at_point(plane, data[2], data[3], begin[0] + (static_cast<float>(y) + 0.5f) * step[0],
                     begin[1] + (static_cast<float>(x) + 0.5f) * step[1]);
      }
    }
    const float all = static_cast<float>(count[0]) * static_cast<float>(count[1]);
    return sum / std::fmax(all, 1.0f);
  }

  // Up to one pixel outside, the nearest pixel counts; beyond that, zero.
  static float at_point(const float* plane, int64_t height, int64_t width, float y, float x) {
    const bool is_near =
        y >= -1 && x >= -1 && y <= static_cast<float>(height) && x <= static_cast<float>(width);
    if (!is_near) return 0;
    y = std::fmin(std::fmax(y, 0.0f), static_cast<float>(height - 1));
    x = std::fmin(std::fmax(x, 0.0f), static_cast<float>(width - 1));
    const int64_t top = static_cast<int64_t>(y);
    const int64_t left = static_cast<int64_t>(x);
    const int64_t right = left + 1 < width ? left + 1 : left;
    const float* above = plane + top * width;
    const float* below = top + 1 < height ? above + width : above;
    const float v = y - static_cast<float>(top);
    const float h = x - static_cast<float>(left);
    return (1 - v) * ((1 - h) * above[left] + h * above[right]) +
           v * ((1 - h) * below[left] + h * below[right]);
  }
};

static void parse_regions(Attributes& attributes, Regions* regions) {
  const Vector<int64_t> pooled = attributes.tuple("pooled_size");
  check(pooled.size() == 2 && pooled[0] > 0 && pooled[1] > 0,
        {"attribute 'pooled_size' should have 2 elements, each at least 1"});
  for (size_t d = 0; d < 2; ++d) regions->pooled[d] = pooled[d];
  regions->scale = static_cast<float>(attributes.real("spatial_scale"));
}

}  // namespace regions_detail

Unique<Op> parse_roi_pooling(Attributes& attributes, int) {
  regions_detail::RoiPooling op;
  regions_detail::parse_regions(attributes, &op);
  attributes.finish();
  return plain_op(op, {"data rois"});
}

Unique<Op> parse_roi_align(Attributes& attributes, int) {
  regions_detail::RoiAlign op;
  regions_detail::parse_regions(attributes, &op);
  op.samples = attributes.integer("sample_ratio", -1);
  op.is_position_sensitive = attributes.boolean("position_sensitive", false);
  op.is_aligned = attributes.boolean("aligned", false);
  attributes.finish();
  check(op.samples <= regions_detail::kMaxSamples, {"sample_ratio is ", op.samples});
  return plain_op(op, {"data rois"});
}

}  // namespace predictor
