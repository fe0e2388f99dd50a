#include "predictor/graph/graph.h"

#include <utility>

#include "predictor/base/error.h"
#include "predictor/formats/attribute_value.h"
#include "predictor/ops/registry.h"

namespace PREDICTOR_HIDDEN predictor {
namespace graph_detail {

// Far above any real network; a few bytes of a file can make an operator of thousands of outputs.
static constexpr size_t kMaxValues = 1 << 18;

// The nodes that the heads need, inputs first: depth first, without recursion, so that a long chain
// does not exhaust the stack.
static Vector<size_t> topological_order(const Symbol& symbol, const Vector<SymbolEntry>& heads) {
  enum class Visit : unsigned char { kNever, kOpen, kDone };
  struct Frame {
    size_t node;
    size_t next_input;
  };
  Vector<Visit> visits(symbol.nodes.size(), Visit::kNever);
  Vector<size_t> order;
  Vector<Frame> stack;
  for (const SymbolEntry& head : heads) {
    if (visits[head.node] != Visit::kNever) continue;
    visits[head.node] = Visit::kOpen;
    stack.push_back({head.node, 0});
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const SymbolNode& node = symbol.nodes[frame.node];
      if (frame.next_input == node.inputs.size()) {
        visits[frame.node] = Visit::kDone;
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      const size_t input = node.inputs[frame.next_input++].node;
      check(visits[input] != Visit::kOpen,
            {"symbol: node '", symbol.nodes[input].name, "' needs its own output"});
      if (visits[input] == Visit::kDone) continue;
      visits[input] = Visit::kOpen;
      stack.push_back({input, 0});
    }
  }
  return order;
}

// The nodes that `output_keys` name; of several of one name, the first.
static Vector<SymbolEntry> named_heads(const Symbol& symbol, const Vector<String>& output_keys) {
  Vector<SymbolEntry> heads;
  for (const String& key : output_keys) {
    size_t found = 0;
    while (found < symbol.nodes.size() &&
           (symbol.nodes[found].is_variable() || symbol.nodes[found].name != key)) {
      ++found;
    }
    check(found < symbol.nodes.size(), {"the network has no node '", key, "' to output"});
    heads.push_back({found, 0});
  }
  return heads;
}

class Builder {
 public:
  Builder(const Symbol& symbol) : symbol_(symbol), graph_(make_shared_object<Graph>()) {
    first_output_.resize(symbol.nodes.size());
  }

  void add(size_t index) {
    const SymbolNode& source = symbol_.nodes[index];
    Node node;
    if (source.is_variable()) {
      node = make_variable(source.name);
      read_declaration(source, &node);
    } else {
      node = make_operator(source);
    }
    first_output_[index] = push(std::move(node));
  }

  // are_named: each head is the output of its node that is called "output".
  Shared<Graph> finish(const Vector<SymbolEntry>& heads, bool are_named) {
    for (const SymbolEntry& head : heads) {
      const size_t value = value_of(head);
      const Node& node = graph_->producer_of(value);
      check(!are_named || node.op->output_suffix(0) == "output",
            {"the node '", node.name, "' has several outputs, and none that is called '", node.name,
             "_output'"});
      graph_->heads.push_back(value);
    }
    return graph_;
  }

 private:
  Node make_variable(const String& name) {
    const bool is_new = graph_->variables.emplace(name, graph_->nodes.size()).second;
    check(is_new, {"symbol: two variables are called '", name, "'"});
    Node node;
    node.name = name;
    return node;
  }

