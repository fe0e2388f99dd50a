// The operators, by MXNet's own names, each with what parses it. Those of pure arithmetic are in
// math_rows.h, other names of all of them in alias_rows.h.
#pragma once

#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace registry_detail {

struct OperatorRow {
  const char* name;
  ParseFunction parse;
  int variant;  // which member of the parser's family this is
};

template <typename Enum>
static constexpr int to_int(Enum value) {
  return static_cast<int>(value);
}

// Sorted by name.
static constexpr OperatorRow kOperators[] = {
    {"Activation", parse_activation, 0},
    {"BatchNorm", parse_batch_norm, 0},
    {"BatchNorm_v1", parse_batch_norm, 0},
    {"BilinearSampler", parse_bilinear_sampler, 0},
    {"BlockGrad", parse_identity, 0},
    {"Cast", parse_cast, 0},
    {"Concat", parse_concat, 0},
    {"Convolution", parse_convolution, 0},
    {"Convolution_v1", parse_convolution, 0},
    {"Crop", parse_crop, 0},
    {"Deconvolution", parse_deconvolution, 0},
    {"Dropout", parse_dropout, 0},
    {"Embedding", parse_embedding, 0},
    {"Flatten", parse_flatten, 0},
    {"FullyConnected", parse_fully_connected, 0},
    {"GridGenerator", parse_grid_generator, 0},
    {"GroupNorm", parse_sample_norm, to_int(NormVariant::kGroup)},
    {"InstanceNorm", parse_sample_norm, to_int(NormVariant::kInstance)},
    {"L2Normalization", parse_l2_normalization, 0},
    {"LRN", parse_lrn, 0},
    {"LayerNorm", parse_sample_norm, to_int(NormVariant::kLayer)},
    {"LeakyReLU", parse_leaky_relu, 0},
    {"LinearRegressionOutput", parse_regression_output, 0},
    {"LogisticRegressionOutput", parse_regression_output, 1},
    {"MAERegressionOutput", parse_regression_output, 0},
    {"MakeLoss", parse_make_loss, 0},
    {"Pad", parse_pad, 0},
    {"Pooling", parse_pooling, 2},
    {"Pooling_v1", parse_pooling, 1},
    {"RNN", parse_rnn, 0},
    {"ROIPooling", parse_roi_pooling, 0},
    {"Reshape", parse_reshape, 0},
    {"SVMOutput", parse_svm_output, 0},
    {"SliceChannel", parse_split, 0},
    {"SoftmaxActivation", parse_softmax_activation, 0},
    {"SoftmaxOutput", parse_softmax_output, 0},
    {"SpatialTransformer", parse_spatial_transformer, 0},
    {"SwapAxis", parse_swap_axis, 0},
    {"UpSampling", parse_up_sampling, 0},
    {"_arange", parse_arange, 0},
    {"_contrib_AdaptiveAvgPooling2D", parse_adaptive_average, 0},
    {"_contrib_BilinearResize2D", parse_bilinear_resize, 0},
    {"_contrib_MultiBoxDetection", parse_box_detection, 0},
    {"_contrib_MultiBoxPrior", parse_prior_boxes, 0},
    {"_contrib_ROIAlign", parse_roi_align, 0},
    {"_contrib_SyncBatchNorm", parse_batch_norm, 0},
    {"_contrib_bipartite_matching", parse_bipartite_matching, 0},
    {"_contrib_box_decode", parse_box_decoding, 0},
    {"_contrib_box_iou", parse_box_overlaps, 0},
    {"_contrib_box_nms", parse_box_suppression, 0},
    {"_copy", parse_identity, 0},
    {"_full", parse_constant, -1},
    {"_image_crop", parse_image_crop, 0},
    {"_image_flip_left_right", parse_image_flip, 1},
    {"_image_flip_top_bottom", parse_image_flip, 0},
    {"_image_normalize", parse_image_normalize, 0},
    {"_image_resize", parse_image_resize, 0},
    {"_image_to_tensor", parse_image_to_tensor, 0},
    {"_ones", parse_constant, 1},
    {"_rnn_param_concat", parse_concat, 0},
    {"_zeros", parse_constant, 0},
    {"add_n", parse_sum_of_all, 0},
    {"argmax", parse_extreme_index, 1},
    {"argmax_channel", parse_argmax_channel, 0},
    {"argmin", parse_extreme_index, -1},
    {"argsort", parse_ordering, to_int(Ordering::kArgSort)},
    {"batch_dot", parse_batch_dot, 0},
    {"broadcast_axis", parse_broadcast_axis, 0},
    {"broadcast_like", parse_broadcast_like, 0},
    {"broadcast_to", parse_broadcast_to, 0},
    {"clip", parse_clip, 0},
    {"depth_to_space", parse_depth_to_space, 0},
    {"dot", parse_dot, 0},
    {"expand_dims", parse_expand_dims, 0},
    {"hard_sigmoid", parse_hard_sigmoid, 0},
    {"log_softmax", parse_softmax, to_int(SoftmaxVariant::kLogSoftmax)},
    {"make_loss", parse_identity, 0},
    {"norm", parse_norm, 0},
    {"one_hot", parse_one_hot, 0},
    {"ones_like", parse_constant_like, 1},
    {"pick", parse_pick, 0},
    {"repeat", parse_repeat, 0},
    {"reshape_like", parse_reshape_like, 0},
    {"reverse", parse_reverse, 0},
    {"slice", parse_slice, 0},
    {"slice_axis", parse_slice_axis, 0},
    {"slice_like", parse_slice_like, 0},
    {"softmax", parse_softmax, to_int(SoftmaxVariant::kSoftmax)},
    {"softmin", parse_softmax, to_int(SoftmaxVariant::kSoftmin)},
    {"sort", parse_ordering, to_int(Ordering::kSort)},
    {"space_to_depth", parse_space_to_depth, 0},
    {"squeeze", parse_squeeze, 0},
    {"stack", parse_stack, 0},
    {"take", parse_take, 0},
    {"tile", parse_tile, 0},
    {"topk", parse_ordering, to_int(Ordering::kTopK)},
    {"transpose", parse_transpose, 0},
    {"where", parse_where, 0},
    {"zeros_like", parse_constant_like, 0},
};

}  // namespace registry_detail
}  // namespace predictor
