// The kernel of the operators that multiply by weights: packs constant weights once, folds what is
// fused into weights and bias, and packs other weights anew in each run.
#pragma once

#include "predictor/base/shared.h"
#include "predictor/kernels/epilogue.h"
#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// Inputs of every such operator: data, weight and, unless there is none, bias.
constexpr size_t kWeightInput = 1;
constexpr size_t kBiasInput = 2;

// Bias, residual and activation of a kernel, with a Fusion's scale and shift folded into the bias.
class ProductEpilogue {
 public:
  // Throws an Error where something is to be folded into a bias that is not constant.
  ProductEpilogue(const KernelRequest& request, size_t out_channels);
  // The residual's input alone, or none, as a set in KernelTraits.
  uint32_t residual_set() const { return residual_input_ < 32 ? 1u << residual_input_ : 0; }
  Epilogue with(const KernelRun& tensors) const;

 private:
  Vector<float> bias_;
  bool is_bias_read_ = false;                        // in each run, as it is not constant
  size_t residual_input_ = static_cast<size_t>(-1);  // SIZE_MAX: there is none
  Epilogue fixed_;
};

// The constant weights (out_channels, ...) with each channel multiplied by its fused scale; the
// weights themselves, and `scaled` untouched, where nothing is fused or all is packed already. (A
// Buffer gives its memory back to the system, a heap would keep it.) Throws an Error for a scale of
// weights that are not constant.
const float* fold_scale(const KernelRequest& request, Shared<Buffer>* scaled);

// ShapeType and the four functions are those of one header of predictor/kernels.
template <typename ShapeType, size_t (*kPackedFloats)(Isa, const ShapeType&),
          void (*kPack)(Isa, const ShapeType&, const float*, float*),
          size_t (*kWorkspaceFloats)(Isa, const ShapeType&),
          void (*kRun)(Isa, const ShapeType&, const float*, const float*, const Epilogue&, float*,
                       float*)>
class ProductKernel : public Kernel {
 public:
  ProductKernel(const KernelRequest& request, const ShapeType& shape, size_t out_channels)
      : isa_(request.isa),
        shape_(shape),
        epilogue_(request, out_channels),
        packed_floats_(rounded_up(kPackedFloats(isa_, shape))) {
    Shared<Buffer> scaled;
    const float* weight = fold_scale(request, &scaled);
    traits_.workspace_floats = kWorkspaceFloats(isa_, shape_);
    traits_.writes_over = epilogue_.residual_set();
    if (weight == nullptr && !request.packed) {
      traits_.workspace_floats += packed_floats_;
      return;
    }
    traits_.keeps |= 1u << kWeightInput;
    packed_ = request.packed;
    if (packed_) return;
    packed_ = make_shared_object<Buffer>(packed_floats_ * sizeof(float));
    kPack(isa_, shape_, weight, packed_->floats());
  }

  Shared<Buffer> packed() const override { return packed_; }

  void run(const KernelRun& tensors) const override {
    const float* packed = packed_ ? packed_->floats() : tensors.workspace;
    float* workspace = tensors.workspace;
    if (!packed_) {
      kPack(isa_, shape_, tensors.inputs[kWeightInput].floats(), workspace);
      workspace += packed_floats_;
    }
    kRun(isa_, shape_, packed, tensors.inputs[0].floats(), epilogue_.with(tensors), workspace,
         tensors.outputs[0].floats());
  }

 private:
  // What follows the packed weights in the workspace is aligned like them.
  static size_t rounded_up(size_t floats) {
    const size_t line = Buffer::kAlignment / sizeof(float);
    return (floats + line - 1) / line * line;
  }

  Isa isa_;
  ShapeType shape_;
  ProductEpilogue epilogue_;
  size_t packed_floats_;
  Shared<Buffer> packed_;  // null: the weights are not constant
};

}  // namespace predictor
