// Concat and stack join tensors, SliceChannel and _split_v2 take one apart.
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace concat_split_detail {

// How many tensors one of these may join or make.
static constexpr int64_t kMaxParts = 4096;

// One tensor (outer, axis, inner) whose axis is taken apart into that of others, which are
// (outer, extents[i], inner).
struct Whole {
  size_t outer;
  size_t run;  // floats of one step of `outer`

  Whole(const Shape& shape, int axis)
      : outer(static_cast<size_t>(shape.product(0, axis))),
        run(static_cast<size_t>(shape.product(axis, shape.rank()))) {}
};

static Unique<Kernel> join_kernel(const Whole& whole) {
  return function_kernel([whole](const KernelRun& tensors) {
    float* start = tensors.outputs[0].floats();
    for (const Tensor& part : tensors.inputs) {
      const size_t run =
          static_cast<size_t>(part.shape().product(0, part.shape().rank())) / whole.outer;
      for (size_t o = 0; o < whole.outer; ++o) {
        std::memcpy(start + o * whole.run, part.floats() + o * run, run * sizeof(float));
      }
      start += run;
    }
  });
}

// The outputs are the parts of input 0, one behind the other along the axis.
static Unique<Kernel> split_kernel(const Shape& in, int axis) {
  return function_kernel([whole = Whole(in, axis)](const KernelRun& tensors) {
    const float* from = tensors.inputs[0].floats();
    for (const Tensor& part : tensors.outputs) {
      const size_t run = part.count() / whole.outer;
      for (size_t o = 0; o < whole.outer; ++o) {
        std::memcpy(part.floats() + o * run, from + o * whole.run, run * sizeof(float));
      }
      from += run;
    }
  });
}

static void check_part_count(int64_t given, size_t actual) {
  check(given == static_cast<int64_t>(actual) && given > 0,
        {"num_args is ", given, ", but there are ", static_cast<uint64_t>(actual), " inputs"});
}

class Concat : public Op {
 public:
  explicit Concat(Attributes& attributes) : axis_(attributes.integer("dim", 1)) {
    traits_.inputs = "";
    const size_t count = attributes.input_count();
    check_part_count(attributes.integer("num_args", static_cast<int64_t>(count)), count);
    attributes.finish();
    if (axis_ == 1) traits_.blocked_use = BlockedUse::kJoins;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    Shape common = outputs[0];
    if (common.has_rank()) common[checked_axis(axis_, common.rank())] = Shape::kUnknown;
    int64_t extent = 0;
    for (const Shape& input : inputs) {
      Shape others = input;
      if (input.has_rank()) {
        const int axis = checked_axis(axis_, input.rank());
        extent = extent < 0 || input[axis] < 0 ? Shape::kUnknown : extent + input[axis];
        others[axis] = Shape::kUnknown;
      } else {
        extent = Shape::kUnknown;
      }
      merge_shape(common, others, "another input");
    }
    if (!common.has_rank()) return;
    for (Shape& input : inputs) merge_shape(input, common, "an input");
    common[checked_axis(axis_, common.rank())] = extent;
    merge_shape(outputs[0], common, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& out = request.outputs[0].shape;
    return join_kernel(Whole(out, checked_axis(axis_, out.rank())));
  }

 private:
  int64_t axis_;
};

class Stack : public Op {
 public:
  explicit Stack(Attributes& attributes) : axis_(attributes.integer("axis", 0)) {
    traits_.inputs = "";
    const size_t count = attributes.input_count();
    check_part_count(attributes.integer("num_args", static_cast<int64_t>(count)), count);
    attributes.finish();
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape(inputs, {});
    if (!inputs[0].has_rank()) return;
    const int axis = checked_axis(axis_, inputs[0].rank() + 1);
    Shape out = Shape::of_rank(0);
    for (int i = 0; i <= inputs[0].rank(); ++i) {
      out.push(i == axis ? static_cast<int64_t>(inputs.size()) : inputs[0][i < axis ? i : i - 1]);
    }
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& out = request.outputs[0].shape;
    return join_kernel(Whole(out, checked_axis(axis_, out.rank())));
  }

 private:
  int64_t axis_;
};

// Into equal parts.
class Split : public Op {
 public:
  Split(Attributes& attributes, int64_t count)
      : axis_(attributes.integer("axis", 1)),
        count_(count),
        drops_axis_(attributes.boolean("squeeze_axis", false)) {
    attributes.finish();
    check(count_ > 0 && count_ <= kMaxParts, {"the number of outputs is ", count_});
    traits_.outputs = static_cast<size_t>(count_);
    if (count_ == 1) traits_.suffixes = "output0";  // a number all the same
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    Shape common;
    for (const Shape& output : outputs) merge_shape(common, output, "another output");
    if (inputs[0].has_rank()) merge_shape(common, part_of(inputs[0]), "an output");
    for (Shape& output : outputs) output = common;
    if (!common.has_rank() || !inputs[0].has_rank()) return;
    const int axis = checked_axis(axis_, inputs[0].rank());
    for (int i = 0; i < inputs[0].rank(); ++i) {
      if (i != axis && inputs[0][i] < 0) inputs[0][i] = common[drops_axis_ && i > axis ? i - 1 : i];
    }
    if (inputs[0][axis] < 0 && drops_axis_) inputs[0][axis] = count_;
    if (inputs[0][axis] < 0 && common[axis] >= 0) inputs[0][axis] = common[axis] * count_;
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& in = request.inputs[0].shape;
    return split_kernel(in, checked_axis(axis_, in.rank()));
  }

 private:
  Shape part_of(const Shape& data) const {
    const int axis = checked_axis(axis_, data.rank());
    check(data[axis] < 0 || data[axis] % count_ == 0,
          {"the axis of ", data[axis], " elements cannot be split into ", count_, " equal parts"});
    check(!drops_axis_ || data[axis] < 0 || data[axis] == count_,
          {"squeeze_axis needs parts of one element"});
    Shape part = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      if (i == axis && drops_axis_) continue;
      part.push(i == axis && data[i] >= 0 ? data[i] / count_ : data[i]);
    }
    return part;
  }

  int64_t axis_;
  int64_t count_;
  bool drops_axis_;
};

// Into parts that start at given places, each of which ends where the next one starts.
class SplitAt : public Op {
 public:
  SplitAt(Attributes& attributes, const Vector<int64_t>& starts)
      : axis_(attributes.integer("axis", 1)),
        starts_(starts),
        drops_axis_(attributes.boolean("squeeze_axis", false)) {
    attributes.finish();
    check(!starts_.empty() && starts_[0] == 0, {"attribute 'indices' does not begin with 0"});
    check(starts_.size() <= kMaxParts, {"attribute 'indices' is too long"});
    traits_.outputs = starts_.size();
    if (traits_.outputs == 1) traits_.suffixes = "output0";
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    if (!inputs[0].is_known()) return;
    const int axis = checked_axis(axis_, inputs[0].rank());
    for (size_t i = 0; i < starts_.size(); ++i) {
      const int64_t extent = end(i, inputs[0][axis]) - starts_[i];
      check(extent > 0 && (!drops_axis_ || extent == 1),
            {"the part from ", starts_[i], " has ", extent, " of ", inputs[0][axis], " elements"});
      Shape part = Shape::of_rank(0);
      for (int d = 0; d < inputs[0].rank(); ++d) {
        if (d != axis || !drops_axis_) part.push(d == axis ? extent : inputs[0][d]);
      }
      if (part.rank() == 0) part.push(1);
      merge_shape(outputs[i], part, "an output");
    }
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& in = request.inputs[0].shape;
    return split_kernel(in, checked_axis(axis_, in.rank()));
  }

 private:
  int64_t end(size_t part, int64_t extent) const {
    return part + 1 < starts_.size() ? starts_[part + 1] : extent;
  }

  int64_t axis_;
  Vector<int64_t> starts_;
  bool drops_axis_;
};

}  // namespace concat_split_detail

Unique<Op> parse_concat(Attributes& attributes, int) {
  return std::make_unique<concat_split_detail::Concat>(attributes);
}

Unique<Op> parse_stack(Attributes& attributes, int) {
  return std::make_unique<concat_split_detail::Stack>(attributes);
}

Unique<Op> parse_split(Attributes& attributes, int variant) {
  if (variant == 0) {
    return std::make_unique<concat_split_detail::Split>(attributes,
                                                        attributes.integer("num_outputs"));
  }
  const Vector<int64_t> starts = attributes.tuple("indices");
  const int64_t count = attributes.integer("sections", 0);
  if (count > 0) return std::make_unique<concat_split_detail::Split>(attributes, count);
  return std::make_unique<concat_split_detail::SplitAt>(attributes, starts);
}

}  // namespace predictor
