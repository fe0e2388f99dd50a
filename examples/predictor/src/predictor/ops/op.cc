#include "predictor/ops/op.h"

#include <new>
#include <utility>

#include "predictor/base/error.h"
#include "predictor/tensor/conversion.h"

namespace PREDICTOR_HIDDEN predictor {

namespace op_detail {

static Vector<TextView> words_of(const char* text) {
  Vector<TextView> words;
  while (*text != 0) {
    size_t size = 0;
    while (text[size] != 0 && text[size] != ' ') ++size;
    words.push_back({text, size});
    text += size;
    if (*text == ' ') ++text;
  }
  return words;
}

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

}  // namespace op_detail

Vector<TextView> Op::input_names() const { return op_detail::words_of(traits_.inputs); }

String Op::output_suffix(size_t index) const {
  const Vector<TextView> suffixes = op_detail::words_of(traits_.suffixes);
  if (index < suffixes.size()) return suffixes[index].string();
  if (output_count() == 1) return "output";
  return concat({"output", static_cast<uint64_t>(index)});
}

void Op::infer_types(Span<const DType> inputs, Span<DType> outputs) const {
  const bool is_typed = traits_.type >= 0;
  DType type = DType::kFloat32;
  if (traits_.type_input < inputs.size()) type = inputs[traits_.type_input];
  if (traits_.type < OpTraits::kSameType) {
    const bool is_widest = traits_.type == OpTraits::kWidestType;
    for (const DType input : inputs) {
      if ((element_size(input) > element_size(type)) == is_widest) type = input;
    }
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    outputs[i] = type;
    if (is_typed && i < 32 && (traits_.typed >> i & 1u) != 0) {
      outputs[i] = static_cast<DType>(traits_.type);
    }
  }
}

Unique<Kernel> Op::make_kernel(const KernelRequest& request) const {
  if (op_detail::are_floats(request.inputs) && op_detail::are_floats(request.outputs)) {
    return make_float_kernel(request);
  }
  const Vector<TensorType> inputs = op_detail::as_floats(request.inputs);
  const Vector<TensorType> outputs = op_detail::as_floats(request.outputs);
  return std::make_unique<op_detail::ConvertingKernel>(
      make_float_kernel({request.isa, inputs, outputs, request.constants, request.fusion}),
      request);
}

bool Op::as_affine(Span<const Tensor>, Vector<float>*, Vector<float>*) const { return false; }

bool Op::as_activation(Fusion*) const { return false; }

void merge_shape(Shape& shape, const Shape& known, TextView what) {
  bool conflict = false;
  shape.merge(known, &conflict);
  check(!conflict, {what, " has the shape ", shape, ", but ", known, " is needed"});
}

}  // namespace predictor
