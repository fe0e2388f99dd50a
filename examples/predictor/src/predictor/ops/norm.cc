// Normalisations with fixed statistics or across channels: BatchNorm and its relatives, LRN.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/kernels/normalization.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace norm_detail {

// out = (data - moving_mean) / sqrt(moving_var + eps) * gamma + beta, with gamma = 1 for fix_gamma.
class BatchNorm : public Op {
 public:
  BatchNorm(Attributes& attributes, bool is_rectified)
      : is_rectified_(is_rectified),
        epsilon_(attributes.real("eps", 1e-3)),
        axis_(attributes.integer("axis", 1)),
        fixes_gamma_(attributes.boolean("fix_gamma", true)) {
    traits_.inputs = "data gamma beta moving_mean moving_var";
    traits_.suffixes = "output mean var";
    if (attributes.boolean("output_mean_var", false)) traits_.outputs = 3;
    attributes.ignore({"momentum", "use_global_stats", "cudnn_off", "min_calib_range",
                       "max_calib_range", "ndev", "key"});
    attributes.finish();
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, {outputs.data(), 1});
    Shape channels = Shape::of_rank(1);
    if (inputs[0].has_rank()) channels[0] = inputs[0][checked_axis(axis_, inputs[0].rank())];
    for (size_t i = 1; i < inputs.size(); ++i) {
      merge_shape(inputs[i], channels, input_names()[i]);
    }
    for (size_t i = 1; i < outputs.size(); ++i) merge_shape(outputs[i], channels, "the output");
  }

  bool as_affine(Span<const Tensor> constants, Vector<float>* scale,
                 Vector<float>* shift) const override {
    if (axis_ != 1 || is_rectified_) return false;
    const float* values[5] = {};
    for (size_t i = 1; i < 5; ++i) {
      values[i] = constants[i].floats();
      if (values[i] == nullptr && !(i == 1 && fixes_gamma_)) return false;
    }
    const size_t channels = constants[2].count();
    scale->resize(channels);
    shift->resize(channels);
    fold(epsilon_, fixes_gamma_, channels, values, scale->data(), shift->data());
    return true;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& shape = request.inputs[0].shape;
    const AxisView view = view_around(shape, checked_axis(axis_, shape.rank()));
    const size_t channels = static_cast<size_t>(view.axis);
    const Isa isa = request.isa;
    return function_kernel(
        [epsilon = epsilon_, fixes_gamma = fixes_gamma_, isa, view, channels,
         activation =
             is_rectified_ ? Activation::kRelu : Activation::kNone](const KernelRun& tensors) {
          const float* values[5];
          for (size_t i = 0; i < 5; ++i) values[i] = tensors.inputs[i].floats();
          float* scale = tensors.workspace;
          float* shift = scale + channels;
          fold(epsilon, fixes_gamma, channels, values, scale, shift);
          Epilogue epilogue;
          epilogue.bias = shift;
          epilogue.activation = activation;
          scale_channels(isa, view.outer, view.axis, view.inner, scale, values[0], epilogue,
                         tensors.outputs[0].floats());
          for (size_t i = 1; i < tensors.outputs.size(); ++i) {
            float* out = tensors.outputs[i].floats();
            for (size_t c = 0; c < channels; ++c) out[c] = values[2 + i][c];
          }
        },
        {2 * channels, 1});
  }

 private:
  // values: data (not read), gamma, beta, moving_mean, moving_var.
  static void fold(double epsilon, bool fixes_gamma, size_t channels, const float* const* values,
                   float* scale, float* shift) {
    for (size_t c = 0; c < channels; ++c) {
      const double factor = (fixes_gamma ? 1.0 : static_cast<double>(values[1][c])) /
                            std::sqrt(static_cast<double>(values[4][c]) + epsilon);
      scale[c] = static_cast<float>(factor);
      shift[c] = static_cast<float>(values[2][c] - values[3][c] * factor);
    }
  }

  bool is_rectified_;
  double epsilon_;
  int64_t axis_;
  bool fixes_gamma_;
};

class LocalResponseNorm : public ElementwiseOp {
 public:
  explicit LocalResponseNorm(Attributes& attributes) {
    const int64_t size = attributes.integer("nsize");
    shape_.alpha = static_cast<float>(attributes.real("alpha", 1e-4));
    shape_.beta = static_cast<float>(attributes.real("beta", 0.75));
    shape_.knorm = static_cast<float>(attributes.real("knorm", 2));
    attributes.finish();
    check(size > 0 && size % 2 == 1, {"nsize is ", size, ", but should be odd"});
    shape_.window = static_cast<int>(size);
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    ElementwiseOp::infer_shapes(inputs, outputs);
    check(!inputs[0].has_rank() || inputs[0].rank() >= 2,
          {"the input has the shape ", inputs[0], ", but should have channels on axis 1"});
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const AxisView view = view_around(data, 1);
    LrnShape shape = shape_;
    shape.outer = view.outer;
    shape.channels = view.axis;
    shape.inner = view.inner;
    return function_kernel([shape, isa = request.isa](const KernelRun& tensors) {
      local_response_normalize(isa, shape, tensors.inputs[0].floats(), tensors.outputs[0].floats());
    });
  }

 private:
  LrnShape shape_;
};

}  // namespace norm_detail

Unique<Op> parse_batch_norm(Attributes& attributes, int variant) {
  return std::make_unique<norm_detail::BatchNorm>(attributes, variant == 1);
}

Unique<Op> parse_lrn(Attributes& attributes, int) {
  return std::make_unique<norm_detail::LocalResponseNorm>(attributes);
}

}  // namespace predictor
