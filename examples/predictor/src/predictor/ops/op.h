// What an operator is: a definition that parses attributes into an Op, an Op that infers shapes and
// makes a Kernel for them, a Kernel that computes.
//
// Definition -> (attributes) -> Op, immutable -> (shapes, constants) -> Kernel -> run, many times.
// Everything that can be refused is refused before `run`, which neither allocates nor throws.
#pragma once

#include "predictor/base/containers.h"
#include "predictor/base/shared.h"
#include "predictor/base/span.h"
#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"
#include "predictor/ops/attributes.h"
#include "predictor/tensor/shape.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// What a graph rewrite has folded into an operator whose kernel has an epilogue (Op::accepts).
//   out = activation(result * scale[c] + shift[c] + residual)
struct Fusion {
  // Per output channel, folded into the weights and the bias when they are packed; empty: 1 and 0.
  Vector<float> scale;
  Vector<float> shift;
  // A last input, of the output's shape, is added before the activation.
  bool has_residual = false;
  Activation activation = Activation::kNone;
  float low = 0;  // of a clip
  float high = 0;
};

// What a kernel is made from.
struct KernelRequest {
  Isa isa;
  // Types of all inputs (a fused residual aside) and outputs; every shape is known.
  Span<const TensorType> inputs;
  Span<const TensorType> outputs;
  // Per input: its value if it is a constant (a weight), data == nullptr otherwise.
  Span<const Tensor> constants;
  // Null where nothing is fused.
  const Fusion* fusion;
  // Whether input 0, and whether output 0 and a fused residual, are blocked images
  // (kernels/layout.h) of these types. Only for operators that say so (BlockedUse).
  bool is_in_blocked = false;
  bool is_out_blocked = false;
  // Of this node in an earlier program whose kernel has taken over constant inputs: what it has
  // made of them (Kernel::packed). Null, or a constant that was let go has data == nullptr.
  Shared<Buffer> packed = nullptr;
};

// What a kernel runs on. Inputs in the operator's order, a fused residual last. An input that the
// kernel has taken over (Kernel::keeps) has data == nullptr.
struct KernelRun {
  Span<const Tensor> inputs;
  Span<const Tensor> outputs;
  float* workspace;  // workspace_floats() floats, aligned to Buffer::kAlignment, contents undefined
};

// What a kernel tells the memory plan; sets of inputs have bit i for input i.
struct KernelTraits {
  size_t workspace_floats = 0;
  uint32_t writes_over = 0;
  uint32_t keeps = 0;
};

// Computes one node. Made once for known shapes; used by one thread at a time, or by several with
// different workspaces and tensors: `run` changes nothing of the object.
class Kernel {
 public:
  virtual ~Kernel() = default;
  // Scratch memory that `run` needs.
  size_t workspace_floats() const { return traits_.workspace_floats; }
  // Whether constant input `index` was packed into the kernel, so that the original can go.
  bool keeps(size_t index) const { return index < 32 && (traits_.keeps >> index & 1u) != 0; }
  // Whether output 0 may be the same memory as input `index`.
  bool can_write_over(size_t index) const {
    return index < 32 && (traits_.writes_over >> index & 1u) != 0;
  }
  // What was made of the inputs that the kernel keeps, if kernels for other shapes can take it
  // over.
  virtual Shared<Buffer> packed() const { return nullptr; }
  virtual void run(const KernelRun& tensors) const = 0;

 protected:
  KernelTraits traits_;
};

// What an operator can do with blocked images (kernels/layout.h).
enum class BlockedUse : int {
  kNone,
  kElements,  // its kernel does the same to every element, so that their order does not matter; the
              // shapes it is asked for are those of the memory
  kJoins,     // puts images one after the other along the channels; shapes likewise
  kWindows,   // input 0 and output 0 have one layout, plain or blocked
  kProduct,   // input 0 and output 0 may have either
};

