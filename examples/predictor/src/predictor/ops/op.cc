#include "predictor/ops/op.h"

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {

String Op::output_suffix(size_t index) const {
  if (output_count() == 1) return "output";
  return concat({"output", static_cast<uint64_t>(index)});
}

void Op::infer_types(Span<const DType> inputs, Span<DType> outputs) const {
  const bool is_typed = traits_.type != OpTraits::kSameType;
  for (size_t i = 0; i < outputs.size(); ++i) {
    outputs[i] = DType::kFloat32;
    if (traits_.type_input < inputs.size()) outputs[i] = inputs[traits_.type_input];
    if (is_typed && i < 32 && (traits_.typed >> i & 1u) != 0) {
      outputs[i] = static_cast<DType>(traits_.type);
    }
  }
}

bool Op::as_affine(Span<const Tensor>, Vector<float>*, Vector<float>*) const { return false; }

bool Op::as_activation(Fusion*) const { return false; }

void merge_shape(Shape& shape, const Shape& known, TextView what) {
  bool conflict = false;
  shape.merge(known, &conflict);
  check(!conflict, {what, " has the shape ", shape, ", but ", known, " is needed"});
}

}  // namespace predictor
