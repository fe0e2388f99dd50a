// Pad: a border of a constant, of the edge's own elements or of the mirrored image.
#include "predictor/base/error.h"
#include "predictor/ops/float_op.h"
#include "predictor/ops/loops.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace border_detail {

class Pad : public FloatOp {
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
  Vector<TextView> input_names() const override { return {"data"}; }

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
    // Axis after axis, per index of the output: the place in the input, -1 for the constant.
    Vector<int64_t> places;
    for (int axis = 0; axis < out.rank(); ++axis) {
      for (int64_t i = 0; i < out[axis]; ++i) {
        const int64_t index = source(i - before(axis), request.inputs[0].shape[axis]);
        places.push_back(index < 0 ? -1 : index * strides[axis]);
      }
    }
    return function_kernel(
        [out, places = std::move(places), value = value_](const KernelRun& tensors) {
          const float* in = tensors.inputs[0].floats();
          float* to = tensors.outputs[0].floats();
          const int64_t count = out.product(0, out.rank());
          for (int64_t i = 0; i < count; ++i) {
            int64_t place = 0;
            int64_t left = i;
            const int64_t* of_axis = places.data() + places.size();
            for (int axis = out.rank() - 1; axis >= 0 && place >= 0; --axis) {
              of_axis -= out[axis];
              const int64_t offset = of_axis[left % out[axis]];
              left /= out[axis];
              place = offset < 0 ? -1 : place + offset;
            }
            to[i] = place < 0 ? value : in[place];
          }
        });
  }

 private:
  enum class Mode : int { kConstant, kEdge, kReflect };

  int64_t before(int axis) const { return widths_[2 * static_cast<size_t>(axis)]; }
  int64_t after(int axis) const { return widths_[2 * static_cast<size_t>(axis) + 1]; }
  // Index in the input of a place that may be outside of it, -1 for the constant.
  int64_t source(int64_t at, int64_t extent) const {
    if (at >= 0 && at < extent) return at;
    if (mode_ == Mode::kConstant) return -1;
    if (mode_ == Mode::kEdge) return at < 0 ? 0 : extent - 1;
    return at < 0 ? -at : 2 * (extent - 1) - at;
  }

  Mode mode_;
  Vector<int64_t> widths_;
  float value_;
};

}  // namespace border_detail

Unique<Op> parse_pad(Attributes& attributes, int) {
  return std::make_unique<border_detail::Pad>(attributes);
}

}  // namespace predictor
