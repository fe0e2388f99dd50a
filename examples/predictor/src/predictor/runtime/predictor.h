// What one handle of the C API is: a bound model with inputs of its own, run by the plan that the
// first run has chosen.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/shared.h"
#include "predictor/runtime/binding.h"
#include "predictor/runtime/executor.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// Is shown values while a predictor runs.
class Monitor {
 public:
  virtual ~Monitor() = default;
  // Whether to show also the inputs of each node, before it runs.
  virtual bool wants_inputs() const = 0;
  virtual void show(const char* name, const Tensor& value) = 0;
};

class Predictor {
 public:
  explicit Predictor(const Shared<Binding>& binding);

  // A predictor for other input shapes with the same weights. Inputs that are not named keep their
  // shapes and values.
  Unique<Predictor> reshaped(const ShapesByName& shapes) const;

  size_t output_count() const { return binding_->graph().heads.size(); }
  // Throws an Error if there is no such output.
  const TensorType& output_type(size_t index) const;

  // count: number of elements. Throws an Error if it is not that of the input, and for names that
  // are not an input's.
  void set_input(const String& name, const void* data, size_t count);
  void forward();
  // Runs node number `step` alone and returns the number of nodes after it.
  size_t partial_forward(size_t step);
  // Throws an Error before its node has run, and if `count` is not the number of elements.
  void copy_output(size_t index, void* data, size_t count) const;
  // Null: none. Throws an Error if operators have been joined already.
  void set_monitor(Unique<Monitor> monitor);

 private:
  // Takes over the value of an input that was not given another shape.
  void adopt(const Node& node, const Array& old);
  void check_inputs() const;
  void prepare(bool is_fused);
  void run_stage(size_t index);
  void show_inputs(const Stage& stage);
  void show_outputs(const Stage& stage);

  Shared<Binding> binding_;
  Vector<Array> inputs_;  // per value: variables that are not weights, empty for others
  Unique<Monitor> monitor_;
  Unique<Executor> executor_;  // null before the first run
  bool is_fused_ = false;
  Flags is_set_;   // per value: an input that was given a value
  Flags has_run_;  // per node
};

}  // namespace predictor
