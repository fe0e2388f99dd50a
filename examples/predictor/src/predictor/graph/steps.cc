#include "predictor/graph/steps.h"

#include <utility>

namespace PREDICTOR_HIDDEN predictor {
namespace steps_detail {

static constexpr size_t kNoStep = static_cast<size_t>(-1);

static Step plain_step(const Graph& graph, size_t index) {
  const Node& node = graph.nodes[index];
  Step step;
  step.node = index;
  step.inputs = node.inputs;
  for (size_t i = 0; i < node.output_count; ++i) step.outputs.push_back(node.first_output + i);
  return step;
}

class Fuser {
 public:
  Fuser(const Graph& graph, const Vector<TensorType>& types, const Vector<Tensor>& constants,
        const Flags& is_constant)
      : graph_(graph),
        types_(types),
        constants_(constants),
        is_constant_(is_constant),
        same_as_(graph.value_count()),
        uses_(graph.value_count()),
        step_of_(graph.value_count(), kNoStep) {
    for (size_t value = 0; value < same_as_.size(); ++value) same_as_[value] = value;
    for (const Node& node : graph.nodes) {
      if (is_copy(node)) {
        same_as_[node.first_output] = same_as_[node.inputs[0]];
      } else {
        for (const size_t value : node.inputs) ++uses_[same_as_[value]];
      }
    }
    for (const size_t head : graph.heads) ++uses_[same_as_[head]];
  }

  Steps run() {
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (node.is_variable() || is_copy(node)) continue;
      if (fold_affine(node) || fold_sum(node) || fold_activation(node)) continue;
      Step step = plain_step(graph_, i);
      for (size_t& value : step.inputs) value = same_as_[value];
      push(std::move(step));
    }
    Steps result;
    for (Step& step : steps_) {
      if (!step.outputs.empty()) result.steps.push_back(std::move(step));
    }
    for (const size_t head : graph_.heads) result.heads.push_back(same_as_[head]);
    return result;
  }

 private:
  bool is_copy(const Node& node) const {
    return node.is_identity() && types_[node.inputs[0]].dtype == types_[node.first_output].dtype;
  }

  void push(Step&& step) {
    for (const size_t value : step.outputs) step_of_[value] = steps_.size();
    steps_.push_back(std::move(step));
  }

  // The step that computes `value` for nobody but one reader and can take more, null if there is
  // none.
  Step* open_step(size_t value) {
    if (step_of_[value] == kNoStep || uses_[value] != 1) return nullptr;
    Step* step = &steps_[step_of_[value]];
    const Op& op = *graph_.nodes[step->node].op;
    if (value != step->outputs[0] || !op.accepts_fusion()) return nullptr;
    if (step->fusion.activation != Activation::kNone) return nullptr;
    return step;
  }

  // From now on, `step` computes the only output of `node`.
  void extend(Step* step, const Node& node) {
    step->is_fused = true;
    step->outputs[0] = node.first_output;
    step_of_[node.first_output] = static_cast<size_t>(step - steps_.data());
  }

  // Whether outputs but the first are not read.
  bool has_one_output(const Node& node) const {
    for (size_t i = 1; i < node.output_count; ++i) {
      if (uses_[node.first_output + i] != 0) return false;
    }
    return true;
  }

  bool fold_affine(const Node& node) {
    if (node.inputs.empty() || !has_one_output(node)) return false;
    Step* step = open_step(same_as_[node.inputs[0]]);
    if (!step || step->fusion.has_residual) return false;
    for (size_t i = 1; i < step->inputs.size(); ++i) {
      if (!is_constant_[step->inputs[i]]) return false;
    }
    Vector<Tensor> constants;
    for (const size_t value : node.inputs) constants.push_back(constants_[same_as_[value]]);
    Vector<float> scale;
    Vector<float> shift;
    if (!node.op->as_affine(constants, &scale, &shift)) return false;
    const Shape& shape = types_[node.first_output].shape;
    if (shape.rank() < 2 || static_cast<size_t>(shape[1]) != scale.size()) return false;
    Fusion* fusion = &step->fusion;
    fusion->scale.resize(scale.size(), 1.0f);
    fusion->shift.resize(scale.size(), 0.0f);
    for (size_t c = 0; c < scale.size(); ++c) {
      fusion->scale[c] *= scale[c];
      fusion->shift[c] = fusion->shift[c] * scale[c] + shift[c];
    }
    extend(step, node);
    return true;
  }

  bool fold_activation(const Node& node) {
    if (node.inputs.empty()) return false;
    Step* step = open_step(same_as_[node.inputs[0]]);
    if (!step || !node.op->as_activation(&step->fusion)) return false;
    extend(step, node);
    return true;
  }

  // Into the later of the two summands if it can take the other, otherwise into the earlier one,
  // which then moves behind the later.
  bool fold_sum(const Node& node) {
    if (!node.op->is_sum() || node.inputs.size() != 2) return false;
    size_t sum = same_as_[node.inputs[0]];
    size_t residual = same_as_[node.inputs[1]];
    if (types_[sum].shape != types_[residual].shape) return false;
    // kNoStep + 1 is 0: a variable is there before every step
    if (step_of_[sum] + 1 < step_of_[residual] + 1) std::swap(sum, residual);
    for (const bool is_later : {true, false}) {
      Step* step = open_step(sum);
      if (step && !step->fusion.has_residual) {
        step->inputs.push_back(residual);
        step->fusion.has_residual = true;
        extend(step, node);
        if (!is_later) {
          Step moved = std::move(*step);
          step->outputs.clear();
          push(std::move(moved));
        }
        return true;
      }
      std::swap(sum, residual);
    }
    return false;
  }

  const Graph& graph_;
  const Vector<TensorType>& types_;
  const Vector<Tensor>& constants_;
  const Flags& is_constant_;
  Vector<size_t> same_as_;  // per value: the value that it is a copy of, itself for most
  Vector<size_t> uses_;     // per value: how many inputs and heads read it
  Vector<size_t> step_of_;  // per value: the step that computes it
  Vector<Step> steps_;      // without outputs: moved elsewhere
};

}  // namespace steps_detail

Steps plain_steps(const Graph& graph) {
  Steps result;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!graph.nodes[i].is_variable()) result.steps.push_back(steps_detail::plain_step(graph, i));
  }
  result.heads = graph.heads;
  return result;
}

Steps fused_steps(const Graph& graph, const Vector<TensorType>& types,
                  const Vector<Tensor>& constants, const Flags& is_constant) {
  return steps_detail::Fuser(graph, types, constants, is_constant).run();
}

}  // namespace predictor
