// Operators whose output holds elements of the input in another order, some of them several times
// or not at all: each is a set of loops over the input.
#include "predictor/base/error.h"
#include "predictor/formats/attribute_value.h"
#include "predictor/ops/float_op.h"
#include "predictor/ops/loops.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace rearrange_detail {

// The loops over the input, and the shape that they fill.
struct Plan {
  Loops loops;
  Shape out = Shape::of_rank(0);

  // Adds an axis of the output.
  void push(int64_t extent, int64_t stride) {
    loops.push(extent, stride);
    out.push(extent);
  }
  // Adds an axis of the output that takes two loops.
  void push_pair(int64_t extent, int64_t stride, int64_t inner_extent, int64_t inner_stride) {
    loops.push(extent, stride);
    loops.push(inner_extent, inner_stride);
    out.push(extent * inner_extent);
  }
};

class Rearrange : public FloatOp {
 public:
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    for (const Shape& input : inputs) {
      if (!input.is_known()) return;
    }
    merge_shape(outputs[0], plan({inputs.data(), inputs.size()}).out, "the output");
  }

 protected:
  // REQUIRES: the inputs are known.
  virtual Plan plan(Span<const Shape> inputs) const = 0;
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    Vector<Shape> inputs;
    for (const TensorType& type : request.inputs) inputs.push_back(type.shape);
    Loops loops = plan({inputs.data(), inputs.size()}).loops;
    loops.simplify();
    return function_kernel([loops](const KernelRun& tensors) {
      gather(loops, tensors.inputs[0].floats(), tensors.outputs[0].floats());
    });
  }
};

class Transpose : public Rearrange {
 public:
  explicit Transpose(Attributes& attributes) : axes_(attributes.tuple("axes")) {
    attributes.finish();
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    check(axes_.empty() || axes_.size() == static_cast<size_t>(data.rank()),
          {"attribute 'axes' does not list the ", data.rank(), " axes of the input"});
    Plan plan;
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
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    const int first = checked_axis(first_, data.rank());
    const int second = checked_axis(second_, data.rank());
    Plan plan;
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

// The elements begin, begin + step, ... of an axis, before `end`; kNone is the axis' own end.
struct Range {
  int64_t begin = kNone;
  int64_t end = kNone;
  int64_t step = 1;
};

// Adds the range of an axis to a plan.
static void push_range(const Shape& data, int axis, const Range& range, Plan* plan) {
  const int64_t extent = data[axis];
  const int64_t step = range.step == kNone ? 1 : range.step;
  check(step != 0, {"a step is zero"});
  const int64_t lowest = step > 0 ? 0 : -1;
  const auto place = [&](int64_t value, int64_t otherwise) {
    if (value == kNone) return otherwise;
    if (value < 0) value += extent;
    return value < lowest ? lowest : value > extent + lowest ? extent + lowest : value;
  };
  const int64_t begin = place(range.begin, step > 0 ? 0 : extent - 1);
  const int64_t end = place(range.end, step > 0 ? extent : -1);
  const int64_t travel = step > 0 ? end - begin : begin - end;
  const int64_t size = step > 0 ? step : -step;
  check(travel > 0, {"nothing is left of axis ", axis, " of ", data});
  const int64_t stride = Strides(data)[axis];
  plan->loops.offsets[0] += begin * stride;
  plan->push((travel + size - 1) / size, step * stride);
}

class Slice : public Rearrange {
 public:
  explicit Slice(Attributes& attributes) {
    const Vector<int64_t> begin = attributes.tuple_with_none("begin");
    const Vector<int64_t> end = attributes.tuple_with_none("end");
    const Vector<int64_t> step = attributes.tuple_with_none("step");
    attributes.finish();
    check(begin.size() == end.size() && (step.empty() || step.size() == begin.size()),
          {"begin, end and step have different lengths"});
    for (size_t i = 0; i < begin.size(); ++i) {
      ranges_.push_back({begin[i], end[i], step.empty() ? 1 : step[i]});
    }
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(ranges_.size() <= static_cast<size_t>(data.rank()),
          {"attribute 'begin' has more elements than ", data, " has axes"});
    Plan plan;
    for (int i = 0; i < data.rank(); ++i) {
      const size_t index = static_cast<size_t>(i);
      push_range(data, i, index < ranges_.size() ? ranges_[index] : Range(), &plan);
    }
    return plan;
  }

 private:
  Vector<Range> ranges_;
};

class SliceAxis : public Rearrange {
 public:
  explicit SliceAxis(Attributes& attributes) : axis_(attributes.integer("axis")) {
    range_.begin = attributes.integer("begin", 0);
    range_.end = attributes.integer("end", kNone);
    attributes.finish();
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const int axis = checked_axis(axis_, data.rank());
    Plan plan;
    for (int i = 0; i < data.rank(); ++i) push_range(data, i, i == axis ? range_ : Range(), &plan);
    return plan;
  }

 private:
  int64_t axis_;
  Range range_;
};

// As much of the first input as the second has, on some axes or on all.
class SliceLike : public Rearrange {
 public:
  explicit SliceLike(Attributes& attributes) : axes_(attributes.tuple("axes")) {
    attributes.finish();
  }
  Vector<TextView> input_names() const override { return {"data", "shape_like"}; }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Shape& like = inputs[1];
    Plan plan;
    for (int i = 0; i < data.rank(); ++i) {
      bool is_cut = axes_.empty();
      for (const int64_t axis : axes_) is_cut = is_cut || checked_axis(axis, data.rank()) == i;
      Range range;
      if (is_cut) {
        check(i < like.rank() && like[i] <= data[i],
              {"the shape ", data, " cannot be cut to ", like});
        range.end = like[i];
      }
      push_range(data, i, range, &plan);
    }
    return plan;
  }

 private:
  Vector<int64_t> axes_;
};

// A window of the images: of size h_w, or of the size of a second input.
class Crop : public Rearrange {
 public:
  explicit Crop(Attributes& attributes)
      : count_(attributes.integer("num_args")),
        is_centred_(attributes.boolean("center_crop", false)) {
    const Vector<int64_t> offset = attributes.tuple("offset");
    const Vector<int64_t> size = attributes.tuple("h_w");
    attributes.finish();
    check(count_ == 1 || count_ == 2, {"num_args is ", count_, ", but should be 1 or 2"});
    check((offset.empty() || offset.size() == 2) && (size.empty() || size.size() == 2),
          {"offset and h_w should have 2 elements"});
    for (size_t d = 0; d < 2; ++d) {
      if (!offset.empty()) offset_[d] = offset[d];
      if (!size.empty()) size_[d] = size[d];
    }
  }
  Vector<TextView> input_names() const override {
    if (count_ == 1) return {"data"};
    return {"data", "crop_like"};
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(data.rank() == 4 && (count_ == 1 || inputs[1].rank() == 4),
          {"the inputs should have 4 dimensions"});
    Plan plan;
    push_range(data, 0, Range(), &plan);
    push_range(data, 1, Range(), &plan);
    for (int d = 0; d < 2; ++d) {
      const int64_t size = count_ == 2 ? inputs[1][2 + d] : size_[d];
      const int64_t begin = is_centred_ ? (data[2 + d] - size) / 2 : offset_[d];
      check(size > 0 && begin >= 0 && begin + size <= data[2 + d],
            {"a window of ", size, " from ", begin, " on is not inside of ", data});
      push_range(data, 2 + d, {begin, begin + size, 1}, &plan);
    }
    return plan;
  }

