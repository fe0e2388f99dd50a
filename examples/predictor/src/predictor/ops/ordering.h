// Puts indices in the order of the numbers that they stand for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

// Reorders `order` so that values[order[i] * stride] ascends or descends. Equal numbers come in the
// order of their indices, what is no number at the end.
void sort_by_value(const float* values, ptrdiff_t stride, bool is_ascending, int32_t* order,
                   size_t count);

}  // namespace predictor
