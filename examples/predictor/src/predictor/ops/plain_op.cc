#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {

PlainOp::PlainOp(const void* state, size_t bytes, const Functions& functions,
                 const PlainTraits& traits)
    : state_((bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t)), functions_(functions) {
  traits_.inputs = traits.inputs;
  if (*traits.inputs == 0) {
    traits_.least_inputs = 0;
    traits_.most_inputs = 0;
  }
  std::memcpy(state_.data(), state, bytes);
  traits_.outputs = traits.outputs;
  traits_.type = traits.type;
  traits_.type_input = traits.type_input;
}

void PlainOp::infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const {
  functions_.infer(state_.data(), inputs, outputs);
}

Unique<Kernel> PlainOp::make_float_kernel(const KernelRequest& request) const {
  KernelTraits traits;
  traits.workspace_floats = functions_.workspace(state_.data(), request);
  return std::make_unique<FunctionKernel>(state_, functions_.run, traits);
}

}  // namespace predictor
