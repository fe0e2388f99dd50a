// Steps with their kernels, and the place of every value in memory. Immutable: any number of
// threads may run one program, each with memory of its own.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/shared.h"
#include "predictor/graph/graph.h"
#include "predictor/graph/steps.h"
#include "predictor/kernels/isa.h"
#include "predictor/ops/op.h"
#include "predictor/runtime/memory_plan.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

struct Stage {
  size_t node = 0;
  Unique<Kernel> kernel;  // null: the only output is the first input, seen with another shape
  Vector<size_t> inputs;  // values
  Vector<size_t> outputs;
  size_t workspace = 0;  // bytes from the start of the arena
};

class Program : public Counted {
 public:
  static constexpr size_t kNowhere = static_cast<size_t>(-1);

  // Where a value lives.
  struct Place {
    size_t variable = kNowhere;  // in the memory of that variable, if it is one
    size_t offset = kNowhere;    // in the arena otherwise; kNowhere: it is not computed
  };

  // types, constants: per value. packed: the program whose kernels have what is missing of the
  // constants, or null. weights: per value the memory of the constants, let go of as soon as
  // kernels have packed it; or null. Throws an Error, with the node, for what a kernel cannot do.
  Program(const Graph& graph, const Vector<TensorType>& types, const Vector<Tensor>& constants,
          const Steps& steps, Isa isa, const Program* packed, Vector<Array>* weights);

  const Vector<Stage>& stages() const { return stages_; }
  const Vector<size_t>& heads() const { return heads_; }
  // Values of the graph, then those that steps have added.
  size_t value_count() const { return types_.size(); }
  // Of the value's memory.
  const TensorType& type(size_t value) const { return types_[value]; }
  const Place& place(size_t value) const { return places_[value]; }
  size_t arena_bytes() const { return arena_bytes_; }

 private:
  // What the kernel of that node has made of its constants.
  Shared<Buffer> packed_of(size_t node) const;
  void place_values(const Graph& graph);

  Vector<Stage> stages_;
  Vector<size_t> heads_;
  Vector<TensorType> types_;  // per value
  Vector<Place> places_;      // per value
  size_t arena_bytes_ = 0;
};

}  // namespace predictor
