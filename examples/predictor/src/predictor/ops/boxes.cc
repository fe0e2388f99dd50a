// Operators on boxes: _contrib_box_nms, _contrib_box_iou, _contrib_box_decode,
// _contrib_bipartite_matching.
#include "predictor/ops/boxes.h"

#include <algorithm>
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/ordering.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace boxes_detail {

// A box as its corners or as its centre, width and height.
static bool parse_is_centre(Attributes& attributes, const char* key, bool otherwise) {
  return attributes.choice(key, {"corner", "center"}, otherwise) == 1;
}

static void to_corners(const float* box, bool is_centre, float* corners) {
  for (int d = 0; d < 2; ++d) {
    corners[d] = is_centre ? box[d] - box[d + 2] / 2 : box[d];
    corners[d + 2] = is_centre ? box[d] + box[d + 2] / 2 : box[d + 2];
  }
}

static void to_centre(const float* corners, float* box) {
  for (int d = 0; d < 2; ++d) {
    const float first = corners[d];
    const float extent = corners[d + 2] - first;
    box[d] = first + extent / 2;
    box[d + 2] = extent;
  }
}

// data (..., rows, width): of each batch the rows that no better row overlaps, the best first, then
// rows of -1.
struct Suppression : PlainState {
  float overlap;
  float threshold;
  int64_t most;
  int64_t box;
  int64_t score;
  int64_t id;
  int64_t background;
  bool ignores_class;
  bool is_centre_in;
  bool is_centre_out;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    Shape& data = inputs[0];
    merge_shape(data, outputs[0], "the input");
    if (!data.has_rank()) return;
    check(data.rank() >= 2, {"the input has the shape ", data, ", but should have rows"});
    const int64_t width = data[data.rank() - 1];
    const bool has_columns =
        box >= 0 && score >= 0 && box + 4 <= width && score < width && id < width;
    check(width < 0 || has_columns, {"the rows of ", data, " are too short"});
    merge_shape(outputs[0], data, "the output");
  }
  size_t workspace_floats(const KernelRequest& request) const {
    const Shape& data = request.inputs[0].shape;
    return static_cast<size_t>(data[data.rank() - 2]);  // the order
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const int64_t rows = data[data.rank() - 2];
    const int64_t width = data[data.rank() - 1];
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    int32_t* order = reinterpret_cast<int32_t*>(tensors.workspace);
    for (int64_t b = data.elements() / (rows * width); b > 0; --b) {
      const int32_t count = sort(in, rows, width, order);
      const int32_t kept = suppress(in, width, order, count);
      std::fill(out, out + rows * width, -1.0f);
      for (int32_t i = 0; i < kept; ++i) {
        float* row = out + i * width;
        std::copy(in + order[i] * width, in + (order[i] + 1) * width, row);
        convert(row + box);
      }
      in += rows * width;
      out += rows * width;
    }
  }

 private:
  // Puts the rows that may stay in order; returns how many.
  int32_t sort(const float* in, int64_t rows, int64_t width, int32_t* order) const {
    int32_t count = 0;
    for (int32_t i = 0; i < rows; ++i) {
      const float* row = in + i * width;
      const bool is_background = id >= 0 && row[id] == static_cast<float>(background);
      if (row[score] > threshold && !is_background) order[count++] = i;
    }
    sort_by_value(in + score, width, false, order, static_cast<size_t>(count));
    return most > 0 && most < count ? static_cast<int32_t>(most) : count;
  }

  // Drops the rows that a better one overlaps; returns how many are left.
  int32_t suppress(const float* in, int64_t width, int32_t* order, int32_t count) const {
    int32_t kept = 0;
    for (int32_t i = 0; i < count; ++i) {
      const float* row = in + order[i] * width;
      float corners[4];
      to_corners(row + box, is_centre_in, corners);
      bool stays = true;
      for (int32_t j = 0; j < kept && stays; ++j) {
        const float* better = in + order[j] * width;
        if (!ignores_class && id >= 0 && better[id] != row[id]) continue;
        float others[4];
        to_corners(better + box, is_centre_in, others);
        stays = !(box_overlap(corners, others) > overlap);
      }
      if (stays) order[kept++] = order[i];
    }
    return kept;
  }

  void convert(float* values) const {
    if (is_centre_in == is_centre_out) return;
    float corners[4];
    to_corners(values, is_centre_in, corners);
    if (is_centre_out) {
      to_centre(corners, values);
    } else {
      std::copy(corners, corners + 4, values);
    }
  }
};

