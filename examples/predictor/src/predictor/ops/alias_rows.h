// Names that older files have for operators, and spellings that MXNet accepts as well.
#pragma once

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {
namespace registry_detail {

struct AliasRow {
  const char* name;
  const char* meaning;  // the operator's own name
};

// Sorted by name.
static constexpr AliasRow kAliases[] = {
    {"CuDNNBatchNorm", "BatchNorm"},
    {"ElementWiseSum", "add_n"},
    {"Softmax", "SoftmaxOutput"},
    {"_Div", "elemwise_div"},
    {"_DivScalar", "_div_scalar"},
    {"_Equal", "_equal"},
    {"_EqualScalar", "_equal_scalar"},
    {"_Greater", "_greater"},
    {"_GreaterEqualScalar", "_greater_equal_scalar"},
    {"_GreaterScalar", "_greater_scalar"},
    {"_Greater_Equal", "_greater_equal"},
    {"_Hypot", "_hypot"},
    {"_HypotScalar", "_hypot_scalar"},
    {"_Lesser", "_lesser"},
    {"_LesserEqualScalar", "_lesser_equal_scalar"},
    {"_LesserScalar", "_lesser_scalar"},
    {"_Lesser_Equal", "_lesser_equal"},
    {"_LogicalAndScalar", "_logical_and_scalar"},
    {"_LogicalOrScalar", "_logical_or_scalar"},
    {"_LogicalXorScalar", "_logical_xor_scalar"},
    {"_Logical_And", "_logical_and"},
    {"_Logical_Or", "_logical_or"},
    {"_Logical_Xor", "_logical_xor"},
    {"_Maximum", "_maximum"},
    {"_MaximumScalar", "_maximum_scalar"},
    {"_Minimum", "_minimum"},
    {"_MinimumScalar", "_minimum_scalar"},
    {"_Minus", "elemwise_sub"},
    {"_MinusScalar", "_minus_scalar"},
    {"_Mod", "_mod"},
    {"_ModScalar", "_mod_scalar"},
    {"_Mul", "elemwise_mul"},
    {"_MulScalar", "_mul_scalar"},
    {"_NotEqualScalar", "_not_equal_scalar"},
    {"_Not_Equal", "_not_equal"},
    {"_Plus", "elemwise_add"},
    {"_PlusScalar", "_plus_scalar"},
    {"_Power", "_power"},
    {"_PowerScalar", "_power_scalar"},
    {"_RDivScalar", "_rdiv_scalar"},
    {"_RMinusScalar", "_rminus_scalar"},
    {"_RModScalar", "_rmod_scalar"},
    {"_RPowerScalar", "_rpower_scalar"},
    {"_add", "elemwise_add"},
    {"_contrib_box_non_maximum_suppression", "_contrib_box_nms"},
    {"_div", "elemwise_div"},
    {"_minus", "elemwise_sub"},
    {"_mul", "elemwise_mul"},
    {"_plus", "elemwise_add"},
    {"_sub", "elemwise_sub"},
    {"broadcast_axes", "broadcast_axis"},
    {"broadcast_minus", "broadcast_sub"},
    {"broadcast_plus", "broadcast_add"},
    {"cast", "Cast"},
    {"choose_element_0index", "pick"},
    {"concat", "Concat"},
    {"crop", "slice"},
    {"cumsum", "_np_cumsum"},
    {"flatten", "Flatten"},
    {"flip", "reverse"},
    {"identity", "_copy"},
    {"max_axis", "max"},
    {"min_axis", "min"},
    {"pad", "Pad"},
    {"ravel_multi_index", "_ravel_multi_index"},
    {"reshape", "Reshape"},
    {"split", "SliceChannel"},
    {"stop_gradient", "BlockGrad"},
    {"sum_axis", "sum"},
    {"swapaxes", "SwapAxis"},
    {"unravel_index", "_unravel_index"},
};

}  // namespace registry_detail
}  // namespace predictor
