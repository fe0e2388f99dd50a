#include "predictor/ops/forms.h"

#include <cstring>

namespace PREDICTOR_HIDDEN predictor {

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

int parse_dtype(Attributes& attributes, int otherwise) {
  // None, then in the order of DType
  const int type =
      attributes.choice("dtype",
                        {"None", "float32", "float64", "float16", "uint8", "int32", "int8", "int64",
                         "bool", "int16", "uint16", "uint32", "uint64", "bfloat16"},
                        0);
  return type == 0 ? otherwise : type - 1;
}

AxisView view_around(const Shape& shape, int axis) {
  return {static_cast<int>(shape.product(0, axis)), static_cast<int>(shape[axis]),
          static_cast<int>(shape.product(axis + 1, shape.rank()))};
}

}  // namespace predictor
