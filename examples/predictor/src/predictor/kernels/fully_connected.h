// Fully connected layer: out[n][o] = activation(bias[o] + residual[n][o] + sum over k of in[n][k] *
// weight[o][k]). At batch 1 the time is that of reading the packed weights once from memory.
#pragma once

#include <cstddef>

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// REQUIRES: all at least 1.
struct FullyConnectedShape {
  int batch = 1;
  int inputs = 1;
  int outputs = 1;
};

// Number of floats that fully_connected_pack writes. Independent of batch.
size_t fully_connected_packed_floats(Isa isa, const FullyConnectedShape& shape);

// weight: (outputs, inputs). packed: fully_connected_packed_floats() floats, no overlap.
void fully_connected_pack(Isa isa, const FullyConnectedShape& shape, const float* weight,
                          float* packed);

// Number of floats of scratch memory that fully_connected_run needs.
size_t fully_connected_workspace_floats(Isa isa, const FullyConnectedShape& shape);

// in: (batch, inputs). out: (batch, outputs). packed: from the same `isa` and `shape` (batch
// aside). REQUIRES: no overlap, except that epilogue.residual may be `out`.
void fully_connected_run(Isa isa, const FullyConnectedShape& shape, const float* packed,
                         const float* in, const Epilogue& epilogue, float* workspace, float* out);

}  // namespace predictor
