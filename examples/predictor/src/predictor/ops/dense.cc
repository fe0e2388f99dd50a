// FullyConnected.
#include "predictor/base/error.h"
#include "predictor/kernels/fully_connected.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/product_kernel.h"

namespace PREDICTOR_HIDDEN predictor {
namespace dense_detail {

using FullyConnectedKernel =
    ProductKernel<FullyConnectedShape, fully_connected_packed_floats, fully_connected_pack,
                  fully_connected_workspace_floats, fully_connected_run>;

// out = data * weight^T + bias, over all axes of the data but the first (flatten), or over the
// last.
class FullyConnected : public Op {
 public:
  explicit FullyConnected(Attributes& attributes)
      : outputs_(attributes.integer("num_hidden")),
        has_bias_(!attributes.boolean("no_bias", false)),
        flattens_(attributes.boolean("flatten", true)) {
    attributes.finish();
    check(outputs_ > 0, {"num_hidden should be positive"});
    // Axis 1 of the output is that of the units only if the data is flattened.
    traits_.inputs = has_bias_ ? "data weight bias" : "data weight";
    traits_.accepts_fusion = flattens_;
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    Shape& data = inputs[0];
    Shape weight = {outputs_, Shape::kUnknown};
    Shape out = flattens_ ? Shape{Shape::kUnknown, outputs_} : Shape();
    if (data.has_rank()) {
      check(data.rank() > 0, {"the input has no dimensions"});
      const int first = first_input_axis(data);
      bool is_known = true;
      for (int axis = first; axis < data.rank(); ++axis) is_known = is_known && data[axis] >= 0;
      if (is_known) weight[1] = data.product(first, data.rank());
      if (flattens_) {
        out[0] = data[0];
      } else {
        out = data;
        out[data.rank() - 1] = outputs_;
      }
    }
    merge_shape(inputs[kWeightInput], weight, "the weight");
    if (has_bias_) merge_shape(inputs[kBiasInput], {outputs_}, "the bias");
    merge_shape(outputs[0], out, "the output");
    if (data.has_rank()) {
      const Shape& known = outputs[0];
      for (int axis = 0; axis < first_input_axis(data); ++axis) {
        if (data[axis] < 0) data[axis] = known[axis];
      }
    }
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    FullyConnectedShape shape;
    shape.outputs = static_cast<int>(outputs_);
    shape.inputs = static_cast<int>(request.inputs[kWeightInput].shape[1]);
    shape.batch = static_cast<int>(request.outputs[0].shape.elements() / outputs_);
    return std::make_unique<FullyConnectedKernel>(request, shape, static_cast<size_t>(outputs_));
  }

 private:
  int first_input_axis(const Shape& data) const { return flattens_ ? 1 : data.rank() - 1; }

  int64_t outputs_;
  bool has_bias_;
  bool flattens_;
};

}  // namespace dense_detail

Unique<Op> parse_fully_connected(Attributes& attributes, int) {
  return std::make_unique<dense_detail::FullyConnected>(attributes);
}

}  // namespace predictor
