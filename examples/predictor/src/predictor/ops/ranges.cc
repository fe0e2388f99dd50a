// Operators that keep a range of each axis: slices, Crop, reverse.
#include "predictor/base/error.h"
#include "predictor/formats/attribute_value.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/rearrange.h"

namespace PREDICTOR_HIDDEN predictor {
namespace ranges_detail {

// The elements begin, begin + step, ... of an axis, before `end`; kNoneItem is the axis' own end.
struct Range {
  int64_t begin = kNoneItem;
  int64_t end = kNoneItem;
  int64_t step = 1;
};

// Adds the range of an axis to a plan.
static void push_range(const Shape& data, int axis, const Range& range, RearrangePlan* plan) {
  const int64_t extent = data[axis];
  const int64_t step = range.step == kNoneItem ? 1 : range.step;
  check(step != 0, {"a step is zero"});
  const int64_t lowest = step > 0 ? 0 : -1;
  const auto place = [&](int64_t value, int64_t otherwise) {
    if (value == kNoneItem) return otherwise;
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
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(ranges_.size() <= static_cast<size_t>(data.rank()),
          {"attribute 'begin' has more elements than ", data, " has axes"});
    RearrangePlan plan;
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
    range_.end = attributes.integer("end", kNoneItem);
    attributes.finish();
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const int axis = checked_axis(axis_, data.rank());
    RearrangePlan plan;
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
    traits_.inputs = "data shape_like";
    attributes.finish();
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Shape& like = inputs[1];
    RearrangePlan plan;
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
    traits_.inputs = count_ == 1 ? "arg0" : "arg0 arg1";
    check(count_ == 1 || count_ == 2, {"num_args is ", count_, ", but should be 1 or 2"});
    check((offset.empty() || offset.size() == 2) && (size.empty() || size.size() == 2),
          {"offset and h_w should have 2 elements"});
    for (size_t d = 0; d < 2; ++d) {
      if (!offset.empty()) offset_[d] = offset[d];
      if (!size.empty()) size_[d] = size[d];
    }
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(data.rank() == 4 && (count_ == 1 || inputs[1].rank() == 4),
          {"the inputs should have 4 dimensions"});
    RearrangePlan plan;
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
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    RearrangePlan plan;
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

}  // namespace ranges_detail

Unique<Op> parse_slice(Attributes& attributes, int) {
  return std::make_unique<ranges_detail::Slice>(attributes);
}

Unique<Op> parse_slice_axis(Attributes& attributes, int) {
  return std::make_unique<ranges_detail::SliceAxis>(attributes);
}

Unique<Op> parse_slice_like(Attributes& attributes, int) {
  return std::make_unique<ranges_detail::SliceLike>(attributes);
}

Unique<Op> parse_crop(Attributes& attributes, int) {
  return std::make_unique<ranges_detail::Crop>(attributes);
}

Unique<Op> parse_reverse(Attributes& attributes, int) {
  return std::make_unique<ranges_detail::Reverse>(attributes);
}

}  // namespace predictor
