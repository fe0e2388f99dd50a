// Operators whose indices have several coordinates: gather_nd, scatter_nd, ravel_multi_index,
// unravel_index; and batch_take.
#include <cmath>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace gathering_detail {

// What is no number, or no sensible index, becomes 0.
static int64_t to_index(float value) {
  return value > -9e18f && value < 9e18f ? static_cast<int64_t>(value) : 0;
}

// A coordinate, counted from the end if it is negative, and brought inside.
static int64_t coordinate(float value, int64_t extent) {
  int64_t whole = to_index(value);
  if (whole < 0) whole += extent;
  return whole < 0 ? 0 : whole >= extent ? extent - 1 : whole;
}

// The extents of an attribute.
struct Extents {
  int rank = 0;
  int64_t values[Shape::kMaxRank] = {};

  Shape shape() const { return Shape(Span<const int64_t>(values, static_cast<size_t>(rank))); }
};

static Extents parse_shape(Attributes& attributes) {
  Extents extents;
  const Shape shape{Span<const int64_t>(attributes.tuple("shape"))};
  check(shape.rank() > 0, {"attribute 'shape' is missing"});
  for (const int64_t extent : shape) {
    check(extent > 0, {"attribute 'shape' holds ", extent});
    extents.values[extents.rank++] = extent;
  }
  return extents;
}

// The place of point `at` in the first axes of `table`. indices: (coordinates, points).
static int64_t place_of(const Shape& table, int64_t coordinates, const float* indices,
                        int64_t points, int64_t at) {
  int64_t place = 0;
  for (int axis = 0; axis < coordinates; ++axis) {
    place = place * table[axis] + coordinate(indices[axis * points + at], table[axis]);
  }
  return place;
}

// gather: table (a..., rest...), indices (coordinates, points...) -> (points..., rest...).
// scatter: the other way round, into zeros; of several values for one place, the last stays.
struct Points : PlainState {
  bool is_scatter;
  Extents table;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].is_known() || !inputs[1].is_known()) return;
    const Shape table_shape = is_scatter ? table.shape() : inputs[0];
    const Shape& indices = inputs[1];
    const bool fits = indices.rank() > 0 && indices[0] <= table_shape.rank();
    check(fits, {"the indices ", indices, " do not fit the shape ", table_shape});
    Shape values = Shape::of_rank(0);
    for (int i = 1; i < indices.rank(); ++i) values.push(indices[i]);
    for (int i = static_cast<int>(indices[0]); i < table_shape.rank(); ++i) {
      values.push(table_shape[i]);
    }
    if (values.rank() == 0) values.push(1);
    if (is_scatter) merge_shape(inputs[0], values, "the input");
    merge_shape(outputs[0], is_scatter ? table_shape : values, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& indices = tensors.inputs[1].shape();
    const Tensor& out = tensors.outputs[0];
    const Shape& places = is_scatter ? out.shape() : tensors.inputs[0].shape();
    const int64_t points = indices.product(1, indices.rank());
    const int64_t size = places.product(static_cast<int>(indices[0]), places.rank());
    const size_t bytes = static_cast<size_t>(size) * sizeof(float);
    if (is_scatter) std::memset(out.data, 0, out.count() * sizeof(float));
    for (int64_t i = 0; i < points; ++i) {
      const int64_t place =
          place_of(places, indices[0], tensors.inputs[1].floats(), points, i) * size;
      const int64_t from = is_scatter ? i * size : place;
      const int64_t to = is_scatter ? place : i * size;
      std::memcpy(out.floats() + to, tensors.inputs[0].floats() + from, bytes);
    }
  }
};

// Coordinates (axes, points...) to a number of the element (points...), or back.
struct Numbering : PlainState {
  bool is_back;
  Extents extents;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].is_known()) return;
    Shape out = Shape::of_rank(0);
    if (is_back) out.push(extents.rank);
    for (int i = is_back ? 0 : 1; i < inputs[0].rank(); ++i) out.push(inputs[0][i]);
    if (out.rank() == 0) out.push(1);
    check(is_back || inputs[0][0] == extents.rank,
          {"the input has the shape ", inputs[0], ", but should have ", extents.rank, " rows"});
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    const int64_t points =
        static_cast<int64_t>(tensors.outputs[0].count()) / (is_back ? extents.rank : 1);
    for (int64_t i = 0; i < points; ++i) {
      if (!is_back) {
        double place = 0;
        for (int axis = 0; axis < extents.rank; ++axis) {
          const double extent = static_cast<double>(extents.values[axis]);
          place = place * extent + static_cast<double>(std::trunc(in[axis * points + i]));
        }
        out[i] = static_cast<float>(place);
        continue;
      }
      int64_t place = to_index(in[i]);
      for (int axis = extents.rank - 1; axis >= 0; --axis) {
        const int64_t rest = axis > 0 ? place / extents.values[axis] : 0;
        out[axis * points + i] = static_cast<float>(place - rest * extents.values[axis]);
        place = rest;
      }
    }
  }
};

// a (n, k), indices (n): a[i][indices[i]].
struct BatchTake : PlainState {
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(2), "the input");
    merge_shape(inputs[1], {inputs[0][0]}, "the indices");
    merge_shape(outputs[0], inputs[1], "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    for (int64_t i = 0; i < data[0]; ++i) {
      const float index = tensors.inputs[1].floats()[i];
      const int64_t place = index < 0 ? 0 : coordinate(index, data[1]);
      tensors.outputs[0].floats()[i] = tensors.inputs[0].floats()[i * data[1] + place];
    }
  }
};

}  // namespace gathering_detail

Unique<Op> parse_gather_points(Attributes& attributes, int) {
  gathering_detail::Points op;
  op.is_scatter = false;
  attributes.finish();
  return plain_op(op, {"data indices"});
}

Unique<Op> parse_scatter_points(Attributes& attributes, int) {
  gathering_detail::Points op;
  op.is_scatter = true;
  op.table = gathering_detail::parse_shape(attributes);
  attributes.finish();
  return plain_op(op, {"data indices"});
}

Unique<Op> parse_numbering(Attributes& attributes, int variant) {
  gathering_detail::Numbering op;
  op.is_back = variant == 1;
  op.extents = gathering_detail::parse_shape(attributes);
  attributes.finish();
  return plain_op(op, {});
}

Unique<Op> parse_batch_take(Attributes& attributes, int) {
  attributes.finish();
  return plain_op(gathering_detail::BatchTake(), {"a indices"});
}

}  // namespace predictor