 private:
  int64_t count_;
  bool is_centred_;
  int64_t offset_[2] = {0, 0};
  int64_t size_[2] = {0, 0};
};

class Reverse : public Rearrange {
 public:
  explicit Reverse(Attributes& attributes) : axes_(attributes.tuple("axis")) {
    attributes.finish();
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    Plan plan;
    for (int i = 0; i < data.rank(); ++i) {
      Range range;
      for (const int64_t axis : axes_) {
        if (checked_axis(axis, data.rank()) == i) range.step = -1;
      }
      push_range(data, i, range, &plan);
    }
    return plan;
  }

 private:
  Vector<int64_t> axes_;
};

class Tile : public Rearrange {
 public:
  explicit Tile(Attributes& attributes) : times_(attributes.tuple("reps")) {
    attributes.finish();
    check(times_.size() <= static_cast<size_t>(Shape::kMaxRank), {"attribute 'reps' is too long"});
    for (const int64_t times : times_) check(times > 0, {"attribute 'reps' holds ", times});
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    const int given = static_cast<int>(times_.size());
    const int rank = given > data.rank() ? given : data.rank();
    Plan plan;
    for (int i = 0; i < rank; ++i) {
      const int axis = i - (rank - data.rank());
      const int at = i - (rank - given);
      plan.push_pair(at < 0 ? 1 : times_[static_cast<size_t>(at)], 0, axis < 0 ? 1 : data[axis],
                     axis < 0 ? 0 : strides[axis]);
    }
    return plan;
  }

