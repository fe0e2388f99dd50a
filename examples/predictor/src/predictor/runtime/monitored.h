// What a monitor is told that values are called: MXNet's names.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/graph/graph.h"

namespace PREDICTOR_HIDDEN predictor {

// NODE_data, NODE_arg1, NODE_input0, ...: input `index` of a node.
String monitored_input(const Node& node, size_t index);

}  // namespace predictor
