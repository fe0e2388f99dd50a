// Normalisations with the statistics of the sample itself.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace sample_norm_detail {

// (x - mean) / sqrt(variance + eps) * gamma + beta, with mean and variance over one channel of one
// sample (instance), one axis (layer), or a group of channels of one sample (group).
class SampleNorm : public Op {
 public:
  SampleNorm(Attributes& attributes, NormVariant variant) : variant_(variant) {
    traits_.inputs = "data gamma beta";
    epsilon_ = attributes.real("eps", variant == NormVariant::kInstance ? 1e-3 : 1e-5);
    if (variant == NormVariant::kLayer) axis_ = attributes.integer("axis", -1);
    if (variant == NormVariant::kGroup) groups_ = attributes.integer("num_groups", 1);
    const bool shows_statistics =
        variant != NormVariant::kInstance && attributes.boolean("output_mean_var", false);
    attributes.finish();
    check(!shows_statistics, {"output_mean_var is not supported"});
    check(groups_ > 0, {"num_groups is ", groups_});
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data(), 1}, outputs);
    const Shape& data = inputs[0];
    if (!data.has_rank()) return;
    check(variant_ == NormVariant::kLayer || data.rank() >= 3,
          {"the input has the shape ", data, ", but should have at least 3 dimensions"});
    const int axis = checked_axis(axis_, data.rank());
    check(data[axis] < 0 || data[axis] % groups_ == 0, {"num_groups does not divide the channels"});
    for (size_t i = 1; i < 3; ++i) merge_shape(inputs[i], {weight_extent(data)}, "gamma or beta");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const AxisView view = view_around(data, checked_axis(axis_, data.rank()));
    if (variant_ == NormVariant::kLayer) {
      return function_kernel(
          [view, epsilon = epsilon_](const KernelRun& tensors) {
            const ptrdiff_t step = view.inner;
            for (ptrdiff_t o = 0; o < view.outer; ++o) {
              for (ptrdiff_t i = 0; i < step; ++i) {
                normalize({view.axis, 1, step, epsilon}, o * view.axis * step + i, 0, tensors);
              }
            }
          },
          {0, 1});
    }
    const ptrdiff_t weights = weight_extent(data);
    const ptrdiff_t samples = view.outer;
    const ptrdiff_t runs = variant_ == NormVariant::kInstance ? view.axis : groups_;
    const ptrdiff_t count = static_cast<ptrdiff_t>(view.axis) * view.inner / runs;
    const ptrdiff_t weights_per_run = weights / runs;
    return function_kernel(
        [=, epsilon = epsilon_](const KernelRun& tensors) {
          for (ptrdiff_t r = 0; r < samples * runs; ++r) {
            normalize({count, count / weights_per_run, 1, epsilon}, r * count,
                      r % runs * weights_per_run, tensors);
          }
        },
        {0, 1});
  }

 private:
  struct Run {
    ptrdiff_t count;
    ptrdiff_t elements_per_weight;
    ptrdiff_t step;
    double epsilon;
  };

  // at: of the first element; weight: number of its gamma and beta.
  static void normalize(const Run& run, ptrdiff_t at, ptrdiff_t weight, const KernelRun& tensors) {
    const float* in = tensors.inputs[0].floats() + at;
    const float* gamma = tensors.inputs[1].floats() + weight;
    const float* beta = tensors.inputs[2].floats() + weight;
    float* out = tensors.outputs[0].floats() + at;
    double sum = 0;
    for (ptrdiff_t i = 0; i < run.count; ++i) sum += static_cast<double>(in[i * run.step]);
    const double mean = sum / static_cast<double>(run.count);
    double squares = 0;
    for (ptrdiff_t i = 0; i < run.count; ++i) {
      const double distance = static_cast<double>(in[i * run.step]) - mean;
      squares += distance * distance;
    }
    const double factor = 1 / std::sqrt(squares / static_cast<double>(run.count) + run.epsilon);
    for (ptrdiff_t i = 0; i < run.count; ++i) {
      const ptrdiff_t w = i / run.elements_per_weight;
      const double unit = (static_cast<double>(in[i * run.step]) - mean) * factor;
      out[i * run.step] = static_cast<float>(unit * static_cast<double>(gamma[w])) + beta[w];
    }
  }

  int64_t weight_extent(const Shape& data) const {
    return variant_ == NormVariant::kGroup ? groups_ : data[checked_axis(axis_, data.rank())];
  }

  NormVariant variant_;
  double epsilon_;
  int64_t axis_ = 1;
  int64_t groups_ = 1;
};

// x / sqrt(sum of x^2 + eps), the sum over a sample, over the channels, or over a channel.
class UnitLength : public ElementwiseOp {
 public:
  explicit UnitLength(Attributes& attributes)
      : epsilon_(attributes.real("eps", 1e-10)),
        mode_(attributes.choice("mode", {"instance", "channel", "spatial"}, 0)) {
    attributes.finish();
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    ElementwiseOp::infer_shapes(inputs, outputs);
    check(!inputs[0].has_rank() || inputs[0].rank() >= (mode_ == 0 ? 1 : 3),
          {"the input has the shape ", inputs[0], ", but should have at least 3 dimensions"});
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    AxisView view = {static_cast<int>(data[0]), static_cast<int>(data.product(1, data.rank())), 1};
    if (mode_ == 1) view = view_around(data, 1);
    if (mode_ == 2) {
      view.outer = static_cast<int>(data.product(0, 2));
      view.axis = static_cast<int>(data.product(2, data.rank()));
    }
    return function_kernel(
        [view, epsilon = epsilon_](const KernelRun& tensors) {
          const ptrdiff_t step = view.inner;
          for (ptrdiff_t o = 0; o < view.outer; ++o) {
            for (ptrdiff_t i = 0; i < step; ++i) {
              const float* in = tensors.inputs[0].floats() + o * view.axis * step + i;
              float* out = tensors.outputs[0].floats() + o * view.axis * step + i;
              double sum = epsilon;
              for (ptrdiff_t a = 0; a < view.axis; ++a) {
                sum += static_cast<double>(in[a * step]) * static_cast<double>(in[a * step]);
              }
              const double length = std::sqrt(sum);
              for (ptrdiff_t a = 0; a < view.axis; ++a) {
                out[a * step] = static_cast<float>(static_cast<double>(in[a * step]) / length);
              }
            }
          }
        },
        {0, 1});
  }

 private:
  double epsilon_;
  int mode_;
};

}  // namespace sample_norm_detail

Unique<Op> parse_sample_norm(Attributes& attributes, int variant) {
  return std::make_unique<sample_norm_detail::SampleNorm>(attributes,
                                                          static_cast<NormVariant>(variant));
}

Unique<Op> parse_l2_normalization(Attributes& attributes, int) {
  return std::make_unique<sample_norm_detail::UnitLength>(attributes);
}

}  // namespace predictor
