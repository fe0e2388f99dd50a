// The base of the rearranging operators, and those that move axes: transpose, SwapAxis,
// depth_to_space, space_to_depth.
#include "predictor/ops/rearrange.h"

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {

void Rearrange::infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const {
  for (const Shape& input : inputs) {
    if (!input.is_known()) return;
  }
  merge_shape(outputs[0], plan({inputs.data(), inputs.size()}).out, "the output");
}

Unique<Kernel> Rearrange::make_float_kernel(const KernelRequest& request) const {
  Vector<Shape> inputs;
  for (const TensorType& type : request.inputs) inputs.push_back(type.shape);
  Loops loops = plan({inputs.data(), inputs.size()}).loops;
  loops.simplify();
  return function_kernel([loops](const KernelRun& tensors) {
    gather(loops, tensors.inputs[0].floats(), tensors.outputs[0].floats());
  });
}

namespace rearrange_detail {

class Transpose : public Rearrange {
 public:
  explicit Transpose(Attributes& attributes) : axes_(attributes.tuple("axes")) {
    attributes.finish();
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    check(axes_.empty() || axes_.size() == static_cast<size_t>(data.rank()),
          {"attribute 'axes' does not list the ", data.rank(), " axes of the input"});
    RearrangePlan plan;
    bool is_used[Shape::kMaxRank] = {};
    for (int i = 0; i < data.rank(); ++i) {
      const int axis = axes_.empty() ? data.rank() - 1 - i
                                     : checked_axis(axes_[static_cast<size_t>(i)], data.rank());
      check(!is_used[axis], {"attribute 'axes' lists axis ", axis, " twice"});
      is_used[axis] = true;
      plan.push(data[axis], strides[axis]);
    }
    return plan;
  }

 private:
  Vector<int64_t> axes_;
};

class SwapAxis : public Rearrange {
 public:
  explicit SwapAxis(Attributes& attributes)
      : first_(attributes.integer("dim1", 0)), second_(attributes.integer("dim2", 0)) {
    attributes.finish();
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    const int first = checked_axis(first_, data.rank());
    const int second = checked_axis(second_, data.rank());
    RearrangePlan plan;
    for (int i = 0; i < data.rank(); ++i) {
      const int axis = i == first ? second : i == second ? first : i;
      plan.push(data[axis], strides[axis]);
    }
    return plan;
  }

 private:
  int64_t first_;
  int64_t second_;
};

// Blocks of an image become channels, or channels become blocks.
class BlockChannels : public Rearrange {
 public:
  BlockChannels(Attributes& attributes, bool makes_channels)
      : block_(attributes.integer("block_size")), makes_channels_(makes_channels) {
    attributes.finish();
    check(block_ > 0 && block_ <= 1 << 15, {"block_size is ", block_});
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(data.rank() == 4, {"the input should have 4 dimensions"});
    const Strides strides(data);
    const int64_t b = block_;
    RearrangePlan plan;
    plan.push(data[0], strides[0]);
    if (makes_channels_) {
      check(data[2] % b == 0 && data[3] % b == 0, {"block_size does not divide ", data});
      plan.loops.push(b, strides[2]);
      plan.loops.push(b, strides[3]);
      plan.loops.push(data[1], strides[1]);
      plan.out.push(b * b * data[1]);
      plan.push(data[2] / b, b * strides[2]);
      plan.push(data[3] / b, b * strides[3]);
    } else {
      check(data[1] % (b * b) == 0, {"the square of block_size does not divide the channels"});
      const int64_t channels = data[1] / (b * b);
      plan.push(channels, strides[1]);
      plan.push_pair(data[2], strides[2], b, b * channels * strides[1]);
      plan.push_pair(data[3], strides[3], b, channels * strides[1]);
    }
    return plan;
  }

 private:
  int64_t block_;
  bool makes_channels_;
};

}  // namespace rearrange_detail

Unique<Op> parse_transpose(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Transpose>(attributes);
}

Unique<Op> parse_swap_axis(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::SwapAxis>(attributes);
}

Unique<Op> parse_depth_to_space(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BlockChannels>(attributes, false);
}

Unique<Op> parse_space_to_depth(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BlockChannels>(attributes, true);
}

}  // namespace predictor
