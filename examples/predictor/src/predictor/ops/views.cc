// Operators that give the same elements another shape.
#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace views_detail {

class View : public Op {
 public:
  View() { traits_.is_view = true; }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    for (const Shape& input : inputs) {
      if (!input.is_known()) return;
    }
    const Shape out = reshaped({inputs.data(), inputs.size()});
    check(out.elements() == inputs[0].elements(),
          {"the shape ", inputs[0], " cannot become ", out});
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  // REQUIRES: the inputs are known.
  virtual Shape reshaped(Span<const Shape> inputs) const = 0;
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return copy_kernel(request);
  }
};

class Flatten : public View {
 protected:
  Shape reshaped(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    check(data.rank() > 0, {"the input has no dimensions"});
    return {data[0], data.product(1, data.rank())};
  }
};

// The extent that axis `unknown` of `out` needs, so that the elements come out; 0 if there is none.
static int64_t missing_extent(const Shape& data, Shape out, int unknown) {
  out[unknown] = 1;
  const int64_t others = out.product(0, out.rank());
  return others > 0 && data.elements() % others == 0 ? data.elements() / others : 0;
}

static void reverse(Vector<int64_t>& values) {
  for (size_t i = 0; i < values.size() / 2; ++i) {
    std::swap(values[i], values[values.size() - 1 - i]);
  }
}

static Vector<int64_t> extents_of(const Shape& shape) {
  Vector<int64_t> extents;
  for (const int64_t extent : shape) extents.push_back(extent);
  return extents;
}

// The codes of the attribute `shape` are explained where they are read.
class Reshape : public View {
 public:
  explicit Reshape(Attributes& attributes)
      : codes_(attributes.tuple("shape")),
        is_reverse_(attributes.boolean("reverse", false)),
        target_(attributes.tuple("target_shape")),
        keeps_first_(attributes.boolean("keep_highest", false)) {
    attributes.finish();
    if (is_reverse_) reverse(codes_);
  }

 protected:
  Shape reshaped(Span<const Shape> inputs) const override {
    if (codes_.empty() && !target_.empty()) return to_target(inputs[0]);
    Vector<int64_t> source = extents_of(inputs[0]);
    if (is_reverse_) reverse(source);
    Vector<int64_t> out = decoded(source);
    if (is_reverse_) reverse(out);
    Shape shape{Span<const int64_t>(out)};
    for (int axis = 0; axis < shape.rank(); ++axis) {
      if (shape[axis] == Shape::kUnknown) shape[axis] = missing_extent(inputs[0], shape, axis);
    }
    return shape;
  }

 private:
  Vector<int64_t> decoded(const Vector<int64_t>& source) const {
    Vector<int64_t> out;
    size_t at = 0;  // in the source
    const auto take = [&]() -> const int64_t& {
      check(at < source.size(), {"attribute 'shape' needs more dimensions than the input has"});
      return source[at++];
    };
    bool is_inferred = false;
    for (size_t i = 0; i < codes_.size(); ++i) {
      const int64_t code = codes_[i];
      if (code > 0) {  // this extent
        out.push_back(code);
        ++at;
      } else if (code == 0) {  // the extent of the input
        out.push_back(take());
      } else if (code == -1) {  // whatever is left
        check(!is_inferred, {"attribute 'shape' has more than one -1"});
        is_inferred = true;
        out.push_back(Shape::kUnknown);
        ++at;
      } else if (code == -2) {  // all that follow in the input
        while (at < source.size()) out.push_back(source[at++]);
      } else if (code == -3) {  // the next two joined
        const int64_t joined = take() * take();
        out.push_back(joined);
      } else {  // -4 a b: the next one taken apart
        check(code == -4 && i + 2 < codes_.size(), {"attribute 'shape' holds ", code});
        const int64_t whole = take();
        int64_t parts[2] = {codes_[i + 1], codes_[i + 2]};
        i += 2;
        for (int side = 0; side < 2; ++side) {
          const int64_t other = parts[1 - side];
          if (parts[side] == -1 && other > 0) parts[side] = whole / other;
        }
        check(parts[0] > 0 && parts[1] > 0 && parts[0] <= whole && parts[0] * parts[1] == whole,
              {"attribute 'shape' cannot split an extent of ", whole});
        out.push_back(parts[0]);
        out.push_back(parts[1]);
      }
    }
    return out;
  }