// lhs (..., 4), rhs (..., 4): out (lhs axes..., rhs axes...).
struct Overlaps : PlainState {
  bool is_centre;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    Shape out = Shape::of_rank(0);
    for (const Shape& input : inputs) {
      if (!input.is_known()) return;
      const int last = input.rank() - 1;
      check(last >= 0 && input[last] == 4, {"the shape ", input, " is not that of boxes"});
      for (int i = 0; i < last; ++i) out.push(input[i]);
    }
    if (out.rank() == 0) out.push(1);
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const float* ends[2];
    for (size_t i = 0; i < 2; ++i) {
      ends[i] = tensors.inputs[i].floats() + tensors.inputs[i].count();
    }
    float* out = tensors.outputs[0].floats();
    for (const float* a = tensors.inputs[0].floats(); a < ends[0]; a += 4) {
      for (const float* b = tensors.inputs[1].floats(); b < ends[1]; b += 4) {
        float corners[2][4];
        to_corners(a, is_centre, corners[0]);
        to_corners(b, is_centre, corners[1]);
        *out++ = box_overlap(corners[0], corners[1]);
      }
    }
  }
};

// data (n, boxes, 4) of offsets from anchors (1, boxes, 4): the boxes by their corners.
struct Decoding : PlainState {
  float scales[4];
  float limit;  // of the offsets of extents; not positive: none
  bool is_centre;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], {Shape::kUnknown, Shape::kUnknown, 4}, "the input");
    merge_shape(inputs[1], {1, inputs[0][1], 4}, "the anchors");
    merge_shape(outputs[0], inputs[0], "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < data[0] * data[1]; ++i, in += 4, out += 4) {
      float corners[4];
      float anchor[4];
      to_corners(tensors.inputs[1].floats() + i % data[1] * 4, is_centre, corners);
      to_centre(corners, anchor);
      for (int d = 0; d < 2; ++d) {
        const float centre = in[d] * scales[d] * anchor[d + 2] + anchor[d];
        float growth = in[d + 2] * scales[d + 2];
        if (limit > 0 && growth > limit) growth = limit;
        const float half = std::exp(growth) * anchor[d + 2] / 2;
        out[d] = centre - half;
        out[d + 2] = centre + half;
      }
    }
  }
};

