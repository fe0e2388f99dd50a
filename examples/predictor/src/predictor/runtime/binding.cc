#include "predictor/runtime/binding.h"

#include <utility>

#include "predictor/base/error.h"
#include "predictor/formats/array_list.h"
#include "predictor/formats/symbol.h"
#include "predictor/graph/layouts.h"
#include "predictor/graph/steps.h"

namespace PREDICTOR_HIDDEN predictor {
namespace binding_detail {

// The shapes of weights are known from their values where the graph does not determine them.
static ShapesByName fallback_shapes(const Model& model, const ShapesByName& old_shapes) {
  ShapesByName shapes = old_shapes;
  for (const auto& variable : model.graph->variables) {
    const Array& weight = model.weights[model.graph->nodes[variable.second].first_output];
    if (weight.type.shape.has_rank()) put(&shapes, variable.first, weight.type.shape);
  }
  return shapes;
}

}  // namespace binding_detail

Shared<Model> read_model(TextView symbol_json, Span<const unsigned char> params,
                         const Vector<String>& output_keys) {
  Shared<Model> model = make_shared_object<Model>();
  model->isa = isa_from_environment();
  model->graph = build_graph(read_symbol(symbol_json), output_keys);
  model->weights.resize(model->graph->value_count());
  for (NamedArray& entry : read_array_list(params)) {
    const TextView name = entry.name;
    if (!starts_with(name, "arg:") && !starts_with(name, "aux:")) continue;
    const Node* node = model->graph->find_variable(name.part(4).string());
    if (!node) continue;
    model->weights[node->first_output] = std::move(entry.array);
    model->weight_types.push_back({node->name, entry.dtype});
  }
  return model;
}

Binding::Binding(const Shared<Model>& model, const InputTypes& asked,
                 const ShapesByName& old_shapes)
    : model_(model), inputs_(asked) {
  Vector<NamedType> dtypes = model->weight_types;
  for (NamedType given : asked.dtypes) dtypes.push_back(std::move(given));
  types_ = infer_types(graph(), asked.shapes, binding_detail::fallback_shapes(*model, old_shapes),
                       dtypes);
  // what was an input stays one, named or not
  for (const auto& input : old_shapes) inputs_.shapes.insert(input);
  is_constant_.resize(types_.size(), false);
  needs_value_.resize(types_.size());
  for (const Node& node : graph().nodes) {
    if (node.is_variable()) bind_weight(node);
  }
}

void Binding::bind_weight(const Node& node) {
  const TensorType& type = types_[node.first_output];
  const bool is_input = inputs_.shapes.count(node.name) != 0;
  const Array& weight = model_->weights[node.first_output];
  if (!weight.type.shape.has_rank()) {
    // with its shape in the symbol file, it may be an input that is yet to be set
    check(is_input || node.is_ignored || node.declared.shape.is_known(),
          {"the weight '", node.name, "', of shape ", type.shape,
           ", is not in the parameter file, and it is not among the inputs"});
    needs_value_[node.first_output] = !is_input && !node.is_ignored;
    return;
  }
  check(weight.type.shape == type.shape,
        {"the weight '", node.name, "' has the shape ", weight.type.shape,
         " in the parameter file, but the network needs ", type.shape});
  if (is_input) return;
  is_constant_[node.first_output] = true;
  types_[node.first_output].dtype = DType::kFloat32;
}

Tensor Binding::constant(size_t value) const {
  return is_constant_[value] ? model_->weights[value].tensor() : Tensor();
}

Shared<Program> Binding::program(bool is_fused, bool is_last) const {
  const Lock lock(model_->mutex);
  Shared<Program>& program = programs_[is_fused];
  if (program) return program;
  check(is_fused || !model_->packed,
        {"MXPredForward has packed the weights of this network already: single operators can be "
         "run or monitored by a predictor that is created anew"});
  Vector<Tensor> constants;
  for (size_t value = 0; value < types_.size(); ++value) constants.push_back(constant(value));
  Steps steps =
      is_fused ? fused_steps(graph(), types_, constants, is_constant_) : plain_steps(graph());
  if (is_fused) block_images(graph(), types_, model_->isa, &steps);
  const bool releases = is_fused && is_last && model_.is_only();
  program =
      make_shared_object<Program>(graph(), types_, constants, steps, model_->isa,
                                  model_->packed.get(), releases ? &model_->weights : nullptr);
  if (releases) model_->packed = program;
  return program;
}

}  // namespace predictor
