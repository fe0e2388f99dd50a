#include "predictor/runtime/program.h"

#include <algorithm>
#include <new>
#include <utility>

#include "predictor/base/error.h"
#include "predictor/graph/layouts.h"
#include "predictor/ops/layout_kernel.h"

namespace PREDICTOR_HIDDEN predictor {
namespace program_detail {

static bool is_view(const Op& op) { return op.is_view() || op.is_identity(); }

// What a kernel is told of a value: the shape of the image, or of its memory if order does not
// matter to the kernel.
static const TensorType& type_for(const Op& op, const Vector<TensorType>& types, const Steps& steps,
                                  size_t value) {
  const size_t first_form = types.size() - steps.blocked.size();
  const bool is_image =
      op.blocked_use() == BlockedUse::kProduct || op.blocked_use() == BlockedUse::kWindows;
  return types[value >= first_form && is_image ? steps.blocked[value - first_form] : value];
}

static Stage make_stage(const Graph& graph, const Vector<TensorType>& types,
                        const Vector<Tensor>& constants, const Steps& steps, const Step& step,
                        Isa isa, const Shared<Buffer>& packed) {
  const Node& node = graph.nodes[step.node];
  Stage stage;
  stage.node = step.node;
  stage.inputs = step.inputs;
  stage.outputs = step.outputs;
  if (step.changes_layout) {
    const size_t plain = step.is_out_blocked ? step.inputs[0] : step.outputs[0];
    stage.kernel = layout_kernel(isa, types[plain].shape, step.is_out_blocked);
    return stage;
  }
  const bool has_same_type =
      !step.inputs.empty() && types[step.inputs[0]].dtype == types[step.outputs[0]].dtype;
  if (is_view(*node.op) && has_same_type) return stage;
  Vector<TensorType> input_types;
  Vector<TensorType> output_types;
  Vector<Tensor> input_constants;
  const size_t input_count = step.inputs.size() - (step.fusion.has_residual ? 1 : 0);
  for (size_t i = 0; i < input_count; ++i) {
    const size_t value = step.inputs[i];
    input_types.push_back(type_for(*node.op, types, steps, value));
    const Tensor constant = value < constants.size() ? constants[value] : Tensor();
    input_constants.push_back(constant);
  }
  for (const size_t value : step.outputs) {
    output_types.push_back(type_for(*node.op, types, steps, value));
  }
  try {
    stage.kernel = node.op->make_kernel({isa, input_types, output_types, input_constants,
                                         step.is_fused ? &step.fusion : nullptr, step.is_in_blocked,
                                         step.is_out_blocked, packed});
  } catch (const Error& error) {
    fail_at_node(node, error.what());
  }
  return stage;
}

// Per value, the last stage that reads it or a view of it, its own stage if there is none.
static Vector<size_t> last_readers(const Vector<Stage>& stages, const Vector<size_t>& heads,
                                   size_t value_count) {
  Vector<size_t> last(value_count, 0);
  for (const size_t head : heads) last[head] = stages.size();
  for (size_t i = stages.size(); i-- > 0;) {
    const Stage& stage = stages[i];
    for (const size_t value : stage.outputs) last[value] = std::max(last[value], i);
    for (const size_t value : stage.inputs) last[value] = std::max(last[value], i);
    if (stage.kernel) continue;
    size_t& viewed = last[stage.inputs[0]];
    viewed = std::max(viewed, last[stage.outputs[0]]);
  }
  return last;
}

// Only of a value of the graph: the step that makes another form of it reads the value itself.
[[noreturn]] static void fail_not_computed(const Graph& graph, size_t value) {
  fail({"'", graph.value_name(value), "' is not computed at inference"});
}

// Lays the values out: several of them may share a block, be it as views or in place.
class Layout {
 public:
  Layout(const Vector<Stage>& stages, const Vector<size_t>& heads, const Graph& graph,
         const Vector<TensorType>& types)
      : graph_(graph),
        types_(types),
        places_(types.size()),
        blocks_(types.size(), Program::kNowhere),
        last_readers_(last_readers(stages, heads, types.size())) {
    for (const Node& node : graph.nodes) {
      if (node.is_variable()) places_[node.first_output].variable = node.first_output;
    }
  }

