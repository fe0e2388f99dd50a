// The region proposals of two-stage detectors: _contrib_Proposal, _contrib_MultiProposal.
#include <algorithm>
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/boxes.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/ordering.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace proposals_detail {

// A box and its score, in the workspace.
struct Row {
  float box[4];
  float score;
};
static constexpr int64_t kRowFloats = 5;

// scores (n, 2 * anchors, h, w) of background and object, offsets (n, 4 * anchors, h, w), and of
// each image its height, width and scale (n, 3): out 0 (n * kept, 5) of image and box, the best
// first, and out 1 (n * kept, 1) of scores. Too few boxes are repeated.
struct Proposal : PlainState {
  static constexpr int kMaxAnchors = 64;
  int64_t considered;
  int64_t kept;
  float overlap;
  float least;  // extent, in pixels of the unscaled image
  int64_t stride;
  bool moves_corners;
  int64_t anchors;
  float shapes[kMaxAnchors][2];  // extents of the anchors

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    merge_shape(inputs[0], {Shape::kUnknown, 2 * anchors, Shape::kUnknown, Shape::kUnknown},
                "the scores");
    Shape offsets = inputs[0];
    offsets[1] = 4 * anchors;
    merge_shape(inputs[1], offsets, "the offsets");
    merge_shape(inputs[2], {inputs[0][0], 3}, "the image's description");
    const int64_t images = inputs[0][0];
    const int64_t rows = images < 0 ? images : images * kept;
    merge_shape(outputs[0], {rows, 5}, "the output");
    if (outputs.size() > 1) merge_shape(outputs[1], {rows, 1}, "the scores");
  }
  size_t workspace_floats(const KernelRequest& request) const {
    const Shape& shape = request.inputs[0].shape;
    // the boxes and their order
    return static_cast<size_t>(anchors * shape[2] * shape[3] * (kRowFloats + 1));
  }
  void run(const KernelRun& tensors) const {
    const Shape& shape = tensors.inputs[0].shape();
    const int64_t count = anchors * shape[2] * shape[3];
    Row* rows = reinterpret_cast<Row*>(tensors.workspace);
    int32_t* order = reinterpret_cast<int32_t*>(tensors.workspace + kRowFloats * count);
    for (int64_t n = 0; n < shape[0]; ++n) {
      for (int32_t i = 0; i < count; ++i) {
        order[i] = i;
        rows[i] = propose(tensors, n, i);
      }
      sort_by_value(&rows[0].score, kRowFloats, false, order, static_cast<size_t>(count));
      const int64_t first = considered > 0 ? std::min(considered, count) : count;
      write(tensors, n, rows, order, suppress(rows, order, first));
    }
  }

 private:
  // Box `at` of image `n`, counted by rows, columns and anchors.
  Row propose(const KernelRun& tensors, int64_t n, int64_t at) const {
    const Shape& shape = tensors.inputs[0].shape();
    const float* image = tensors.inputs[2].floats() + 3 * n;
    const int64_t plane = shape[2] * shape[3];
    const int64_t anchor = at % anchors;
    const int64_t pixel = at / anchors;
    const int64_t place[2] = {pixel % shape[3], pixel / shape[3]};
    const float* offsets = tensors.inputs[1].floats() + (n * anchors + anchor) * 4 * plane + pixel;
    Row row;
    row.score = tensors.inputs[0].floats()[((2 * n + 1) * anchors + anchor) * plane + pixel];
    bool is_small = false;
    for (int d = 0; d < 2; ++d) {
      const float limit = image[1 - d];
      const float middle =
          static_cast<float>(stride - 1) / 2 + static_cast<float>(place[d] * stride);
      const float extent = shapes[anchor][d];
      const float first = offsets[d * plane];
      const float second = offsets[(d + 2) * plane];
      float ends[2];
      if (moves_corners) {
        ends[0] = middle - (extent - 1) / 2 + first;
        ends[1] = middle + (extent - 1) / 2 + second;
      } else {
        const float half = (std::exp(second) * extent - 1) / 2;
        ends[0] = first * extent + middle - half;
        ends[1] = first * extent + middle + half;
      }
      for (int e = 0; e < 2; ++e)
        row.box[d + 2 * e] = std::fmax(0.0f, std::fmin(ends[e], limit - 1));
      if (static_cast<float>(place[d]) >= std::trunc(limit / static_cast<float>(stride))) {
        row.score = -1;
      }
      is_small = is_small || row.box[d + 2] - row.box[d] + 1 < least * image[2];
    }
    if (is_small) {
      const float half = least * image[2] / 2;
      for (int k = 0; k < 4; ++k) row.box[k] += k < 2 ? -half : half;
      row.score = -1;
    }
    return row;
  }

  // Drops boxes that a better one overlaps, and what is beyond those that are asked for; returns
  // how many are left.
  int64_t suppress(const Row* rows, int32_t* order, int64_t count) const {
    int64_t left = 0;
    for (int64_t i = 0; i < count && left < kept; ++i) {
      bool stays = true;
      for (int64_t j = 0; j < left && stays; ++j) {
        stays = !(box_overlap(rows[order[j]].box, rows[order[i]].box, 1) > overlap);
      }
      if (stays) order[left++] = order[i];
    }
    return left;
  }

  void write(const KernelRun& tensors, int64_t n, const Row* rows, const int32_t* order,
             int64_t count) const {
    for (int64_t i = 0; i < kept; ++i) {
      const Row& row = rows[order[i % count]];
      float* out = tensors.outputs[0].floats() + (n * kept + i) * 5;
      out[0] = static_cast<float>(n);
      std::copy(row.box, row.box + 4, out + 1);
      if (tensors.outputs.size() > 1) tensors.outputs[1].floats()[n * kept + i] = row.score;
    }
  }
};

