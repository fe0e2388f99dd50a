// An operator that is plain data with two functions: one infers its shapes, the other computes it
// from the shapes that it meets. The form of most operators outside of the networks' inner loops:
// it costs no class of its own.
#pragma once

#include <cstring>
#include <memory>
#include <type_traits>

#include "predictor/ops/forms.h"

namespace PREDICTOR_HIDDEN predictor {

// What a plain operator is but for its data.
struct PlainTraits {
  const char* inputs = "data";  // their names, with blanks between; "": there are none
  size_t outputs = 1;
  int type = OpTraits::kSameType;
  size_t type_input = 0;
};

class PlainOp : public Op {
 public:
  struct Functions {
    void (*infer)(const void* state, Span<Shape> inputs, Span<Shape> outputs);
    size_t (*workspace)(const void* state, const KernelRequest& request);
    FunctionKernel::Function run;
  };
  // The state is copied.
  PlainOp(const void* state, size_t bytes, const Functions& functions, const PlainTraits& traits);

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override;

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override;

 private:
  Vector<uint64_t> state_;
  Functions functions_;
};

// What a state has unless it says otherwise.
struct PlainState {
  size_t workspace_floats(const KernelRequest&) const { return 0; }
};

// State: plain data derived from PlainState, with
//   void infer(Span<Shape> inputs, Span<Shape> outputs) const;  as Op::infer_shapes
//   void run(const KernelRun& tensors) const;                   as Kernel::run
template <typename State>
Unique<Op> plain_op(const State& state, const PlainTraits& traits) {
  static_assert(std::is_trivially_copyable<State>::value, "the state must be plain data");
  static_assert(alignof(State) <= alignof(uint64_t), "the state is an array of uint64_t");
  const PlainOp::Functions functions = {
      [](const void* data, Span<Shape> inputs, Span<Shape> outputs) {
        static_cast<const State*>(data)->infer(inputs, outputs);
      },
      [](const void* data, const KernelRequest& request) {
        return static_cast<const State*>(data)->workspace_floats(request);
      },
      [](const void* data, const KernelRun& tensors) {
        static_cast<const State*>(data)->run(tensors);
      }};
  return std::make_unique<PlainOp>(&state, sizeof(State), functions, traits);
}

}  // namespace predictor