  // Before `shape` there was `target_shape`, in which a 0 is whatever is left.
  Shape to_target(const Shape& data) const {
    Shape shape{Span<const int64_t>(target_)};
    if (keeps_first_) shape[0] = data[0];
    for (int axis = 0; axis < shape.rank(); ++axis) {
      if (shape[axis] == 0) shape[axis] = missing_extent(data, shape, axis);
    }
    return shape;
  }

  Vector<int64_t> codes_;
  bool is_reverse_;
  Vector<int64_t> target_;
  bool keeps_first_;
};

// The axes [begin, end) of the first input become those of the second.
class ReshapeLike : public View {
 public:
  explicit ReshapeLike(Attributes& attributes) {
    traits_.inputs = "lhs rhs";
    static const char* const kKeys[] = {"lhs_begin", "lhs_end", "rhs_begin", "rhs_end"};
    for (int i = 0; i < 4; ++i) {
      range_[i] = attributes.integer(kKeys[i], i % 2 == 0 ? 0 : INT64_MAX);
    }
    attributes.finish();
  }

 protected:
  Shape reshaped(Span<const Shape> inputs) const override {
    int64_t ends[4];
    for (int i = 0; i < 4; ++i) {
      const int64_t rank = inputs[static_cast<size_t>(i / 2)].rank();
      ends[i] = range_[i] > rank ? rank : range_[i] < 0 ? range_[i] + rank : range_[i];
      check(ends[i] >= 0, {"an axis does not exist"});
    }
    Shape out = Shape::of_rank(0);
    for (int64_t i = 0; i < ends[0]; ++i) out.push(inputs[0][static_cast<int>(i)]);
    for (int64_t i = ends[2]; i < ends[3]; ++i) out.push(inputs[1][static_cast<int>(i)]);
    for (int64_t i = ends[1]; i < inputs[0].rank(); ++i) out.push(inputs[0][static_cast<int>(i)]);
    return out;
  }

 private:
  int64_t range_[4];
};

class ExpandDims : public View {
 public:
  explicit ExpandDims(Attributes& attributes) : axis_(attributes.integer("axis")) {
    attributes.finish();
  }

 protected:
  Shape reshaped(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    const int axis = checked_axis(axis_, data.rank() + 1);
    Shape out = Shape::of_rank(0);
    for (int i = 0; i <= data.rank(); ++i) out.push(i == axis ? 1 : data[i < axis ? i : i - 1]);
    return out;
  }

 private:
  int64_t axis_;
};

class Squeeze : public View {
 public:
  explicit Squeeze(Attributes& attributes)
      : has_axes_(attributes.is_given("axis")), axes_(attributes.tuple("axis")) {
    attributes.finish();
  }

 protected:
  Shape reshaped(Span<const Shape> inputs) const override {
    const Shape& data = inputs[0];
    bool is_dropped[Shape::kMaxRank] = {};
    for (const int64_t given : axes_) {
      const int axis = checked_axis(given, data.rank());
      check(data[axis] == 1, {"axis ", given, " of ", data, " has more than one element"});
      is_dropped[axis] = true;
    }
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      if (!(has_axes_ ? is_dropped[i] : data[i] == 1)) out.push(data[i]);
    }
    if (out.rank() == 0) out.push(1);
    return out;
  }

 private:
  bool has_axes_;
  Vector<int64_t> axes_;
};

}  // namespace views_detail

Unique<Op> parse_flatten(Attributes& attributes, int) {
  attributes.finish();
  return std::make_unique<views_detail::Flatten>();
}

Unique<Op> parse_reshape(Attributes& attributes, int) {
  return std::make_unique<views_detail::Reshape>(attributes);
}

Unique<Op> parse_reshape_like(Attributes& attributes, int) {
  return std::make_unique<views_detail::ReshapeLike>(attributes);
}

Unique<Op> parse_expand_dims(Attributes& attributes, int) {
  return std::make_unique<views_detail::ExpandDims>(attributes);
}

Unique<Op> parse_squeeze(Attributes& attributes, int) {
  return std::make_unique<views_detail::Squeeze>(attributes);
}

}  // namespace predictor
