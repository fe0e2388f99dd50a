// Operators that read where another tensor says: Embedding, take, pick, one_hot, where.
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace indexing_detail {

// An index as a float, cut to an integer, and brought into 0..extent-1: by moving it to the nearest
// end, or by counting on from the other end.
static int64_t place_of(float index, int64_t extent, bool wraps) {
  if (!(index > -1e9f && index < 1e9f)) return index > 0 && !wraps ? extent - 1 : 0;
  const int64_t whole = static_cast<int64_t>(index);
  if (wraps) return (whole % extent + extent) % extent;
  return whole < 0 ? 0 : whole >= extent ? extent - 1 : whole;
}

// Rows of a table: out[..., i..., ...] = data[..., index[i...], ...] along one axis.
class Take : public Op {
 public:
  Take(int64_t axis, bool wraps, bool is_table_first, const Shape& table)
      : axis_(axis), wraps_(wraps), table_input_(is_table_first ? 0 : 1), table_(table) {
    traits_.inputs = is_table_first ? "a indices" : "data weight";
    traits_.type_input = table_input_;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    merge_shape(inputs[table_input_], table_, "the weight");
    const Shape& table = inputs[table_input_];
    const Shape& indices = inputs[1 - table_input_];
    if (!table.has_rank() || !indices.has_rank()) return;
    const int axis = checked_axis(axis_, table.rank());
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < axis; ++i) out.push(table[i]);
    for (const int64_t extent : indices) out.push(extent);
    for (int i = axis + 1; i < table.rank(); ++i) out.push(table[i]);
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& table = request.inputs[table_input_].shape;
    const AxisView view = view_around(table, checked_axis(axis_, table.rank()));
    const size_t count = static_cast<size_t>(request.inputs[1 - table_input_].shape.elements());
    return function_kernel(
        [view, count, wraps = wraps_, table_input = table_input_](const KernelRun& tensors) {
          const float* from = tensors.inputs[table_input].floats();
          const float* indices = tensors.inputs[1 - table_input].floats();
          float* out = tensors.outputs[0].floats();
          for (int o = 0; o < view.outer; ++o) {
            for (size_t i = 0; i < count; ++i, out += view.inner) {
              const int64_t place = place_of(indices[i], view.axis, wraps);
              std::memcpy(out, from + (o * static_cast<int64_t>(view.axis) + place) * view.inner,
                          static_cast<size_t>(view.inner) * sizeof(float));
            }
          }
        });
  }

 private:
  int64_t axis_;
  bool wraps_;
  size_t table_input_;
  Shape table_;  // what the attributes say of the table
};

// One element along an axis: out[o][i] = data[o][index[o][i]][i].
class Pick : public Op {
 public:
  explicit Pick(Attributes& attributes)
      : is_flat_(attributes.has("axis") && !attributes.is_given("axis")),
        axis_(attributes.integer("axis", -1)),
        keeps_axis_(attributes.boolean("keepdims", false)),
        wraps_(attributes.choice("mode", {"clip", "wrap"}, 0) == 1) {
    traits_.inputs = "data index";
    attributes.finish();
    check(!is_flat_, {"picking from all elements as one is not supported"});
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.is_known() || !inputs[1].is_known()) return;
    const int axis = checked_axis(axis_, data.rank());
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < data.rank(); ++i) {
      if (i != axis || keeps_axis_) out.push(i == axis ? 1 : data[i]);
    }
    if (out.rank() == 0) out.push(1);
    check(inputs[1].elements() == out.elements(),
          {"the index has the shape ", inputs[1], ", which does not fit the data ", data});
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    return function_kernel([view = view_around(data, checked_axis(axis_, data.rank())),
                            wraps = wraps_](const KernelRun& tensors) {
      const float* in = tensors.inputs[0].floats();
      const float* index = tensors.inputs[1].floats();
      float* out = tensors.outputs[0].floats();
      for (int o = 0; o < view.outer; ++o) {
        for (int i = 0; i < view.inner; ++i) {
          const int64_t row = o * static_cast<int64_t>(view.axis);
          *out++ = in[(row + place_of(*index++, view.axis, wraps)) * view.inner + i];
        }
      }
    });
  }

 private:
  bool is_flat_;
  int64_t axis_;
  bool keeps_axis_;
  bool wraps_;
};