  // Returns the block of the stage's workspace, kNowhere if it needs none.
  size_t add(const Stage& stage, size_t index) {
    for (const size_t value : stage.inputs) {
      if (!is_placed(value)) fail_not_computed(graph_, value);
    }
    if (!stage.kernel) {
      places_[stage.outputs[0]] = places_[stage.inputs[0]];
      blocks_[stage.outputs[0]] = blocks_[stage.inputs[0]];
      return Program::kNowhere;
    }
    for (size_t i = 0; i < stage.outputs.size(); ++i) {
      const size_t value = stage.outputs[i];
      const size_t block = i == 0 ? block_to_write_over(stage, index) : Program::kNowhere;
      if (block == Program::kNowhere) {
        blocks_[value] = lifetimes_.size();
        lifetimes_.push_back({types_[value].bytes(), index, last_readers_[value]});
      } else {
        blocks_[value] = block;
        lifetimes_[block].last = std::max(lifetimes_[block].last, last_readers_[value]);
      }
    }
    const size_t floats = stage.kernel->workspace_floats();
    if (floats == 0) return Program::kNowhere;
    if (floats > static_cast<size_t>(-1) / sizeof(float)) throw std::bad_alloc();
    lifetimes_.push_back({floats * sizeof(float), index, index});
    return lifetimes_.size() - 1;
  }

  // Offsets of blocks; also completes the places.
  MemoryPlan finish() {
    MemoryPlan plan = plan_memory(lifetimes_);
    for (size_t value = 0; value < blocks_.size(); ++value) {
      if (blocks_[value] != Program::kNowhere) places_[value].offset = plan.offsets[blocks_[value]];
    }
    return plan;
  }

  Vector<Program::Place>& places() { return places_; }

 private:
  bool is_placed(size_t value) const {
    return places_[value].variable != Program::kNowhere || blocks_[value] != Program::kNowhere;
  }

  // The block of an input that output 0 may take over: nobody reads it later or beside it.
  size_t block_to_write_over(const Stage& stage, size_t index) const {
    for (size_t i = 0; i < stage.inputs.size(); ++i) {
      const size_t block = blocks_[stage.inputs[i]];
      if (block == Program::kNowhere || !stage.kernel->can_write_over(i)) continue;
      const Lifetime& life = lifetimes_[block];
      if (life.last != index || life.bytes != types_[stage.outputs[0]].bytes()) continue;
      bool is_read_once = true;
      for (size_t j = 0; j < stage.inputs.size(); ++j) {
        is_read_once = is_read_once && (j == i || blocks_[stage.inputs[j]] != block);
      }
      if (is_read_once) return block;
    }
    return Program::kNowhere;
  }

  const Graph& graph_;
  const Vector<TensorType>& types_;
  Vector<Program::Place> places_;
  Vector<size_t> blocks_;  // per value, kNowhere: none, or a variable's memory
  Vector<size_t> last_readers_;
  Vector<Lifetime> lifetimes_;  // per block
};

}  // namespace program_detail

Program::Program(const Graph& graph, const Vector<TensorType>& types,
                 const Vector<Tensor>& constants, const Steps& steps, Isa isa,
                 const Program* packed, Vector<Array>* weights)
    : heads_(steps.heads), types_(types) {
  for (const size_t value : steps.blocked) types_.push_back(blocked_type(isa, types[value]));
  Vector<size_t> readers(types_.size(), 0);
  for (const Step& step : steps.steps) {
    for (const size_t value : step.inputs) ++readers[value];
  }
  for (const size_t head : steps.heads) ++readers[head];
  for (const Step& step : steps.steps) {
    stages_.push_back(program_detail::make_stage(graph, types_, constants, steps, step, isa,
                                                 packed ? packed->packed_of(step.node) : nullptr));
    const Kernel* kernel = stages_.back().kernel.get();
    if (!kernel || !kernel->packed()) continue;
    for (size_t i = 0; i < step.inputs.size(); ++i) {
      const size_t value = step.inputs[i];
      if (kernel->keeps(i) && --readers[value] == 0 && weights) (*weights)[value].buffer = nullptr;
    }
  }
  place_values(graph);
}

Shared<Buffer> Program::packed_of(size_t node) const {
  for (const Stage& stage : stages_) {
    if (stage.node != node || !stage.kernel) continue;
    if (Shared<Buffer> packed = stage.kernel->packed()) return packed;
  }
  return nullptr;
}

void Program::place_values(const Graph& graph) {
  program_detail::Layout layout(stages_, heads_, graph, types_);
  Vector<size_t> workspaces;
  for (size_t i = 0; i < stages_.size(); ++i) workspaces.push_back(layout.add(stages_[i], i));
  const MemoryPlan plan = layout.finish();
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (workspaces[i] != kNowhere) stages_[i].workspace = plan.offsets[workspaces[i]];
  }
  places_ = std::move(layout.places());
  arena_bytes_ = plan.bytes;
  for (const size_t head : heads_) {
    if (places_[head].variable == kNowhere && places_[head].offset == kNowhere) {
      program_detail::fail_not_computed(graph, head);
    }
  }
}

}  // namespace predictor
