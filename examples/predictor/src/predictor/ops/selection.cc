// Operators that order the elements along an axis: argmax, argmin, topk, sort, argsort.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/ordering.h"

namespace PREDICTOR_HIDDEN predictor {
namespace selection_detail {

// An axis of the data, or all of its elements as one.
struct Axis {
  bool is_all = false;
  int64_t number = -1;

  AxisView view(const Shape& data) const {
    if (is_all) return {1, static_cast<int>(data.elements()), 1};
    return view_around(data, checked_axis(number, data.rank()));
  }
  // The shape of the data with another extent there.
  Shape with_extent(const Shape& data, int64_t extent) const {
    if (is_all) return {extent};
    Shape shape = data;
    shape[checked_axis(number, data.rank())] = extent;
    return shape;
  }
};

static Axis parse_axis(Attributes& attributes, bool is_all_by_default) {
  Axis axis;
  if (attributes.has("axis") ? !attributes.is_given("axis") : is_all_by_default) axis.is_all = true;
  axis.number = attributes.integer("axis", -1);
  return axis;
}

// The index of the first largest element, or of the first smallest, as a float.
class ExtremeIndex : public Op {
 public:
  ExtremeIndex(const Axis& axis, bool keeps_axis, bool is_largest)
      : axis_(axis), keeps_axis_(keeps_axis), is_largest_(is_largest) {}

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    Shape out = axis_.with_extent(data, 1);
    if (axis_.is_all && keeps_axis_) {
      out = data;
      for (int i = 0; i < out.rank(); ++i) out[i] = 1;
    } else if (!axis_.is_all && !keeps_axis_) {
      const int axis = checked_axis(axis_.number, data.rank());
      out = Shape::of_rank(0);
      for (int i = 0; i < data.rank(); ++i) {
        if (i != axis) out.push(data[i]);
      }
      if (out.rank() == 0) out.push(1);
    }
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return function_kernel([view = axis_.view(request.inputs[0].shape),
                            is_largest = is_largest_](const KernelRun& tensors) {
      const float* in = tensors.inputs[0].floats();
      float* out = tensors.outputs[0].floats();
      const ptrdiff_t step = view.inner;
      for (int o = 0; o < view.outer; ++o, in += step * view.axis) {
        for (ptrdiff_t i = 0; i < step; ++i) {
          int best = 0;
          for (int a = 1; a < view.axis; ++a) {
            const float x = in[a * step + i];
            const float y = in[best * step + i];
            // the first NaN counts as more than any number, and as less
            const bool is_better = std::isnan(x) || (is_largest ? x > y : x < y);
            if (is_better && !std::isnan(y)) best = a;
          }
          *out++ = static_cast<float>(best);
        }
      }
    });
  }

 private:
  Axis axis_;
  bool keeps_axis_;
  bool is_largest_;
};

// The first `count` elements in order.
class Order : public Op {
 public:
  enum class Result : int { kValues, kIndices, kBoth, kMask };

  // type: of indices.
  Order(const Axis& axis, int64_t count, Result result, bool is_ascending, int type)
      : axis_(axis), count_(count), result_(result), is_ascending_(is_ascending) {
    if (result == Result::kBoth) traits_.outputs = 2;
    traits_.type = type;
    traits_.typed = result == Result::kIndices ? 1 : result == Result::kBoth ? 2 : 0;
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    const int64_t extent = axis_.view(data).axis;
    check(count_ <= extent, {"k is ", count_, ", but there are ", extent, " elements"});
    const Shape out = result_ == Result::kMask ? data : axis_.with_extent(data, taken(extent));
    for (Shape& output : outputs) merge_shape(output, out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const AxisView view = axis_.view(request.inputs[0].shape);
    const int count = static_cast<int>(taken(view.axis));
    return function_kernel(
        [view, count, result = result_, is_ascending = is_ascending_](const KernelRun& tensors) {
          // The workspace holds as many int32_t as the axis has elements.
          int32_t* order = reinterpret_cast<int32_t*>(tensors.workspace);
          const ptrdiff_t step = view.inner;
          for (int o = 0; o < view.outer; ++o) {
            for (ptrdiff_t i = 0; i < step; ++i) {
              const float* in = tensors.inputs[0].floats() + o * step * view.axis + i;
              for (int a = 0; a < view.axis; ++a) order[a] = a;
              sort_by_value(in, step, is_ascending, order, static_cast<size_t>(view.axis));
              write(tensors, result, order, count, view, o * step * count + i, in);
            }
          }
        },
        {static_cast<size_t>(view.axis), 0});
  }

 private:
  int64_t taken(int64_t extent) const { return count_ > 0 ? count_ : extent; }

  // at: of the first result in the output, unless that is a mask.
  static void write(const KernelRun& tensors, Result result, const int32_t* order, int count,
                    const AxisView& view, ptrdiff_t at, const float* in) {
    const ptrdiff_t step = view.inner;
    float* out = tensors.outputs[0].floats();
    if (result == Result::kMask) {
      out += in - tensors.inputs[0].floats();
      for (int a = 0; a < view.axis; ++a) out[order[a] * step] = a < count ? 1.0f : 0.0f;
      return;
    }
    float* indices = tensors.outputs[result == Result::kBoth ? 1 : 0].floats() + at;
    for (int a = 0; a < count; ++a) {
      if (result != Result::kIndices) out[at + a * step] = in[order[a] * step];
      if (result != Result::kValues) indices[a * step] = static_cast<float>(order[a]);
    }
  }

  Axis axis_;
  int64_t count_;  // less than 1: all
  Result result_;
  bool is_ascending_;
};

}  // namespace selection_detail

Unique<Op> parse_extreme_index(Attributes& attributes, int variant) {
  const selection_detail::Axis axis = selection_detail::parse_axis(attributes, true);
  const bool keeps_axis = attributes.boolean("keepdims", false);
  attributes.finish();
  return std::make_unique<selection_detail::ExtremeIndex>(axis, keeps_axis, variant > 0);
}

Unique<Op> parse_argmax_channel(Attributes& attributes, int) {
  attributes.finish();
  selection_detail::Axis axis;
  axis.number = 1;
  return std::make_unique<selection_detail::ExtremeIndex>(axis, false, true);
}

Unique<Op> parse_ordering(Attributes& attributes, int variant) {
  using Result = selection_detail::Order::Result;
  const selection_detail::Axis axis = selection_detail::parse_axis(attributes, false);
  const Ordering ordering = static_cast<Ordering>(variant);
  const bool is_top = ordering == Ordering::kTopK;
  const bool is_ascending = attributes.boolean("is_ascend", !is_top);
  int64_t count = 0;
  Result result = ordering == Ordering::kSort ? Result::kValues : Result::kIndices;
  if (is_top) {
    count = attributes.integer("k", 1);
    result =
        static_cast<Result>(attributes.choice("ret_typ", {"value", "indices", "both", "mask"}, 1));
  }
  int type = OpTraits::kSameType;
  if (ordering != Ordering::kSort)
    type = parse_dtype(attributes, static_cast<int>(DType::kFloat32));
  attributes.finish();
  return std::make_unique<selection_detail::Order>(axis, count, result, is_ascending, type);
}

}  // namespace predictor
