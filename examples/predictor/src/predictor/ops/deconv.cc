// Deconvolution, and UpSampling, which bilinear is one.
#include "predictor/base/error.h"
#include "predictor/kernels/deconvolution.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/product_kernel.h"
#include "predictor/ops/window.h"

namespace PREDICTOR_HIDDEN predictor {
namespace deconv_detail {

using DeconvolutionKernel =
    ProductKernel<DeconvolutionShape, deconvolution_packed_floats, deconvolution_pack,
                  deconvolution_workspace_floats, deconvolution_run>;

struct Settings {
  Window window;
  int64_t adjust[3] = {0, 0, 0};
  int64_t target[3] = {0, 0, 0};  // extents of the output, 0 where adjust and pad decide
  int64_t filters = 0;
  int64_t groups = 1;
  bool has_bias = false;
};

class Deconvolution : public Op {
 public:
  explicit Deconvolution(const Settings& settings) : settings_(settings) {
    traits_.inputs = settings_.has_bias ? "data weight bias" : "data weight";
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Window& window = settings_.window;
    const size_t rank = static_cast<size_t>(window.rank) + 2;
    Shape& data = inputs[0];
    merge_shape(data, Shape::of_rank(rank), "the input");
    Shape weight = Shape::of_rank(rank);
    Shape out = Shape::of_rank(rank);
    out[0] = data[0];
    out[1] = settings_.filters;
    weight[0] = data[1];
    weight[1] = settings_.filters / settings_.groups;
    check(data[1] < 0 || data[1] % settings_.groups == 0,
          {"num_group does not divide the ", data[1], " channels of the input"});
    for (int d = 0; d < window.rank; ++d) {
      weight[2 + d] = window.kernel[d];
      if (data[2 + d] < 0) continue;
      out[2 + d] = settings_.target[d] > 0
                       ? settings_.target[d]
                       : full_extent(d, data[2 + d]) - 2 * window.pad[d] + settings_.adjust[d];
      check(out[2 + d] > 0 && out[2 + d] <= full_extent(d, data[2 + d]) + settings_.adjust[d],
            {"an output of ", out[2 + d], " elements does not fit an input of ", data[2 + d]});
    }
    merge_shape(inputs[kWeightInput], weight, "the weight");
    if (settings_.has_bias) merge_shape(inputs[kBiasInput], {settings_.filters}, "the bias");
    merge_shape(outputs[0], out, "the output");
    if (data[0] < 0) data[0] = outputs[0][0];
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const Shape& out = request.outputs[0].shape;
    Window window = settings_.window;
    for (int d = 0; d < window.rank; ++d) {
      if (settings_.target[d] == 0) continue;
      window.pad[d] = (full_extent(d, data[2 + d]) - settings_.target[d] + 1) / 2;
    }
    DeconvolutionShape shape;
    shape.batch = static_cast<int>(data[0]);
    shape.in_channels = static_cast<int>(data[1]);
    shape.out_channels = static_cast<int>(settings_.filters);
    shape.groups = static_cast<int>(settings_.groups);
    align_right(window.rank, data.begin() + 2, shape.in);
    align_right(window.rank, out.begin() + 2, shape.out);
    align_right(window.rank, window.kernel, shape.kernel);
    align_right(window.rank, window.stride, shape.stride);
    align_right(window.rank, window.dilate, shape.dilate);
    align_right(window.rank, window.pad, shape.pad);
    return std::make_unique<DeconvolutionKernel>(request, shape,
                                                 static_cast<size_t>(settings_.filters));
  }

 private:
  // Extent of the output before anything is cut off.
  int64_t full_extent(int d, int64_t in) const {
    return settings_.window.stride[d] * (in - 1) + settings_.window.reach(d);
  }

