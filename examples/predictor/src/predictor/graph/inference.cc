#include "predictor/graph/inference.h"

#include <utility>

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {
namespace inference_detail {

// Shapes only ever become better known, and a shape has few extents, so that the work is bounded by
// the number of edges: a node is looked at again only if a shape beside it has changed.
class ShapeInference {
 public:
  explicit ShapeInference(const Graph& graph)
      : graph_(graph), shapes_(graph.value_count()), is_due_(graph.nodes.size(), 1) {
    consumers_.resize(graph.value_count());
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      for (const size_t value : graph.nodes[i].inputs) consumers_[value].push_back(i);
    }
  }

  const Shape& operator[](size_t value) const { return shapes_[value]; }

  void learn(size_t value, const Shape& known) {
    for (const int64_t extent : known) {
      check(extent <= Shape::kMaxElements,
            {"'", graph_.value_name(value), "': the shape ", known, " has too many elements"});
    }
    bool conflict = false;
    const bool is_new = shapes_[value].merge(known, &conflict);
    check(!conflict, {"'", graph_.value_name(value), "' has the shape ", shapes_[value], ", but ",
                      known, " is needed"});
    if (!is_new) return;
    is_due_[graph_.producer[value]] = true;
    for (const size_t node : consumers_[value]) is_due_[node] = true;
  }

  // Sweeps forwards and backwards until nothing changes.
  void run() {
    for (bool is_forward = true, was_idle = false;; is_forward = !is_forward) {
      bool is_idle = true;
      for (size_t i = 0; i < graph_.nodes.size(); ++i) {
        const size_t index = is_forward ? i : graph_.nodes.size() - 1 - i;
        if (!is_due_[index]) continue;
        is_due_[index] = false;
        is_idle = false;
        if (!graph_.nodes[index].is_variable()) visit(graph_.nodes[index]);
      }
      if (is_idle && was_idle) return;
      was_idle = is_idle;
    }
  }

 private:
  void visit(const Node& node) {
    Vector<Shape> inputs;
    Vector<Shape> outputs;
    for (const size_t value : node.inputs) inputs.push_back(shapes_[value]);
    for (size_t i = 0; i < node.output_count; ++i) {
      outputs.push_back(shapes_[node.first_output + i]);
    }
    try {
      node.op->infer_shapes(inputs, outputs);
      for (size_t i = 0; i < inputs.size(); ++i) learn(node.inputs[i], inputs[i]);
      for (size_t i = 0; i < outputs.size(); ++i) learn(node.first_output + i, outputs[i]);
    } catch (const Error& error) {
      fail_at_node(node, error.what());
    }
  }

  const Graph& graph_;
  Vector<Shape> shapes_;
  Vector<char> is_due_;  // per node
  Vector<Vector<size_t>> consumers_;
};

static void learn_variables(const Graph& graph, const ShapesByName& shapes,
                            ShapeInference* inference) {
  for (const Node& node : graph.nodes) {
    const auto shape = shapes.find(node.name);
    if (node.is_variable() && shape != shapes.end()) {
      inference->learn(node.first_output, shape->second);
    }
  }
}

static void infer_dtypes(const Graph& graph, const Vector<NamedType>& dtypes,
                         Vector<TensorType>* types) {
  for (const Node& node : graph.nodes) {
    if (node.has_declared_type) (*types)[node.first_output].dtype = node.declared.dtype;
  }
  for (const NamedType& given : dtypes) {
    const Node* node = graph.find_variable(given.name);
    if (node) (*types)[node->first_output].dtype = given.dtype;
  }
  Vector<DType> inputs;
  Vector<DType> outputs;
  for (const Node& node : graph.nodes) {
    if (node.is_variable()) continue;
    inputs.clear();
    for (const size_t value : node.inputs) inputs.push_back((*types)[value].dtype);
    outputs.assign(node.output_count, DType::kFloat32);
    node.op->infer_types(inputs, outputs);
    for (size_t i = 0; i < outputs.size(); ++i) (*types)[node.first_output + i].dtype = outputs[i];
  }
}

}  // namespace inference_detail

Vector<TensorType> infer_types(const Graph& graph, const ShapesByName& shapes,
                               const ShapesByName& fallbacks, const Vector<NamedType>& dtypes) {
  inference_detail::ShapeInference inference(graph);
  inference_detail::learn_variables(graph, shapes, &inference);
  for (const Node& node : graph.nodes) {
    if (!node.is_variable()) continue;
    inference.learn(node.first_output, node.declared.shape);
    const auto fallback = fallbacks.find(node.name);
    if (node.is_free && fallback != fallbacks.end()) {
      inference.learn(node.first_output, fallback->second);
    }
  }
  inference.run();
  for (const Node& node : graph.nodes) {
    const auto fallback = fallbacks.find(node.name);
    if (!node.is_variable() || fallback == fallbacks.end()) continue;
    if (inference[node.first_output].is_known()) continue;
    inference.learn(node.first_output, fallback->second);
  }
  inference.run();
  Vector<TensorType> types(graph.value_count());
  for (size_t value = 0; value < types.size(); ++value) {
    types[value].shape = inference[value];
    check(types[value].shape.is_known(),
          {"the shape of '", graph.value_name(value), "' is ", types[value].shape,
           ": the shapes of the inputs do not determine it"});
  }
  inference_detail::infer_dtypes(graph, dtypes, &types);
  for (size_t value = 0; value < types.size(); ++value) {
    try {
      types[value].bytes();  // throws where there are too many elements
    } catch (const Error& error) {
      fail({"'", graph.value_name(value), "': ", error.what()});
    }
  }
  return types;
}

}  // namespace predictor
