// The contents of a `.params` file ("NDArray list"), versions V0 to V3, dense and sparse.
#pragma once

#include "predictor/base/containers.h"
#include "predictor/base/span.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

struct NamedArray {
  String name;  // "" in a list without names
  Array array;  // dense float32, whatever the file holds; no buffer where the file says None
  DType dtype = DType::kFloat32;  // in the file
};

// Reads all arrays and copies their values. Throws an Error for anything that is not such a list;
// never allocates much more than the file's own size.
Vector<NamedArray> read_array_list(Span<const unsigned char> bytes);

}  // namespace predictor
