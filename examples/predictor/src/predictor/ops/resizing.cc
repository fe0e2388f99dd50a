// Operators that give images another size: _contrib_BilinearResize2D,
// _contrib_AdaptiveAvgPooling2D, _image_resize.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace resizing_detail {

// One axis of an image, scaled: output element i lies between in[low] and in[high].
struct Between {
  int64_t low;
  int64_t high;
  float share;  // of `high`
};

// The ends of both axes lie on each other (is_aligned), or their outer edges do. scale: input
// elements for one of the output.
static Between between(int64_t at, int64_t in, float scale, bool is_aligned) {
  const float centre = is_aligned ? 0.0f : 0.5f;
  const float edge = (static_cast<float>(at) + centre) * scale - centre;
  const float place = edge < 0 ? 0 : edge;
  const int64_t whole = static_cast<int64_t>(place);
  const int64_t low = whole < in ? whole : in - 1;
  const int64_t high = low + 1 < in ? low + 1 : low;
  return {low, high, place - static_cast<float>(whole)};
}

// How an output extent follows from an input extent.
enum class Mode : int { kSize, kOddScale, kLike, kToEvenDown, kToEvenUp, kToOddDown, kToOddUp };

// in (outer, height, width, inner) to out (outer, out_height, out_width, inner).
struct Planes {
  int64_t outer;
  int64_t in[2];
  int64_t out[2];
  int64_t inner;

  float edge_scale(int d) const { return static_cast<float>(in[d]) / static_cast<float>(out[d]); }
  float end_scale(int d) const {
    return static_cast<float>(in[d] - 1) / static_cast<float>(out[d] - 1);
  }
};

static void resize(const Planes& planes, const float* scales, bool is_aligned, const float* in,
                   float* out) {
  const int64_t row = planes.in[1] * planes.inner;
  for (int64_t o = 0; o < planes.outer; ++o, in += planes.in[0] * row) {
    for (int64_t y = 0; y < planes.out[0]; ++y) {
      const Between v = between(y, planes.in[0], scales[0], is_aligned);
      for (int64_t x = 0; x < planes.out[1]; ++x) {
        const Between h = between(x, planes.in[1], scales[1], is_aligned);
        for (int64_t i = 0; i < planes.inner; ++i) {
          const float* left = in + h.low * planes.inner + i;
          const float* right = in + h.high * planes.inner + i;
          const float above = (1 - h.share) * left[v.low * row] + h.share * right[v.low * row];
          const float below = (1 - h.share) * left[v.high * row] + h.share * right[v.high * row];
          *out++ = (1 - v.share) * above + v.share * below;
        }
      }
    }
  }
}

struct BilinearResize : PlainState {
  Mode mode;
  bool is_aligned;
  int64_t extents[2];
  double scales[2];  // 0: not given

  int64_t extent(int d, const Shape& data, const Shape* like) const {
    const int64_t in = data[2 + d];
    const double scaled = static_cast<double>(in) * scales[d];
    switch (mode) {
      case Mode::kSize:
        return scales[d] > 0 ? static_cast<int64_t>(scaled) : extents[d];
      case Mode::kOddScale:
        return in % 2 == 0 ? static_cast<int64_t>(scaled)
                           : static_cast<int64_t>(static_cast<double>(in - 1) * scales[d]) + 1;
      case Mode::kLike:
        return (*like)[2 + d];
      case Mode::kToEvenDown:
        return in - in % 2;
      case Mode::kToEvenUp:
        return in + in % 2;
      case Mode::kToOddDown:
        return in - 1 + in % 2;
      default:
        return in + 1 - in % 2;
    }
  }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const bool has_like = mode == Mode::kLike;
    for (Shape& input : inputs) merge_shape(input, Shape::of_rank(4), "the input");
    Shape out = inputs[0];
    for (int d = 0; d < 2; ++d) {
      if (inputs[0][2 + d] < 0) return;
      out[2 + d] = extent(d, inputs[0], has_like ? &inputs[1] : nullptr);
    }
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& in = tensors.inputs[0].shape();
    const Shape& out = tensors.outputs[0].shape();
    const Planes planes = {in.product(0, 2), {in[2], in[3]}, {out[2], out[3]}, 1};
    float steps[2] = {0, 0};  // a single element is the first
    for (int d = 0; d < 2; ++d) {
      if (planes.out[d] > 1) steps[d] = is_aligned ? planes.end_scale(d) : planes.edge_scale(d);
    }
    resize(planes, steps, is_aligned, tensors.inputs[0].floats(), tensors.outputs[0].floats());
  }
};