 private:
  Vector<int64_t> times_;
};

class Repeat : public Rearrange {
 public:
  explicit Repeat(Attributes& attributes)
      : times_(attributes.integer("repeats")),
        has_axis_(attributes.is_given("axis")),
        axis_(attributes.integer("axis", 0)) {
    attributes.finish();
    check(times_ > 0, {"repeats is ", times_});
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    Plan plan;
    if (!has_axis_) {
      plan.push_pair(data.elements(), 1, times_, 0);
      return plan;
    }
    const int repeated = checked_axis(axis_, data.rank());
    for (int i = 0; i < data.rank(); ++i) {
      plan.push_pair(data[i], strides[i], i == repeated ? times_ : 1, 0);
    }
    return plan;
  }

 private:
  int64_t times_;
  bool has_axis_;
  int64_t axis_;
};

// Repeats axes of one element.
static Plan broadcast_plan(const Shape& data, const Shape& out) {
  const Strides strides(data);
  Plan plan;
  for (int i = 0; i < data.rank(); ++i) {
    check(data[i] == out[i] || data[i] == 1, {"the shape ", data, " cannot be repeated to ", out});
    plan.push(out[i], data[i] == out[i] ? strides[i] : 0);
  }
  return plan;
}

class BroadcastAxis : public Rearrange {
 public:
  explicit BroadcastAxis(Attributes& attributes)
      : axes_(attributes.tuple("axis")), sizes_(attributes.tuple("size")) {
    attributes.finish();
    check(axes_.size() == sizes_.size(), {"axis and size have different lengths"});
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    Shape out = inputs[0];
    for (size_t i = 0; i < axes_.size(); ++i) out[checked_axis(axes_[i], out.rank())] = sizes_[i];
    return broadcast_plan(inputs[0], out);
  }

 private:
  Vector<int64_t> axes_;
  Vector<int64_t> sizes_;
};

class BroadcastTo : public Rearrange {
 public:
  explicit BroadcastTo(Attributes& attributes) : extents_(attributes.tuple("shape")) {
    attributes.finish();
  }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    Shape out = inputs[0];
    check(extents_.size() == static_cast<size_t>(out.rank()),
          {"attribute 'shape' has another number of elements than ", out});
    for (int i = 0; i < out.rank(); ++i) {
      const int64_t extent = extents_[static_cast<size_t>(i)];
      if (extent != 0) out[i] = extent;  // a 0 leaves the axis as it is
    }
    return broadcast_plan(inputs[0], out);
  }

 private:
  Vector<int64_t> extents_;
};

class BroadcastLike : public Rearrange {
 public:
  explicit BroadcastLike(Attributes& attributes)
      : axes_(attributes.tuple("lhs_axes")), like_axes_(attributes.tuple("rhs_axes")) {
    attributes.finish();
    check(axes_.size() == like_axes_.size(), {"lhs_axes and rhs_axes have different lengths"});
  }
  Vector<TextView> input_names() const override { return {"lhs", "rhs"}; }

 protected:
  Plan plan(Span<const Shape> inputs) const override {
    Shape out = inputs[0];
    const Shape& like = inputs[1];
    check(!axes_.empty() || like.rank() == out.rank(),
          {"the shapes ", out, " and ", like, " have different ranks"});
    if (axes_.empty()) out = like;
    for (size_t i = 0; i < axes_.size(); ++i) {
      out[checked_axis(axes_[i], out.rank())] = like[checked_axis(like_axes_[i], like.rank())];
    }
    return broadcast_plan(inputs[0], out);
  }

 private:
  Vector<int64_t> axes_;
  Vector<int64_t> like_axes_;
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
  Plan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(data.rank() == 4, {"the input should have 4 dimensions"});
    const Strides strides(data);
    const int64_t b = block_;
    Plan plan;
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
Unique<Op> parse_slice(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Slice>(attributes);
}
Unique<Op> parse_slice_axis(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::SliceAxis>(attributes);
}
Unique<Op> parse_slice_like(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::SliceLike>(attributes);
}
Unique<Op> parse_crop(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Crop>(attributes);
}
Unique<Op> parse_reverse(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Reverse>(attributes);
}
Unique<Op> parse_tile(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Tile>(attributes);
}
Unique<Op> parse_repeat(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::Repeat>(attributes);
}
Unique<Op> parse_broadcast_axis(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BroadcastAxis>(attributes);
}
Unique<Op> parse_broadcast_to(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BroadcastTo>(attributes);
}
Unique<Op> parse_broadcast_like(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BroadcastLike>(attributes);
}
Unique<Op> parse_depth_to_space(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BlockChannels>(attributes, false);
}
Unique<Op> parse_space_to_depth(Attributes& attributes, int) {
  return std::make_unique<rearrange_detail::BlockChannels>(attributes, true);
}

}  // namespace predictor
