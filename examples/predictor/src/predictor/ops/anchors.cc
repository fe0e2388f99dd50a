// The operators of single-shot detectors: _contrib_MultiBoxPrior, _contrib_MultiBoxDetection.
#include <algorithm>
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/boxes.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/ordering.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace anchors_detail {

static constexpr int kMaxNumbers = 16;  // of an attribute

struct Numbers {
  int64_t count = 0;
  float values[kMaxNumbers] = {};
};

static Numbers parse_numbers(Attributes& attributes, const char* key, const Numbers& otherwise) {
  const Vector<double> given = attributes.reals(key);
  if (given.empty()) return otherwise;
  check(given.size() <= kMaxNumbers, {"attribute '", key, "' has too many elements"});
  Numbers numbers;
  for (const double value : given) {
    numbers.values[numbers.count++] = static_cast<float>(value);
  }
  return numbers;
}

static void check_count(const char* key, const Numbers& numbers, int64_t count) {
  check(numbers.count == count, {"attribute '", key, "' should have ", count, " elements"});
}

// Around each pixel of data (n, c, h, w) a box of each size, and one of the first size with each
// further ratio of width to height: out (1, h * w * boxes, 4), in units of the image.
struct Prior : PlainState {
  Numbers sizes;
  Numbers ratios;
  Numbers steps;
  Numbers offsets;
  bool clips;

  int64_t boxes() const { return sizes.count + ratios.count - 1; }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(4), "the input");
    const Shape& data = inputs[0];
    if (data[2] < 0 || data[3] < 0) return;
    merge_shape(outputs[0], {1, data[2] * data[3] * boxes(), 4}, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const float height = static_cast<float>(data[2]);
    const float width = static_cast<float>(data[3]);
    const float step_y = steps.values[0] > 0 ? steps.values[0] : 1 / height;
    const float step_x = steps.values[1] > 0 ? steps.values[1] : 1 / width;
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < data[2] * data[3]; ++i) {
      const float y = (static_cast<float>(i / data[3]) + offsets.values[0]) * step_y;
      const float x = (static_cast<float>(i % data[3]) + offsets.values[1]) * step_x;
      for (int64_t b = 0; b < boxes(); ++b, out += 4) {
        const bool is_first = b < sizes.count;
        const float size = sizes.values[is_first ? b : 0];
        const float ratio = std::sqrt(ratios.values[is_first ? 0 : b - sizes.count + 1]);
        const float half_width = size * height / width * ratio / 2;
        const float half_height = size / ratio / 2;
        const float box[4] = {x - half_width, y - half_height, x + half_width, y + half_height};
        for (int k = 0; k < 4; ++k) {
          out[k] = clips ? std::fmin(std::fmax(box[k], 0.0f), 1.0f) : box[k];
        }
      }
    }
  }
};

