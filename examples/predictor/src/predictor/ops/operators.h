// The parsers of all operator families, for the registry. Each reads the attributes of the member
// `variant` of its family; what the variant means stands beside it.
#pragma once

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// The first are those of UnaryKind, in its order.
enum class MathFunction : int {
  kSigmoid,
  kTanh,
  kSoftRelu,
  kSoftSign,
  kExp,
  kLog,
  kSquareRoot,
  kSquare,
  kAbsolute,
  kNegative,
  kGelu,
  kSelu,
  kRound,
  kRoundDownHalves,
  kCeil,
  kFloor,
  kTruncate,
  kSign,
  kReciprocalSquareRoot,
  kCubeRoot,
  kReciprocalCubeRoot,
  kReciprocal,
  kLog10,
  kLog2,
  kLog1p,
  kExpm1,
  kSin,
  kCos,
  kTan,
  kArcSin,
  kArcCos,
  kArcTan,
  kSinh,
  kCosh,
  kArcSinh,
  kArcCosh,
  kArcTanh,
  kDegrees,
  kRadians,
  kErf,
  kGamma,
  kLogGamma,
  kLogicalNot,
  kInverseErf,
  kRelu,
};

// The first are those of BinaryKind, in its order.
enum class BinaryFunction : int {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kMaximum,
  kMinimum,
  kPower,
  kModulo,
  kHypot,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual,
  kLesser,
  kLesserEqual,
  kLogicalAnd,
  kLogicalOr,
  kLogicalXor,
};
// Added to a BinaryFunction with a scalar: the scalar is the first operand.
constexpr int kScalarFirst = 256;

enum class SoftmaxVariant : int { kSoftmax, kLogSoftmax, kSoftmin };

enum class Reduction : int { kSum, kMean, kMax, kMin, kProduct, kNanSum, kNanProduct };

enum class Ordering : int { kTopK, kSort, kArgSort };

enum class NormVariant : int { kInstance, kLayer, kGroup };

enum class SequenceVariant : int { kLast, kMask, kReverse };

enum class ProductVariant : int { kDot, kBatchDot, kGemm, kGemm2, kSyrk };

enum class MatrixFunction : int { kDet, kLogDet, kInverse, kCholesky, kCholeskyInverse, kSumLog };

// What a matrix has, and, from 2 on, what it is made of.
enum class MatrixPart : int { kDiagonal, kTriangle, kFromDiagonal, kFromTriangle };

enum class AttentionVariant : int { kSelfScores, kSelfValues, kCrossScores, kCrossValues };

Unique<Op> make_relu();
Unique<Op> make_unary(MathFunction function);

Unique<Op> parse_activation(Attributes& attributes, int variant);
Unique<Op> parse_batch_norm(Attributes& attributes, int variant);  // 1: relu of it
Unique<Op> parse_clip(Attributes& attributes, int variant);
Unique<Op> parse_convolution(Attributes& attributes, int variant);
Unique<Op> parse_fully_connected(Attributes& attributes, int variant);
Unique<Op> parse_hard_sigmoid(Attributes& attributes, int variant);
Unique<Op> parse_leaky_relu(Attributes& attributes, int variant);
Unique<Op> parse_lrn(Attributes& attributes, int variant);

Unique<Op> parse_unary(Attributes& attributes, int variant);  // a MathFunction
Unique<Op> parse_identity(Attributes& attributes, int variant);
Unique<Op> parse_dropout(Attributes& attributes, int variant);
Unique<Op> parse_make_loss(Attributes& attributes, int variant);
Unique<Op> parse_cast(Attributes& attributes, int variant);
Unique<Op> parse_common_cast(Attributes& attributes, int variant);

Unique<Op> parse_elementwise(Attributes& attributes, int variant);  // a BinaryFunction
Unique<Op> parse_broadcast(Attributes& attributes, int variant);    // a BinaryFunction
Unique<Op> parse_scalar(Attributes& attributes, int variant);  // a BinaryFunction, + kScalarFirst
Unique<Op> parse_sum_of_all(Attributes& attributes, int variant);

Unique<Op> parse_pooling(Attributes& attributes, int variant);  // the version: 1, or 2, today's

Unique<Op> parse_softmax(Attributes& attributes, int variant);  // a SoftmaxVariant
Unique<Op> parse_softmax_activation(Attributes& attributes, int variant);
Unique<Op> parse_softmax_output(Attributes& attributes, int variant);
Unique<Op> parse_regression_output(Attributes& attributes, int variant);  // 1: logistic

Unique<Op> parse_svm_output(Attributes& attributes, int variant);

Unique<Op> parse_concat(Attributes& attributes, int variant);
Unique<Op> parse_stack(Attributes& attributes, int variant);
Unique<Op> parse_split(Attributes& attributes, int variant);  // 1: at indices

Unique<Op> parse_flatten(Attributes& attributes, int variant);
Unique<Op> parse_reshape(Attributes& attributes, int variant);
Unique<Op> parse_reshape_like(Attributes& attributes, int variant);
Unique<Op> parse_expand_dims(Attributes& attributes, int variant);
Unique<Op> parse_squeeze(Attributes& attributes, int variant);