  Settings settings_;
};

// Each element becomes a square. Several inputs are brought to the size of the first and joined on
// the channels, or added.
class Nearest : public Op {
 public:
  Nearest(int64_t scale, bool is_sum) : scale_(scale), is_sum_(is_sum) { traits_.inputs = ""; }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    for (const Shape& input : inputs) {
      if (!input.is_known()) return;
    }
    Shape out = inputs[0];
    check(out.rank() == 4, {"the input should have 4 dimensions"});
    out[1] = 0;
    out[2] *= scale_;
    out[3] *= scale_;
    for (const Shape& input : inputs) {
      const bool fits = input.rank() == 4 && input[0] == out[0] && out[2] % input[2] == 0 &&
                        out[3] % input[3] == 0 && out[2] / input[2] == out[3] / input[3];
      check(fits, {"an input of ", input, " cannot be enlarged to ", out});
      out[1] = is_sum_ ? input[1] : out[1] + input[1];
      check(!is_sum_ || input[1] == inputs[0][1], {"inputs with different channels are added"});
    }
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape out = request.outputs[0].shape;
    return function_kernel([out, is_sum = is_sum_](const KernelRun& tensors) {
      const int64_t plane = out[2] * out[3];
      int64_t first = 0;  // channel of the output
      for (size_t i = 0; i < tensors.inputs.size(); ++i) {
        const Shape& in = tensors.inputs[i].shape();
        const float* from = tensors.inputs[i].floats();
        const int64_t scale = out[2] / in[2];
        for (int64_t n = 0; n < in[0]; ++n) {
          float* to = tensors.outputs[0].floats() + (n * out[1] + first) * plane;
          for (int64_t c = 0; c < in[1]; ++c, from += in[2] * in[3]) {
            for (int64_t y = 0; y < out[2]; ++y) {
              const float* row = from + y / scale * in[3];
              for (int64_t x = 0; x < out[3]; ++x, ++to) {
                *to = row[x / scale] + (is_sum && i > 0 ? *to : 0.0f);
              }
            }
          }
        }
        if (!is_sum) first += in[1];
      }
    });
  }

 private:
  int64_t scale_;
  bool is_sum_;
};

}  // namespace deconv_detail

Unique<Op> parse_deconvolution(Attributes& attributes, int) {
  deconv_detail::Settings settings;
  settings.window = parse_window(attributes, true);
  parse_extents(attributes, "target_shape", settings.window.rank, 0, settings.target);
  parse_extents(attributes, "adj", settings.window.rank, 0, settings.adjust);
  settings.filters = attributes.integer("num_filter");
  settings.groups = attributes.integer("num_group", 1);
  settings.has_bias = !attributes.boolean("no_bias", true);
  parse_layout(attributes);
  attributes.ignore({"workspace", "cudnn_tune", "cudnn_off"});
  attributes.finish();
  check(settings.filters > 0, {"num_filter should be positive"});
  check(settings.groups > 0 && settings.filters % settings.groups == 0,
        {"num_group should divide num_filter"});
  return std::make_unique<deconv_detail::Deconvolution>(settings);
}

Unique<Op> parse_up_sampling(Attributes& attributes, int) {
  const int64_t scale = attributes.integer("scale");
  const int type = attributes.choice("sample_type", {"nearest", "bilinear"}, -1);
  const int mode = attributes.choice("multi_input_mode", {"concat", "sum"}, 0);
  const int64_t filters = attributes.integer("num_filter", 0);
  attributes.ignore({"num_args", "workspace"});
  attributes.finish();
  check(scale > 0 && scale <= 1 << 12, {"scale is ", scale});
  check(type >= 0, {"attribute 'sample_type' is missing"});
  if (type == 0) return std::make_unique<deconv_detail::Nearest>(scale, mode == 1);
  check(filters > 0, {"num_filter should be positive"});
  deconv_detail::Settings settings;
  settings.window.rank = 2;
  for (int d = 0; d < 2; ++d) {
    settings.window.kernel[d] = 2 * scale - scale % 2;
    settings.window.stride[d] = scale;
    settings.window.pad[d] = scale / 2;
  }
  settings.filters = filters;
  settings.groups = filters;
  return std::make_unique<deconv_detail::Deconvolution>(settings);
}

}  // namespace predictor
