// The kernel that brings an image from one layout (kernels/layout.h) into the other.
#pragma once

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// shape: of the image, (batch, channels, ...).
Unique<Kernel> layout_kernel(Isa isa, const Shape& shape, bool is_to_blocked);

}  // namespace predictor