// The mean over the part of the image that each output pixel covers.
struct AdaptiveAverage : PlainState {
  int64_t extents[2];

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(4), "the input");
    merge_shape(outputs[0], {inputs[0][0], inputs[0][1], extents[0], extents[1]}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& in_shape = tensors.inputs[0].shape();
    const int64_t in[2] = {in_shape[2], in_shape[3]};
    const float* plane = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t p = 0; p < in_shape.product(0, 2); ++p, plane += in[0] * in[1]) {
      for (int64_t i = 0; i < extents[0] * extents[1]; ++i) {
        const int64_t at[2] = {i / extents[1], i % extents[1]};
        int64_t begin[2];
        int64_t end[2];
        for (int d = 0; d < 2; ++d) {
          begin[d] = at[d] * in[d] / extents[d];
          end[d] = ((at[d] + 1) * in[d] + extents[d] - 1) / extents[d];
        }
        float sum = 0;
        for (int64_t y = begin[0]; y < end[0]; ++y) {
          for (int64_t x = begin[1]; x < end[1]; ++x) sum += plane[y * in[1] + x];
        }
        *out++ = sum / static_cast<float>((end[0] - begin[0]) * (end[1] - begin[1]));
      }
    }
  }
};

// Images with the channels last: (h, w, c) or (n, h, w, c).
struct ImageResize : PlainState {
  int64_t width;
  int64_t height;  // 0: the shorter side becomes `width`, and the other follows
  bool is_nearest;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    const int axis = data.rank() - 3;
    check(axis == 0 || axis == 1, {"the input has the shape ", data, ", but should be an image"});
    const int64_t in_height = data[axis];
    const int64_t in_width = data[axis + 1];
    Shape out = data;
    out[axis + 1] = height > 0 || in_width < in_height ? width : in_width * width / in_height;
    out[axis] = height > 0 ? height : in_width < in_height ? in_height * width / in_width : width;
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& in = tensors.inputs[0].shape();
    const Shape& out = tensors.outputs[0].shape();
    const int axis = in.rank() - 3;
    const Planes planes = {
        in.product(0, axis), {in[axis], in[axis + 1]}, {out[axis], out[axis + 1]}, in[axis + 2]};
    const float* from = tensors.inputs[0].floats();
    float* to = tensors.outputs[0].floats();
    const float scales[2] = {planes.edge_scale(0), planes.edge_scale(1)};
    if (!is_nearest) return resize(planes, scales, false, from, to);
    for (int64_t i = 0; i < out.elements(); ++i) {
      const int64_t x = i / planes.inner % planes.out[1];
      const int64_t y = i / planes.inner / planes.out[1] % planes.out[0];
      const int64_t o = i / planes.inner / planes.out[1] / planes.out[0];
      const int64_t row = o * planes.in[0] + y * planes.in[0] / planes.out[0];
      const int64_t pixel = row * planes.in[1] + x * planes.in[1] / planes.out[1];
      to[i] = from[pixel * planes.inner + i % planes.inner];
    }
  }
};

}  // namespace resizing_detail

Unique<Op> parse_bilinear_resize(Attributes& attributes, int) {
  using resizing_detail::Mode;
  resizing_detail::BilinearResize op;
  op.extents[0] = attributes.integer("height", 1);
  op.extents[1] = attributes.integer("width", 1);
  op.scales[0] = attributes.real("scale_height", 0);
  op.scales[1] = attributes.real("scale_width", 0);
  for (const double scale : op.scales) {
    check(scale >= 0 && scale <= 1 << 16, {"scale_height or scale_width is out of range"});
  }
  op.mode = static_cast<Mode>(attributes.choice(
      "mode",
      {"size", "odd_scale", "like", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up"}, 0));
  op.is_aligned = attributes.boolean("align_corners", true);
  attributes.finish();
  return plain_op(op, {op.mode == Mode::kLike ? "data like" : "data"});
}

Unique<Op> parse_adaptive_average(Attributes& attributes, int) {
  resizing_detail::AdaptiveAverage op;
  const Vector<int64_t> size = attributes.tuple("output_size");
  attributes.finish();
  const int64_t height = size.empty() ? 1 : size[0];
  const int64_t width = size.size() < 2 ? height : size[1];
  check(size.size() <= 2 && height > 0 && width > 0,
        {"attribute 'output_size' should have 1 or 2 elements, each at least 1"});
  op.extents[0] = height;
  op.extents[1] = width;
  return plain_op(op, {});
}

Unique<Op> parse_image_resize(Attributes& attributes, int) {
  resizing_detail::ImageResize op;
  const Vector<int64_t> size = attributes.tuple("size");
  const bool keeps_ratio = attributes.boolean("keep_ratio", false);
  const int64_t method = attributes.integer("interp", 1);
  attributes.finish();
  check((size.size() == 1 || size.size() == 2) && size[0] > 0 && size[size.size() - 1] > 0,
        {"attribute 'size' should have 1 or 2 elements, each at least 1"});
  check(method == 0 || method == 1, {"interp is ", method, ", but only 0 and 1 are supported"});
  op.width = size[0];
  op.height = size.size() == 2 ? size[1] : keeps_ratio ? 0 : size[0];
  op.is_nearest = method == 0;
  return plain_op(op, {});
}

}  // namespace predictor
