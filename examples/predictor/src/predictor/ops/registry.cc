#include "predictor/ops/registry.h"

#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace registry_detail {

template <typename Enum>
static constexpr int to_int(Enum value) {
  return static_cast<int>(value);
}

// Sorted by name, aliases included.
static constexpr OpDefinition kOps[] = {
    {"Activation", parse_activation, 0},
    {"BatchNorm", parse_batch_norm, 0},
    {"BatchNorm_v1", parse_batch_norm, 0},
    {"BlockGrad", parse_identity, 0},
    {"Cast", parse_cast, 0},
    {"Concat", parse_concat, 0},
    {"Convolution", parse_convolution, 0},
    {"Convolution_v1", parse_convolution, 0},
    {"CuDNNBatchNorm", parse_batch_norm, 0},
    {"Dropout", parse_dropout, 0},
    {"ElementWiseSum", parse_sum_of_all, 0},
    {"Flatten", parse_flatten, 0},
    {"FullyConnected", parse_fully_connected, 0},
    {"LRN", parse_lrn, 0},
    {"LeakyReLU", parse_leaky_relu, 0},
    {"LinearRegressionOutput", parse_regression_output, 0},
    {"LogisticRegressionOutput", parse_regression_output, 1},
    {"MAERegressionOutput", parse_regression_output, 0},
    {"MakeLoss", parse_make_loss, 0},
    {"Pooling", parse_pooling, 2},
    {"Pooling_v1", parse_pooling, 1},
    {"Reshape", parse_reshape, 0},
    {"SVMOutput", parse_regression_output, 0},
    {"SliceChannel", parse_split, 0},
    {"Softmax", parse_softmax_output, 0},
    {"SoftmaxActivation", parse_softmax_activation, 0},
    {"SoftmaxOutput", parse_softmax_output, 0},
    {"_Div", parse_elementwise, to_int(BinaryFunction::kDivide)},
    {"_DivScalar", parse_scalar, to_int(BinaryFunction::kDivide)},
    {"_Equal", parse_elementwise, to_int(BinaryFunction::kEqual)},
    {"_EqualScalar", parse_scalar, to_int(BinaryFunction::kEqual)},
    {"_Greater", parse_elementwise, to_int(BinaryFunction::kGreater)},
    {"_GreaterEqualScalar", parse_scalar, to_int(BinaryFunction::kGreaterEqual)},
    {"_GreaterScalar", parse_scalar, to_int(BinaryFunction::kGreater)},
    {"_Greater_Equal", parse_elementwise, to_int(BinaryFunction::kGreaterEqual)},
    {"_HypotScalar", parse_scalar, to_int(BinaryFunction::kHypot)},
    {"_Lesser", parse_elementwise, to_int(BinaryFunction::kLesser)},
    {"_LesserEqualScalar", parse_scalar, to_int(BinaryFunction::kLesserEqual)},
    {"_LesserScalar", parse_scalar, to_int(BinaryFunction::kLesser)},
    {"_Lesser_Equal", parse_elementwise, to_int(BinaryFunction::kLesserEqual)},
    {"_LogicalAndScalar", parse_scalar, to_int(BinaryFunction::kLogicalAnd)},
    {"_LogicalOrScalar", parse_scalar, to_int(BinaryFunction::kLogicalOr)},
    {"_LogicalXorScalar", parse_scalar, to_int(BinaryFunction::kLogicalXor)},
    {"_Logical_And", parse_elementwise, to_int(BinaryFunction::kLogicalAnd)},
    {"_Logical_Or", parse_elementwise, to_int(BinaryFunction::kLogicalOr)},
    {"_Logical_Xor", parse_elementwise, to_int(BinaryFunction::kLogicalXor)},
    {"_Maximum", parse_elementwise, to_int(BinaryFunction::kMaximum)},
    {"_MaximumScalar", parse_scalar, to_int(BinaryFunction::kMaximum)},
    {"_Minimum", parse_elementwise, to_int(BinaryFunction::kMinimum)},
    {"_MinimumScalar", parse_scalar, to_int(BinaryFunction::kMinimum)},
    {"_Minus", parse_elementwise, to_int(BinaryFunction::kSubtract)},
    {"_MinusScalar", parse_scalar, to_int(BinaryFunction::kSubtract)},
    {"_Mod", parse_elementwise, to_int(BinaryFunction::kModulo)},
    {"_ModScalar", parse_scalar, to_int(BinaryFunction::kModulo)},
    {"_Mul", parse_elementwise, to_int(BinaryFunction::kMultiply)},
    {"_MulScalar", parse_scalar, to_int(BinaryFunction::kMultiply)},
    {"_NotEqualScalar", parse_scalar, to_int(BinaryFunction::kNotEqual)},
    {"_Not_Equal", parse_elementwise, to_int(BinaryFunction::kNotEqual)},
    {"_Plus", parse_elementwise, to_int(BinaryFunction::kAdd)},
    {"_PlusScalar", parse_scalar, to_int(BinaryFunction::kAdd)},
    {"_Power", parse_elementwise, to_int(BinaryFunction::kPower)},
    {"_PowerScalar", parse_scalar, to_int(BinaryFunction::kPower)},
    {"_RDivScalar", parse_scalar, to_int(BinaryFunction::kDivide) + kScalarFirst},
    {"_RMinusScalar", parse_scalar, to_int(BinaryFunction::kSubtract) + kScalarFirst},
    {"_RModScalar", parse_scalar, to_int(BinaryFunction::kModulo) + kScalarFirst},
    {"_RPowerScalar", parse_scalar, to_int(BinaryFunction::kPower) + kScalarFirst},
    {"_add", parse_elementwise, to_int(BinaryFunction::kAdd)},
    {"_contrib_SyncBatchNorm", parse_batch_norm, 0},
    {"_copy", parse_identity, 0},
    {"_div", parse_elementwise, to_int(BinaryFunction::kDivide)},
    {"_div_scalar", parse_scalar, to_int(BinaryFunction::kDivide)},
    {"_equal", parse_elementwise, to_int(BinaryFunction::kEqual)},
    {"_equal_scalar", parse_scalar, to_int(BinaryFunction::kEqual)},
    {"_grad_add", parse_elementwise, to_int(BinaryFunction::kAdd)},
    {"_greater", parse_elementwise, to_int(BinaryFunction::kGreater)},
    {"_greater_equal", parse_elementwise, to_int(BinaryFunction::kGreaterEqual)},
    {"_greater_equal_scalar", parse_scalar, to_int(BinaryFunction::kGreaterEqual)},
    {"_greater_scalar", parse_scalar, to_int(BinaryFunction::kGreater)},
    {"_hypot", parse_elementwise, to_int(BinaryFunction::kHypot)},
    {"_hypot_scalar", parse_scalar, to_int(BinaryFunction::kHypot)},
    {"_lesser", parse_elementwise, to_int(BinaryFunction::kLesser)},
    {"_lesser_equal", parse_elementwise, to_int(BinaryFunction::kLesserEqual)},
    {"_lesser_equal_scalar", parse_scalar, to_int(BinaryFunction::kLesserEqual)},
    {"_lesser_scalar", parse_scalar, to_int(BinaryFunction::kLesser)},
    {"_logical_and", parse_elementwise, to_int(BinaryFunction::kLogicalAnd)},
    {"_logical_and_scalar", parse_scalar, to_int(BinaryFunction::kLogicalAnd)},
    {"_logical_or", parse_elementwise, to_int(BinaryFunction::kLogicalOr)},
    {"_logical_or_scalar", parse_scalar, to_int(BinaryFunction::kLogicalOr)},
    {"_logical_xor", parse_elementwise, to_int(BinaryFunction::kLogicalXor)},
    {"_logical_xor_scalar", parse_scalar, to_int(BinaryFunction::kLogicalXor)},
    {"_maximum", parse_elementwise, to_int(BinaryFunction::kMaximum)},
    {"_maximum_scalar", parse_scalar, to_int(BinaryFunction::kMaximum)},
    {"_minimum", parse_elementwise, to_int(BinaryFunction::kMinimum)},
    {"_minimum_scalar", parse_scalar, to_int(BinaryFunction::kMinimum)},
    {"_minus", parse_elementwise, to_int(BinaryFunction::kSubtract)},
    {"_minus_scalar", parse_scalar, to_int(BinaryFunction::kSubtract)},
    {"_mod", parse_elementwise, to_int(BinaryFunction::kModulo)},
    {"_mod_scalar", parse_scalar, to_int(BinaryFunction::kModulo)},
    {"_mul", parse_elementwise, to_int(BinaryFunction::kMultiply)},
    {"_mul_scalar", parse_scalar, to_int(BinaryFunction::kMultiply)},
    {"_not_equal", parse_elementwise, to_int(BinaryFunction::kNotEqual)},
    {"_not_equal_scalar", parse_scalar, to_int(BinaryFunction::kNotEqual)},
    {"_plus", parse_elementwise, to_int(BinaryFunction::kAdd)},
    {"_plus_scalar", parse_scalar, to_int(BinaryFunction::kAdd)},
    {"_power", parse_elementwise, to_int(BinaryFunction::kPower)},
    {"_power_scalar", parse_scalar, to_int(BinaryFunction::kPower)},
    {"_rdiv_scalar", parse_scalar, to_int(BinaryFunction::kDivide) + kScalarFirst},
    {"_rminus_scalar", parse_scalar, to_int(BinaryFunction::kSubtract) + kScalarFirst},
    {"_rmod_scalar", parse_scalar, to_int(BinaryFunction::kModulo) + kScalarFirst},
    {"_rnn_param_concat", parse_concat, 0},
    {"_rpower_scalar", parse_scalar, to_int(BinaryFunction::kPower) + kScalarFirst},
    {"_sub", parse_elementwise, to_int(BinaryFunction::kSubtract)},
    {"abs", parse_unary, to_int(MathFunction::kAbsolute)},
    {"add_n", parse_sum_of_all, 0},
    {"arccos", parse_unary, to_int(MathFunction::kArcCos)},
    {"arccosh", parse_unary, to_int(MathFunction::kArcCosh)},
    {"arcsin", parse_unary, to_int(MathFunction::kArcSin)},
    {"arcsinh", parse_unary, to_int(MathFunction::kArcSinh)},
    {"arctan", parse_unary, to_int(MathFunction::kArcTan)},
    {"arctanh", parse_unary, to_int(MathFunction::kArcTanh)},
    {"broadcast_add", parse_broadcast, to_int(BinaryFunction::kAdd)},
    {"broadcast_div", parse_broadcast, to_int(BinaryFunction::kDivide)},
    {"broadcast_equal", parse_broadcast, to_int(BinaryFunction::kEqual)},
    {"broadcast_greater", parse_broadcast, to_int(BinaryFunction::kGreater)},
    {"broadcast_greater_equal", parse_broadcast, to_int(BinaryFunction::kGreaterEqual)},
    {"broadcast_hypot", parse_broadcast, to_int(BinaryFunction::kHypot)},
    {"broadcast_lesser", parse_broadcast, to_int(BinaryFunction::kLesser)},
    {"broadcast_lesser_equal", parse_broadcast, to_int(BinaryFunction::kLesserEqual)},
    {"broadcast_logical_and", parse_broadcast, to_int(BinaryFunction::kLogicalAnd)},
    {"broadcast_logical_or", parse_broadcast, to_int(BinaryFunction::kLogicalOr)},
    {"broadcast_logical_xor", parse_broadcast, to_int(BinaryFunction::kLogicalXor)},
    {"broadcast_maximum", parse_broadcast, to_int(BinaryFunction::kMaximum)},
    {"broadcast_minimum", parse_broadcast, to_int(BinaryFunction::kMinimum)},
    {"broadcast_minus", parse_broadcast, to_int(BinaryFunction::kSubtract)},
    {"broadcast_mod", parse_broadcast, to_int(BinaryFunction::kModulo)},
    {"broadcast_mul", parse_broadcast, to_int(BinaryFunction::kMultiply)},
    {"broadcast_not_equal", parse_broadcast, to_int(BinaryFunction::kNotEqual)},
    {"broadcast_plus", parse_broadcast, to_int(BinaryFunction::kAdd)},
    {"broadcast_power", parse_broadcast, to_int(BinaryFunction::kPower)},
    {"broadcast_sub", parse_broadcast, to_int(BinaryFunction::kSubtract)},
    {"cast", parse_cast, 0},
    {"cbrt", parse_unary, to_int(MathFunction::kCubeRoot)},
    {"ceil", parse_unary, to_int(MathFunction::kCeil)},
    {"clip", parse_clip, 0},
    {"concat", parse_concat, 0},
    {"cos", parse_unary, to_int(MathFunction::kCos)},
    {"cosh", parse_unary, to_int(MathFunction::kCosh)},
    {"degrees", parse_unary, to_int(MathFunction::kDegrees)},
    {"elemwise_add", parse_elementwise, to_int(BinaryFunction::kAdd)},
    {"elemwise_div", parse_elementwise, to_int(BinaryFunction::kDivide)},
    {"elemwise_mul", parse_elementwise, to_int(BinaryFunction::kMultiply)},
    {"elemwise_sub", parse_elementwise, to_int(BinaryFunction::kSubtract)},
    {"erf", parse_unary, to_int(MathFunction::kErf)},
    {"exp", parse_unary, to_int(MathFunction::kExp)},
    {"expand_dims", parse_expand_dims, 0},
    {"expm1", parse_unary, to_int(MathFunction::kExpm1)},
    {"fix", parse_unary, to_int(MathFunction::kTruncate)},
    {"flatten", parse_flatten, 0},
    {"floor", parse_unary, to_int(MathFunction::kFloor)},
    {"gamma", parse_unary, to_int(MathFunction::kGamma)},
    {"gammaln", parse_unary, to_int(MathFunction::kLogGamma)},
    {"hard_sigmoid", parse_hard_sigmoid, 0},
    {"identity", parse_identity, 0},
    {"log", parse_unary, to_int(MathFunction::kLog)},
    {"log10", parse_unary, to_int(MathFunction::kLog10)},
    {"log1p", parse_unary, to_int(MathFunction::kLog1p)},
    {"log2", parse_unary, to_int(MathFunction::kLog2)},
    {"log_sigmoid", parse_unary, to_int(MathFunction::kLogSigmoid)},
    {"log_softmax", parse_softmax, to_int(SoftmaxVariant::kLogSoftmax)},
    {"logical_not", parse_unary, to_int(MathFunction::kLogicalNot)},
    {"make_loss", parse_identity, 0},
    {"mish", parse_unary, to_int(MathFunction::kMish)},
    {"negative", parse_unary, to_int(MathFunction::kNegative)},
    {"radians", parse_unary, to_int(MathFunction::kRadians)},
    {"rcbrt", parse_unary, to_int(MathFunction::kReciprocalCubeRoot)},
    {"reciprocal", parse_unary, to_int(MathFunction::kReciprocal)},
    {"relu", parse_unary, to_int(MathFunction::kRelu)},
    {"reshape", parse_reshape, 0},
    {"reshape_like", parse_reshape_like, 0},
    {"rint", parse_unary, to_int(MathFunction::kRoundDownHalves)},
    {"round", parse_unary, to_int(MathFunction::kRound)},
    {"rsqrt", parse_unary, to_int(MathFunction::kReciprocalSquareRoot)},
    {"sigmoid", parse_unary, to_int(MathFunction::kSigmoid)},
    {"sign", parse_unary, to_int(MathFunction::kSign)},
    {"sin", parse_unary, to_int(MathFunction::kSin)},
    {"sinh", parse_unary, to_int(MathFunction::kSinh)},
    {"softmax", parse_softmax, to_int(SoftmaxVariant::kSoftmax)},
    {"softmin", parse_softmax, to_int(SoftmaxVariant::kSoftmin)},
    {"softsign", parse_unary, to_int(MathFunction::kSoftSign)},
    {"split", parse_split, 0},
    {"sqrt", parse_unary, to_int(MathFunction::kSquareRoot)},
    {"square", parse_unary, to_int(MathFunction::kSquare)},
    {"squeeze", parse_squeeze, 0},
    {"stack", parse_stack, 0},
    {"stop_gradient", parse_identity, 0},
    {"tan", parse_unary, to_int(MathFunction::kTan)},
    {"tanh", parse_unary, to_int(MathFunction::kTanh)},
    {"trunc", parse_unary, to_int(MathFunction::kTruncate)},
};
static constexpr size_t kOpCount = sizeof(kOps) / sizeof(kOps[0]);

static constexpr bool is_before(const char* a, const char* b) {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a < *b;
}
static constexpr bool is_sorted() {
  for (size_t i = 1; i < kOpCount; ++i) {
    if (!is_before(kOps[i - 1].name, kOps[i].name)) return false;
  }
  return true;
}
static_assert(is_sorted(), "find_op searches by halving");

}  // namespace registry_detail

const OpDefinition* find_op(TextView name) {
  size_t first = 0;
  size_t last = registry_detail::kOpCount;
  while (first < last) {
    const size_t middle = (first + last) / 2;
    const OpDefinition& op = registry_detail::kOps[middle];
    const int order = compare(name, op.name);
    if (order == 0) return &op;
    if (order < 0) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return nullptr;
}

}  // namespace predictor
