#include "predictor/ops/float_op.h"

#include <cstring>
#include <new>
#include <utility>

#include "predictor/base/error.h"
#include "predictor/tensor/conversion.h"

namespace PREDICTOR_HIDDEN predictor {
namespace float_op_detail {

static bool are_floats(Span<const TensorType> types) {
  for (const TensorType& type : types) {
    if (type.dtype != DType::kFloat32) return false;
  }
  return true;
}

static Vector<TensorType> as_floats(Span<const TensorType> types) {
  Vector<TensorType> floats;
  for (const TensorType& type : types) floats.push_back({type.shape, DType::kFloat32});
  return floats;
}

// Floats of the workspace, in whole cache lines.
static size_t rounded_up(size_t floats) {
  const size_t line = Buffer::kAlignment / sizeof(float);
  return (floats + line - 1) / line * line;
}

// Runs another kernel on float32 copies of what is not float32.
class ConvertingKernel : public Kernel {
 public:
  ConvertingKernel(Unique<Kernel> kernel, const KernelRequest& request)
      : kernel_(std::move(kernel)), own_floats_(rounded_up(kernel_->workspace_floats())) {
    for (const TensorType& type : request.inputs) add(type);
    for (const TensorType& type : request.outputs) add(type);
    if (request.fusion && request.fusion->has_residual) add(request.outputs[0]);
    traits_.workspace_floats += own_floats_ + rounded_up(tensor_count_ * kTensorFloats);
    for (size_t i = 0; i < request.inputs.size(); ++i) {
      if (kernel_->keeps(i)) traits_.keeps |= 1u << i;
    }
  }

  void run(const KernelRun& tensors) const override {
    const size_t input_count = tensors.inputs.size();
    const size_t output_count = tensors.outputs.size();
    Tensor* converted = reinterpret_cast<Tensor*>(tensors.workspace + own_floats_);
    float* next = tensors.workspace + own_floats_ + rounded_up(tensor_count_ * kTensorFloats);
    for (size_t i = 0; i < input_count + output_count; ++i) {
      const bool is_input = i < input_count;
      const Tensor& tensor = is_input ? tensors.inputs[i] : tensors.outputs[i - input_count];
      new (converted + i) Tensor(tensor);
      if (tensor.type.dtype == DType::kFloat32) continue;
      converted[i].type.dtype = DType::kFloat32;
      converted[i].data = next;
      next += rounded_up(tensor.count());
      if (is_input && tensor.data) {
        convert_to_floats(tensor.type.dtype, tensor.data, tensor.count(), converted[i].floats());
      }
    }
    kernel_->run(
        {{converted, input_count}, {converted + input_count, output_count}, tensors.workspace});
    for (size_t i = 0; i < output_count; ++i) {
      const Tensor& output = tensors.outputs[i];
      const float* values = converted[input_count + i].floats();
      if (values == output.data) continue;
      convert_from_floats(output.type.dtype, values, output.count(), output.data);
    }
  }

 private:
  static constexpr size_t kTensorFloats = sizeof(Tensor) / sizeof(float);

  void add(const TensorType& type) {
    ++tensor_count_;
    if (type.dtype == DType::kFloat32) return;
    traits_.workspace_floats += rounded_up(static_cast<size_t>(type.shape.elements()));
  }

  Unique<Kernel> kernel_;
  size_t own_floats_;
  size_t tensor_count_ = 0;
};

}  // namespace float_op_detail

Unique<Kernel> FloatOp::make_kernel(const KernelRequest& request) const {
  namespace detail = float_op_detail;
  if (detail::are_floats(request.inputs) && detail::are_floats(request.outputs)) {
    return make_float_kernel(request);
  }
  const Vector<TensorType> inputs = detail::as_floats(request.inputs);
  const Vector<TensorType> outputs = detail::as_floats(request.outputs);
  return std::make_unique<detail::ConvertingKernel>(
      make_float_kernel({request.isa, inputs, outputs, request.constants, request.fusion}),
      request);
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
