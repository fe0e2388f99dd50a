// The shape and element type of every value, from those of the inputs.
#pragma once

#include "predictor/base/containers.h"
#include "predictor/graph/graph.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// Shapes of variables by name.
using ShapesByName = Map<String, Shape>;

struct NamedType {
  String name;
  DType dtype;
};

// Infers the type of every value of the graph, forwards and backwards, until nothing changes.
//
// shapes: what is asked for; names that the graph does not have are passed over. fallbacks: shapes
// of variables that nothing else determines. dtypes: element types of variables, which are float32
// otherwise; of several for one name, the last counts. Throws an Error where shapes contradict each
// other, or one stays unknown.
Vector<TensorType> infer_types(const Graph& graph, const ShapesByName& shapes,
                               const ShapesByName& fallbacks, const Vector<NamedType>& dtypes);

}  // namespace predictor
