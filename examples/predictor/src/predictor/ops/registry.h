// All operators by name.
#pragma once

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// The operator of that name or alias, null if there is none.
const OpDefinition* find_op(TextView name);

}  // namespace predictor