  static void read_declaration(const SymbolNode& source, Node* node) {
    for (const SymbolAttribute& attribute : source.attributes) {
      bool is_valid = true;
      if (attribute.key == "__shape__") {
        Vector<int64_t> extents;
        is_valid = parse_tuple(attribute.value, false, &extents);
        for (int64_t& extent : extents) {
          if (extent <= 0) extent = Shape::kUnknown;
        }
        if (!extents.empty()) node->declared.shape = Shape(extents);
      } else if (attribute.key == "__dtype__") {
        int64_t code = 0;
        is_valid = parse_integer(attribute.value, &code);
        // -1: not known
        if (is_valid && code != -1) {
          is_valid = code >= 0 && code <= static_cast<int>(DType::kBfloat16);
          node->declared.dtype = static_cast<DType>(code);
          node->has_declared_type = true;
        }
      }
      check(is_valid,
            {"variable '", source.name, "': ", attribute.key, " is '", attribute.value, "'"});
    }
  }

  Node make_operator(const SymbolNode& source) {
    Node node;
    node.name = source.name;
    node.op_name = source.op;
    const Parser parser = find_parser(source.op);
    check(parser.function != nullptr,
          {"node '", source.name, "': the operator '", source.op, "' is not supported"});
    for (const SymbolEntry& input : source.inputs) node.inputs.push_back(value_of(input));
    try {
      Attributes attributes(source.attributes, source.inputs.size());
      node.op = parser.function(attributes, parser.variant);
      node.output_count = node.op->output_count();
      complete_inputs(&node);
    } catch (const Error& error) {
      fail_at_node(node, error.what());
    }
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      Node& producer = graph_->nodes[graph_->producer[node.inputs[i]]];
      if (!node.op->is_ignored(i)) producer.is_ignored = false;
      if (node.op->is_free(i)) producer.is_free = true;
    }
    return node;
  }

  // Files before 0.9 have no auxiliary states, and no labels that nobody named.
  void complete_inputs(Node* node) {
    const Vector<TextView> names = node->op->input_names();
    const size_t count = node->inputs.size();
    if (names.empty()) {
      check(count >= node->op->least_inputs(), {"the operator needs an input"});
      check(count <= node->op->most_inputs(), {"the operator has no inputs"});
      return;
    }
    check(
        count <= names.size() && (count == names.size() || symbol_.version < kVersionWithAllInputs),
        {static_cast<uint64_t>(count), " inputs, but the operator has ",
         static_cast<uint64_t>(names.size())});
    for (size_t i = count; i < names.size(); ++i) {
      node->inputs.push_back(push(make_variable(concat({node->name, "_", names[i]}))));
    }
  }

  size_t push(Node&& node) {
    node.first_output = graph_->producer.size();
    check(node.output_count <= kMaxValues - node.first_output,
          {"symbol: the network has more than ", static_cast<uint64_t>(kMaxValues), " values"});
    graph_->producer.resize(node.first_output + node.output_count, graph_->nodes.size());
    graph_->nodes.push_back(std::move(node));
    return graph_->nodes.back().first_output;
  }

  size_t value_of(const SymbolEntry& entry) const {
    const size_t first = first_output_[entry.node];
    const Node& node = graph_->producer_of(first);
    check(entry.output < node.output_count,
          {"node '", node.name, "' has no output ", static_cast<uint64_t>(entry.output)});
    return first + entry.output;
  }

  const Symbol& symbol_;
  Shared<Graph> graph_;
  Vector<size_t> first_output_;  // per node of the symbol
};

}  // namespace graph_detail

const Node* Graph::find_variable(const String& name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? nullptr : &nodes[found->second];
}

String Graph::value_name(size_t value) const {
  const Node& node = producer_of(value);
  if (node.is_variable()) return node.name;
  return concat({node.name, "_", node.op->output_suffix(value - node.first_output)});
}

Shared<Graph> build_graph(const Symbol& symbol, const Vector<String>& output_keys) {
  const Vector<SymbolEntry> heads =
      output_keys.empty() ? symbol.heads : graph_detail::named_heads(symbol, output_keys);
  graph_detail::Builder builder(symbol);
  for (const size_t node : graph_detail::topological_order(symbol, heads)) builder.add(node);
  return builder.finish(heads, !output_keys.empty());
}

void fail_at_node(const Node& node, const char* message) {
  fail({"node '", node.name, "' (", node.op_name, "): ", message});
}

}  // namespace predictor
