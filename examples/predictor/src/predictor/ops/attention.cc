// The products of attention: _contrib_interleaved_matmul_*, and _contrib_div_sqrt_dim.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/kernels/gemm.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace attention_detail {

// Projections (length, batch, heads * parts * width): each head's query, key and value follow upon
// each other (self-attention, 3 parts), or the queries have a tensor of their own and only key and
// value do (2 parts). Scores: (batch * heads, queries, keys), products over the width divided by
// its root. Values: (queries, batch, heads * width), the values weighted by such scores.
class Attention : public Op {
 public:
  Attention(int64_t heads, AttentionVariant variant)
      : heads_(heads),
        is_self_(variant == AttentionVariant::kSelfScores ||
                 variant == AttentionVariant::kSelfValues),
        is_scores_(variant == AttentionVariant::kSelfScores ||
                   variant == AttentionVariant::kCrossScores) {
    static const char* const kInputs[] = {"queries_keys_values", "queries_keys_values attention",
                                          "queries keys_values", "keys_values attention"};
    traits_.inputs = kInputs[static_cast<int>(variant)];
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& projection = inputs[is_scores_ && !is_self_ ? 1 : 0];
    if (!projection.is_known()) return;
    const bool has_heads = projection.rank() == 3 && projection[2] % (heads_ * parts()) == 0;
    check(has_heads, {"the shape ", projection, " is not that of ", heads_, " heads"});
    const int64_t batch = projection[1];
    const int64_t width = projection[2] / parts();
    if (!is_scores_) {
      merge_shape(inputs[1], {batch * heads_, Shape::kUnknown, projection[0]}, "the attention");
      merge_shape(outputs[0], {inputs[1][1], batch, width}, "the output");
      return;
    }
    int64_t queries = projection[0];
    if (!is_self_) {
      merge_shape(inputs[0], {Shape::kUnknown, batch, width}, "the queries");
      queries = inputs[0][0];
    }
    merge_shape(outputs[0], {batch * heads_, queries, projection[0]}, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const size_t projection_input = is_scores_ && !is_self_ ? 1 : 0;
    const Shape& projection = request.inputs[projection_input].shape;
    const Shape& scores = is_scores_ ? request.outputs[0].shape : request.inputs[1].shape;
    const int64_t row = projection[1] * projection[2];
    const int64_t block = projection[2] / heads_;  // of one head
    const int64_t width = block / parts();
    const int64_t query_block = is_self_ ? block : width;
    GemmShape shape;
    shape.m = static_cast<int>(scores[1]);
    shape.n = static_cast<int>(is_scores_ ? scores[2] : width);
    shape.k = static_cast<int>(is_scores_ ? width : scores[2]);
    shape.transpose_b = is_scores_;
    shape.stride_a = is_scores_ ? scores[0] * query_block : scores[2];
    shape.stride_b = row;
    shape.stride_c = is_scores_ ? scores[2] : scores[0] * width;
    const int64_t step_a = is_scores_ ? query_block : scores[1] * scores[2];
    const int64_t step_c = is_scores_ ? scores[1] * scores[2] : width;
    const int64_t offset_b = (parts() - (is_scores_ ? 2 : 1)) * width;
    const float scale = 1 / std::sqrt(static_cast<float>(width));
    const size_t input_a = is_scores_ ? 0 : 1;
    return function_kernel(
        [=, isa = request.isa, count = scores[0],
         is_scores = is_scores_](const KernelRun& tensors) {
          const float* a = tensors.inputs[input_a].floats();
          const float* b = tensors.inputs[projection_input].floats() + offset_b;
          float* c = tensors.outputs[0].floats();
          for (int64_t i = 0; i < count; ++i) {
            gemm(isa, shape, a + i * step_a, b + i * block, tensors.workspace, c + i * step_c);
          }
          if (!is_scores) return;
          const size_t elements = tensors.outputs[0].count();
          for (size_t i = 0; i < elements; ++i) c[i] *= scale;
        },
        {gemm_workspace_floats(request.isa, shape), 0});
  }

 private:
  int64_t parts() const { return is_self_ ? 3 : 2; }

  int64_t heads_;
  bool is_self_;
  bool is_scores_;
};

// x / sqrt(extent of the last axis).
struct RootScale : PlainState {
  void infer(Span<Shape> inputs, Span<Shape> outputs) const { share_shape(inputs, outputs); }
  void run(const KernelRun& tensors) const {
    const Shape& data = tensors.inputs[0].shape();
    const float root = std::sqrt(static_cast<float>(data[data.rank() - 1]));
    const size_t count = tensors.inputs[0].count();
    for (size_t i = 0; i < count; ++i) {
      tensors.outputs[0].floats()[i] = tensors.inputs[0].floats()[i] / root;
    }
  }
};

}  // namespace attention_detail

Unique<Op> parse_attention(Attributes& attributes, int variant) {
  const int64_t heads = attributes.integer("heads");
  attributes.finish();
  check(heads > 0 && heads <= INT16_MAX, {"heads is ", heads});
  return std::make_unique<attention_detail::Attention>(heads,
                                                       static_cast<AttentionVariant>(variant));
}

Unique<Op> parse_root_scale(Attributes& attributes, int) {
  attributes.finish();
  return plain_op(attention_detail::RootScale(), {});
}

}  // namespace predictor