// A last axis that is `on` at the index and `off` elsewhere.
class OneHot : public Op {
 public:
  explicit OneHot(Attributes& attributes)
      : depth_(attributes.integer("depth")),
        on_(static_cast<float>(attributes.real("on_value", 1))),
        off_(static_cast<float>(attributes.real("off_value", 0))) {
    traits_.inputs = "indices";
    traits_.type = parse_dtype(attributes, static_cast<int>(DType::kFloat32));
    attributes.finish();
    check(depth_ > 0, {"depth is ", depth_});
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    if (!inputs[0].has_rank()) return;
    Shape out = inputs[0];
    out.push(depth_);
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const int64_t count = request.inputs[0].shape.elements();
    return function_kernel([count, depth = depth_, on = on_, off = off_](const KernelRun& tensors) {
      const float* index = tensors.inputs[0].floats();
      float* out = tensors.outputs[0].floats();
      for (int64_t i = 0; i < count; ++i, out += depth) {
        for (int64_t d = 0; d < depth; ++d) out[d] = off;
        const bool is_inside = index[i] > -1 && index[i] < static_cast<float>(depth);
        if (is_inside) out[static_cast<int64_t>(index[i])] = on;
      }
    });
  }

 private:
  int64_t depth_;
  float on_;
  float off_;
};

// condition ? x : y, the condition for each element or for each index of the first axis.
class Where : public Op {
 public:
  Where() {
    traits_.inputs = "condition x y";
    traits_.type_input = 1;
  }
  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    share_shape({inputs.data() + 1, 2}, outputs);
    const Shape& out = outputs[0];
    if (!out.has_rank() || !inputs[0].has_rank()) return;
    const bool is_per_row = inputs[0].rank() == 1 && out.rank() > 1;
    merge_shape(inputs[0], is_per_row ? Shape{out[0]} : out, "the condition");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t count = static_cast<size_t>(request.outputs[0].shape.elements());
    const size_t run = count / static_cast<size_t>(request.inputs[0].shape.elements());
    return function_kernel(
        [count, run](const KernelRun& tensors) {
          const float* condition = tensors.inputs[0].floats();
          const float* x = tensors.inputs[1].floats();
          const float* y = tensors.inputs[2].floats();
          float* out = tensors.outputs[0].floats();
          for (size_t i = 0; i < count; ++i) out[i] = condition[i / run] != 0 ? x[i] : y[i];
        },
        {0, 6});
  }
};

}  // namespace indexing_detail

Unique<Op> parse_embedding(Attributes& attributes, int) {
  const Shape table = {attributes.integer("input_dim"), attributes.integer("output_dim")};
  parse_dtype(attributes, OpTraits::kSameType);  // that of the weight, or an error in MXNet
  attributes.ignore({"sparse_grad"});
  attributes.finish();
  check(table.elements() > 0, {"the table is empty"});
  return std::make_unique<indexing_detail::Take>(0, false, false, table);
}

Unique<Op> parse_take(Attributes& attributes, int) {
  const int64_t axis = attributes.integer("axis", 0);
  const int mode = attributes.choice("mode", {"clip", "wrap", "raise"}, 0);
  attributes.finish();
  check(mode != 2, {"mode 'raise' is not supported"});
  return std::make_unique<indexing_detail::Take>(axis, mode == 1, true, Shape());
}

Unique<Op> parse_pick(Attributes& attributes, int) {
  return std::make_unique<indexing_detail::Pick>(attributes);
}

Unique<Op> parse_one_hot(Attributes& attributes, int) {
  return std::make_unique<indexing_detail::OneHot>(attributes);
}

Unique<Op> parse_where(Attributes& attributes, int) {
  attributes.finish();
  return std::make_unique<indexing_detail::Where>();
}

}  // namespace predictor
