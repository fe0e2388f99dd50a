// Convolution, Convolution_v1.
#include "predictor/base/error.h"
#include "predictor/kernels/convolution.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/product_kernel.h"
#include "predictor/ops/window.h"

namespace PREDICTOR_HIDDEN predictor {
namespace conv_detail {

using ConvolutionKernel =
    ProductKernel<ConvolutionShape, convolution_packed_floats, convolution_pack,
                  convolution_workspace_floats, convolution_run>;

class Convolution : public Op {
 public:
  explicit Convolution(Attributes& attributes)
      : window_(parse_window(attributes, true)),
        filters_(attributes.integer("num_filter")),
        groups_(attributes.integer("num_group", 1)),
        has_bias_(!attributes.boolean("no_bias", false)) {
    traits_.inputs = has_bias_ ? "data weight bias" : "data weight";
    traits_.accepts_fusion = true;
    traits_.blocked_use = BlockedUse::kProduct;
    parse_layout(attributes);
    attributes.ignore({"workspace", "cudnn_tune", "cudnn_off"});
    attributes.finish();
    check(filters_ > 0, {"num_filter should be positive"});
    check(groups_ > 0 && filters_ % groups_ == 0, {"num_group should divide num_filter"});
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const size_t rank = static_cast<size_t>(window_.rank) + 2;
    Shape& data = inputs[0];
    merge_shape(data, Shape::of_rank(rank), "the input");
    Shape weight = Shape::of_rank(rank);
    Shape out = Shape::of_rank(rank);
    out[0] = data[0];
    out[1] = weight[0] = filters_;
    if (data[1] >= 0) {
      check(data[1] % groups_ == 0,
            {"num_group is ", groups_, ", but the input has ", data[1], " channels"});
      weight[1] = data[1] / groups_;
    }
    for (int d = 0; d < window_.rank; ++d) {
      weight[2 + d] = window_.kernel[d];
      if (data[2 + d] >= 0) out[2 + d] = window_.travel(d, data[2 + d]) / window_.stride[d] + 1;
    }
    merge_shape(inputs[kWeightInput], weight, "the weight");
    if (has_bias_) merge_shape(inputs[kBiasInput], {filters_}, "the bias");
    merge_shape(outputs[0], out, "the output");
    if (data[0] < 0) data[0] = outputs[0][0];
    if (data[1] < 0 && inputs[kWeightInput][1] >= 0) data[1] = inputs[kWeightInput][1] * groups_;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const Shape& out = request.outputs[0].shape;
    ConvolutionShape shape;
    shape.batch = static_cast<int>(data[0]);
    shape.in_channels = static_cast<int>(data[1]);
    shape.out_channels = static_cast<int>(filters_);
    shape.groups = static_cast<int>(groups_);
    align_right(window_.rank, data.begin() + 2, shape.in);
    align_right(window_.rank, out.begin() + 2, shape.out);
    align_right(window_.rank, window_.kernel, shape.kernel);
    align_right(window_.rank, window_.stride, shape.stride);
    align_right(window_.rank, window_.dilate, shape.dilate);
    align_right(window_.rank, window_.pad, shape.pad);
    shape.is_in_blocked = request.is_in_blocked;
    shape.is_out_blocked = request.is_out_blocked;
    shape.is_filtered = is_filtered(request, shape);
    return std::make_unique<ConvolutionKernel>(request, shape, static_cast<size_t>(filters_));
  }

 private:
  // As the weights have been packed, for this image or another; otherwise as is faster.
  static bool is_filtered(const KernelRequest& request, ConvolutionShape shape) {
    if (!convolution_is_filterable(request.isa, shape)) return false;
    if (!request.packed) {
      const bool is_constant = request.constants[kWeightInput].floats() != nullptr;
      return is_constant && convolution_gains_by_filtering(shape);
    }
    shape.is_filtered = true;
    const size_t floats = convolution_packed_floats(request.isa, shape);
    return request.packed->bytes() >= floats * sizeof(float);
  }

  Window window_;
  int64_t filters_;
  int64_t groups_;
  bool has_bias_;
};

}  // namespace conv_detail

Unique<Op> parse_convolution(Attributes& attributes, int) {
  return std::make_unique<conv_detail::Convolution>(attributes);
}

}  // namespace predictor
