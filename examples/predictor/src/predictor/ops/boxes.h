// Boxes as rows of four numbers: left, top, right, bottom.
#pragma once

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

// Area that both boxes have, by the area that either has; 0 where there is none. edge: what is
// added to each extent, 1 for boxes of whole pixels.
float box_overlap(const float* a, const float* b, float edge = 0);

}  // namespace predictor
