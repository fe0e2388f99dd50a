#include "predictor/runtime/executor.h"

#include <utility>

namespace PREDICTOR_HIDDEN predictor {
namespace executor_detail {

// Memory of results from which on a network has work for several threads.
static constexpr size_t kSharedBytes = 256 * 1024;

}  // namespace executor_detail

Executor::Executor(const Binding& binding, const Shared<Program>& program,
                   const Vector<Array>& inputs)
    : program_(program), arena_(program->arena_bytes()) {
  if (program->arena_bytes() >= executor_detail::kSharedBytes) {
    threads_ = std::make_unique<ThreadsUse>();
  }
  char* arena = static_cast<char*>(arena_.data());
  for (size_t value = 0; value < program->value_count(); ++value) {
    Tensor tensor = {program->type(value), nullptr};
    const Program::Place& place = program->place(value);
    if (place.variable != Program::kNowhere) {
      const Array& input = inputs[place.variable];
      tensor.data = input.buffer ? input.tensor().data : binding.constant(place.variable).data;
    } else if (place.offset != Program::kNowhere) {
      tensor.data = arena + place.offset;
    }
    tensors_.push_back(tensor);
  }
  for (const Stage& stage : program->stages()) {
    StageTensors tensors;
    for (size_t i = 0; i < stage.inputs.size(); ++i) {
      tensors.inputs.push_back(tensors_[stage.inputs[i]]);
      if (stage.kernel && stage.kernel->keeps(i)) tensors.inputs.back().data = nullptr;
    }
    for (const size_t value : stage.outputs) tensors.outputs.push_back(tensors_[value]);
    if (stage.kernel) tensors.workspace = reinterpret_cast<float*>(arena + stage.workspace);
    stages_.push_back(std::move(tensors));
  }
}

void Executor::run(size_t index) const {
  const Kernel* kernel = stage(index).kernel.get();
  const StageTensors& tensors = stages_[index];
  if (kernel) kernel->run({tensors.inputs, tensors.outputs, tensors.workspace});
}

}  // namespace predictor
