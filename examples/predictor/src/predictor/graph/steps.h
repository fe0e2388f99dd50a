// What is computed, in which order: one step per operator, or fewer where neighbours are joined.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/graph/graph.h"
#include "predictor/ops/op.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

struct Step {
  size_t node = 0;         // whose operator computes
  Vector<size_t> inputs;   // values; a fused residual last
  Vector<size_t> outputs;  // values: those of the last node that was folded in
  bool is_fused = false;
  Fusion fusion;
  // Whether input 0, and output 0 with a residual, are blocked images (layouts.h).
  bool is_in_blocked = false;
  bool is_out_blocked = false;
  bool changes_layout = false;  // does nothing else; the node is that whose value it is
};

struct Steps {
  Vector<Step> steps;    // inputs of a step come before it
  Vector<size_t> heads;  // values
  // The values beyond those of the graph: of which value each is the blocked form.
  Vector<size_t> blocked;
};

// One step per operator.
Steps plain_steps(const Graph& graph);

// Identities are left out; affine maps (BatchNorm), sums of two and activations are folded into the
// operator before them, if it can take them and nothing else reads its result.
// types, constants, is_constant: per value; data == nullptr for what is not constant, and for
// constants that a kernel has taken over.
Steps fused_steps(const Graph& graph, const Vector<TensorType>& types,
                  const Vector<Tensor>& constants, const Flags& is_constant);

}  // namespace predictor
