// A program with the memory to run it.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/shared.h"
#include "predictor/base/threads.h"
#include "predictor/runtime/binding.h"
#include "predictor/runtime/program.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

class Executor {
 public:
  // inputs: per value, the memory of variables that are not weights.
  Executor(const Binding& binding, const Shared<Program>& program, const Vector<Array>& inputs);

  size_t stage_count() const { return stages_.size(); }
  // Neither throws nor allocates. REQUIRES: the stages before it have run.
  void run(size_t stage) const;
  const Stage& stage(size_t index) const { return program_->stages()[index]; }
  // Where the value is, once it was computed.
  const Tensor& tensor(size_t value) const { return tensors_[value]; }
  const Tensor& output(size_t index) const { return tensors_[program_->heads()[index]]; }

 private:
  struct StageTensors {
    Vector<Tensor> inputs;  // data == nullptr: the kernel keeps it
    Vector<Tensor> outputs;
    float* workspace = nullptr;
  };

  Unique<ThreadsUse> threads_;  // null: the network is too small for more than one
  Shared<Program> program_;
  Buffer arena_;
  Vector<Tensor> tensors_;  // per value
  Vector<StageTensors> stages_;
};

}  // namespace predictor
