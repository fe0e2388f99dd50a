#include "predictor/graph/layouts.h"

#include <utility>

#include "predictor/kernels/layout.h"

namespace PREDICTOR_HIDDEN predictor {
namespace layouts_detail {

static constexpr size_t kNoForm = static_cast<size_t>(-1);

class Blocker {
 public:
  Blocker(const Graph& graph, const Vector<TensorType>& types, Isa isa, Steps* steps)
      : graph_(graph),
        types_(types),
        isa_(isa),
        steps_(steps),
        has_plain_(graph.value_count(), false),
        blocked_(graph.value_count(), kNoForm) {
    for (const Node& node : graph.nodes) {
      if (node.is_variable()) has_plain_[node.first_output] = true;
    }
  }

  void run() {
    Vector<Step> steps = std::move(steps_->steps);
    steps_->steps.clear();
    for (Step& step : steps) {
      choose_layouts(&step);
      for (size_t i = 0; i < step.inputs.size(); ++i) {
        const bool is_residual = step.fusion.has_residual && i + 1 == step.inputs.size();
        const bool is_blocked = is_residual ? step.is_out_blocked : takes_blocked(step, i);
        step.inputs[i] = is_blocked ? blocked_form(step.inputs[i]) : plain_form(step.inputs[i]);
      }
      for (size_t& value : step.outputs) {
        if (step.is_out_blocked) {
          value = new_form(value);
        } else {
          has_plain_[value] = true;
        }
      }
      steps_->steps.push_back(std::move(step));
    }
    for (size_t& head : steps_->heads) head = plain_form(head);
  }

 private:
  BlockedUse use_of(const Step& step) const { return graph_.nodes[step.node].op->blocked_use(); }

  // Whether the step reads input `i` as a blocked image, if it reads any.
  bool takes_blocked(const Step& step, size_t i) const {
    const BlockedUse use = use_of(step);
    const bool is_image = i == 0 || use == BlockedUse::kElements || use == BlockedUse::kJoins;
    return step.is_in_blocked && is_image;
  }

  bool is_image(size_t value) const {
    return types_[value].shape.rank() >= 3 && types_[value].dtype == DType::kFloat32;
  }

  void choose_layouts(Step* step) const {
    const BlockedUse use = use_of(*step);
    if (use == BlockedUse::kNone || step->outputs.size() != 1 || channel_block(isa_) == 1) return;
    const size_t data = step->inputs[0];
    if (!is_image(data) || !is_image(step->outputs[0])) return;
    bool is_any_blocked = false;
    for (const size_t value : step->inputs) {
      if (types_[value].dtype != DType::kFloat32) return;
      is_any_blocked = is_any_blocked || blocked_[value] != kNoForm;
    }
    switch (use) {
      case BlockedUse::kProduct:
        step->is_out_blocked = true;
        step->is_in_blocked =
            blocked_[data] != kNoForm || types_[data].shape[1] >= channel_block(isa_);
        return;
      case BlockedUse::kWindows:
        step->is_out_blocked = step->is_in_blocked = blocked_[data] != kNoForm;
        return;
      case BlockedUse::kElements:
        step->is_out_blocked = step->is_in_blocked = is_any_blocked && have_one_shape(*step);
        return;
      default:
        step->is_out_blocked = step->is_in_blocked = is_any_blocked && have_whole_blocks(*step);
    }
  }

  bool have_one_shape(const Step& step) const {
    for (const size_t value : step.inputs) {
      if (types_[value].shape != types_[step.outputs[0]].shape) return false;
    }
    return true;
  }

  // Whether every image but the last fills its blocks, so that the next can follow.
  bool have_whole_blocks(const Step& step) const {
    for (size_t i = 0; i + 1 < step.inputs.size(); ++i) {
      if (types_[step.inputs[i]].shape[1] % channel_block(isa_) != 0) return false;
    }
    return true;
  }

  // The number of the blocked form of a value, which the caller has to compute.
  size_t new_form(size_t value) {
    blocked_[value] = graph_.value_count() + steps_->blocked.size();
    steps_->blocked.push_back(value);
    return blocked_[value];
  }

  void change_layout(size_t from, size_t to, size_t value, bool is_out_blocked) {
    Step step;
    step.node = graph_.producer[value];
    step.inputs.push_back(from);
    step.outputs.push_back(to);
    step.changes_layout = true;
    step.is_out_blocked = is_out_blocked;
    steps_->steps.push_back(std::move(step));
  }

  size_t blocked_form(size_t value) {
    if (blocked_[value] == kNoForm) change_layout(value, new_form(value), value, true);
    return blocked_[value];
  }

  size_t plain_form(size_t value) {
    if (!has_plain_[value] && blocked_[value] != kNoForm) {
      change_layout(blocked_[value], value, value, false);
      has_plain_[value] = true;
    }
    return value;
  }

  const Graph& graph_;
  const Vector<TensorType>& types_;
  Isa isa_;
  Steps* steps_;
  Flags has_plain_;         // per value: it is a variable, or a step computes its plain form
  Vector<size_t> blocked_;  // per value: its blocked form, kNoForm if no step computes it
};

}  // namespace layouts_detail

void block_images(const Graph& graph, const Vector<TensorType>& types, Isa isa, Steps* steps) {
  layouts_detail::Blocker(graph, types, isa, steps).run();
}

TensorType blocked_type(Isa isa, const TensorType& type) {
  TensorType blocked = type;
  blocked.shape[1] = blocked_channels(isa, static_cast<int>(type.shape[1]));
  return blocked;
}

}  // namespace predictor
