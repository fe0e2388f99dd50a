#include "predictor/ops/float_op.h"

#include <cstring>

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {
namespace float_op_detail {

static void check_types(Span<const TensorType> types, const char* what) {
  for (size_t i = 0; i < types.size(); ++i) {
    check(types[i].dtype == DType::kFloat32, {what, " ", static_cast<uint64_t>(i),
                                              " is not float32, the only type this operator has"});
  }
}

}  // namespace float_op_detail

Unique<Kernel> FloatOp::make_kernel(const KernelRequest& request) const {
  float_op_detail::check_types(request.inputs, "input");
  float_op_detail::check_types(request.outputs, "output");
  return make_float_kernel(request);
}

void ElementwiseOp::infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const {
  share_shape(inputs, outputs);
}

void share_shape(Span<Shape> inputs, Span<Shape> outputs) {
  Shape common;
  for (const Shape& input : inputs) merge_shape(common, input, "another input");
  for (const Shape& output : outputs) merge_shape(common, output, "the input");
  for (Shape& input : inputs) input = common;
  for (Shape& output : outputs) output = common;
}

Unique<Kernel> copy_kernel(const KernelRequest& request) {
  const size_t bytes = request.outputs[0].bytes();
  return function_kernel(
      [bytes](const KernelRun& tensors) {
        const void* from = tensors.inputs[0].data;
        if (from != tensors.outputs[0].data) std::memcpy(tensors.outputs[0].data, from, bytes);
      },
      {0, 1});
}

void parse_dtype(Attributes& attributes) {
  const int type = attributes.choice("dtype",
                                     {"None", "float32", "float64", "float16", "bfloat16", "uint8",
                                      "int8", "int32", "int64", "bool"},
                                     0);
  check(type <= 1, {"attribute 'dtype' is another type than float32, which is not supported"});
}

AxisView view_around(const Shape& shape, int axis) {
  return {static_cast<int>(shape.product(0, axis)), static_cast<int>(shape[axis]),
          static_cast<int>(shape.product(axis + 1, shape.rank()))};
}

}  // namespace predictor
