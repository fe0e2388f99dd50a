// Operators that prepare photographs: _image_to_tensor, _image_normalize, _image_crop, flips.
// (_image_resize is in resizing.cc.)
#include <algorithm>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"
#include "predictor/ops/rearrange.h"

namespace PREDICTOR_HIDDEN predictor {
namespace images_detail {

// The first of the three axes of an image, or of each of several images. Throws for other shapes.
static int image_axis(const Shape& shape) {
  check(shape.rank() == 3 || shape.rank() == 4,
        {"the input has the shape ", shape, ", but should be one image or several"});
  return shape.rank() - 3;
}

// (h, w, c) from 0 to 255 to (c, h, w) from 0 to 1.
struct ToTensor : PlainState {
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].has_rank()) return;
    const int axis = image_axis(inputs[0]);
    Shape out = inputs[0];
    for (int i = 0; i < 3; ++i) out[axis + i] = inputs[0][axis + (i + 2) % 3];
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& in = tensors.inputs[0].shape();
    const int axis = in.rank() - 3;
    const int64_t pixels = in.product(axis, axis + 2);
    const int64_t channels = in[axis + 2];
    const float* from = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t n = in.product(0, axis); n > 0; --n, from += pixels * channels) {
      for (int64_t c = 0; c < channels; ++c) {
        for (int64_t i = 0; i < pixels; ++i) *out++ = from[i * channels + c] / 255.0f;
      }
    }
  }
};

// (c, h, w): (x - mean[c]) / deviation[c].
struct Normalize : PlainState {
  static constexpr int kMaxChannels = 4;
  float mean[kMaxChannels];
  float deviation[kMaxChannels];

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    share_shape(inputs, outputs);
    if (!inputs[0].has_rank()) return;
    const int64_t channels = inputs[0][image_axis(inputs[0])];
    check(channels < 0 || channels == 1 || channels == 3,
          {"the input has the shape ", inputs[0], ", but should have 1 or 3 channels"});
  }
  void run(const KernelRun& tensors) const {
    const Shape& in = tensors.inputs[0].shape();
    const int axis = in.rank() - 3;
    const int64_t pixels = in.product(axis + 1, axis + 3);
    const float* from = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < in.elements(); ++i) {
      const int64_t c = i / pixels % in[axis];
      out[i] = (from[i] - mean[c]) / deviation[c];
    }
  }
};

// A part of an image (h, w, c), or the image mirrored along `flipped`.
class Window : public Rearrange {
 public:
  int64_t begin[2] = {0, 0};
  int64_t extent[2] = {0, 0};  // 0: all
  int flipped = -1;

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const int axis = image_axis(data);
    const Strides strides(data);
    RearrangePlan plan;
    for (int i = 0; i < data.rank(); ++i) {
      const int d = i - axis;
      const bool is_side = d == 0 || d == 1;
      const int64_t first = is_side ? begin[d] : 0;
      const int64_t count = is_side && extent[d] > 0 ? extent[d] : data[i];
      check(first >= 0 && first + count <= data[i],
            {"the part from ", first, " to ", first + count, " is not inside of ", data});
      const bool is_flipped = is_side && d == flipped;
      plan.loops.offsets[0] += (is_flipped ? data[i] - 1 : first) * strides[i];
      plan.push(count, is_flipped ? -strides[i] : strides[i]);
    }
    return plan;
  }
};

// One number for all channels, or one for each.
static void parse_channels(Attributes& attributes, const char* key, float otherwise, float* out) {
  const Vector<double> given = attributes.reals(key);
  check(given.size() <= Normalize::kMaxChannels, {"attribute '", key, "' has too many elements"});
  for (size_t c = 0; c < Normalize::kMaxChannels; ++c) {
    out[c] = otherwise;
    if (!given.empty()) out[c] = static_cast<float>(given[std::min(c, given.size() - 1)]);
  }
}

}  // namespace images_detail

Unique<Op> parse_image_to_tensor(Attributes& attributes, int) {
  attributes.finish();
  return plain_op(images_detail::ToTensor(), {"data", 1, static_cast<int>(DType::kFloat32)});
}

Unique<Op> parse_image_normalize(Attributes& attributes, int) {
  images_detail::Normalize op;
  images_detail::parse_channels(attributes, "mean", 0, op.mean);
  images_detail::parse_channels(attributes, "std", 1, op.deviation);
  attributes.finish();
  return plain_op(op, {});
}

Unique<Op> parse_image_crop(Attributes& attributes, int) {
  auto op = std::make_unique<images_detail::Window>();
  op->begin[0] = attributes.integer("y");
  op->begin[1] = attributes.integer("x");
  op->extent[0] = attributes.integer("height");
  op->extent[1] = attributes.integer("width");
  attributes.finish();
  check(op->extent[0] > 0 && op->extent[1] > 0, {"the height or the width is not positive"});
  return op;
}

Unique<Op> parse_image_flip(Attributes& attributes, int variant) {
  auto op = std::make_unique<images_detail::Window>();
  op->flipped = variant;
  attributes.finish();
  return op;
}

}  // namespace predictor
