#include "predictor/ops/product_kernel.h"

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {

ProductEpilogue::ProductEpilogue(const KernelRequest& request, size_t out_channels) {
  const bool has_bias = request.inputs.size() > kBiasInput;
  const float* bias = has_bias ? request.constants[kBiasInput].floats() : nullptr;
  const Fusion none;
  const Fusion& fusion = request.fusion != nullptr ? *request.fusion : none;
  const bool is_folded = !fusion.scale.empty() || !fusion.shift.empty();
  is_bias_read_ = has_bias && bias == nullptr;
  check(!is_bias_read_ || !is_folded, {"nothing can be folded into a bias that is not constant"});
  if (bias != nullptr || is_folded) {
    bias_.resize(out_channels);
    for (size_t c = 0; c < out_channels; ++c) {
      const float scale = fusion.scale.empty() ? 1.0f : fusion.scale[c];
      const float shift = fusion.shift.empty() ? 0.0f : fusion.shift[c];
      bias_[c] = bias != nullptr ? bias[c] * scale + shift : shift;
    }
    fixed_.bias = bias_.data();
  }
  if (fusion.has_residual) residual_input_ = request.inputs.size();
  fixed_.activation = fusion.activation;
  fixed_.low = fusion.low;
  fixed_.high = fusion.high;
}

Epilogue ProductEpilogue::with(const KernelRun& tensors) const {
  Epilogue epilogue = fixed_;
  if (is_bias_read_) epilogue.bias = tensors.inputs[kBiasInput].floats();
  if (residual_input_ < tensors.inputs.size()) {
    epilogue.residual = tensors.inputs[residual_input_].floats();
  }
  return epilogue;
}

const float* fold_scale(const KernelRequest& request, Shared<Buffer>* scaled) {
  const float* weight = request.constants[kWeightInput].floats();
  if (request.fusion == nullptr || request.fusion->scale.empty() || request.packed) return weight;
  check(weight != nullptr, {"no scale can be folded into weights that are not constant"});
  const Vector<float>& scale = request.fusion->scale;
  const size_t count = request.constants[kWeightInput].count();
  const size_t row = count / scale.size();
  *scaled = make_shared_object<Buffer>(count * sizeof(float));
  float* out = (*scaled)->floats();
  for (size_t i = 0; i < count; ++i) out[i] = weight[i] * scale[i / row];
  return out;
}

}  // namespace predictor
