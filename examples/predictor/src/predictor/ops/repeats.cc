// Operators that hold elements several times: tile, repeat, and those that broadcast.
#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/rearrange.h"

namespace PREDICTOR_HIDDEN predictor {
namespace repeats_detail {

class Tile : public Rearrange {
 public:
  explicit Tile(Attributes& attributes) : times_(attributes.tuple("reps")) {
    attributes.finish();
    check(times_.size() <= static_cast<size_t>(Shape::kMaxRank), {"attribute 'reps' is too long"});
    for (const int64_t times : times_) check(times > 0, {"attribute 'reps' holds ", times});
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    const int given = static_cast<int>(times_.size());
    const int rank = given > data.rank() ? given : data.rank();
    RearrangePlan plan;
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
  RearrangePlan plan(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const Strides strides(data);
    RearrangePlan plan;
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
static RearrangePlan broadcast_plan(const Shape& data, const Shape& out) {
  const Strides strides(data);
  RearrangePlan plan;
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
  RearrangePlan plan(Span<const Shape> inputs) const override {
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
  RearrangePlan plan(Span<const Shape> inputs) const override {
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
    traits_.inputs = "lhs rhs";
    attributes.finish();
    check(axes_.size() == like_axes_.size(), {"lhs_axes and rhs_axes have different lengths"});
  }

 protected:
  RearrangePlan plan(Span<const Shape> inputs) const override {
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

}  // namespace repeats_detail

Unique<Op> parse_tile(Attributes& attributes, int) {
  return std::make_unique<repeats_detail::Tile>(attributes);
}

Unique<Op> parse_repeat(Attributes& attributes, int) {
  return std::make_unique<repeats_detail::Repeat>(attributes);
}

Unique<Op> parse_broadcast_axis(Attributes& attributes, int) {
  return std::make_unique<repeats_detail::BroadcastAxis>(attributes);
}

Unique<Op> parse_broadcast_to(Attributes& attributes, int) {
  return std::make_unique<repeats_detail::BroadcastTo>(attributes);
}

Unique<Op> parse_broadcast_like(Attributes& attributes, int) {
  return std::make_unique<repeats_detail::BroadcastLike>(attributes);
}

}  // namespace predictor
