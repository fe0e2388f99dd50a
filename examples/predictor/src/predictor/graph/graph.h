// A network as a graph: nodes in topological order, each with its operator, and the values that
// they pass on. Immutable once built; several predictors share one.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/shared.h"
#include "predictor/base/text.h"
#include "predictor/formats/symbol.h"
#include "predictor/ops/op.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// Every output of every node is a value; values are numbered through the graph.
struct Node {
  String name;
  String op_name;  // as the file spells it
  Unique<Op> op;   // null: a variable
  Vector<size_t> inputs;
  size_t first_output = 0;
  size_t output_count = 1;

  // Variables only.
  TensorType declared;  // what the file says of shape and type
  bool has_declared_type = false;
  bool is_ignored = true;  // no operator reads it: a label
  bool is_free = false;    // its shape is that of the parameter file, whatever the network asks for

  bool is_variable() const { return !op; }
  bool is_identity() const { return op && op->is_identity(); }
};

struct Graph : public Counted {
  Vector<Node> nodes;             // inputs of a node come before it
  Vector<size_t> heads;           // values
  Vector<size_t> producer;        // per value: its node
  Map<String, size_t> variables;  // by name: their nodes

  size_t value_count() const { return producer.size(); }
  const Node& producer_of(size_t value) const { return nodes[producer[value]]; }
  // The variable of that name, null if there is none.
  const Node* find_variable(const String& name) const;
  // NODE_output, NODE_output1, or the variable's own name.
  String value_name(size_t value) const;
};

// Builds what the heads need of the symbol; inputs that files before 0.9 leave out become
// variables. output_keys: names of nodes that take the place of the heads, if there are any. Throws
// an Error for operators that are not supported, wrong attributes, wrong numbers of inputs, and
// cycles.
Shared<Graph> build_graph(const Symbol& symbol, const Vector<String>& output_keys);

// Throws an Error again with the node in front: node 'fc1' (FullyConnected): ...
[[noreturn]] void fail_at_node(const Node& node, const char* message);

}  // namespace predictor