Unique<Op> parse_transpose(Attributes& attributes, int variant);
Unique<Op> parse_swap_axis(Attributes& attributes, int variant);
Unique<Op> parse_slice(Attributes& attributes, int variant);
Unique<Op> parse_slice_axis(Attributes& attributes, int variant);
Unique<Op> parse_slice_like(Attributes& attributes, int variant);
Unique<Op> parse_crop(Attributes& attributes, int variant);
Unique<Op> parse_reverse(Attributes& attributes, int variant);
Unique<Op> parse_tile(Attributes& attributes, int variant);
Unique<Op> parse_repeat(Attributes& attributes, int variant);
Unique<Op> parse_broadcast_axis(Attributes& attributes, int variant);
Unique<Op> parse_broadcast_to(Attributes& attributes, int variant);
Unique<Op> parse_broadcast_like(Attributes& attributes, int variant);
Unique<Op> parse_depth_to_space(Attributes& attributes, int variant);
Unique<Op> parse_space_to_depth(Attributes& attributes, int variant);
Unique<Op> parse_pad(Attributes& attributes, int variant);

Unique<Op> parse_reduction(Attributes& attributes, int variant);  // a Reduction
Unique<Op> parse_norm(Attributes& attributes, int variant);
Unique<Op> parse_extreme_index(Attributes& attributes, int variant);  // 1: largest, -1: smallest
Unique<Op> parse_argmax_channel(Attributes& attributes, int variant);
Unique<Op> parse_ordering(Attributes& attributes, int variant);  // an Ordering

Unique<Op> parse_embedding(Attributes& attributes, int variant);
Unique<Op> parse_take(Attributes& attributes, int variant);
Unique<Op> parse_pick(Attributes& attributes, int variant);
Unique<Op> parse_one_hot(Attributes& attributes, int variant);
Unique<Op> parse_where(Attributes& attributes, int variant);

Unique<Op> parse_product(Attributes& attributes, int variant);             // a ProductVariant
Unique<Op> parse_matrix_function(Attributes& attributes, int variant);     // a MatrixFunction
Unique<Op> parse_triangular_product(Attributes& attributes, int variant);  // 1: by the inverse
Unique<Op> parse_matrix_part(Attributes& attributes, int variant);         // a MatrixPart

Unique<Op> parse_constant(Attributes& attributes,
                          int variant);  // the value; -1: an attribute, -2: 0
Unique<Op> parse_constant_like(Attributes& attributes, int variant);  // the value
Unique<Op> parse_arange(Attributes& attributes, int variant);

Unique<Op> parse_sample_norm(Attributes& attributes, int variant);  // a NormVariant
Unique<Op> parse_l2_normalization(Attributes& attributes, int variant);

Unique<Op> parse_rnn(Attributes& attributes, int variant);

Unique<Op> parse_correlation(Attributes& attributes, int variant);
Unique<Op> parse_deformable(Attributes& attributes, int variant);  // 1: with a mask

Unique<Op> parse_deconvolution(Attributes& attributes, int variant);
Unique<Op> parse_up_sampling(Attributes& attributes, int variant);

Unique<Op> parse_bilinear_sampler(Attributes& attributes, int variant);
Unique<Op> parse_grid_generator(Attributes& attributes, int variant);
Unique<Op> parse_spatial_transformer(Attributes& attributes, int variant);

Unique<Op> parse_bilinear_resize(Attributes& attributes, int variant);
Unique<Op> parse_adaptive_average(Attributes& attributes, int variant);
Unique<Op> parse_image_resize(Attributes& attributes, int variant);

Unique<Op> parse_roi_pooling(Attributes& attributes, int variant);
Unique<Op> parse_roi_align(Attributes& attributes, int variant);

Unique<Op> parse_prior_boxes(Attributes& attributes, int variant);
Unique<Op> parse_box_detection(Attributes& attributes, int variant);

Unique<Op> parse_box_suppression(Attributes& attributes, int variant);
Unique<Op> parse_box_overlaps(Attributes& attributes, int variant);
Unique<Op> parse_box_decoding(Attributes& attributes, int variant);
Unique<Op> parse_bipartite_matching(Attributes& attributes, int variant);

Unique<Op> parse_image_to_tensor(Attributes& attributes, int variant);
Unique<Op> parse_image_normalize(Attributes& attributes, int variant);
Unique<Op> parse_image_crop(Attributes& attributes, int variant);
Unique<Op> parse_image_flip(Attributes& attributes, int variant);  // 0: the rows, 1: the columns

Unique<Op> parse_proposal(Attributes& attributes, int variant);

Unique<Op> parse_sequence(Attributes& attributes, int variant);  // a SequenceVariant

Unique<Op> parse_gather_points(Attributes& attributes, int variant);
Unique<Op> parse_scatter_points(Attributes& attributes, int variant);
Unique<Op> parse_numbering(Attributes& attributes, int variant);  // 1: from numbers to coordinates
Unique<Op> parse_batch_take(Attributes& attributes, int variant);

Unique<Op> parse_attention(Attributes& attributes, int variant);  // an AttentionVariant
Unique<Op> parse_root_scale(Attributes& attributes, int variant);

Unique<Op> parse_extents_of(Attributes& attributes, int variant);  // 1: their product
Unique<Op> parse_eye(Attributes& attributes, int variant);
Unique<Op> parse_diagonal(Attributes& attributes, int variant);
Unique<Op> parse_arange_like(Attributes& attributes, int variant);

Unique<Op> parse_running_sum(Attributes& attributes, int variant);
Unique<Op> parse_moments(Attributes& attributes, int variant);

Unique<Op> parse_quadratic(Attributes& attributes, int variant);
Unique<Op> parse_smooth_l1(Attributes& attributes, int variant);

Unique<Op> parse_labelled_identity(Attributes& attributes, int variant);  // 1: beside a state
Unique<Op> parse_gradient_multiplier(Attributes& attributes, int variant);
Unique<Op> parse_cast_storage(Attributes& attributes, int variant);

}  // namespace predictor