// probabilities (n, classes, anchors), offsets (n, anchors * 4), anchors (1, anchors, 4):
// out (n, anchors, 6) of class, score and box, the best first; class -1 for no object, or one that
// overlaps a better one.
struct Detection : PlainState {
  bool clips;
  float threshold;
  int64_t background;
  float overlap;
  bool ignores_class;
  Numbers variances;
  int64_t most;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], Shape::of_rank(3), "the probabilities");
    const int64_t anchors = inputs[0][2];
    if (anchors < 0) return;
    merge_shape(inputs[1], {inputs[0][0], anchors * 4}, "the offsets");
    merge_shape(inputs[2], {1, anchors, 4}, "the anchors");
    merge_shape(outputs[0], {inputs[0][0], anchors, 6}, "the output");
  }
  size_t workspace_floats(const KernelRequest& request) const {
    return 7 * static_cast<size_t>(request.inputs[0].shape[2]);  // the rows, and their order
  }
  void run(const KernelRun& tensors) const {
    const Shape& shape = tensors.inputs[0].shape();
    for (int64_t n = 0; n < shape[0]; ++n) detect(tensors, shape, n);
  }

 private:
  void detect(const KernelRun& tensors, const Shape& shape, int64_t n) const {
    const int64_t anchors = shape[2];
    const float* scores = tensors.inputs[0].floats() + n * shape[1] * anchors;
    const float* offsets = tensors.inputs[1].floats() + n * anchors * 4;
    float* rows = tensors.workspace;
    int32_t* order = reinterpret_cast<int32_t*>(rows + 6 * anchors);
    float* out = tensors.outputs[0].floats() + n * anchors * 6;
    int32_t count = 0;
    for (int64_t i = 0; i < anchors; ++i) {
      float score = -1;
      int64_t best = 0;
      for (int64_t c = 0; c < shape[1]; ++c) {
        if (c == background || !(scores[c * anchors + i] > score)) continue;
        score = scores[c * anchors + i];
        best = c < background ? c + 1 : c;
      }
      if (best == 0 || score < threshold) continue;
      order[count] = count;
      float* row = rows + 6 * count++;
      row[0] = static_cast<float>(best - 1);
      row[1] = score;
      place(tensors.inputs[2].floats() + 4 * i, offsets + 4 * i, row + 2);
    }
    std::fill(out, out + 6 * anchors, -1.0f);
    const bool compares = overlap > 0 && overlap <= 1;
    if (compares) sort_by_value(rows + 1, 6, false, order, static_cast<size_t>(count));
    const int32_t kept = compares && most > 0 && most < count ? static_cast<int32_t>(most) : count;
    for (int32_t i = 0; i < count; ++i) {
      const float* row = rows + 6 * (i < kept ? order[i] : i);
      std::copy(row, row + 6, out + 6 * i);
      if (i >= kept) out[6 * i] = -1;
    }
    if (compares) suppress(out, kept);
  }

  void suppress(float* rows, int32_t count) const {
    for (int32_t i = 0; i < count; ++i) {
      const float* best = rows + 6 * i;
      if (best[0] < 0) continue;
      for (float* row = rows + 6 * (i + 1); row < rows + 6 * count; row += 6) {
        if (row[0] < 0 || (!ignores_class && row[0] != best[0])) continue;
        if (box_overlap(best + 2, row + 2) >= overlap) row[0] = -1;
      }
    }
  }

  // An anchor moved and scaled by what the network predicts.
  void place(const float* anchor, const float* offset, float* box) const {
    for (int d = 0; d < 2; ++d) {
      const float extent = anchor[d + 2] - anchor[d];
      const float centre =
          offset[d] * variances.values[d] * extent + (anchor[d] + anchor[d + 2]) / 2;
      const float half = std::exp(offset[d + 2] * variances.values[d + 2]) * extent / 2;
      box[d] = centre - half;
      box[d + 2] = centre + half;
    }
    if (!clips) return;
    for (int k = 0; k < 4; ++k) box[k] = std::fmin(std::fmax(box[k], 0.0f), 1.0f);
  }
};

}  // namespace anchors_detail

Unique<Op> parse_prior_boxes(Attributes& attributes, int) {
  using anchors_detail::parse_numbers;
  anchors_detail::Prior op;
  op.sizes = parse_numbers(attributes, "sizes", {1, {1}});
  op.ratios = parse_numbers(attributes, "ratios", {1, {1}});
  op.steps = parse_numbers(attributes, "steps", {2, {-1, -1}});
  op.offsets = parse_numbers(attributes, "offsets", {2, {0.5f, 0.5f}});
  op.clips = attributes.boolean("clip", false);
  attributes.finish();
  anchors_detail::check_count("steps", op.steps, 2);
  anchors_detail::check_count("offsets", op.offsets, 2);
  return plain_op(op, {});
}

Unique<Op> parse_box_detection(Attributes& attributes, int) {
  anchors_detail::Detection op;
  op.clips = attributes.boolean("clip", true);
  op.threshold = static_cast<float>(attributes.real("threshold", 0.01));
  op.background = attributes.integer("background_id", 0);
  op.overlap = static_cast<float>(attributes.real("nms_threshold", 0.5));
  op.ignores_class = attributes.boolean("force_suppress", false);
  op.variances =
      anchors_detail::parse_numbers(attributes, "variances", {4, {0.1f, 0.1f, 0.2f, 0.2f}});
  op.most = attributes.integer("nms_topk", -1);
  attributes.finish();
  anchors_detail::check_count("variances", op.variances, 4);
  check(op.background == 0, {"background_id is ", op.background, ", but only 0 is supported"});
  return plain_op(op, {"cls_prob loc_pred anchor"});
}

}  // namespace predictor
