// A network with its weights (Model), and a model bound to the shapes of its inputs (Binding),
// which makes the programs that predictors of these shapes run.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/mutex.h"
#include "predictor/base/shared.h"
#include "predictor/base/span.h"
#include "predictor/graph/graph.h"
#include "predictor/graph/inference.h"
#include "predictor/kernels/isa.h"
#include "predictor/runtime/program.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

struct Model : public Counted {
  Shared<Graph> graph;
  // Per value, of variables that are in the parameter file; no shape for others. Always float32. A
  // weight without memory is in the kernels of `packed` alone.
  Vector<Array> weights;
  Vector<NamedType> weight_types;  // in the parameter file
  Shared<Program> packed;          // null: every weight has its memory
  Isa isa = Isa::kPlain;           // one for all that share packed weights
  Mutex mutex;                     // of `packed`, and of the programs of all bindings
};

// Reads both files. Throws an Error for what is wrong with them; names that the network does not
// have are passed over.
Shared<Model> read_model(TextView symbol_json, Span<const unsigned char> params,
                         const Vector<String>& output_keys);

// What a user says of the inputs.
struct InputTypes {
  ShapesByName shapes;
  Vector<NamedType> dtypes;
};

class Binding : public Counted {
 public:
  // old_shapes: of inputs that `asked` does not name and nothing else determines. Throws an Error
  // where shapes stay unknown or contradict each other or the weights, and for a missing weight.
  Binding(const Shared<Model>& model, const InputTypes& asked, const ShapesByName& old_shapes);

  const Shared<Model>& model() const { return model_; }
  const Graph& graph() const { return *model_->graph; }
  // The variables that are no weights, as far as they were named.
  const InputTypes& inputs() const { return inputs_; }
  const TensorType& type(size_t value) const { return types_[value]; }
  // Whether the value is a weight.
  bool is_constant(size_t value) const { return is_constant_[value]; }
  // The value of a weight; data == nullptr for every other value, and for a weight that kernels
  // have taken over.
  Tensor constant(size_t value) const;
  // Whether it is a variable that was neither named nor is in the parameter file, but is read.
  bool needs_value(size_t value) const { return needs_value_[value]; }

  // The program that joins operators (is_fused) or runs each by itself. Made when it is asked for
  // first; may be called from several threads at once. is_last: nobody else will ask this binding,
  // so that weights which joined operators have packed can go, if no other binding needs them.
  // Throws an Error where they have gone and are needed.
  Shared<Program> program(bool is_fused, bool is_last) const;

 private:
  void bind_weight(const Node& node);

  Shared<Model> model_;
  InputTypes inputs_;
  Vector<TensorType> types_;             // per value
  Flags is_constant_;                    // per value
  Flags needs_value_;                    // per value
  mutable Shared<Program> programs_[2];  // [is_fused]
};

}  // namespace predictor
