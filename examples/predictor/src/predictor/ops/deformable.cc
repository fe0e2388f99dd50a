// Convolutions whose kernels look where another input says: _contrib_DeformableConvolution, and
// _contrib_ModulatedDeformableConvolution, where yet another says how much each place counts.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/kernels/gemm.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/window.h"

namespace PREDICTOR_HIDDEN predictor {
namespace deformable_detail {

// What a kernel needs to know of the attributes and the shapes.
struct Sampling {
  Window window;
  int64_t in[2];
  int64_t out[2];
  int64_t channels;
  int64_t groups;  // of channels that share their displacements
  bool is_masked;

  int64_t taps() const { return window.kernel[0] * window.kernel[1]; }
  int64_t places() const { return out[0] * out[1]; }
};

// Between pixels, all four neighbours count. Without a mask, the image goes on for half a pixel
// beyond its last row and column as it ends; with one, a border of zeros follows.
static float at_point(const Sampling& s, const float* plane, float y, float x) {
  const float height = static_cast<float>(s.in[0]);
  const float width = static_cast<float>(s.in[1]);
  const float least = s.is_masked ? -1.0f : 0.0f;
  const bool is_near =
      (s.is_masked ? y > least && x > least : y >= least && x >= least) && y < height && x < width;
  if (!is_near) return 0;
  const int64_t top = static_cast<int64_t>(std::floor(y));
  const int64_t left = static_cast<int64_t>(std::floor(x));
  float sum = 0;
  for (int64_t corner = 0; corner < 4; ++corner) {
    const float v = corner < 2 ? 1 - (y - static_cast<float>(top)) : y - static_cast<float>(top);
    const float u =
        corner % 2 == 0 ? 1 - (x - static_cast<float>(left)) : x - static_cast<float>(left);
    int64_t row = top + corner / 2;
    int64_t column = left + corner % 2;
    if (!s.is_masked && row == s.in[0]) --row;
    if (!s.is_masked && column == s.in[1]) --column;
    const bool is_inside = row >= 0 && row < s.in[0] && column >= 0 && column < s.in[1];
    if (is_inside) sum += v * u * plane[row * s.in[1] + column];
  }
  return sum;
}

// columns: (channels, taps, places), what each tap of the kernel meets at each place. offsets:
// (groups, taps, 2, places); mask: (groups, taps, places), or null.
static void sample(const Sampling& s, const float* image, const float* offsets, const float* mask,
                   float* columns) {
  const int64_t places = s.places();
  for (int64_t c = 0; c < s.channels; ++c, image += s.in[0] * s.in[1]) {
    const int64_t group = c / (s.channels / s.groups);
    for (int64_t tap = 0; tap < s.taps(); ++tap) {
      const float* offset = offsets + (group * s.taps() + tap) * 2 * places;
      const float* share = mask ? mask + (group * s.taps() + tap) * places : nullptr;
      const int64_t steps[2] = {tap / s.window.kernel[1], tap % s.window.kernel[1]};
      for (int64_t place = 0; place < places; ++place) {
        const int64_t at[2] = {place / s.out[1], place % s.out[1]};
        float point[2];
        for (int d = 0; d < 2; ++d) {
          point[d] = static_cast<float>(at[d] * s.window.stride[d] - s.window.pad[d] +
                                        steps[d] * s.window.dilate[d]) +
                     offset[d * places + place];
        }
        const float value = at_point(s, image, point[0], point[1]);
        *columns++ = share ? value * share[place] : value;
      }
    }
  }
}

class Deformable : public Op {
 public:
  Deformable(Attributes& attributes, bool is_masked)
      : window_(parse_window(attributes, true)),
        filters_(attributes.integer("num_filter")),
        groups_(attributes.integer("num_group", 1)),
        offset_groups_(attributes.integer("num_deformable_group", 1)),
        is_masked_(is_masked),
        has_bias_(!attributes.boolean("no_bias", false)) {
    traits_.inputs = is_masked
                         ? (has_bias_ ? "data offset mask weight bias" : "data offset mask weight")
                         : (has_bias_ ? "data offset weight bias" : "data offset weight");
    parse_layout(attributes);
    attributes.ignore({"workspace", "im2col_step"});
    attributes.finish();
    check(window_.rank == 2, {"attribute 'kernel' should have 2 elements"});
    check(filters_ > 0 && filters_ <= Shape::kMaxElements, {"num_filter is ", filters_});
    check(groups_ > 0 && filters_ % groups_ == 0, {"num_group should divide num_filter"});
    check(offset_groups_ > 0 && offset_groups_ <= Window::kMaxExtent,
          {"num_deformable_group is ", offset_groups_});
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    check(data.rank() == 4 && data[1] % groups_ == 0 && data[1] % offset_groups_ == 0,
          {"the groups do not divide the channels of ", data});
    Shape out = {data[0], filters_, 0, 0};
    for (int d = 0; d < 2; ++d) {
      out[2 + d] = window_.travel(d, data[2 + d]) / window_.stride[d] + 1;
    }
    const int64_t taps = window_.kernel[0] * window_.kernel[1] * offset_groups_;
    merge_shape(inputs[1], {data[0], 2 * taps, out[2], out[3]}, "the offset");
    if (is_masked_) merge_shape(inputs[2], {data[0], taps, out[2], out[3]}, "the mask");
    merge_shape(inputs[weight_input()],
                {filters_, data[1] / groups_, window_.kernel[0], window_.kernel[1]}, "the weight");
    if (has_bias_) merge_shape(inputs[weight_input() + 1], {filters_}, "the bias");
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const Shape& out = request.outputs[0].shape;
    const Sampling sampling = {window_, {data[2], data[3]}, {out[2], out[3]},
                               data[1], offset_groups_,     is_masked_};
    const int64_t depth = data[1] / groups_ * sampling.taps();
    GemmShape shape;
    shape.m = static_cast<int>(filters_ / groups_);
    shape.k = static_cast<int>(depth);
    shape.n = static_cast<int>(sampling.places());
    shape.accumulate = true;
    shape.stride_a = depth;
    shape.stride_b = shape.stride_c = sampling.places();
    // Throws where it is too large.
    const int64_t columns = Shape{data[1], sampling.taps(), out[2], out[3]}.elements();
    return function_kernel(
        [sampling, shape, columns, isa = request.isa, batch = data[0], groups = groups_,
         weight_input = weight_input()](const KernelRun& tensors) {
          for (int64_t n = 0; n < batch; ++n) {
            run_image(sampling, shape, isa, groups, weight_input, n, tensors,
                      tensors.workspace + columns);
          }
        },
        {static_cast<size_t>(columns) + gemm_workspace_floats(request.isa, shape), 0});
  }

