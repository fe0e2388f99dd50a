#include "predictor/runtime/predictor.h"

#include <cstring>
#include <memory>
#include <utility>

#include "predictor/base/error.h"
#include "predictor/runtime/monitored.h"
#include "predictor/tensor/conversion.h"

namespace PREDICTOR_HIDDEN predictor {

Predictor::Predictor(const Shared<Binding>& binding)
    : binding_(binding),
      inputs_(binding->graph().value_count()),
      is_set_(inputs_.size()),
      has_run_(binding->graph().nodes.size()) {
  for (const Node& node : binding->graph().nodes) {
    const size_t value = node.first_output;
    if (!node.is_variable() || binding->is_constant(value)) continue;
    Array array(binding->type(value));
    // an input that the parameter file has as well starts with that value
    const Array& initial = binding->model()->weights[value];
    if (initial.buffer) {
      convert_from_floats(array.type.dtype, initial.buffer->floats(), initial.tensor().count(),
                          array.buffer->data());
    }
    inputs_[value] = std::move(array);
  }
}

Unique<Predictor> Predictor::reshaped(const ShapesByName& shapes) const {
  const Graph& graph = binding_->graph();
  const InputTypes& old = binding_->inputs();
  for (const auto& input : shapes) {
    const Node* node = graph.find_variable(input.first);
    check(!node || inputs_[node->first_output].buffer,
          {"'", input.first, "' is a weight: only inputs can be given another shape"});
  }
  ShapesByName kept;
  for (const auto& input : old.shapes) {
    const Node* node = graph.find_variable(input.first);
    if (!node || shapes.count(input.first)) continue;
    kept.emplace(input.first, binding_->type(node->first_output).shape);
  }
  Unique<Predictor> result = std::make_unique<Predictor>(
      make_shared_object<Binding>(binding_->model(), InputTypes{shapes, old.dtypes}, kept));
  for (size_t value = 0; value < inputs_.size(); ++value) {
    const Node& node = graph.producer_of(value);
    if (!inputs_[value].buffer || shapes.count(node.name)) continue;
    result->adopt(node, inputs_[value]);
    result->is_set_[value] = is_set_[value];
  }
  return result;
}

void Predictor::adopt(const Node& node, const Array& old) {
  Array& array = inputs_[node.first_output];
  const bool has_old_shape = array.type.shape == old.type.shape;
  check(has_old_shape || node.is_ignored,
        {"the shape of '", node.name, "' would change from ", old.type.shape, " to ",
         array.type.shape, ": name it among the inputs"});
  if (has_old_shape) std::memcpy(array.buffer->data(), old.buffer->data(), array.type.bytes());
}

const TensorType& Predictor::output_type(size_t index) const {
  check(index < output_count(), {"there is no output ", static_cast<uint64_t>(index),
                                 ": the network has ", static_cast<uint64_t>(output_count())});
  return binding_->type(binding_->graph().heads[index]);
}

void Predictor::set_input(const String& name, const void* data, size_t count) {
  const Node* node = binding_->graph().find_variable(name);
  check(node != nullptr, {"the network has no input '", name, "'"});
  const Array& input = inputs_[node->first_output];
  check(static_cast<bool>(input.buffer),
        {"'", name, "' is a weight: it cannot be set after the predictor was created"});
  const TensorType& type = input.type;
  check(static_cast<size_t>(type.shape.elements()) == count,
        {"the input '", name, "' has the shape ", type.shape, ", that is ", type.shape.elements(),
         " elements, not ", static_cast<uint64_t>(count)});
  std::memcpy(input.buffer->data(), data, type.bytes());
  is_set_[node->first_output] = true;
}

void Predictor::check_inputs() const {
  for (const auto& variable : binding_->graph().variables) {
    const size_t value = binding_->graph().nodes[variable.second].first_output;
    check(!binding_->needs_value(value) || is_set_[value],
          {"the weight '", variable.first, "', of shape ", binding_->type(value).shape,
           ", is not in the parameter file, and it has not been set"});
  }
}

void Predictor::prepare(bool is_fused) {
  check_inputs();
  if (executor_) {
    check(
        is_fused || !is_fused_,
        {"MXPredForward has joined operators already: single ones can be run or monitored only if "
         "that comes first"});
    return;
  }
  executor_ = std::make_unique<Executor>(*binding_, binding_->program(is_fused, binding_.is_only()),
                                         inputs_);
  is_fused_ = is_fused;
}

void Predictor::forward() {
  prepare(!monitor_ && (!executor_ || is_fused_));
  for (size_t i = 0; i < executor_->stage_count(); ++i) run_stage(i);
  has_run_.assign(has_run_.size(), true);
}

size_t Predictor::partial_forward(size_t step) {
  prepare(false);
  const size_t node_count = binding_->graph().nodes.size();
  if (step >= node_count) return 0;
  for (size_t i = 0; i < executor_->stage_count(); ++i) {
    if (executor_->stage(i).node == step) run_stage(i);
  }
  has_run_[step] = true;
  return node_count - step - 1;
}

void Predictor::copy_output(size_t index, void* data, size_t count) const {
  const TensorType& type = output_type(index);
  check(static_cast<size_t>(type.shape.elements()) == count,
        {"output ", static_cast<uint64_t>(index), " has the shape ", type.shape, ", that is ",
         type.shape.elements(), " elements, not ", static_cast<uint64_t>(count)});
  const size_t node = binding_->graph().producer[binding_->graph().heads[index]];
  check(has_run_[node], {"the network has not been run yet"});
  std::memcpy(data, executor_->output(index).data, type.bytes());
}

void Predictor::set_monitor(Unique<Monitor> monitor) {
  check(!monitor || !executor_ || !is_fused_,
        {"a monitor has to be set before the first MXPredForward, which joins operators"});
  monitor_ = std::move(monitor);
}

void Predictor::run_stage(size_t index) {
  const Stage& stage = executor_->stage(index);
  if (monitor_ && monitor_->wants_inputs()) show_inputs(stage);
  executor_->run(index);
  if (monitor_) show_outputs(stage);
}

void Predictor::show_inputs(const Stage& stage) {
  const Node& node = binding_->graph().nodes[stage.node];
  for (size_t i = 0; i < stage.inputs.size(); ++i) {
    const Tensor& value = executor_->tensor(stage.inputs[i]);
    const Node& producer = binding_->graph().producer_of(stage.inputs[i]);
    if (producer.is_variable()) monitor_->show(producer.name.c_str(), value);
    monitor_->show(monitored_input(node, i).c_str(), value);
  }
}

void Predictor::show_outputs(const Stage& stage) {
  for (const size_t value : stage.outputs) {
    monitor_->show(binding_->graph().value_name(value).c_str(), executor_->tensor(value));
  }
}

}  // namespace predictor