// scores (..., rows, columns): pairs of a row and a column, each in one pair, the best first.
// out 0 (..., rows): the column of each row, -1 for none; out 1 (..., columns): the row.
struct Matching : PlainState {
  bool is_ascending;
  float threshold;
  int64_t most;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].is_known()) return;
    const int rank = inputs[0].rank();
    check(rank >= 2, {"the input has the shape ", inputs[0], ", but should have rows"});
    for (int i = 0; i < 2; ++i) {
      Shape out = Shape::of_rank(0);
      for (int axis = 0; axis < rank; ++axis) {
        if (axis != rank - 1 - i) out.push(inputs[0][axis]);
      }
      merge_shape(outputs[static_cast<size_t>(i)], out, "the output");
    }
  }
  size_t workspace_floats(const KernelRequest& request) const {
    const Shape& data = request.inputs[0].shape;
    return static_cast<size_t>(data.product(data.rank() - 2, data.rank()));  // the order
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const int64_t rows = data[data.rank() - 2];
    const int64_t columns = data[data.rank() - 1];
    const float* scores = tensors.inputs[0].floats();
    float* of_rows = tensors.outputs[0].floats();
    float* of_columns = tensors.outputs[1].floats();
    std::fill(of_rows, of_rows + tensors.outputs[0].count(), -1.0f);
    std::fill(of_columns, of_columns + tensors.outputs[1].count(), -1.0f);
    for (int64_t b = data.elements() / (rows * columns); b > 0; --b) {
      match(scores, rows * columns, columns, tensors.workspace, of_rows, of_columns);
      scores += rows * columns;
      of_rows += rows;
      of_columns += columns;
    }
  }

 private:
  void match(const float* scores, int64_t count, int64_t columns, float* workspace, float* of_rows,
             float* of_columns) const {
    int32_t* order = reinterpret_cast<int32_t*>(workspace);
    for (int32_t i = 0; i < count; ++i) order[i] = i;
    sort_by_value(scores, 1, is_ascending, order, static_cast<size_t>(count));
    int64_t pairs = 0;  // one more than `most`, as MXNet has it
    for (int64_t i = 0; i < count && (most <= 0 || pairs <= most); ++i) {
      float& column_of = of_rows[order[i] / columns];
      float& row_of = of_columns[order[i] % columns];
      if (column_of >= 0 || row_of >= 0) continue;
      const float score = scores[order[i]];
      if (is_ascending ? !(score < threshold) : !(score > threshold)) return;
      column_of = static_cast<float>(order[i] % columns);
      row_of = static_cast<float>(order[i] / columns);
      ++pairs;
    }
  }
};

}  // namespace boxes_detail

float box_overlap(const float* a, const float* b, float edge) {
  float inside = 1;
  float areas[2] = {1, 1};
  for (int d = 0; d < 2; ++d) {
    const float first = std::fmax(a[d], b[d]);
    const float last = std::fmin(a[d + 2], b[d + 2]);
    inside *= std::fmax(last - first + edge, 0.0f);
    areas[0] *= a[d + 2] - a[d] + edge;
    areas[1] *= b[d + 2] - b[d] + edge;
  }
  const float either = areas[0] + areas[1] - inside;
  return either > 0 ? inside / either : 0;
}

Unique<Op> parse_box_suppression(Attributes& attributes, int) {
  boxes_detail::Suppression op;
  op.overlap = static_cast<float>(attributes.real("overlap_thresh", 0.5));
  op.threshold = static_cast<float>(attributes.real("valid_thresh", 0));
  op.most = attributes.integer("topk", -1);
  op.box = attributes.integer("coord_start", 2);
  op.score = attributes.integer("score_index", 1);
  op.id = attributes.integer("id_index", -1);
  op.background = attributes.integer("background_id", -1);
  op.ignores_class = attributes.boolean("force_suppress", false);
  op.is_centre_in = boxes_detail::parse_is_centre(attributes, "in_format", false);
  op.is_centre_out = boxes_detail::parse_is_centre(attributes, "out_format", false);
  attributes.finish();
  return plain_op(op, {});
}

Unique<Op> parse_box_overlaps(Attributes& attributes, int) {
  boxes_detail::Overlaps op;
  op.is_centre = boxes_detail::parse_is_centre(attributes, "format", false);
  attributes.finish();
  return plain_op(op, {"lhs rhs"});
}

Unique<Op> parse_box_decoding(Attributes& attributes, int) {
  boxes_detail::Decoding op;
  static const char* const kKeys[] = {"std0", "std1", "std2", "std3"};
  for (int k = 0; k < 4; ++k) op.scales[k] = static_cast<float>(attributes.real(kKeys[k], 1));
  op.limit = static_cast<float>(attributes.real("clip", -1));
  op.is_centre = boxes_detail::parse_is_centre(attributes, "format", true);
  attributes.finish();
  return plain_op(op, {"data anchors"});
}

Unique<Op> parse_bipartite_matching(Attributes& attributes, int) {
  boxes_detail::Matching op;
  op.is_ascending = attributes.boolean("is_ascend", false);
  op.threshold = static_cast<float>(attributes.real("threshold"));
  op.most = attributes.integer("topk", -1);
  attributes.finish();
  return plain_op(op, {"data", 2});
}

}  // namespace predictor
