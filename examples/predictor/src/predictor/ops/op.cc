#include "predictor/ops/op.h"

#include "predictor/base/error.h"

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

}  // namespace op_detail

Vector<TextView> Op::input_names() const { return op_detail::words_of(traits_.inputs); }

String Op::output_suffix(size_t index) const {
  const Vector<TextView> suffixes = op_detail::words_of(traits_.suffixes);
  if (index < suffixes.size()) return suffixes[index].string();
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