// What an operator is to the graph around it; its constructor says so.
struct OpTraits {
  // Their names, with blanks between; "": they have none.
  const char* inputs = "data";
  size_t outputs = 1;
  // What stands behind the node's name in theirs, with blanks between; "": a number.
  const char* suffixes = "";
  // Of an operator with unnamed inputs.
  size_t least_inputs = 1;
  size_t most_inputs = static_cast<size_t>(-1);
  // Outputs have the type of this input, if there is such a one.
  size_t type_input = 0;
  // Other than that, the outputs of the set `typed` (bit i: output i) have this type, unless it is
  // one of those below zero.
  static constexpr int kSameType = -1;
  static constexpr int kWidestType = -2;  // of those of all inputs
  static constexpr int kNarrowestType = -3;
  int type = kSameType;
  uint32_t typed = ~0u;
  // Bit i: inference does not read input i (a label), which needs no value.
  uint32_t ignored = 0;
  // Bit i: the shape of input i is not fixed by the others; that of the parameter file counts.
  uint32_t free = 0;
  // Output 0 is input 0, bit for bit and in shape: the node can be left out.
  bool is_identity = false;
  // Output 0 is input 0 with another shape: the node costs nothing.
  bool is_view = false;
  // A plain sum of two inputs of equal shape.
  bool is_sum = false;
  // make_kernel honours a Fusion; a scale or shift only if weight and bias are constant.
  bool accepts_fusion = false;
  BlockedUse blocked_use = BlockedUse::kNone;
};

// An operator with its attributes.
class Op {
 public:
  virtual ~Op() = default;

  size_t output_count() const { return traits_.outputs; }
  size_t least_inputs() const { return traits_.least_inputs; }
  size_t most_inputs() const { return traits_.most_inputs; }
  bool is_ignored(size_t index) const { return index < 32 && (traits_.ignored >> index & 1u) != 0; }
  bool is_free(size_t index) const { return index < 32 && (traits_.free >> index & 1u) != 0; }
  bool is_identity() const { return traits_.is_identity; }
  bool is_view() const { return traits_.is_view; }
  bool is_sum() const { return traits_.is_sum; }
  bool accepts_fusion() const { return traits_.accepts_fusion; }
  BlockedUse blocked_use() const { return traits_.blocked_use; }

  // Names of the inputs with these attributes, in order: a file older than 0.9 leaves out auxiliary
  // states and labels, which are then called NODE_NAME. Empty: unnamed inputs, from least_inputs()
  // to most_inputs() of them.
  Vector<TextView> input_names() const;
  // Name of an output: NODE_<suffix>; "output" for the only one, "output0", "output1", ... unless
  // the operator says otherwise.
  String output_suffix(size_t index) const;

  // Merges what is known of all shapes, in both directions; called until nothing changes. Throws an
  // Error where they contradict each other or the attributes.
  virtual void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const = 0;
  // Gives each output its type. Inputs are known.
  void infer_types(Span<const DType> inputs, Span<DType> outputs) const;

  // What the rewrites ask. `as_affine`: output 0 is input 0 * scale[c] + shift[c] with c on axis 1,
  // given the constant inputs; false if it is not. `as_activation`: a pointwise activation that an
  // epilogue can hold.
  virtual bool as_affine(Span<const Tensor> constants, Vector<float>* scale,
                         Vector<float>* shift) const;
  virtual bool as_activation(Fusion* fusion) const;

  // Throws an Error for what the operator cannot do (a mode, a shape), and bad_alloc. All compute
  // in float32: inputs and outputs of other types are converted in the workspace, so that whole
  // numbers beyond 2^24 lose their last digits.
  Unique<Kernel> make_kernel(const KernelRequest& request) const;

 protected:
  // REQUIRES: all types of the request are float32.
  virtual Unique<Kernel> make_float_kernel(const KernelRequest& request) const = 0;

  OpTraits traits_;
};

// Makes an operator of its attributes; those that it does not ask for are an error
// (Attributes::finish). variant: which member of the function's family.
using ParseFunction = Unique<Op> (*)(Attributes& attributes, int variant);

// Merges `known` into `shape`. Throws an Error that names `what` ("the weight") if they contradict.
void merge_shape(Shape& shape, const Shape& known, TextView what);

}  // namespace predictor