// The extents of an anchor of about stride * stride * scale * scale pixels.
static void make_anchor(int64_t stride, double ratio, double scale, float* extents) {
  const double width =
      std::floor(std::sqrt(std::floor(static_cast<double>(stride * stride) / ratio)) + 0.5);
  extents[0] = static_cast<float>(width * scale);
  extents[1] = static_cast<float>(std::floor(width * ratio + 0.5) * scale);
}

}  // namespace proposals_detail

Unique<Op> parse_proposal(Attributes& attributes, int) {
  proposals_detail::Proposal op;
  op.considered = attributes.integer("rpn_pre_nms_top_n", 6000);
  op.kept = attributes.integer("rpn_post_nms_top_n", 300);
  op.overlap = static_cast<float>(attributes.real("threshold", 0.7));
  op.least = static_cast<float>(attributes.integer("rpn_min_size", 16));
  op.stride = attributes.integer("feature_stride", 16);
  op.moves_corners = attributes.boolean("iou_loss", false);
  const bool has_scores = attributes.boolean("output_score", false);
  Vector<double> scales = attributes.reals("scales");
  Vector<double> ratios = attributes.reals("ratios");
  attributes.finish();
  if (scales.empty()) scales = {4, 8, 16, 32};
  if (ratios.empty()) ratios = {0.5, 1, 2};
  check(op.kept > 0 && op.kept <= INT16_MAX && op.stride > 0 && op.stride <= INT16_MAX,
        {"rpn_post_nms_top_n or feature_stride is out of range"});
  op.anchors = 0;
  check(scales.size() * ratios.size() <= proposals_detail::Proposal::kMaxAnchors,
        {"there are too many scales and ratios"});
  for (const double ratio : ratios) {
    check(ratio > 0, {"a ratio is not positive"});
    for (const double scale : scales) {
      proposals_detail::make_anchor(op.stride, ratio, scale, op.shapes[op.anchors++]);
    }
  }
  return plain_op(op, {"cls_prob bbox_pred im_info", has_scores ? 2u : 1u});
}

}  // namespace predictor