 private:
  size_t weight_input() const { return is_masked_ ? 3 : 2; }

  static const float* image_of(const Tensor& tensor, int64_t n) {
    return tensor.floats() + n * tensor.shape().product(1, 4);
  }
  // shape: of one group.
  static void run_image(const Sampling& sampling, const GemmShape& shape, Isa isa, int64_t groups,
                        size_t weight_input, int64_t n, const KernelRun& tensors, float* rest) {
    float* columns = tensors.workspace;
    sample(sampling, image_of(tensors.inputs[0], n), image_of(tensors.inputs[1], n),
           sampling.is_masked ? image_of(tensors.inputs[2], n) : nullptr, columns);
    const bool has_bias = tensors.inputs.size() > weight_input + 1;
    const float* bias = has_bias ? tensors.inputs[weight_input + 1].floats() : nullptr;
    const int64_t places = shape.n;
    const int64_t filters = groups * shape.m;
    float* out = tensors.outputs[0].floats() + n * filters * places;
    for (int64_t i = 0; i < filters * places; ++i) out[i] = bias ? bias[i / places] : 0.0f;
    for (int64_t g = 0; g < groups; ++g) {
      gemm(isa, shape, tensors.inputs[weight_input].floats() + g * shape.m * shape.k,
           columns + g * shape.k * places, rest, out + g * shape.m * places);
    }
  }

  Window window_;
  int64_t filters_;
  int64_t groups_;
  int64_t offset_groups_;
  bool is_masked_;
  bool has_bias_;
};

}  // namespace deformable_detail

Unique<Op> parse_deformable(Attributes& attributes, int variant) {
  return std::make_unique<deformable_detail::Deformable>(attributes, variant == 1);
}

}  // namespace predictor
