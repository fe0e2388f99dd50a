// Pooling and Pooling_v1, whose arithmetic differs.
#include "predictor/base/error.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/kernels/layout.h"
#include "predictor/kernels/pooling.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/window.h"

namespace PREDICTOR_HIDDEN predictor {
namespace pool_detail {

static int64_t divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

class Pooling : public Op {
 public:
  explicit Pooling(Attributes& attributes, bool is_first_version)
      : is_first_version_(is_first_version),
        is_global_(attributes.boolean("global_pool", false)),
        convention_(
            static_cast<Convention>(attributes.choice("pooling_convention", {"valid", "full"}, 0))),
        kind_(static_cast<PoolingKind>(
            attributes.choice("pool_type", {"max", "avg", "sum", "lp"}, 0))) {
    if (!is_first_version_) traits_.blocked_use = BlockedUse::kWindows;
    if (!is_global_) window_ = parse_window(attributes, false);
    attributes.ignore({"kernel", "stride", "pad", "cudnn_off"});
    if (!is_first_version_) {
      counts_padding_ = !attributes.is_given("count_include_pad") ||
                        attributes.boolean("count_include_pad", true);
      if (kind_ == PoolingKind::kLp) power_ = attributes.integer("p_value");
      attributes.ignore({"p_value"});
      parse_layout(attributes);
    }
    attributes.finish();
    check(!is_first_version_ || kind_ != PoolingKind::kLp,
          {"attribute 'pool_type' is 'lp', which Pooling_v1 does not have"});
    check(power_ >= 1 && power_ <= 3, {"p_value is ", power_, ", but should be 1, 2 or 3"});
    for (int d = 0; d < window_.rank; ++d) {
      check(window_.pad[d] < window_.kernel[d], {"the padding is not smaller than the kernel"});
    }
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    Shape& data = inputs[0];
    if (!is_global_) {
      merge_shape(data, Shape::of_rank(static_cast<size_t>(window_.rank) + 2), "the input");
    }
    if (!data.has_rank()) return;
    check(data.rank() >= 3 && data.rank() <= 5,
          {"the input has the shape ", data, ", but should have 3, 4 or 5 dimensions"});
    Shape out = data;
    for (int d = 0; d < data.rank() - 2; ++d) {
      if (data[2 + d] >= 0) out[2 + d] = is_global_ ? 1 : out_extent(d, data[2 + d]);
    }
    merge_shape(outputs[0], out, "the output");
    for (int axis = 0; axis < 2; ++axis) {
      if (data[axis] < 0) data[axis] = outputs[0][axis];
    }
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    PoolingShape shape;
    const int rank = data.rank() - 2;
    shape.planes = static_cast<int>(data.product(0, 2));
    if (request.is_in_blocked) {
      shape.is_blocked = true;
      shape.planes =
          static_cast<int>(data[0]) * blocked_channels(request.isa, static_cast<int>(data[1]));
    }
    align_right(rank, data.begin() + 2, shape.in);
    align_right(rank, request.outputs[0].shape.begin() + 2, shape.out);
    align_right(rank, is_global_ ? data.begin() + 2 : window_.kernel, shape.kernel);
    align_right(rank, window_.stride, shape.stride);
    align_right(rank, window_.pad, shape.pad);
    shape.kind = kind_;
    shape.count_include_pad = counts_padding_;
    shape.p = static_cast<int>(power_);
    if (is_first_version_) return make_first_version(request.isa, shape);
    return function_kernel(
        [shape, isa = request.isa](const KernelRun& tensors) {
          pool(isa, shape, tensors.inputs[0].floats(), tensors.workspace,
               tensors.outputs[0].floats());
        },
        {pool_workspace_floats(request.isa, shape), 0});
  }

 private:
  enum class Convention : int { kValid, kFull };

  int64_t out_extent(int d, int64_t in) const {
    const int64_t stride = window_.stride[d];
    const int64_t travel = window_.travel(d, in);
    if (convention_ == Convention::kValid) return travel / stride + 1;
    return divided_up(travel, stride) + 1;
  }

  // The zeros around the image are elements like others, also to a maximum, and an average is over
  // the whole kernel, also where it reaches beyond them.
  static Unique<Kernel> make_first_version(Isa isa, const PoolingShape& shape) {
    PoolingShape folded = shape;
    if (shape.kind == PoolingKind::kAverage) folded.kind = PoolingKind::kSum;
    size_t outputs = static_cast<size_t>(shape.planes);
    float area = 1;
    for (int d = 0; d < 3; ++d) {
      outputs *= static_cast<size_t>(shape.out[d]);
      area *= static_cast<float>(shape.kernel[d]);
    }
    return function_kernel(
        [=](const KernelRun& tensors) {
          float* out = tensors.outputs[0].floats();
          pool(isa, folded, tensors.inputs[0].floats(), tensors.workspace, out);
          const float share = 1 / area;
          if (shape.kind == PoolingKind::kAverage) {
            binary(isa, BinaryKind::kMultiply, outputs, out, 1, &share, 0, {}, out);
          }
          if (shape.kind == PoolingKind::kMax) include_zeros(shape, out);
        },
        {pool_workspace_floats(isa, folded), 0});
  }

  // How the window of output `at` lies on axis `d`.
  enum class Reach : int { kInside, kIntoPadding, kBeyond };
  static Reach reach(const PoolingShape& shape, int d, int at) {
    const int64_t begin = static_cast<int64_t>(at) * shape.stride[d] - shape.pad[d];
    if (begin >= shape.in[d] + shape.pad[d]) return Reach::kBeyond;
    const bool is_inside =
        shape.pad[d] == 0 || (begin >= 0 && begin + shape.kernel[d] <= shape.in[d]);
    return is_inside ? Reach::kInside : Reach::kIntoPadding;
  }

  // Makes the maxima of windows that reach into the padding at least zero.
  static void include_zeros(const PoolingShape& shape, float* out) {
    for (int p = 0; p < shape.planes; ++p) {
      for (int z = 0; z < shape.out[0]; ++z) {
        for (int y = 0; y < shape.out[1]; ++y) {
          for (int x = 0; x < shape.out[2]; ++x, ++out) {
            const Reach reaches[] = {reach(shape, 0, z), reach(shape, 1, y), reach(shape, 2, x)};
            bool has_zeros = false;
            bool has_elements = true;
            for (const Reach one : reaches) {
              has_zeros = has_zeros || one == Reach::kIntoPadding;
              has_elements = has_elements && one != Reach::kBeyond;
            }
            if (has_zeros && has_elements && *out < 0) *out = 0;
          }
        }
      }
    }
  }

  bool is_first_version_;
  bool is_global_;
  bool counts_padding_ = true;
  Convention convention_;
  PoolingKind kind_;
  int64_t power_ = 2;
  Window window_;  // rank 0 if it is global
};

}  // namespace pool_detail

Unique<Op> parse_pooling(Attributes& attributes, int variant) {
  return std::make_unique<pool_detail::Pooling>(attributes, variant == 1);
}

}  // namespace predictor
