// Which images are kept in blocks of channels (kernels/layout.h), and where they change between
// the two layouts.
#pragma once

#include "predictor/base/containers.h"
#include "predictor/graph/graph.h"
#include "predictor/graph/steps.h"
#include "predictor/kernels/isa.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// Convolutions write blocked images; what can, takes them as they are; before all others, and for
// the heads, a step that changes the layout is put in. types: per value.
void block_images(const Graph& graph, const Vector<TensorType>& types, Isa isa, Steps* steps);

// The type of the memory of a blocked image of `type`: as many channels as it has room for.
TensorType blocked_type(Isa isa, const TensorType& type);

}  // namespace predictor
