// Pad: a border of a constant, of the edge's own elements or of the mirrored image.
#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/loops.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace border_detail {

enum class Mode : int { kConstant, kEdge, kReflect };

struct Border {
  Mode mode;
  float value;
  Shape in;
  Strides strides;
  int64_t before[Shape::kMaxRank];

  // Index in the input of a place that may be outside of it, -1 for the constant.
  int64_t source(int axis, int64_t at) const {
    const int64_t extent = in[axis];
    if (at >= 0 && at < extent) return at;
    if (mode == Mode::kConstant) return -1;
    if (mode == Mode::kEdge) return at < 0 ? 0 : extent - 1;
    return at < 0 ? -at : 2 * (extent - 1) - at;
  }
};

class Pad : public Op {
 public:
  explicit Pad(Attributes& attributes)
      : mode_(static_cast<Mode>(attributes.choice("mode", {"constant", "edge", "reflect"}, -1))),
        widths_(attributes.tuple("pad_width")),
        value_(static_cast<float>(attributes.real("constant_value", 0))) {
    attributes.finish();
    check(mode_ >= Mode::kConstant, {"attribute 'mode' is missing"});
    check(widths_.size() % 2 == 0, {"pad_width should have two elements for each axis"});
    for (const int64_t width : widths_) check(width >= 0, {"pad_width holds ", width});
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    check(widths_.size() == 2 * static_cast<size_t>(data.rank()),
          {"pad_width should have two elements for each axis of ", data});
    Shape out = data;
    for (int axis = 0; axis < data.rank(); ++axis) {
      const int64_t longest = before(axis) > after(axis) ? before(axis) : after(axis);
      check(mode_ != Mode::kReflect || longest < data[axis],
            {"axis ", axis, " of ", data, " cannot be mirrored ", longest, " elements far"});
      out[axis] += before(axis) + after(axis);
    }
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& out = request.outputs[0].shape;
    const Strides strides(request.inputs[0].shape);
    const Shape& in = request.inputs[0].shape;
    Border border = {mode_, value_, in, strides, {}};
    for (int axis = 0; axis < out.rank(); ++axis) border.before[axis] = before(axis);
    return function_kernel([border, out](const KernelRun& tensors) {
      const float* from = tensors.inputs[0].floats();
      float* to = tensors.outputs[0].floats();
      const int64_t count = out.product(0, out.rank());
      for (int64_t i = 0; i < count; ++i) {
        int64_t place = 0;
        int64_t left = i;
        for (int axis = out.rank() - 1; axis >= 0 && place >= 0; --axis) {
          const int64_t index = border.source(axis, left % out[axis] - border.before[axis]);
          left /= out[axis];
          place = index < 0 ? -1 : place + index * border.strides[axis];
        }
        to[i] = place < 0 ? border.value : from[place];
      }
    });
  }

 private:
  int64_t before(int axis) const { return widths_[2 * static_cast<size_t>(axis)]; }
  int64_t after(int axis) const { return widths_[2 * static_cast<size_t>(axis) + 1]; }

  Mode mode_;
  Vector<int64_t> widths_;
  float value_;
};

}  // namespace border_detail

Unique<Op> parse_pad(Attributes& attributes, int) {
  return std::make_unique<border_detail::Pad>(attributes);
}

}  // namespace predictor
