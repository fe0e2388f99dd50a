// Values of every element type to float32 and back.
#pragma once

#include <cstddef>

#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {

// out[i] = values[i]. `values` need not be aligned; no overlap.
void convert_to_floats(DType dtype, const void* values, size_t count, float* out);

// values[i] = in[i]. Floating-point types round to nearest, even where halfway; whole numbers lose
// their fraction and keep their low bits; a truth value is whether the number is not zero.
void convert_from_floats(DType dtype, const float* in, size_t count, void* values);

}  // namespace predictor
